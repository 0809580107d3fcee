import { assignSettings, type SettingAssignment } from './setting-assignment.ts';
import type { SettingNode } from './setting-node.ts';

/** What MLflow's own clients are told by the environment, and which field of a store it is. */
const endpointVariable = 'MLFLOW_TRACKING_URI';
const tokenVariable = 'MLFLOW_TRACKING_TOKEN';
const usernameVariable = 'MLFLOW_TRACKING_USERNAME';
const passwordVariable = 'MLFLOW_TRACKING_PASSWORD';

/**
 * Fills in what mlflow stores do not say from the environment, as MLflow's own clients do: the server, and credentials
 * where a store names none; a username and a password come before a token. Secrets are referred to, not read.
 */
export function withMlflowDefaults(tree: SettingNode, environment: Environment): SettingNode {
  const stores = [...(tree.children?.get('stores')?.children ?? [])];
  const assignments = stores
    .filter(([, store]) => store.children?.get('backend')?.value === 'mlflow')
    .flatMap(([name, store]) =>
      fieldsFor(store, environment).map(([path, value, variable]): SettingAssignment => ({
        path: ['stores', name, ...path],
        value,
        source: { source: `environment:${variable}` },
      })),
    );
  return assignSettings(tree, assignments);
}

type Environment = Readonly<Record<string, string | undefined>>;
type Field = readonly [path: readonly string[], value: string, variable: string];

function fieldsFor({ children }: SettingNode, environment: Environment): readonly Field[] {
  const endpoint = environment[endpointVariable] ?? '';
  return [
    ...(endpoint === '' || children?.has('endpoint') === true
      ? []
      : [[['endpoint'], endpoint, endpointVariable] as const]),
    ...(children?.has('credentials') === true ? [] : credentialFields(environment)),
  ];
}

function credentialFields(environment: Environment): readonly Field[] {
  const username = environment[usernameVariable] ?? '';
  const isSet = (variable: string): boolean => (environment[variable] ?? '') !== '';
  if (username !== '' && isSet(passwordVariable)) {
    return [
      [['credentials', 'username'], username, usernameVariable],
      [['credentials', 'password'], `env:${passwordVariable}`, passwordVariable],
    ];
  }
  return isSet(tokenVariable) ? [[['credentials', 'token'], `env:${tokenVariable}`, tokenVariable]] : [];
}
