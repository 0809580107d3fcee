import type { InspectionWarning } from '../catalog/format-inspection.ts';

/** What is said of JSON that Python's `json` reads and stricter readers refuse. */
export function libertyWarning(liberty: string, path?: string): InspectionWarning {
  const place = path === undefined ? 'The JSON' : `The JSON of ${path}`;
  return {
    code: 'json-not-strict',
    message: `${place} is read by Python and refused by stricter readers: ${liberty}.`,
  };
}
