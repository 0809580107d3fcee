import { join } from 'node:path';
import { root, toolEnvironment } from './repository.mjs';

const cache = join(root, '.cache', 'home');

/**
 * The environment of everything that runs after the installation: tools send no usage data, look for no
 * newer version of themselves, and keep their files out of the home folder.
 */
export function offlineEnvironment() {
  return toolEnvironment({
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_logs_max: '0',
    npm_config_cache: join(cache, 'npm'),
    PIP_NO_INDEX: '1',
    XDG_CONFIG_HOME: join(cache, 'config'),
    XDG_DATA_HOME: join(cache, 'data'),
    XDG_STATE_HOME: join(cache, 'state'),
  });
}
