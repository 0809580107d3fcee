import type { MemberDescription } from '../catalog/format-inspection.ts';
import type { ZipMember } from './zip-directory.ts';

/** Describes the members of an archive. */
export function describeZipMembers(members: readonly ZipMember[]): MemberDescription[] {
  return members.map(({ path, sizeBytes, storedBytes, method }) => ({
    path,
    sizeBytes,
    storedBytes,
    compression: method === 0 ? 'stored' : method === 8 ? 'deflated' : `method ${method}`,
  }));
}
