import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../json-value.ts';
import { ModelStorageInfo } from '../storage/model-storage-info.ts';
import type { SerializationFormat } from '../storage/serialization-format.ts';
import { parseActor } from './actor.ts';
import { assertCanBeAliased } from './alias.ts';
import {
  type ModelVersion,
  type NewModelVersion,
  VersionStatus,
  changeStatus,
  changeTags,
  changeVerdict,
  createReadyVersion,
} from './model-version.ts';
import { changeModelTags, createModel } from './model.ts';
import { ScanVerdict, isQuarantined, whyCodeMayHide } from './scan-verdict.ts';
import { mostTagChanges } from './tags.ts';

const [now, later] = ['2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'];
const fields: NewModelVersion = {
  id: 'v',
  modelId: 'm',
  modelName: 'team/model',
  number: 3,
  verdict: 'safe',
  tags: { stage: 'test' },
  now,
  artifactKind: 'file',
  storage: ModelStorageInfo.memory({
    storagePath: 'a',
    format: 'onnx',
    sizeBytes: 1,
    checksum: `sha256:${'ab'.repeat(32)}`,
  }),
  totalSizeBytes: 1,
  fileCount: 1,
  metrics: { accuracy: 0.9 },
  parameters: {},
  lineage: [],
};
const version = createReadyVersion(fields);
const withStatus = (status: VersionStatus): ModelVersion => ({ ...version, status });

const allowed: Readonly<Record<VersionStatus, readonly VersionStatus[]>> = {
  pending: ['ready', 'failed'],
  ready: ['deprecated'],
  failed: [],
  deprecated: ['archived', 'ready'],
  archived: [],
};

describe('createReadyVersion', () => {
  test('makes a version that is ready, without history', () => {
    expect(version).toMatchObject({
      status: 'ready',
      revision: 0,
      history: [],
      createdAt: now,
      updatedAt: now,
      number: 3,
    });
    expect('now' in version).toBe(false);
  });

  test.each([
    ['number', { number: 0 }],
    ['number', { number: 1.5 }],
    ['number', { number: -1 }],
    ['metric loss', { metrics: { loss: Number.NaN } }],
    ['metric loss', { metrics: { loss: Number.POSITIVE_INFINITY } }],
    ['tag', { tags: { 'a b': '' } }],
  ] as const)('refuses a wrong %s', (field, changes) => {
    expect(() => createReadyVersion({ ...fields, ...changes })).toThrow(expect.objectContaining({ field }));
  });
});

describe('changeStatus', () => {
  const statuses = Object.values(VersionStatus);
  const pairs = statuses.flatMap((from) => statuses.map((to) => [from, to] as const));

  test.each(pairs)('%s → %s', (from, to) => {
    const change = (): ModelVersion => changeStatus(withStatus(from), to, { now: later, reason: 'why' });
    if (allowed[from].includes(to)) {
      const entry = { at: later, field: 'status', from, to, reason: 'why' };
      expect(change()).toEqual({ ...version, status: to, updatedAt: later, history: [entry] });
    } else {
      const hint = allowed[from].length === 0 ? /stays so/ : new RegExp(allowed[from].join(' or '));
      expect(change).toThrow(
        expect.objectContaining({ field: 'status', value: to, hint: expect.stringMatching(hint) as string }),
      );
    }
  });

  test('adds to the history and changes nothing in place', () => {
    const deprecated = changeStatus(version, 'deprecated', { now: later });
    const ready = changeStatus(deprecated, 'ready', { now: later });
    expect(ready.history.map(({ from, to }) => [from, to])).toEqual([
      ['ready', 'deprecated'],
      ['deprecated', 'ready'],
    ]);
    expect('reason' in (ready.history[0] ?? {})).toBe(false);
    expect(version).toMatchObject({ status: 'ready', history: [], updatedAt: now });
  });
});

