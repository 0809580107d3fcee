import { createHash } from 'node:crypto';

/** A script that a server runs in one piece, beside nothing else. */
export class RedisScript {
  readonly text: string;
  /** Its name on a server that has seen it. */
  readonly digest: string;

  constructor(text: string) {
    this.text = text;
    this.digest = createHash('sha1').update(text).digest('hex');
  }
}
