import { PythonEnvironment } from './python-environment.ts';

/** Where MLflow is installed, server and client. */
export const mlflowEnvironment: PythonEnvironment = new PythonEnvironment('mlflow', {
  requirements: 'mlflow.txt',
});
