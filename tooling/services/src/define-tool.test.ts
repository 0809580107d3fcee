import { afterEach, describe, expect, it, vi } from 'vitest';
import { defineTool, type ToolDefinition } from './define-tool.ts';

const definition: ToolDefinition = {
  name: 'a hammer',
  variable: 'HOLDFAST_TEST_HAMMER',
  find: () => undefined,
  install: async () => {
    throw new Error('there is no such thing here');
  },
};
const elsewhere: NodeJS.Platform = process.platform === 'aix' ? 'sunos' : 'aix';

afterEach(() => vi.unstubAllEnvs());

describe('a tool', () => {
  it('is missed by nobody where it does not exist', async () => {
    vi.stubEnv('CI', 'true');
    const tool = defineTool({ ...definition, systems: [elsewhere] });
    expect(tool.path()).toBeUndefined();
    expect(await tool.install()).toBe('not for this system');
  });

  it('may not be missing under CI where it exists', async () => {
    vi.stubEnv('CI', 'true');
    const tool = defineTool({ ...definition, systems: [process.platform] });
    expect(() => tool.path()).toThrow('a hammer is missing');
    await expect(tool.install()).rejects.toThrow('no such thing');
  });

  it('is the one that the environment names, wherever', () => {
    vi.stubEnv('HOLDFAST_TEST_HAMMER', '/opt/hammer');
    expect(defineTool({ ...definition, systems: [elsewhere] }).path()).toBe('/opt/hammer');
  });
});
