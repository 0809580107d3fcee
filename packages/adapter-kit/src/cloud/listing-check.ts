import { compareKeys } from '@holdfast/domain';
import { inconsistentAnswer } from '../requests/inconsistent-answer.ts';
import type { RequestFailureError } from '../requests/request-failure.ts';
import { checkStored } from './check-answers.ts';
import type { CloudDriver, ListAnswer, ListRequest } from './cloud-driver.ts';

/**
 * Holds the pages of one listing to what was asked and to each other: an entry that is not of the listing, or comes
 * again, and a page that leads back to itself are failures of the server, not objects of the store.
 */
export class ListingCheck {
  readonly #driver: Pick<CloudDriver, 'isEtag' | 'capabilities'>;
  readonly #asked: Pick<ListRequest, 'prefix' | 'startAfter'>;
  /** The greatest name of the pages before. */
  #last: string | undefined;

  constructor(
    driver: Pick<CloudDriver, 'isEtag' | 'capabilities'>,
    asked: Pick<ListRequest, 'prefix' | 'startAfter'>,
  ) {
    this.#driver = driver;
    this.#asked = asked;
  }

  /** @throws RequestFailureError when the page cannot be one of this listing. */
  accept({ objects, prefixes, cursor }: ListAnswer, from: string | undefined): void {
    for (const object of objects) checkStored(object, this.#driver);
    const names = objects.map(({ name }) => name);
    for (const name of [...names, ...prefixes])
      if (!name.startsWith(this.#asked.prefix)) throw notOfTheListing(name);
    if (cursor !== undefined && cursor === from)
      throw inconsistentAnswer('the listing is incomplete: its next page is the same page again');
    if (this.#driver.capabilities.listOrder === 'bytewise') this.#checkOrder(names, prefixes);
  }

  #checkOrder(names: readonly string[], prefixes: readonly string[]): void {
    const { startAfter } = this.#asked;
    const [first] = names;
    if (startAfter !== undefined && first !== undefined && compareKeys(first, startAfter) <= 0)
      throw notOfTheListing(first);
    const greatest = [names, prefixes].flatMap((texts) => this.#greatest(texts) ?? []);
    for (const name of greatest)
      if (this.#last === undefined || compareKeys(name, this.#last) > 0) this.#last = name;
  }

  #greatest(texts: readonly string[]): string | undefined {
    let last = this.#last;
    for (const text of texts) {
      if (last !== undefined && compareKeys(text, last) <= 0) {
        const what = `the listing is out of order: ${JSON.stringify(text)} comes after ${JSON.stringify(last)}`;
        throw inconsistentAnswer(what);
      }
      last = text;
    }
    return texts.at(-1);
  }
}

function notOfTheListing(name: string): RequestFailureError {
  return inconsistentAnswer(`the server listed ${JSON.stringify(name)}, which was not asked for`);
}
