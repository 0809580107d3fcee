import type { z } from 'zod';

/** The schema of a store: chosen among the others by its backend. */
export type StoreSchema<Store> = z.ZodType<Store> & z.core.$ZodTypeDiscriminable;
