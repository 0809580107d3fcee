import { constants, gunzipSync, inflateSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { refusalOf } from '../../test/support/refusal-of.ts';
import { writeZip } from '../../test/support/zip-writer.ts';
import { bytesSource, detectFormat, type Inflate, inspect } from '../index.ts';

const base64 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'base64'));
const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));

/** One dictionary with an `OrderedDict` in it, as Python 3.11 writes it in each protocol. */
const byProtocol = [
  'KGRwMApWd2VpZ2h0cwpwMQoobHAyCkYxLjUKYUkyCmFJLTMKYXNWbmFtZQpwMwpWeHh4CnA0CnNWZmxhZwpwNQpJMDEKc1Z3aGVuCnA2CmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApwNwoodFJwOApWYQpwOQpJMQpzcy4=',
  'fXEAKFgHAAAAd2VpZ2h0c3EBXXECKEc/+AAAAAAAAEsCSv3///9lWAQAAABuYW1lcQNYAwAAAHh4eHEEWAQAAABmbGFncQVJMDEKWAQAAAB3aGVucQZjY29sbGVjdGlvbnMKT3JkZXJlZERpY3QKcQcpUnEIWAEAAABhcQlLAXN1Lg==',
  'gAJ9cQAoWAcAAAB3ZWlnaHRzcQFdcQIoRz/4AAAAAAAASwJK/f///2VYBAAAAG5hbWVxA1gDAAAAeHh4cQRYBAAAAGZsYWdxBYhYBAAAAHdoZW5xBmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxBylScQhYAQAAAGFxCUsBc3Uu',
  'gAN9cQAoWAcAAAB3ZWlnaHRzcQFdcQIoRz/4AAAAAAAASwJK/f///2VYBAAAAG5hbWVxA1gDAAAAeHh4cQRYBAAAAGZsYWdxBYhYBAAAAHdoZW5xBmNjb2xsZWN0aW9ucwpPcmRlcmVkRGljdApxBylScQhYAQAAAGFxCUsBc3Uu',
  'gASVZwAAAAAAAAB9lCiMB3dlaWdodHOUXZQoRz/4AAAAAAAASwJK/f///2WMBG5hbWWUjAN4eHiUjARmbGFnlIiMBHdoZW6UjAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOUKVKUjAFhlEsBc3Uu',
  'gAWVZwAAAAAAAAB9lCiMB3dlaWdodHOUXZQoRz/4AAAAAAAASwJK/f///2WMBG5hbWWUjAN4eHiUjARmbGFnlIiMBHdoZW6UjAtjb2xsZWN0aW9uc5SMC09yZGVyZWREaWN0lJOUKVKUjAFhlEsBc3Uu',
].map(base64);

/** An object of a class named as scikit-learn's, in protocols 0, 2 and 4. */
const scikitLearn = [
  'Y2NvcHlfcmVnCl9yZWNvbnN0cnVjdG9yCnAwCihjc2tsZWFybi5saW5lYXJfbW9kZWwuX2xvZ2lzdGljCkxvZ2lzdGljUmVncmVzc2lvbgpwMQpjX19idWlsdGluX18Kb2JqZWN0CnAyCk50cDMKUnA0CihkcDUKVkMKcDYKRjEuMApzVmNvZWZfCnA3CihscDgKRjEuMAphRjIuMAphc2Iu',
  'gAJjc2tsZWFybi5saW5lYXJfbW9kZWwuX2xvZ2lzdGljCkxvZ2lzdGljUmVncmVzc2lvbgpxACmBcQF9cQIoWAEAAABDcQNHP/AAAAAAAABYBQAAAGNvZWZfcQRdcQUoRz/wAAAAAAAAR0AAAAAAAAAAZXViLg==',
  'gASVbAAAAAAAAACMHnNrbGVhcm4ubGluZWFyX21vZGVsLl9sb2dpc3RpY5SMEkxvZ2lzdGljUmVncmVzc2lvbpSTlCmBlH2UKIwBQ5RHP/AAAAAAAACMBWNvZWZflF2UKEc/8AAAAAAAAEdAAAAAAAAAAGV1Yi4=',
].map(base64);

