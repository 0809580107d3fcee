import { describe, expect, it } from 'vitest';
import { userFolders } from './user-folders.ts';

const homeFolder = '/home/ada';

describe('userFolders', () => {
  it('follows XDG on Linux', () => {
    expect(userFolders({ environment: {}, homeFolder, platform: 'linux' })).toEqual({
      configuration: '/home/ada/.config/holdfast',
      data: '/home/ada/.local/share/holdfast',
      state: '/home/ada/.local/state/holdfast',
      cache: '/home/ada/.cache/holdfast',
    });
    const environment = {
      XDG_CONFIG_HOME: '/c',
      XDG_DATA_HOME: '/d',
      XDG_STATE_HOME: '/s',
      XDG_CACHE_HOME: '/k',
    };
    expect(userFolders({ environment, homeFolder, platform: 'linux' })).toEqual({
      configuration: '/c/holdfast',
      data: '/d/holdfast',
      state: '/s/holdfast',
      cache: '/k/holdfast',
    });
  });

  it('ignores relative and empty folders in XDG variables', () => {
    const environment = { XDG_CONFIG_HOME: 'c', XDG_DATA_HOME: '' };
    const folders = userFolders({ environment, homeFolder, platform: 'linux' });
    expect(folders).toEqual(userFolders({ environment: {}, homeFolder, platform: 'linux' }));
  });

  it('follows the customs of macOS', () => {
    const folder = '/home/ada/Library/Application Support/holdfast';
    const environment = { XDG_CONFIG_HOME: '/c' };
    expect(userFolders({ environment, homeFolder, platform: 'darwin' })).toEqual({
      configuration: folder,
      data: folder,
      state: folder,
      cache: '/home/ada/Library/Caches/holdfast',
    });
  });

  it('follows the customs of Windows', () => {
    const environment = { APPDATA: 'C:\\Users\\ada\\Roaming', LOCALAPPDATA: 'C:\\Users\\ada\\Local' };
    expect(userFolders({ environment, homeFolder: 'C:\\Users\\ada', platform: 'win32' })).toEqual({
      configuration: 'C:\\Users\\ada\\Roaming\\holdfast',
      data: 'C:\\Users\\ada\\Local\\holdfast',
      state: 'C:\\Users\\ada\\Local\\holdfast',
      cache: 'C:\\Users\\ada\\Local\\holdfast\\cache',
    });
    expect(userFolders({ environment: {}, homeFolder: 'C:\\Users\\ada', platform: 'win32' })).toEqual({
      configuration: 'C:\\Users\\ada\\AppData\\Roaming\\holdfast',
      data: 'C:\\Users\\ada\\AppData\\Local\\holdfast',
      state: 'C:\\Users\\ada\\AppData\\Local\\holdfast',
      cache: 'C:\\Users\\ada\\AppData\\Local\\holdfast\\cache',
    });
  });
});
