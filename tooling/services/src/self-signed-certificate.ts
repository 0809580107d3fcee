import { generateKeyPairSync, randomBytes, sign } from 'node:crypto';

/** What a TLS server needs, in PEM. */
export interface SelfSignedCertificate {
  readonly key: string;
  readonly cert: string;
}

const ecdsaWithSha256 = '2a8648ce3d040302';
const commonName = '550403';
const subjectAlternativeName = '551d11';

/** Makes a certificate for 127.0.0.1 that nobody vouches for: X.509 in DER, https://www.rfc-editor.org/rfc/rfc5280 */
export function selfSignedCertificate(): SelfSignedCertificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = der(0x30, objectId(ecdsaWithSha256));
  const name = der(0x30, der(0x31, der(0x30, objectId(commonName), der(0x0c, Buffer.from('nobody')))));
  const address = der(0x30, der(0x87, Buffer.from([127, 0, 0, 1])));
  const extension = der(0x30, objectId(subjectAlternativeName), der(0x04, address));
  const dayMs = 86_400_000;
  const body = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1]), randomBytes(8)),
    algorithm,
    name,
    der(0x30, utcTime(Date.now() - dayMs), utcTime(Date.now() + dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, der(0x30, extension)),
  );
  const signature = der(0x03, Buffer.from([0]), sign('sha256', body, privateKey));
  const lines =
    der(0x30, body, algorithm, signature)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: ['-----BEGIN CERTIFICATE-----', ...lines, '-----END CERTIFICATE-----', ''].join('\n'),
  };
}

function der(tag: number, ...content: readonly Buffer[]): Buffer {
  const bytes = Buffer.concat(content);
  const length = bytes.byteLength;
  const head =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...head]), bytes]);
}

function objectId(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, 'hex'));
}

function utcTime(epochMs: number): Buffer {
  const [date = ''] = new Date(epochMs).toISOString().split('.');
  return der(0x17, Buffer.from(`${date.slice(2).replaceAll(/[-:T]/g, '')}Z`));
}