/** A dictionary with a small array, as joblib 1.6 writes it: plain, zlib, gzip; and one without an array. */
const joblib = base64(
  'gASV2AAAAAAAAAB9lCiMAXeUjBNqb2JsaWIubnVtcHlfcGlja2xllIwRTnVtcHlBcnJheVdyYXBwZXKUk5QpgZR9lCiMCHN1YmNsYXNzlIwFbnVtcHmUjAduZGFycmF5lJOUjAVzaGFwZZRLA4WUjAVvcmRlcpSMAUOUjAVkdHlwZZRoCIwFZHR5cGWUk5SMAmY0lImIh5RSlChLA4wBPJROTk5K/////0r/////SwB0lGKMCmFsbG93X21tYXCUiIwbbnVtcHlfYXJyYXlfYWxpZ25tZW50X2J5dGVzlEsQdWIM////////////////AAAAAAAAgD8AAABAlQgAAAAAAAAAjAFulEsBdS4=',
);
const joblibZlib = base64(
  'eF41T7FuwjAUxKWoUdWhqCM/QBcmxkpt1a2WMnTpGNnEQKjjWHYilAGJDlVBehvHv/E3xUnKDad7T3d677bXx1OvwwZjYmvQw6qQOpMTU+W2Tmw2+9IKNIyb8dU5UX86Ya1yOODxG00q8pWcaeE9aNCmQDcmFY03mGjgl8Iq8P5P0IVLQ5TYW9BpWYf9Mrqo4L2aT7Hf/eIDY94n9oQ4jt//AlrivRKSboXWxTrJc2Gxo1H3Z3stETpbmFyZMpF1qTz4fSXvmuQFXdXtc6CXY/TfnJgBZ9XkDP+YbYs=',
);
const joblibGzip = base64(
  'H4sIAAAAAAAAAzVPsW7CMBTEpahR1aGoIz9AFybGSm3VrZYydOkY2cRAqONYdiKUAYkOVUF6G8e/8TfFScoNp3tPd3rvttfHU6/DBmNia9DDqpA6kxNT5bZObDb70go0jJvx1TlRfzphrXI44PEbTSrylZxp4T1o0KZANyYVjTeYaOCXwirw/k/QhUtDlNhb0GlZh/0yuqjgvZpPsd/94gNj3if2hDiO3/8CWuK9EpJuhdbFOslzYbGjUfdney0ROluYXJkykXWpPPh9Je+a5AVd1e1zoJdj9N+cmAFn1eQMObyhRA0BAAA=',
);
const joblibWithoutArrays = base64('gASVGQAAAAAAAAB9lCiMAW6USwGMAW2UXZQoSwFLAksDZXUu');

const inflate: Inflate = async (compressed, { encoding, limitBytes }) => {
  const open = encoding === 'gzip' ? gunzipSync : inflateSync;
  return Uint8Array.from(open(compressed, { finishFlush: constants.Z_SYNC_FLUSH }).subarray(0, limitBytes));
};

describe('a pickle', () => {
  it.each([0, 1, 2, 3, 4, 5])(
    'of protocol %i is recognised, named and marked as unscanned',
    async (protocol) => {
      const result = await inspect(bytesSource(byProtocol[protocol] ?? new Uint8Array(0)));
      expect(result).toMatchObject({
        format: 'pickle',
        scan: { verdict: 'unscanned' },
        summary: {
          protocol: protocol < 2 ? 0 : protocol,
          globals: ['collections.OrderedDict'],
          isFollowedToEnd: true,
        },
      });
    },
  );

  it.each([0, 1, 2])('of scikit-learn is told by the classes that it names (%i)', async (index) => {
    const result = await inspect(bytesSource(scikitLearn[index] ?? new Uint8Array(0)));
    expect(result).toMatchObject({ format: 'scikit_learn_pickle', scan: { verdict: 'unscanned' } });
    expect(result.summary['globals']).toContain('sklearn.linear_model._logistic.LogisticRegression');
  });

  it('names are found even where they come from the memo', async () => {
    const bytes = latin1('\x80\x04\x8c\x02os\x94\x8c\x06system\x94\x30\x30h\x00h\x01\x93\x94.');
    expect((await inspect(bytesSource(bytes))).summary['globals']).toEqual(['os.system']);
  });

  it('that breaks off is refused, since Python would run what comes before', async () => {
    for (const bytes of byProtocol.slice(2)) {
      for (const length of [40, 60, bytes.length - 1]) {
        const error = await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, length))));
        expect(error).toMatchObject({ format: 'pickle', offset: length });
      }
    }
  });

  it('that ends in something else is binary, and suspicious', async () => {
    const bytes = (byProtocol[4] ?? new Uint8Array(0)).with(13, 0xff);
    expect(await detectFormat(bytesSource(bytes))).toMatchObject({
      format: 'binary',
      scan: { verdict: 'unscanned' },
    });
  });

  it.each([
    ['a text that Python would load', 'cos\nsystem\n.gitignore\n'],
    ['an ordinary text', 'I am 5 years old.\nN.\n'],
    ['one number', 'I1\n.'],
  ])('is not seen in %s', async (_, text) => {
    expect(await detectFormat(bytesSource(latin1(text)))).toMatchObject({ format: 'binary' });
  });

  it('that could begin a text is suspicious', async () => {
    expect(await detectFormat(bytesSource(latin1('cos\nsystem\n.gitignore\n')))).toMatchObject({
      scan: { verdict: 'unscanned' },
    });
  });

  it.each([
    ['an unknown protocol', '\x80\x06N.'],
    ['a stack that is empty', '\x80\x04.'],
    ['a mark that is missing', '\x80\x02K\x01e.'],
    ['nothing but its header', '\x80\x04'],
  ])('with %s is none', async (_, text) => {
    expect(await detectFormat(bytesSource(latin1(text)))).toMatchObject({ format: 'binary' });
  });

  it('whose lengths lie is refused, and costs nothing', async () => {
    const bytes = latin1('\x80\x04N0N0N0\x8e\xff\xff\xff\xff\xff\xff\xff\x7f');
    expect(await refusalOf(() => detectFormat(bytesSource(bytes)))).toMatchObject({ format: 'pickle' });
  });
});

