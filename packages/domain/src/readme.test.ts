import { expect, test } from 'vitest';
import * as domain from './index.ts';

const readmePath = '../README.md?raw';

test('the example of the README prints what the README says', async () => {
  const { default: readme } = (await import(/* @vite-ignore */ readmePath)) as { readonly default: string };
  const [, code = ''] = /```ts\n(.*?)```/s.exec(readme) ?? [];
  const [, printed] = /```text\n(.*?)```/s.exec(readme) ?? [];
  const [, names = '', body = ''] = /^import \{(.*?)\} from '@holdfast\/domain';\n(.*)$/s.exec(code) ?? [];
  const lines: string[] = [];
  const print = (...values: unknown[]): void => void lines.push(`${values.join(' ')}\n`);
  // oxlint-disable-next-line typescript/no-implied-eval -- the example is to be run as it stands, and Node modules are out of bounds here
  const example = new Function('domain', 'console', `const {${names}} = domain;\n${body}`);
  example(domain, { log: print });
  expect(lines.join('')).toBe(printed);
});
