import { expect, test } from 'vitest';
import { withMlflowDefaults } from './mlflow-defaults.ts';
import { settingValue, sourceAt, toSettingNode } from './setting-node.ts';

const environment = {
  MLFLOW_TRACKING_URI: 'http://tracking.example.org',
  MLFLOW_TRACKING_TOKEN: 'a-planted-token',
};

test('takes the server and the token of MLflow’s clients, the token by reference', () => {
  const tree = withMlflowDefaults(treeOf({ backend: 'mlflow' }), environment);
  expect(settingValue(tree)).toEqual({
    stores: {
      lake: {
        backend: 'mlflow',
        endpoint: 'http://tracking.example.org',
        credentials: { token: 'env:MLFLOW_TRACKING_TOKEN' },
      },
    },
  });
  expect(sourceAt(tree, 'stores.lake.endpoint').source).toBe('environment:MLFLOW_TRACKING_URI');
  expect(sourceAt(tree, 'stores.lake.credentials.token').source).toBe('environment:MLFLOW_TRACKING_TOKEN');
});

test('leaves what a store says itself, and other stores', () => {
  const given = {
    backend: 'mlflow',
    endpoint: 'http://other',
    credentials: { username: 'u', password: 'env:P' },
  };
  expect(settingValue(withMlflowDefaults(treeOf(given), environment))).toEqual({ stores: { lake: given } });
  const folder = { backend: 'local_filesystem', root: '/x' };
  expect(settingValue(withMlflowDefaults(treeOf(folder), environment))).toEqual({ stores: { lake: folder } });
});

test('prefers a username and a password to a token, as MLflow does', () => {
  const both = { ...environment, MLFLOW_TRACKING_USERNAME: 'someone', MLFLOW_TRACKING_PASSWORD: 'p' };
  const tree = withMlflowDefaults(treeOf({ backend: 'mlflow' }), both);
  expect(settingValue(tree)).toMatchObject({
    stores: { lake: { credentials: { username: 'someone', password: 'env:MLFLOW_TRACKING_PASSWORD' } } },
  });
  for (const field of ['username', 'password'] as const) {
    const { source } = sourceAt(tree, `stores.lake.credentials.${field}`);
    expect(source).toBe(`environment:MLFLOW_TRACKING_${field.toUpperCase()}`);
  }
});

function treeOf(store: object) {
  return toSettingNode({ stores: { lake: store } }, () => ({ source: 'default' }));
}
