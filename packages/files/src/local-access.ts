/** Which users of a machine may use what a store or database keeps there, as far as the process's umask lets them. */
export const LocalAccess = {
  /** Its owner alone. */
  Owner: 'owner',
  /** Its owner and the group. */
  Group: 'group',
  /** All users may read; who may write is up to the umask. */
  Everyone: 'everyone',
} as const;

export type LocalAccess = (typeof LocalAccess)[keyof typeof LocalAccess];

/** The modes that files and folders are made with. */
export interface LocalModes {
  readonly folder: number;
  readonly file: number;
  /** Of a file that never changes. */
  readonly immutableFile: number;
}

const modes: Readonly<Record<LocalAccess, LocalModes>> = {
  owner: { folder: 0o700, file: 0o600, immutableFile: 0o400 },
  group: { folder: 0o770, file: 0o660, immutableFile: 0o440 },
  everyone: { folder: 0o777, file: 0o666, immutableFile: 0o444 },
};

/** The modes of new files and folders. @param access @default owner */
export function localModes(access: LocalAccess = LocalAccess.Owner): LocalModes {
  return modes[access];
}
