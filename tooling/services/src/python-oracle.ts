import { defineTool, type Tool } from './define-tool.ts';
import { PythonEnvironment } from './python-environment.ts';

const environment = new PythonEnvironment('python-oracle', { requirements: 'oracle.txt' });

/** Python with numpy, scipy, h5py with its plugins, onnx and safetensors, in an environment of the repository's own. */
export const pythonOracleTool: Tool = defineTool({
  name: 'Python with numpy, scipy, h5py with its plugins, onnx and safetensors',
  variable: 'HOLDFAST_TEST_PYTHON',
  find: () => environment.program('python'),
  install: () => environment.install(),
});

/**
 * The Python that differential tests ask, or `undefined` after one loud line when there is none.
 *
 * @throws Error when there is none and `CI` is `true`.
 */
export function pythonOracle(): string | undefined {
  return pythonOracleTool.path();
}
