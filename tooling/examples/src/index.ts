export type {
  CommandsBlock,
  ExampleBlock,
  ExamplePage,
  FileBlock,
  ProgramBlock,
  ShownOutput,
  UnrunBlock,
} from './example-block.ts';
export { ExampleError } from './example-error.ts';
export type { ExampleWorld } from './example-world.ts';
export { extractExamples } from './extract-examples.ts';
export { readPages } from './read-pages.ts';
export { runPage } from './run-page.ts';
