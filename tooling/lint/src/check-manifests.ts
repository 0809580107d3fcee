import { layerFindings } from './layer-findings.ts';
import { readCatalog } from './read-catalog.ts';
import { report } from './report.ts';
import { shapeFindings } from './shape-findings.ts';
import { readWorkspace } from './workspace.ts';

const root = process.cwd();
const packages = readWorkspace(root);
const catalog = readCatalog(root);

report(
  'manifests',
  packages.flatMap((self) => [...layerFindings(self, packages), ...shapeFindings(root, self, { catalog })]),
);
