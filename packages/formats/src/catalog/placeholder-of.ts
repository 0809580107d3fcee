import type { BoundedReader } from '../source/bounded-reader.ts';
import { isNamedLikeWeights } from './expected-formats.ts';

const longestPointerBytes = 1024;
const longestNoteBytes = 512;
const lookBytes = 4096;
const lfsPointer = /^version https:\/\/(?:git-lfs\.github\.com|hawser\.github\.com)\/spec\/v1\r?\n/;
const annexPointer = /^(?:\.\.\/)*(?:\/|\.git\/)annex\/objects\//;
const htmlPage = /^\uFEFF?\s*(?:<!--[^]*?-->\s*)?<(?:!doctype\s+html|html)[\s>]/i;
const xmlError = /^\uFEFF?\s*(?:<\?xml[^>]*>\s*)?<Error>/;
/** What the Hugging Face Hub and others answer in the place of a file. */
const refusal =
  /^(?:Access to model|Entry not found|Invalid username|Invalid credentials|Repository not found|Unauthorized|Not Found|404: Not Found)/i;

/**
 * What a file holds in the place of what its name promises, as the end of a sentence: a pointer of
 * Git LFS, a page or an error message that was downloaded, or nothing. `undefined` for anything else.
 */
export async function placeholderOf(
  reader: BoundedReader,
  path: string | undefined,
): Promise<string | undefined> {
  const isPromising = path === undefined || isNamedLikeWeights(path);
  if (reader.sizeBytes === 0) return isPromising ? 'is empty' : undefined;
  const head = await reader.read(0, lookBytes);
  if (head[0] === undefined || head[0] < 0x09) return undefined;
  const text = new TextDecoder('latin1').decode(head);
  if (reader.sizeBytes <= longestPointerBytes) {
    if (lfsPointer.test(text)) return `is ${describeLfs(text)}: run git lfs pull and save it again`;
    if (annexPointer.test(text))
      return 'is a pointer of git-annex, not the content: run git annex get and save it again';
  }
  if (!isPromising) return undefined;
  if (htmlPage.test(text.replace(/^ï»¿/, '\uFEFF')))
    return 'is an HTML page, perhaps one to sign in: download the file itself';
  if (xmlError.test(text)) return 'is the error message of a server: download the file again';
  return reader.sizeBytes <= longestNoteBytes && refusal.test(text)
    ? `is the answer of a server, ${JSON.stringify(text.split('\n')[0]?.slice(0, 80))}: download the file again`
    : undefined;
}

function describeLfs(text: string): string {
  const size = /^size (\d{1,15})$/m.exec(text)?.[1];
  const stands = size === undefined ? '' : ` for ${Number(size).toLocaleString('en')} bytes`;
  return `a pointer of Git LFS${stands}, not the content`;
}
