import { s3TestKeys } from '@holdfast/tooling-services';
import { s3Transfer } from './s3-library.ts';

/** What rclone is told by its environment: no file of settings, and the parts and connections of all others. */
export function rcloneSettings(endpoint: string): Readonly<Record<string, string>> {
  const partSize = `${s3Transfer.partSizeBytes}B`;
  return {
    RCLONE_CONFIG: '/nonexistent/rclone.conf',
    RCLONE_CONFIG_LAKE_TYPE: 's3',
    RCLONE_CONFIG_LAKE_PROVIDER: 'Other',
    RCLONE_CONFIG_LAKE_ENDPOINT: endpoint,
    RCLONE_CONFIG_LAKE_REGION: 'us-east-1',
    RCLONE_CONFIG_LAKE_FORCE_PATH_STYLE: 'true',
    RCLONE_CONFIG_LAKE_ACCESS_KEY_ID: s3TestKeys.accessKeyId,
    RCLONE_CONFIG_LAKE_SECRET_ACCESS_KEY: s3TestKeys.secretAccessKey,
    RCLONE_CONFIG_LAKE_NO_CHECK_BUCKET: 'true',
    RCLONE_S3_CHUNK_SIZE: partSize,
    RCLONE_S3_UPLOAD_CUTOFF: partSize,
    RCLONE_S3_UPLOAD_CONCURRENCY: String(s3Transfer.partsAtOnce),
    RCLONE_MULTI_THREAD_STREAMS: String(s3Transfer.partsAtOnce),
  };
}
