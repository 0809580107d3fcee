import { statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { FolderMedium } from './folder-medium.ts';

/**
 * The `f_type` of file systems whose locks or shared memory cannot be relied on. The numbers are those of Linux'
 * `include/uapi/linux/magic.h` and of statfs(2); those of Lustre, GPFS and BeeGFS stand in GNU coreutils' `stat`.
 */
export const networkFileSystems: Readonly<Record<string, number>> = {
  NFS: 0x69_69,
  SMB: 0x51_7b,
  SMB2: 0xfe_53_4d_42,
  CIFS: 0xff_53_4d_42,
  FUSE: 0x65_73_55_46,
  Ceph: 0x00_c3_64_00,
  Lustre: 0x0b_d0_0b_d0,
  '9p': 0x01_02_19_97,
  AFS: 0x53_46_41_4f,
  Coda: 0x73_75_72_45,
  GPFS: 0x47_50_46_53,
  BeeGFS: 0x19_83_03_26,
};

const networkTypes: ReadonlySet<number> = new Set(Object.values(networkFileSystems));

/**
 * Finds out what a folder lies on; one that is not there yet, by the folder that it would be made in.
 * Only Linux tells by `statfs`. On Windows a path of a share (`\\server\share`) is a network folder; elsewhere
 * every folder is taken as local, so whoever knows better has to say so.
 */
export function findFolderMedium(folder: string): FolderMedium {
  if (process.platform === 'win32')
    return folder.startsWith('\\\\') ? FolderMedium.Network : FolderMedium.Local;
  if (process.platform !== 'linux') return FolderMedium.Local;
  try {
    return mediumOfType(statfsSync(folder).type);
  } catch {
    const parent = dirname(folder);
    return parent === folder ? FolderMedium.Local : findFolderMedium(parent);
  }
}

/** The medium of a file system by its `f_type`, which is a signed number on some platforms. */
export function mediumOfType(type: number): FolderMedium {
  return networkTypes.has(type >>> 0) ? FolderMedium.Network : FolderMedium.Local;
}
