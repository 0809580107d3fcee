import { type GetOptions, type ObjectInfo, type OperationContext, StorageError } from '@holdfast/ports';

/** @throws StorageError `precondition-failed` or `not-modified`, by the options' etags. */
export function assertReadable(info: ObjectInfo, options: GetOptions, context: OperationContext): void {
  if (options.ifMatch !== undefined && options.ifMatch !== info.etag) {
    throw new StorageError({ ...context, code: 'precondition-failed' });
  }
  if (options.ifNoneMatch === info.etag) throw new StorageError({ ...context, code: 'not-modified' });
}
