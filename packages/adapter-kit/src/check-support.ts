import {
  type CopyOptions,
  type DeleteTarget,
  type GetOptions,
  type HeadOptions,
  type ListOptions,
  type OperationContext,
  type PutOptions,
  type StorageCapabilities,
  StorageError,
  type WriteMode,
} from '@holdfast/ports';

type Switch = {
  [Name in keyof StorageCapabilities]-?: StorageCapabilities[Name] extends boolean ? Name : never;
}[keyof StorageCapabilities];

/** Refuses, before any I/O, what a backend declares that it cannot do. */
export class SupportGuard {
  readonly #capabilities: StorageCapabilities;

  constructor(capabilities: StorageCapabilities) {
    this.#capabilities = capabilities;
  }

  /** @throws StorageError `unsupported` naming the capability, when `needed` and not declared. */
  require(capability: Switch, needed: boolean, context: OperationContext): void {
    if (!needed || this.#capabilities[capability]) return;
    throw new StorageError({
      ...context,
      code: 'unsupported',
      message: `${context.backend} does not support ${wordsFor[capability]} (${context.operation}).`,
    });
  }

  requirePut(isLate: boolean, options: PutOptions, context: OperationContext): void {
    this.require('lateKey', isLate, context);
    this.#requireMode(options.mode, context);
    this.require('contentType', options.contentType !== undefined, context);
    this.require('userMetadata', hasFields(options.metadata), context);
  }

  requireGet(options: GetOptions, context: OperationContext): void {
    const { range } = options;
    this.require('ranges', range !== undefined && 'offset' in range, context);
    this.require('suffixRanges', range !== undefined && 'suffix' in range, context);
    this.requireHead(options, context);
  }

  requireHead(options: HeadOptions, context: OperationContext): void {
    this.require('versions', options.version !== undefined, context);
  }

  requireDelete(targets: readonly DeleteTarget[], context: OperationContext): void {
    this.require(
      'deleteIfMatch',
      targets.some((target) => target.ifMatch !== undefined),
      context,
    );
  }

  requireList(options: ListOptions, context: OperationContext): void {
    this.require('delimiters', options.delimiter !== undefined, context);
    this.require('startAfter', options.startAfter !== undefined, context);
  }

  requireCopy(options: CopyOptions, context: OperationContext): void {
    this.require('conditionalCopy', (options.mode ?? 'overwrite') !== 'overwrite', context);
    this.require('userMetadata', hasFields(options.metadata), context);
  }

  #requireMode(mode: WriteMode | undefined, context: OperationContext): void {
    this.require('createIfAbsent', mode === 'create', context);
    this.require('replaceIfMatch', typeof mode === 'object', context);
  }
}

function hasFields(metadata: Readonly<Record<string, string>> | undefined): boolean {
  return metadata !== undefined && Object.keys(metadata).length > 0;
}

const wordsFor: Readonly<Record<Switch, string>> = {
  createIfAbsent: 'writing only if the key is free',
  replaceIfMatch: 'replacing only a given state',
  deleteIfMatch: 'deleting only a given state',
  conditionalCopy: 'copying under a condition',
  lateKey: 'keys that are known only when the bytes are',
  ranges: 'reading a range',
  suffixRanges: 'reading the last bytes',
  userMetadata: 'metadata of your own',
  contentType: 'content types',
  versions: 'reading earlier versions',
  delimiters: 'folding keys by a delimiter',
  startAfter: 'listing after a key',
  presignGet: 'presigned reading',
  presignPut: 'presigned writing',
  transactions: 'transactions',
  localPath: 'local paths',
};
