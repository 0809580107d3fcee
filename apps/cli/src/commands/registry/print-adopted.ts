import type { AdoptedVersion } from '@holdfast/registry';
import type { Output } from '../../output/output.ts';

/** Prints what became of versions that a registry did not know, one a line. */
export function printAdopted(versions: readonly AdoptedVersion[], output: Output): void {
  const { style } = output;
  output.answer({ versions }, () =>
    versions
      .map(({ outcome, reference, storeName, as }) => {
        const name = as === undefined || as === reference ? '' : ` as ${as}`;
        const painted = outcome === 'lost' ? style.bad(outcome) : style.bold(outcome);
        return `${painted}  ${reference}${name} (${storeName})`;
      })
      .join('\n'),
  );
}
