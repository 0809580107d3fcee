import { pickleFamily } from '@holdfast/domain';
import { expectedFormats } from './expected-formats.ts';
import type { FileProbe } from './file-probe.ts';
import type { FormatDetection } from './format-detection.ts';
import { placeholderOf } from './placeholder-of.ts';

/** Warns of a file that holds something else than its name, or its place, promises. */
export async function warnOfContent(probe: FileProbe, detection: FormatDetection): Promise<void> {
  const { path, reader } = probe;
  const name = path === undefined ? 'The content' : (path.split(/[/\\]/).at(-1) ?? path);
  const placeholder = detection.format === 'binary' ? await placeholderOf(reader, path) : undefined;
  if (placeholder !== undefined) {
    probe.warn({ code: 'placeholder', message: `${name} ${placeholder}.` });
    return;
  }
  const expected = path === undefined ? undefined : expectedFormats(path);
  if (expected === undefined || expected.includes(detection.format)) return;
  // A package of torch, or a pickle in a compression that is not opened, has no format of its own.
  if (detection.scan !== undefined && expected.some((format) => pickleFamily.has(format))) return;
  const found = detection.format === 'binary' ? 'its content is not' : `its content is ${detection.format}`;
  probe.warn({
    code: 'name-contradicts-content',
    message: `${name} is named like ${expected[0]}, and ${found}. ${detection.evidence.join(' ')}`,
  });
}
