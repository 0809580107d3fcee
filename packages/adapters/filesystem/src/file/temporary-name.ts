import { ownIdentity, printIdentity } from '@holdfast/adapter-kit';

/** The name of a temporary file of this process: it tells its owner, so that others know when it is abandoned. */
export function temporaryName(id: string): string {
  return `${printIdentity(ownIdentity())}-${id}`;
}
