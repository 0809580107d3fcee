/** The pieces of an upload, the last one apart, are multiples of this: https://docs.cloud.google.com/storage/docs/resumable-uploads */
export const uploadUnitBytes = 262_144;
