import {
  type Digest,
  type SerializationFormat,
  type Tags,
  parseAliasName,
  parseDigest,
  parseModelName,
  parseSerializationFormat,
  parseTags,
} from '@holdfast/domain';
import type { Invocation } from '../../command/invocation.ts';
import { parseNumbers } from '../../command/parse-numbers.ts';
import { parsePairs } from '../../command/parse-pairs.ts';
import { storeOf } from '../../command/store-option.ts';
import { CommandError } from '../../failure/command-error.ts';

/** What is to be saved, checked before anything is read or written. */
export interface PutRequest {
  readonly path: string;
  readonly aliases: readonly string[];
  readonly name: string;
  readonly tags: Tags;
  readonly metrics: Readonly<Record<string, number>>;
  readonly parameters: Readonly<Record<string, string>>;
  readonly allowEmpty: boolean;
  readonly expectedDigest: Digest | undefined;
  readonly followLinks: boolean;
  readonly store?: string | undefined;
  readonly format?: SerializationFormat | undefined;
}

/** Reads the command line of `put`. */
export function readPutRequest(invocation: Invocation): PutRequest {
  const name = invocation.text('name');
  if (name === undefined) {
    throw new CommandError({
      code: 'wrong-use',
      message: 'The model has no name.',
      hint: `Name it: holdfast put ${invocation.argument(0)} --name NAME`,
    });
  }
  const expected = invocation.text('sha256');
  const format = invocation.text('format');
  const store = storeOf(invocation);
  return {
    path: invocation.argument(0),
    name: parseModelName(name),
    aliases: [...new Set(invocation.texts('alias').map((alias) => parseAliasName(alias)))],
    tags: parseTags(parsePairs(invocation.texts('tag'), 'tag')),
    metrics: parseNumbers(parsePairs(invocation.texts('metric'), 'metric'), {
      what: 'metric',
      example: 'accuracy=0.97',
    }),
    parameters: parsePairs(invocation.texts('param'), 'parameter'),
    allowEmpty: invocation.isSet('allowEmpty'),
    expectedDigest: expected === undefined ? undefined : parseExpected(expected),
    followLinks: invocation.isSet('followLinks'),
    store,
    ...(format === undefined ? {} : { format: parseSerializationFormat(format) }),
  };
}

/** A digest with or without the name of its algorithm, as `sha256sum` prints it. */
function parseExpected(text: string): Digest {
  const digest = text.trim().toLowerCase();
  return parseDigest(digest.startsWith('sha256:') ? digest : `sha256:${digest}`, '--sha256');
}
