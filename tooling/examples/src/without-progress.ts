const progress =
  /^(?:Backing up|Checking|Hashing|Looking for|Mirroring|Reading|Rebuilding|Restoring|Saving|Verifying)\b[^\n]*\n/gm;

/** What the command line printed, without the lines that tell how far it has come: a slow machine has them, a fast one has not. */
export function withoutProgress(printed: string): string {
  return printed.replaceAll(progress, '');
}
