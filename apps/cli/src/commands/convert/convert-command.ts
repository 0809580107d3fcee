import type { CommandDeclaration } from '../../command/command-declaration.ts';

export const convertCommand: CommandDeclaration = {
  name: 'convert',
  group: 'Models:',
  summary: 'write the arrays of a file in another format',
  description:
    'Reads .npy, .npz, .safetensors, .mat, .pt and .pth files, by their content, and writes the format ' +
    'that the ending of the target names. Nothing in a pickle is run. A value that the target cannot hold is an error, ' +
    'unless --skip-unsupported leaves it out. Names that a .mat file cannot have are changed, and reported. Tensors are read one by one, so memory holds the largest of them.',
  arguments: [
    { syntax: '<source>', description: 'a file', completion: 'file' },
    {
      syntax: '<target>',
      description: 'a file that ends with .npy, .npz, .safetensors, .mat, .pt or .pth',
      completion: 'file',
    },
  ],
  options: [
    {
      flags: '--variable <name>',
      description: 'only this array, tensor or variable; may be repeated',
      isRepeatable: true,
    },
    { flags: '--skip-unsupported', description: 'leave out what the target cannot hold, and list it' },
    { flags: '--compress', description: 'compress the arrays of a .npz or .mat file' },
    { flags: '--force', description: 'replace the target' },
  ],
  examples: [
    { command: 'holdfast convert model.pt model.safetensors', explanation: 'the tensors of a state dict' },
    {
      command: 'holdfast convert recording.mat recording.npz',
      explanation: 'every variable, under its name',
    },
    { command: 'holdfast convert recording.mat x.npy --variable X097_DE_time', explanation: 'one variable' },
  ],
  failure: 'Nothing was written.',
  load: async () => (await import('./run-convert.ts')).runConvert,
};
