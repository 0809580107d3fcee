import type { ObjectKey } from '@holdfast/domain';
import type { ObjectInfo, WriteMode } from '@holdfast/ports';
import type { ScriptInput } from '../connection/redis-connections.ts';
import { parametersOfOperation } from './commit-script.ts';
import { type StoredBytes, printData, printRecord } from './stored-record.ts';

/** One operation of a commit. */
export type CommitStep =
  | {
      readonly kind: 'put';
      readonly key: ObjectKey;
      readonly mode: WriteMode;
      readonly info: ObjectInfo;
      readonly bytes: StoredBytes;
      readonly chunkBytes: number;
    }
  | {
      readonly kind: 'delete';
      readonly key: ObjectKey;
      readonly ifMatch: string | undefined;
      /** Whether a state that is asked for has to be there, or nothing is as good. */
      readonly mayBeAbsent: boolean;
    };

/** Names a commit, however often it is sent. */
export interface CommitTicket {
  readonly id: string;
  /** Whether it leaves a mark, by which a repetition is known. */
  readonly isMarked: boolean;
}

/** What became of a commit. */
export type CommitOutcome =
  | { readonly kind: 'done'; readonly results: readonly string[] }
  /** An earlier sending of it was done. */
  | { readonly kind: 'repeated' }
  /** The condition of a step did not hold. */
  | { readonly kind: 'refused'; readonly step: number }
  /** Staged bytes of a step were gone. */
  | { readonly kind: 'expired'; readonly step: number };

/** A step in the words of the commit's script. */
export function stepParameters(step: CommitStep): ScriptInput['parameters'] {
  const parameters =
    step.kind === 'delete'
      ? ['delete', ...deleteCondition(step.ifMatch, step.mayBeAbsent), step.key, '', '', '', '']
      : [
          'put',
          ...putCondition(step.mode),
          step.key,
          step.info.etag,
          printRecord(step),
          ...bytesOf(step.bytes),
        ];
  if (parameters.length !== parametersOfOperation) throw new RangeError('A step has other parameters.');
  return parameters;
}

function putCondition(mode: WriteMode): readonly [string, string] {
  if (mode === 'overwrite') return ['any', ''];
  return mode === 'create' ? ['absent', ''] : ['match', mode.ifMatch];
}

function deleteCondition(ifMatch: string | undefined, mayBeAbsent: boolean): readonly [string, string] {
  if (ifMatch === undefined) return ['any', ''];
  return [mayBeAbsent ? 'match or absent' : 'match', ifMatch];
}

function bytesOf(bytes: StoredBytes): readonly [string, string | Uint8Array] {
  return bytes.kind === 'inline' ? ['', bytes.bytes] : [printData(bytes.data), ''];
}
