import { describe, expect, it } from 'vitest';
import { configurationVersion } from './configuration.ts';
import {
  type ConfigurationMigration,
  configurationMigrations,
  migrateConfiguration,
} from './migrate-configuration.ts';

const rename: ConfigurationMigration = ({ storage, ...others }) => ({ ...others, stores: storage });
const nest: ConfigurationMigration = ({ databaseUrl, ...others }) => ({
  ...others,
  database: { url: databaseUrl },
});

describe('migrateConfiguration', () => {
  it('has a step to every version', () => {
    expect(configurationMigrations).toHaveLength(configurationVersion - 1);
  });

  it('takes a file without a version for version 1', () => {
    expect(migrateConfiguration({ stores: {} })).toEqual({
      ok: true,
      fromVersion: 1,
      file: { stores: {}, version: 1 },
    });
  });

  it('takes every step from the version of the file on, in order', () => {
    const file = { storage: { a: 1 }, databaseUrl: 'memory:' };
    const newest = { version: 3, stores: { a: 1 }, database: { url: 'memory:' } };
    expect(migrateConfiguration(file, [rename, nest])).toEqual({ ok: true, fromVersion: 1, file: newest });
    const second = { version: 2, stores: { a: 1 }, databaseUrl: 'memory:' };
    expect(migrateConfiguration(second, [rename, nest])).toEqual({ ok: true, fromVersion: 2, file: newest });
    expect(migrateConfiguration(newest, [rename, nest])).toEqual({ ok: true, fromVersion: 3, file: newest });
  });

  it('refuses a newer version, and what is no version', () => {
    expect(migrateConfiguration({ version: 3 }, [rename])).toEqual({
      ok: false,
      issues: [
        {
          path: 'version',
          value: '3',
          message: 'is newer than this program: upgrade Holdfast',
          allowed: ['1', '2'],
        },
      ],
    });
    for (const version of [0, 1.5, '1', null, -1, Number.NaN]) {
      expect(migrateConfiguration({ version })).toMatchObject({
        ok: false,
        issues: [{ path: 'version', message: 'is not the version of a configuration', allowed: ['1'] }],
      });
    }
  });
});
