import type { Tool } from '@holdfast/tooling-services';
import type { Setting } from '../framework/setting.ts';

/** The path of a peer's program, installed first where it is missing. */
export async function findTool(tool: Tool, { say }: Pick<Setting, 'say'>): Promise<string> {
  say(`looking for ${tool.name}, or installing it`);
  await tool.install();
  const path = tool.path();
  if (path === undefined) throw new Error(`${tool.name} is missing.`);
  return path;
}
