import { type Layer, layers, wiring } from './layers.ts';
import type { Finding } from './report.ts';
import { namesIn, type WorkspacePackage } from './workspace.ts';

/** Dependencies that a package's layer may not have, shipped and for tests told apart. */
export function layerFindings(
  self: WorkspacePackage,
  packages: readonly WorkspacePackage[],
): readonly Finding[] {
  const { manifest } = self;
  const layer = layers[self.layer];
  const ours = new Set(packages.map(({ name }) => name));
  const shipped = Object.keys({
    ...manifest.dependencies,
    ...manifest.peerDependencies,
    ...manifest.optionalDependencies,
  });
  const forTests = Object.keys(manifest.devDependencies ?? {});
  const mayShip = namesIn(packages, layer.imports);
  const mayTest = [...mayShip, ...namesIn(packages, layer.testImports)];
  return [
    ...shipped.filter((name) => ours.has(name) && !mayShip.includes(name)).map(problem('may not depend on')),
    ...shipped.filter((name) => !ours.has(name) && !mayUse(layer, name)).map(problem('may not depend on')),
    ...forTests.filter((name) => ours.has(name) && !mayTest.includes(name)).map(problem('may not test with')),
    ...[...shipped, ...forTests]
      .filter((name) => isWiring(name) && self.layer !== 'composition')
      .map(problem('may not wire with')),
  ];

  function problem(verb: string): (name: string) => Finding {
    return (name) => ({ path: `${self.folder}/package.json`, problem: `${self.layer} ${verb} ${name}` });
  }
}

function mayUse({ external }: Layer, name: string): boolean {
  return external === 'any' || external.includes(name);
}

function isWiring(name: string): boolean {
  return wiring.some((container) => container === name);
}
