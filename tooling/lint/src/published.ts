import type { WorkspacePackage } from './workspace.ts';

/** Whether a package goes to the registry; all others are private. */
export function isPublished({ manifest }: WorkspacePackage): boolean {
  return manifest.private !== true;
}
