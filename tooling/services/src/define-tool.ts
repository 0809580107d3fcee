import { reportMissing } from './report-missing.ts';

/** A program that tests need and that is not an npm package. */
export interface ToolDefinition {
  /** What people call it, such as `Python with numpy`. */
  readonly name: string;
  /** The environment variable that names one that is already there. */
  readonly variable: string;
  /** The systems that have it, all unless given. Elsewhere nobody misses it, even where `CI` is `true`. */
  readonly systems?: readonly NodeJS.Platform[];
  /** Looks on the machine, then in the cache. */
  readonly find: () => string | undefined;
  /** Puts it into the cache; `find` finds it afterwards. */
  readonly install: () => Promise<void>;
}

/** A program that tests may need: found, or installed before the tests begin. */
export interface Tool {
  readonly name: string;
  /**
   * Its path, or `undefined` after one loud line when it is missing.
   *
   * @throws Error when it is missing and `CI` is `true`.
   */
  readonly path: () => string | undefined;
  /** Installs it unless it is there. */
  readonly install: () => Promise<InstallResult>;
}

/** Whether anything had to be done. */
export type InstallResult = 'found' | 'installed' | 'not for this system';

/** Makes a tool: the environment decides first, then what is found, then what can be installed. */
export function defineTool(definition: ToolDefinition): Tool {
  const { name, variable, systems, find } = definition;
  const isForThisSystem = systems?.includes(process.platform) ?? true;
  const locate = (): string | undefined => process.env[variable] ?? find();
  return {
    name,
    path: () => locate() ?? (isForThisSystem ? reportMissing({ name, variable }) : undefined),
    install: async () => {
      if (locate() !== undefined) return 'found';
      if (!isForThisSystem) return 'not for this system';
      await definition.install();
      return 'installed';
    },
  };
}
