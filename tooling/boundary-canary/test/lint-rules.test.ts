import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CanaryWorkspace } from '../src/canary-workspace.ts';
import { writeLayerPackages } from '../src/layer-packages.ts';
import { allowedImports, importBreaks, shapeBreaks } from '../src/lint-breaks.ts';
import { lint } from '../src/lint.ts';

const cycle = ['packages/ports/src/cycle-one.ts', 'packages/ports/src/cycle-two.ts'] as const;

const typeCycle = ['packages/ports/src/type-cycle-one.ts', 'packages/ports/src/type-cycle-two.ts'] as const;

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
  workspace.write(
    typeCycle[0],
    "import type { Two } from './type-cycle-two.ts';\n\nexport interface One {\n  readonly two: Two;\n}\n",
  );
  workspace.write(
    typeCycle[1],
    "import type { One } from './type-cycle-one.ts';\n\nexport interface Two {\n  readonly one?: One;\n}\n",
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

  it.each([
    ['imports', cycle],
    ['imports of types', typeCycle],
  ] as const)('refuses a circle of %s', (_what, [one, two]) => {
    expect([...about(one), ...about(two)]).toEqual([`${one} no-cycle`, `${two} no-cycle`]);
  });
});

function about(path: string): readonly string[] {
  return found.filter((line) => line.startsWith(`${path} `));
}
