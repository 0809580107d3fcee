const mask = '***';

/** Fields of URLs, headers and bodies that hold a credential, a token or a signature. */
const secretFields = [
  'x-amz-signature',
  'x-amz-credential',
  'x-amz-security-token',
  'x-goog-signature',
  'x-goog-credential',
  'awsaccesskeyid',
  'accesskeyid',
  'secretaccesskey',
  'aws_access_key_id',
  'aws_secret_access_key',
  'aws_session_token',
  'sessiontoken',
  'googleaccessid',
  'upload_id',
  'accountkey',
  'sharedaccesssignature',
  'signature',
  'credential',
  'sig',
  'skoid',
  'access_token',
  'refresh_token',
  'id_token',
  'api_key',
  'apikey',
  'token',
  'password',
  'secret',
  'client_secret',
  'private_key',
].join('|');

const rules: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, mask],
  [/(\bauthorization["']?\s*[:=]\s*["']?)[^\r\n"'}]+/gi, `$1${mask}`],
  [/\b(bearer|basic|sharedkey|aws4-hmac-sha256)\s+[^\s"',;]+/gi, `$1 ${mask}`],
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^/\s:@]*:[^/\s@]*@/gi, `$1${mask}@`],
  [
    new RegExp(`((?<![a-z])(?:${secretFields})["']?\\s*(?:=|:|%3d)\\s*["']?)[^&\\s"',;<>}]+`, 'gi'),
    `$1${mask}`,
  ],
  [
    new RegExp(`(<(${secretFields}|stringtosign|canonicalrequest|signatureprovided)>)[^<]*`, 'gi'),
    `$1${mask}`,
  ],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, mask],
  [/\bhf_[A-Za-z0-9]{16,}\b/g, mask],
];

/** A text without credentials, tokens, signatures and what makes a URL a signed one. */
export function redactSecrets(text: string): string {
  return rules.reduce((clean, [pattern, replacement]) => clean.replaceAll(pattern, replacement), text);
}
