import type { CutPart } from './cut-into-parts.ts';

export interface SendPartsOptions {
  /** How many parts may be held at once, the one that is being filled included. */
  readonly partsAtOnce: (part: CutPart) => number;
  readonly send: (part: CutPart) => Promise<string>;
  /** Takes a buffer back. */
  readonly release: (part: CutPart) => void;
  /** Told at the first failure: stops the source and what is under way. */
  readonly stop: () => void;
}

/** Sends parts, several at once, and answers their receipts in order; ends only when nothing is under way any more. */
export async function sendParts(
  parts: AsyncGenerator<CutPart>,
  { partsAtOnce, send, release, stop }: SendPartsOptions,
): Promise<readonly string[]> {
  const receipts: string[] = [];
  const underWay = new Set<Promise<void>>();
  const failure = Promise.withResolvers<never>();
  failure.promise.catch(() => undefined);
  const begin = (part: CutPart): void => {
    const sending = (async () => {
      receipts[part.number - 1] = await send(part);
      release(part);
    })();
    const tracked = sending.catch(failure.reject).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
  };
  try {
    for (;;) {
      const next = await Promise.race([parts.next(), failure.promise]);
      if (next.done === true) break;
      begin(next.value);
      while (underWay.size > 0 && underWay.size >= partsAtOnce(next.value)) {
        await Promise.race([...underWay, failure.promise]);
      }
    }
    await Promise.race([Promise.all(underWay), failure.promise]);
    return receipts;
  } catch (error) {
    stop();
    await Promise.all(underWay);
    throw error;
  }
}