describe('a joblib file', () => {
  it('is told by the wrapper of its arrays', async () => {
    const result = await inspect(bytesSource(joblib));
    expect(result).toMatchObject({ format: 'joblib', scan: { verdict: 'unscanned' } });
    expect(result.evidence.join(' ')).toContain('joblib.numpy_pickle.NumpyArrayWrapper');
  });

  it.each([
    ['zlib', joblibZlib],
    ['gzip', joblibGzip],
  ])('compressed by %s is opened by the means that the caller gives', async (name, bytes) => {
    expect(await inspect(bytesSource(bytes), { inflate })).toMatchObject({
      format: 'joblib',
      summary: { compression: name },
    });
    const unopened = await detectFormat(bytesSource(bytes), { path: 'model.joblib' });
    expect(unopened).toMatchObject({ format: 'binary', scan: { verdict: 'unscanned' } });
    expect(unopened.evidence[0]).toContain(name);
  });

  it('without arrays is a plain pickle, which its name may narrow', async () => {
    expect(await detectFormat(bytesSource(joblibWithoutArrays))).toMatchObject({ format: 'pickle' });
    expect(await detectFormat(bytesSource(joblibWithoutArrays), { path: 'a/model.joblib' })).toMatchObject({
      format: 'joblib',
    });
    expect(
      await detectFormat(bytesSource(latin1('no pickle at all')), { path: 'model.joblib' }),
    ).toMatchObject({ format: 'binary' });
  });

  it('of the old compressed form is told by its header', async () => {
    const bytes = latin1('ZF0x1a             x\x9c\x00\x00\x00\x00');
    expect(await inspect(bytesSource(bytes))).toMatchObject({
      format: 'joblib',
      summary: { compression: 'zlib' },
    });
  });
});

describe('a file of torch.save', () => {
  const pickle = latin1('\x80\x02ccollections\nOrderedDict\nq\x00)Rq\x01.');
  const members = [
    { path: 'model/data.pkl', data: pickle },
    { path: 'model/byteorder', data: latin1('little') },
    { path: 'model/data/0', data: new Uint8Array(24) },
    { path: 'model/version', data: latin1('3\n') },
  ];

  it('is told by its members and described', async () => {
    expect(await inspect(bytesSource(writeZip(members)))).toMatchObject({
      format: 'pytorch_state_dict',
      summary: {
        container: 'zip',
        isTorchScript: false,
        byteOrder: 'little',
        formatVersion: '3',
        storageCount: 1,
        storageBytes: 24,
        protocol: 2,
        globals: ['collections.OrderedDict'],
      },
      scan: { verdict: 'unscanned' },
    });
  });

  it('with code in it is said to be TorchScript', async () => {
    const result = await inspect(
      bytesSource(writeZip([...members, { path: 'model/code/__torch__.py', data: latin1('x') }])),
    );
    expect(result.summary).toMatchObject({ isTorchScript: true });
    expect(result.evidence.join(' ')).toContain('TorchScript');
  });

  it('that is cut short is refused', async () => {
    const bytes = writeZip(members);
    expect(await refusalOf(() => detectFormat(bytesSource(bytes.subarray(0, 200))))).toMatchObject({
      format: 'pytorch_state_dict',
      offset: 200,
    });
  });

  it('of the forms before zip is told by its magic number, or by its tar members', async () => {
    const legacy = latin1('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.\x80\x02M\xe9\x03.');
    const tar = new Uint8Array(1024);
    tar.set(latin1('sys_info'));
    tar.set(latin1('ustar'), 257);
    expect(await inspect(bytesSource(legacy))).toMatchObject({
      format: 'pytorch_state_dict',
      summary: { container: 'legacy' },
    });
    expect(await inspect(bytesSource(tar))).toMatchObject({
      format: 'pytorch_state_dict',
      summary: { container: 'tar' },
    });
  });
});
