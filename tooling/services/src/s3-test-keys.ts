/** Who may do everything on the test servers of S3; from the environment where a server of your own is named there. */
export const s3TestKeys: { readonly accessKeyId: string; readonly secretAccessKey: string } = {
  accessKeyId: process.env['HOLDFAST_TEST_S3_ACCESS_KEY_ID'] ?? 'holdfast-test-key',
  secretAccessKey: process.env['HOLDFAST_TEST_S3_SECRET_ACCESS_KEY'] ?? 'holdfast-test-secret',
};
