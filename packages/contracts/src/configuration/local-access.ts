import { z } from 'zod';

/** Which users of this machine may use what is made. */
export type LocalAccessConfiguration = 'owner' | 'group' | 'everyone';

/** The field that says who may use what a store or database keeps on this machine. */
export function localAccess(restriction = ''): z.ZodType<LocalAccessConfiguration | undefined> {
  return z
    .enum(['owner', 'group', 'everyone'])
    .optional()
    .describe(
      `Which users of this machine may use the files and folders that are made: owner, group, or everyone, as far as the umask lets them; owner when not given.${restriction}`,
    );
}
