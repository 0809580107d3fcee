import type { Digest } from '@holdfast/domain';
import type { ModelManagementService } from '@holdfast/registry';
import { type InspectionDocument, toInspectionDocument } from '../../output/inspection-document.ts';
import { printReference } from '../../output/print-reference.ts';
import type { ShownValue } from './values-of-file.ts';

/** What was found in a file, folder or version; what `inspect --json` answers. */
export interface Inspected {
  /** The path or `NAME:NUMBER`. */
  readonly subject: string;
  readonly kind: 'file' | 'folder' | 'version';
  readonly format: string;
  /** Of a file, or of a version; a folder has none before it is saved. */
  readonly digest?: Digest;
  readonly sizeBytes: number;
  readonly fileCount: number;
  readonly verdict: string;
  readonly inspection: InspectionDocument;
  /** The small values of a file, where they were asked for. */
  readonly values?: readonly ShownValue[];
}

/** What was found in a version when it was saved. */
export async function inspectVersion(models: ModelManagementService, reference: string): Promise<Inspected> {
  const version = await models.findVersion(reference);
  return {
    subject: printReference(version),
    kind: 'version',
    format: version.storage.format,
    digest: version.storage.checksum,
    sizeBytes: version.totalSizeBytes,
    fileCount: version.fileCount,
    verdict: version.verdict,
    inspection: toInspectionDocument(version.inspection),
  };
}
