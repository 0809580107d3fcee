/** What a folder lies on, as far as file locks and shared memory are concerned. */
export const FolderMedium = {
  /** A disk of this machine: processes share it through the system's own locks and memory. */
  Local: 'local',
  /** A file system that another machine, or a program of this one, answers for. */
  Network: 'network',
} as const;

export type FolderMedium = (typeof FolderMedium)[keyof typeof FolderMedium];
