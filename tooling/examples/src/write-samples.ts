import type { ExamplePage } from './example-block.ts';
import { ExampleError } from './example-error.ts';
import type { ExampleWorld } from './example-world.ts';
import { runProcess } from './run-process.ts';

/** The same bytes every time, by the name of their file. */
const samples: Readonly<Record<string, string>> = {
  'model.onnx': 'sampleClassifier(1).onnx',
  'weights.safetensors': 'sampleClassifier(1).safetensors',
};

/**
 * Writes the files that a page is given into its working folder.
 *
 * @throws ExampleError when there is no sample of a name.
 */
export async function writeSamples({ given, path }: ExamplePage, world: ExampleWorld): Promise<void> {
  for (const name of given) {
    const sample = samples[name];
    if (sample === undefined) {
      throw new ExampleError({ path, line: 1 }, `no sample ${name}, only ${Object.keys(samples).join(', ')}`);
    }
    const code = `import { writeFileSync } from 'node:fs';
import { sampleClassifier } from '@holdfast/formats';
writeFileSync('${name}', ${sample});`;
    const parameters = [...world.nodeArguments, '--input-type=module', '--eval', code];
    const { exitCode, stderr } = await runProcess([process.execPath, ...parameters], world);
    if (exitCode !== 0) throw new ExampleError({ path, line: 1 }, stderr);
  }
}
