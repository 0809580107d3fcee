import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageFacts } from './package-facts.ts';
import { withPackageTable } from './package-table.ts';
import { Rehearsal } from './rehearsal.ts';
import { root } from './repository.ts';

const path = join(root, 'docs', 'packages.md');

await using rehearsal = await Rehearsal.begin();
const facts = packageFacts(rehearsal.packages, rehearsal.foreign);
await writeFile(path, withPackageTable(await readFile(path, 'utf8'), facts));
