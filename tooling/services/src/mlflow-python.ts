import { defineTool } from './define-tool.ts';
import { mlflowEnvironment } from './mlflow-environment.ts';

/**
 * A Python that can import `mlflow`, or `undefined` after one loud line when there is none.
 *
 * @throws Error when there is none and `CI` is `true`.
 */
export function mlflowPython(): string | undefined {
  return tool.path();
}

const tool = defineTool({
  name: 'Python with MLflow',
  variable: 'HOLDFAST_TEST_MLFLOW_PYTHON',
  find: () => mlflowEnvironment.program('python'),
  install: () => mlflowEnvironment.install(),
});
