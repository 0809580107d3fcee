import type { ExampleBlock, ExamplePage } from './example-block.ts';
import { ExampleError } from './example-error.ts';
import { type Fence, readFences } from './read-fences.ts';

const unrunMark = /(?:^|\n)<!-- not run: (?<reason>(?:(?!-->)[^])+) -->\s*$/;
const givenMark = /^<!-- given: (?<names>.+?) -->$/gm;
const bucketMark = /^<!-- bucket: (?<bucket>.+?) -->$/m;

/**
 * The examples of a page. Every block is one of these:
 *
 * - `ts`, a program, or `sh`, commands for bash; a `text` block right below shows what it prints;
 * - any language with a file name behind it (`yaml holdfast.yaml`): the file that the blocks below use;
 * - what `<!-- not run: REASON -->` stands before;
 * - `mermaid`, a picture, which is no example.
 *
 * `<!-- given: model.onnx -->` puts a sample file into the working folder, and `<!-- bucket: models -->` an empty bucket
 * of S3 into the environment.
 *
 * @param path - of the page, for messages.
 * @throws ExampleError naming the first block that is none of these.
 */
export function extractExamples(markdown: string, path: string): ExamplePage {
  const fences = readFences(markdown, path).filter(({ language }) => language !== 'mermaid');
  const blocks: ExampleBlock[] = [];
  let taken: Fence | undefined;
  for (const [index, fence] of fences.entries()) {
    if (fence === taken) continue;
    const next = fences[index + 1];
    const output = next?.language === 'text' && next.before.trim() === '' ? next : undefined;
    const block = toBlock(fence, output, path);
    if (block.kind === 'program' || block.kind === 'commands') taken = output;
    blocks.push(block);
  }
  const { bucket } = bucketMark.exec(markdown)?.groups ?? {};
  return { path, given: givenFiles(markdown), bucket, blocks };
}

function toBlock(fence: Fence, output: Fence | undefined, path: string): ExampleBlock {
  const { language, title, content: code, before } = fence;
  const line = fence.line + 1;
  const { reason } = unrunMark.exec(before)?.groups ?? {};
  if (reason !== undefined) return { kind: 'unrun', line: fence.line, reason };
  if (title !== '') return { kind: 'file', name: title, line, code };
  const kind = { ts: 'program', sh: 'commands' }[language];
  if (kind !== 'program' && kind !== 'commands')
    throw new ExampleError({ path, line: fence.line }, refusal(language));
  if (output === undefined) {
    throw new ExampleError({ path, line: fence.line }, 'no `text` block right below shows what this prints');
  }
  return { kind, line, code, output: { line: output.line + 1, text: output.content } };
}

function refusal(language: string): string {
  const subject = language === '' ? 'a block without a language' : `a block of \`${language}\``;
  return `${subject} is not run: make it \`ts\` or \`sh\` with its output, give it a file name, or say \`<!-- not run: REASON -->\` above it`;
}

function givenFiles(markdown: string): readonly string[] {
  return [...markdown.matchAll(givenMark)].flatMap(({ groups }) => (groups?.['names'] ?? '').split(/, */));
}
