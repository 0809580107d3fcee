/** An etag without the quotes that HTTP puts around it, and without the mark of a proxy that made it a weak one. */
export function bareEtag(header: string): string {
  return header.replace(/^W\//, '').replaceAll('"', '');
}

/** An etag as HTTP asks for it. */
export function quotedEtag(etag: string): string {
  return `"${etag}"`;
}

/** Whether a text can be an etag of S3: `*`, lists, weak ones and empty ones mean something else to it. */
export function isS3Etag(text: string): boolean {
  return /^[A-Za-z0-9._+=-]+$/.test(text);
}

/** A name as listings spell it with `encoding-type=url`. */
export function decodeListed(text: string): string {
  return decodeURIComponent(text.replaceAll('+', ' '));
}

/** Where a copy comes from, as its header spells it. */
export function copySourceOf(bucket: string, name: string, version: string | undefined): string {
  const path = [bucket, ...name.split('/')].map((segment) => encodeURIComponent(segment)).join('/');
  return version === undefined ? path : `${path}?versionId=${encodeURIComponent(version)}`;
}

/** Whether XML can hold a name: some characters of Unicode it cannot, not even escaped. */
export function isXmlText(name: string): boolean {
  return !/[\uFFFE\uFFFF]/.test(name);
}
