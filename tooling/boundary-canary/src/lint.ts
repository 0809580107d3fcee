import type { CanaryWorkspace } from './canary-workspace.ts';

/** What the linter says about a workspace, as `path rule`, in order. */
export function lint(workspace: CanaryWorkspace): readonly string[] {
  const { stdout, output } = workspace.run('oxlint', ['--format=json', 'packages', 'apps', 'tooling']);
  if (!stdout.startsWith('{')) throw new Error(output);
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] };
  return diagnostics
    .map(({ filename, code }) => `${filename} ${code.replace(/^.*\((.*)\)$/, '$1')}`)
    .toSorted();
}