describe('other changes', () => {
  test('verdicts are noted in the history', () => {
    const changed = changeVerdict(version, 'dangerous', { now: later, reason: 'os.system' });
    expect(changed).toMatchObject({ verdict: 'dangerous', updatedAt: later });
    expect(changed.history).toEqual([
      { at: later, field: 'verdict', from: 'safe', to: 'dangerous', reason: 'os.system' },
    ]);
  });

  test('tags are replaced, checked, and noted in the history with who changed them', () => {
    const tagged = changeTags(
      { ...version, tags: { gone: 'x', same: '1' } },
      { same: '1', a: 'b' },
      { now: later, by: 'ana' },
    );
    expect(tagged).toMatchObject({ tags: { same: '1', a: 'b' }, updatedAt: later });
    expect(tagged.history).toEqual([
      { at: later, field: 'tag', tag: 'gone', from: 'x', by: 'ana' },
      { at: later, field: 'tag', tag: 'a', to: 'b', by: 'ana' },
    ]);
    const { history } = changeTags(tagged, { same: '1', a: 'c' }, { now });
    expect(history.at(-1)).toEqual({ at: now, field: 'tag', tag: 'a', from: 'b', to: 'c' });
    expect(() => changeTags(version, { '': '' }, { now })).toThrow(expect.objectContaining({ field: 'tag' }));
  });

  test('the newest changes of tags are kept, and every change of status and verdict', () => {
    let changed = changeStatus(version, 'deprecated', { now });
    for (let count = 0; count < mostTagChanges + 50; count++)
      changed = changeTags(changed, { count: String(count) }, { now: later });
    expect(changed.history).toHaveLength(mostTagChanges + 1);
    expect(changed.history[0]).toMatchObject({ field: 'status', to: 'deprecated' });
    expect(changed.history[1]).toMatchObject({ from: '49', to: '50' });
    expect(changed.history.at(-1)).toMatchObject({ to: String(mostTagChanges + 49) });
  });

  test('a record that tags would make longer than a backup takes is refused', () => {
    const tags = Object.fromEntries(
      Array.from({ length: 3_400 }, (_, index) => [`t${index}`, 'x'.repeat(5_000)]),
    );
    expect(() => changeTags(version, tags, { now })).toThrow(expect.objectContaining({ field: 'version' }));
  });

  test('tags of a model are noted in its history', () => {
    const model = createModel({ id: 'm', name: 'model', tags: { a: '1' }, now });
    expect(changeModelTags(model, { a: '1' }, { now: later, by: 'ana' })).not.toHaveProperty('history');
    expect(changeModelTags(model, {}, { now: later, by: 'ana' })).toMatchObject({
      tags: {},
      updatedAt: later,
      history: [{ at: later, field: 'tag', tag: 'a', from: '1', by: 'ana' }],
    });
  });

  test.each(['', '  ', 'a\nb', '\u001b[31m', 'x'.repeat(256), '\ud800'])('%j cannot be an actor', (name) => {
    expect(() => parseActor(name)).toThrow(expect.objectContaining({ field: 'actor' }));
  });
});

describe('assertCanBeAliased', () => {
  test.each([
    ['ready', true],
    ['deprecated', true],
    ['pending', false],
    ['failed', false],
    ['archived', false],
  ] as const)('a version that is %s: %s', (status, isAllowed) => {
    const check = (): void => assertCanBeAliased(withStatus(status));
    if (isAllowed) check();
    else expect(check).toThrow(expect.objectContaining({ field: 'version', value: 'team/model:3' }));
  });

  test.each(Object.values(ScanVerdict))('a version whose scan says %s', (verdict) => {
    const check = (): void => assertCanBeAliased({ ...version, verdict });
    if (isQuarantined(verdict)) expect(check).toThrow(/quarantined/);
    else check();
  });
});

describe('scan verdicts', () => {
  test('quarantine what is dangerous and what could not be read', () => {
    expect(Object.values(ScanVerdict).filter(isQuarantined)).toEqual(['dangerous', 'unscannable']);
  });

  test('leave only pickles that were found safe without suspicion', () => {
    const why = (format: SerializationFormat, verdict: ScanVerdict, inspection: JsonObject = {}) =>
      whyCodeMayHide({ storage: { format }, verdict, inspection });
    expect(why('pickle', 'unscanned')).toContain('pickle file can run code');
    expect(why('joblib', 'suspicious')).toContain('joblib');
    expect(why('pickle', 'safe')).toBeUndefined();
    expect(why('safetensors', 'unscanned')).toBeUndefined();
    const scan = { verdict: 'unscanned', reason: 'model.pkl: a pickle.' };
    expect(why('mlflow_model', 'unscanned', { scan })).toBe('model.pkl: a pickle.');
    expect(why('mlflow_model', 'safe', { scan })).toBeUndefined();
  });
});

describe('createModel', () => {
  test('makes a model that was not saved yet', () => {
    expect(createModel({ id: 'm', name: 'team/model', now })).toEqual({
      id: 'm',
      revision: 0,
      createdAt: now,
      updatedAt: now,
      name: 'team/model',
      description: '',
      tags: {},
    });
  });

  test('checks name and tags', () => {
    expect(() => createModel({ id: 'm', name: 'a b', now })).toThrow(
      expect.objectContaining({ field: 'name' }),
    );
    expect(() => createModel({ id: 'm', name: 'a', tags: { é: '' }, now })).toThrow(
      expect.objectContaining({ field: 'tag' }),
    );
  });
});
