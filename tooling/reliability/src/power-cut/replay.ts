import { chooseSurvivors } from './choose-survivors.ts';
import { describeImage } from './describe-image.ts';
import type { DiskHistory } from './disk-history.ts';
import { type DiskImage, writeImage } from './disk-image.ts';
import { type CutPoint, type Survivors, cutPointsOf, imageAfter } from './disk-states.ts';
import type {
  FolderContents,
  KnownContents,
  PowerCutReport,
  PowerCutScenario,
} from './power-cut-scenario.ts';

/** Makes what power cuts leave of a history, and compares it with what had been acknowledged. */
export class Replay {
  readonly #scenario: PowerCutScenario;
  readonly #history: DiskHistory;
  readonly #folder: string;
  readonly #contents: FolderContents[] = [];
  readonly #tried = new Set<string>();

  constructor(scenario: PowerCutScenario, history: DiskHistory, folder: string) {
    this.#scenario = scenario;
    this.#history = history;
    this.#folder = folder;
  }

  async run(): Promise<PowerCutReport> {
    const { acknowledgements, base, steps } = this.#history;
    for (const moment of [-1, ...acknowledgements.map(({ began }) => began)]) {
      const durable = steps.filter(({ began }) => began < moment);
      const image = imageAfter(base, { acknowledged: 0, durable, unsynced: [] }, new Map());
      this.#contents.push(await this.#observe(image));
    }
    const moments = cutPointsOf(this.#history);
    const random = randomNumbers();
    const limit = this.#scenario.statesPerMoment ?? 12;
    for (const moment of moments)
      for (const survivors of chooseSurvivors(moment.unsynced, { limit, random }))
        await this.#try(moment, survivors);
    return {
      moments: moments.length,
      states: this.#tried.size,
      contents: this.#contents.at(-1) ?? new Map(),
    };
  }

  async #try(moment: CutPoint, survivors: Survivors): Promise<void> {
    const image = imageAfter(this.#history.base, moment, survivors);
    const description = `${moment.acknowledged}\n${describeImage(image)}`;
    if (this.#tried.has(description)) return;
    this.#tried.add(description);
    if ((await this.#failureOf(moment, survivors)) === undefined) return;
    const needed = await this.#withoutChance(moment, survivors);
    const cause = await this.#failureOf(moment, needed);
    throw new Error(this.#describe(moment, needed, cause), { cause });
  }

  async #failureOf(moment: CutPoint, survivors: Survivors): Promise<unknown> {
    const { isAllowed = isLastOrNext, mayLackMeanwhile = [] } = this.#scenario;
    const known = this.#knownAt(moment);
    try {
      const contents = await this.#observe(imageAfter(this.#history.base, moment, survivors));
      const lacking = mayLackMeanwhile.filter((name) => !contents.has(name));
      if (isAllowed(contents, withoutLacking(known, lacking))) return undefined;
      return new Error(`It holds ${print(contents)}, not ${print(known.acknowledged)}.`);
    } catch (error) {
      return error;
    }
  }

  /** Saves whatever may be saved while the failure stays: what is lost then is what it takes. */
  async #withoutChance(moment: CutPoint, survivors: Survivors): Promise<Survivors> {
    let needed = survivors;
    for (const step of moment.unsynced) {
      const fewerLost = new Map(needed).set(step, 'whole');
      if ((await this.#failureOf(moment, fewerLost)) !== undefined) needed = fewerLost;
    }
    return needed;
  }

  #knownAt({ acknowledged }: CutPoint): KnownContents {
    return {
      earlier: this.#contents.slice(0, acknowledged),
      acknowledged: this.#contents[acknowledged] ?? new Map(),
      next: this.#contents[acknowledged + 1],
    };
  }

  #observe(image: DiskImage): Promise<FolderContents> {
    writeImage(image, this.#folder);
    return this.#scenario.observe(this.#folder);
  }

  #describe(moment: CutPoint, survivors: Survivors, error: unknown): string {
    const done = this.#history.acknowledgements[moment.acknowledged - 1]?.line ?? 'nothing';
    const lost = moment.unsynced
      .filter((step) => survivors.get(step) !== 'whole')
      .map((step) => `  ${step.text}: ${survivors.get(step) ?? 'lost'}`);
    return `${String(error)}\nAcknowledged: ${done}\nNot synced, and not whole after the power cut:\n${lost.join('\n')}`;
  }
}

/** A printed line holds; what was being done is done or not. */
function isLastOrNext(contents: FolderContents, { acknowledged, next }: KnownContents): boolean {
  return [acknowledged, next].some((one) => one !== undefined && print(one) === print(contents));
}

/** What is lacking may be, if the next step makes or replaces it. */
function withoutLacking(known: KnownContents, lacking: readonly string[]): KnownContents {
  const { acknowledged, next } = known;
  if (next === undefined) return known;
  const isKept = ([name]: readonly [string, string]): boolean =>
    !lacking.includes(name) || next.get(name) === acknowledged.get(name);
  const [before, after] = [acknowledged, next].map((contents) => new Map([...contents].filter(isKept)));
  return { ...known, acknowledged: before ?? acknowledged, next: after };
}

function print(contents: FolderContents): string {
  return JSON.stringify([...contents].map((entry) => entry.join(': ')).toSorted());
}

/** The same numbers each time, so that what was found is found again (mulberry32). */
function randomNumbers(): () => number {
  let state = 1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
