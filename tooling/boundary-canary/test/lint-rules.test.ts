import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanaryWorkspace } from '../src/canary-workspace.ts';
import { writeLayerPackages } from '../src/layer-packages.ts';
import { allowedImports, importBreaks, shapeBreaks } from '../src/lint-breaks.ts';
import { lint } from '../src/lint.ts';

const cycle = ['packages/ports/src/cycle-one.ts', 'packages/ports/src/cycle-two.ts'] as const;

let workspace: CanaryWorkspace;
let found: readonly string[];

beforeAll(() => {
  workspace = new CanaryWorkspace();
  writeLayerPackages(workspace, undefined);
  for (const { path, content } of [...shapeBreaks, ...importBreaks, ...allowedImports])
    workspace.write(path, content);
  workspace.write(
    cycle[0],
    "import { two } from './cycle-two.ts';\n\nexport const one = (): number => two();\n",
  );
  workspace.write(
    cycle[1],
    "import { one } from './cycle-one.ts';\n\nexport const two = (): number => one();\n",
  );
  found = lint(workspace);
});

afterAll(() => workspace[Symbol.dispose]());

describe('the linter', () => {
  it.each([...shapeBreaks, ...importBreaks])('refuses $what', ({ path, rule }) => {
    expect(about(path)).toEqual([`${path} ${rule}`]);
  });

  it.each(allowedImports)('allows $what', ({ path }) => {
    expect(about(path)).toEqual([]);
  });

  it('refuses a circle of imports', () => {
    expect([...about(cycle[0]), ...about(cycle[1])]).toEqual(cycle.map((path) => `${path} no-cycle`));
  });
});

function about(path: string): readonly string[] {
  return found.filter((line) => line.startsWith(`${path} `));
}
