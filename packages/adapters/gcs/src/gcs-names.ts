/** Where the bucket's objects are listed. */
export function bucketPath(bucket: string): string {
  return `/storage/v1/b/${encodeURIComponent(bucket)}/o`;
}

/** Where an object's description is. */
export function objectPath(bucket: string, name: string): string {
  return `${bucketPath(bucket)}/${encodeURIComponent(name)}`;
}

/** Where an object's bytes are, by the XML API: it tells the metadata beside them, the JSON API does not. */
export function bytesPath(bucket: string, name: string): string {
  return `/${[bucket, ...name.split('/')].map((part) => encodeURIComponent(part)).join('/')}`;
}

/** Where uploads begin. */
export function uploadPath(bucket: string): string {
  return `/upload${bucketPath(bucket)}`;
}

/** Whether a text can be a generation: whatever else means something to the server is never sent. */
export function isGeneration(text: string): boolean {
  return /^[1-9]\d{0,18}$/.test(text);
}
