import { join } from 'node:path';
import { root, toolEnvironment } from './repository.mjs';

/**
 * The environment of everything that runs after the installation: tools send no usage data, look for no
 * newer version of themselves, and keep their files out of the home folder.
 */
export function offlineEnvironment() {
  return toolEnvironment({
    DO_NOT_TRACK: '1',
    TURBO_TELEMETRY_DISABLED: '1',
    TURBO_NO_UPDATE_NOTIFIER: '1',
    TURBO_CONFIG_DIR_PATH: join(root, '.cache', 'turbo-config'),
    npm_config_offline: 'true',
    npm_config_update_notifier: 'false',
    npm_config_logs_max: '0',
    PIP_NO_INDEX: '1',
  });
}
