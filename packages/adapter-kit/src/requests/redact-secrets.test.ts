import { describe, expect, test } from 'vitest';
import { redactSecrets } from './redact-secrets.ts';

const secret = 'PLANTED/sEcReT+0123456789==';

describe('redactSecrets', () => {
  test.each([
    `https://b.s3.amazonaws.com/k?X-Amz-Credential=${secret}&X-Amz-Signature=${secret}&x=1`,
    `https://acc.blob.core.windows.net/c/k?sv=2024&sig=${encodeURIComponent(secret)}`,
    `https://storage.googleapis.com/b/k?X-Goog-Signature=${secret}`,
    `https://storage.googleapis.com/upload/storage/v1/b/b/o?uploadType=resumable&upload_id=${secret}`,
    `Authorization: AWS4-HMAC-SHA256 Credential=${secret}, Signature=${secret}`,
    `{"authorization":"Bearer ${secret}"}`,
    `Bearer ${secret}`,
    `SharedKey account:${secret}`,
    `https://user:${encodeURIComponent(secret)}@example.com/`,
    `AccountName=a;AccountKey=${secret};EndpointSuffix=x`,
    `<StringToSign>${secret}</StringToSign>`,
    `<SignatureProvided>${secret}</SignatureProvided>`,
    `"secretAccessKey":"${secret}"`,
    `aws_session_token = ${secret}`,
    `-----BEGIN PRIVATE KEY-----\n${secret}\n-----END PRIVATE KEY-----`,
  ])('shows no secret of %s', (text) => {
    const clean = redactSecrets(text);
    expect(clean).toContain('***');
    expect(clean).not.toMatch(/PLANTED|0123456789/);
  });

  test('leaves what is no secret', () => {
    const text = 'get "models/signature.onnx" failed: NoSuchKey at https://b.s3.amazonaws.com/k?versionId=1';
    expect(redactSecrets(text)).toBe(text);
  });
});
