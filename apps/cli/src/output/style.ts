import { styleText } from 'node:util';

/** Colours for one stream; each leaves text as it is where there are none. */
export interface Style {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
  readonly good: (text: string) => string;
  readonly bad: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly accent: (text: string) => string;
}

type Format = Parameters<typeof styleText>[0];

/** The colours of a stream that may be painted, or none. */
export function createStyle(isColored: boolean): Style {
  const paint = (format: Format) => (text: string) =>
    isColored && text !== '' ? styleText(format, text, { validateStream: false }) : text;
  return {
    bold: paint('bold'),
    dim: paint('dim'),
    good: paint('green'),
    bad: paint('red'),
    warning: paint('yellow'),
    accent: paint('cyan'),
  };
}
