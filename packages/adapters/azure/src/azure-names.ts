/** An etag without the quotes that HTTP puts around it, and without the mark of a proxy that made it a weak one. */
export function bareEtag(header: string): string {
  return header.replace(/^W\//, '').replaceAll('"', '');
}

/** An etag as HTTP asks for it. */
export function quotedEtag(etag: string): string {
  return `"${etag}"`;
}

/** Whether a text can be an etag of Azure: `*`, lists, weak ones and empty ones mean something else to it. */
export function isAzureEtag(text: string): boolean {
  return /^[A-Za-z0-9._+=-]+$/.test(text);
}
