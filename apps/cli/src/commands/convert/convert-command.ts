import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const convertCommand: CommandDeclaration = {
  name: 'convert',
  group: 'Models:',
  summary: 'write the arrays of a file in another format',
  description:
    'Reads .npy, .npz, .safetensors, .mat, .pt, .pth and .h5 files, by their content, and writes the format ' +
    'that the ending of the target names. Nothing in a pickle is run. A value that the target cannot hold is an error, ' +
    'unless --skip-unsupported leaves it out. Attributes of groups and datasets are kept from .h5 to .h5; what the target does not hold is reported, ' +
    'and so are names that a .mat file cannot have, which are changed. Values are read one by one: memory takes up to about five times the largest.',
  arguments: [
    { syntax: '<source>', description: 'a file', completion: 'file' },
    {
      syntax: '<target>',
      description: 'a file that ends with .npy, .npz, .safetensors, .mat, .pt, .pth, .h5 or .hdf5',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--variable <name>',
      description:
        'only this array, tensor, variable, dataset, link, or field of a struct (bearing.gs); may be repeated',
      isRepeatable: true,
    },
    {
      flags: '--skip-unsupported',
      description: 'leave out what cannot be read or held by the target, and list it',
    },
    { flags: '--compress', description: 'compress the arrays of a .npz, .mat or .h5 file' },
    { flags: '--force', description: 'replace the target' },
  ],
  examples: [
    { command: 'holdfast convert model.pt model.safetensors', explanation: 'the tensors of a state dict' },
    {
      command: 'holdfast convert recording.mat recording.npz',
      explanation: 'every variable, under its name',
    },
    { command: 'holdfast convert recording.mat x.npy --variable X097_DE_time', explanation: 'one variable' },
    {
      command: 'holdfast convert data.h5 x.npy --variable train/signals',
      explanation: 'one dataset, by its path',
    },
  ],
  failure: 'Nothing was written.',
  load: async () => (await import('./run-convert.ts')).runConvert,
};
