/** Writes a file of torch with tensors of ones. */
import { open } from 'node:fs/promises';
import { type TorchContentValue, torchPieces } from '@holdfast/formats';

const [path = '', count = '0', sizeBytes = '0'] = process.argv.slice(2);
const tensors = new Map<string, TorchContentValue>();
for (let index = 0; index < Number(count); index += 1) {
  const data = new Float32Array(Math.floor(Number(sizeBytes) / 4)).fill(index + 1);
  tensors.set(`layer.${index}.weight`, {
    kind: 'numeric',
    dtype: 'float32',
    shape: [data.length],
    order: 'row-major',
    data,
  });
}
const file = await open(path, 'w');
for await (const piece of torchPieces(tensors)) await file.writeFile(piece);
await file.close();
