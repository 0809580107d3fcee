import { aliasCases } from './alias-cases.ts';
import { archiveCases } from './archive-cases.ts';
import { condemnCases } from './condemn-cases.ts';
import { fenceCases } from './fence-cases.ts';
import { immutabilityCases } from './immutability-cases.ts';
import { ledgerCases } from './ledger-cases.ts';
import { manifestCases } from './manifest-cases.ts';
import { modelCases } from './model-cases.ts';
import { modelFilterCases } from './model-filter-cases.ts';
import { numberCases } from './number-cases.ts';
import { pagingCases } from './paging-cases.ts';
import { recordCases } from './record-cases.ts';
import { recordListingCases } from './record-listing-cases.ts';
import { recordReferenceCases } from './record-reference-cases.ts';
import { type RegistryCase, inRegistryGroup } from './registry-case.ts';
import type { RegistryHarness } from './registry-harness.ts';
import { repositoryCases } from './repository-cases.ts';
import { modelSubject, versionSubject } from './repository-subject.ts';
import { seriesCases } from './series-cases.ts';
import { storeCases } from './store-cases.ts';
import { summaryCases } from './summary-cases.ts';
import { summaryPropertyCases } from './summary-property-cases.ts';
import { unitOfWorkCases } from './unit-of-work-cases.ts';
import { unitOfWorkIsolationCases } from './unit-of-work-isolation-cases.ts';
import { verificationCases } from './verification-cases.ts';
import { versionCases } from './version-cases.ts';

/** Every promise of the registry's protocols. */
export const registryCases: readonly RegistryCase[] = [
  ...inRegistryGroup('models', repositoryCases(modelSubject)),
  ...inRegistryGroup('models', pagingCases(modelSubject)),
  ...inRegistryGroup('models', modelCases),
  ...inRegistryGroup('models', modelFilterCases),
  ...inRegistryGroup('models', numberCases),
  ...inRegistryGroup('summaries', summaryCases),
  ...inRegistryGroup('summaries', summaryPropertyCases),
  ...inRegistryGroup('versions', repositoryCases(versionSubject)),
  ...inRegistryGroup('versions', pagingCases(versionSubject)),
  ...inRegistryGroup('versions', versionCases),
  ...inRegistryGroup('versions', immutabilityCases),
  ...inRegistryGroup('aliases', aliasCases),
  ...inRegistryGroup('objects', ledgerCases),
  ...inRegistryGroup('objects', condemnCases),
  ...inRegistryGroup('archive', archiveCases),
  ...inRegistryGroup('manifests', manifestCases),
  ...inRegistryGroup('fence', fenceCases),
  ...inRegistryGroup('records', recordCases),
  ...inRegistryGroup('records', recordListingCases),
  ...inRegistryGroup('records', recordReferenceCases),
  ...inRegistryGroup('series', seriesCases),
  ...inRegistryGroup('objects', verificationCases),
  ...inRegistryGroup('unit of work', unitOfWorkCases),
  ...inRegistryGroup('unit of work', unitOfWorkIsolationCases),
  ...inRegistryGroup('store', storeCases),
];

/** The cases that a store can be asked. */
export function registryCasesFor(harness: RegistryHarness): readonly RegistryCase[] {
  return registryCases.filter((one) => one.needsSecondHandle !== true || harness.opensOnce !== true);
}
