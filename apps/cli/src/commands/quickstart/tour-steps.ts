import type { QuickstartFolder } from './quickstart-folder.ts';
import type { TourStep } from './tour-step.ts';

const name = 'fault-classifier';

/** The steps of the tour, in order. */
export function tourSteps(folder: QuickstartFolder): readonly TourStep[] {
  return [...savingSteps(), ...findingSteps(), ...readingSteps(folder), ...damageSteps(folder)];
}

function savingSteps(): readonly TourStep[] {
  return [
    {
      title: 'Save a model',
      explanation: 'The bytes are hashed on their way in, inspected, and become version 1.',
      commandLine: ['put', 'model.onnx', '--name', name, '--tag', 'stage=dev', '--metric', 'accuracy=0.97'],
    },
    {
      title: 'Save the same bytes again',
      explanation: 'A new version, but no second copy: bytes are stored under their digest, once.',
      commandLine: ['put', 'model.onnx', '--name', name, '--tag', 'stage=prod'],
    },
    {
      title: 'Save the weights alone',
      explanation: 'Another format, another model; the format is detected from the bytes.',
      commandLine: ['put', 'weights.safetensors', '--name', `${name}/weights`],
    },
    {
      title: 'Give a version a name that moves',
      explanation: 'If several users move an alias at once, one succeeds and the others get an error.',
      commandLine: ['alias', name, 'champion', '2'],
    },
  ];
}

function findingSteps(): readonly TourStep[] {
  return [
    {
      title: 'List your models',
      explanation: 'Search and tags narrow it down; --json is for scripts.',
      commandLine: ['ls'],
    },
    {
      title: 'Inspect a version',
      explanation: 'Inputs, outputs and tensors, without loading weights or executing anything.',
      commandLine: ['show', `${name}@champion`],
    },
  ];
}

function readingSteps(folder: QuickstartFolder): readonly TourStep[] {
  return [
    {
      title: 'Read it back',
      explanation: 'The digest is checked before the file is put in place.',
      commandLine: ['get', `${name}@champion`, '-o', 'copy.onnx'],
      conclude: async () => {
        await folder.assertSameBytes('model.onnx', 'copy.onnx');
        return 'copy.onnx is model.onnx, byte for byte.';
      },
    },
    {
      title: 'Check the store',
      explanation: 'Every stored byte is read and hashed again.',
      commandLine: ['verify'],
    },
  ];
}

function damageSteps(folder: QuickstartFolder): readonly TourStep[] {
  return [
    {
      title: 'Break it, on purpose',
      explanation: 'Disks do that. The check finds it and names the affected versions; it exits with 6.',
      prepare: () => folder.flipBit(name),
      commandLine: ['verify'],
      exitCode: 6,
    },
    {
      title: 'Repair it',
      explanation: 'Damage that was found is repaired when the same file is put again.',
      commandLine: ['put', 'model.onnx', '--name', name, '--tag', 'stage=repaired'],
    },
    { title: 'Check again', explanation: 'All versions have their bytes back.', commandLine: ['verify'] },
  ];
}
