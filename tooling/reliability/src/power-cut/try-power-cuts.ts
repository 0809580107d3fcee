import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeImage } from './describe-image.ts';
import type { DiskHistory } from './disk-history.ts';
import { readImage } from './disk-image.ts';
import { imageAfter } from './disk-states.ts';
import { HistoryReader, recordedCalls } from './history-reader.ts';
import type { PowerCutReport, PowerCutScenario } from './power-cut-scenario.ts';
import { Replay } from './replay.ts';

/**
 * Runs a program once, recording what it does to the disk; then, for each moment, makes the states that a power cut may
 * leave, opens each and compares it with what the program had acknowledged by then.
 *
 * @throws Error at the first state in which something is lost, naming what the disk had lost.
 */
export async function tryPowerCuts(scenario: PowerCutScenario): Promise<PowerCutReport> {
  const home = realpathSync(
    mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'holdfast-power-')),
  );
  const folder = join(home, 'disk');
  mkdirSync(folder);
  try {
    await scenario.prepare?.(folder);
    const history = await record(scenario, folder);
    return await new Replay(scenario, history, folder).run();
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function record(scenario: PowerCutScenario, folder: string): Promise<DiskHistory> {
  const base = readImage(folder);
  const calls = await scenario.program.record(scenario.parameters(folder), recordedCalls);
  const history = new HistoryReader(folder, base).read(calls);
  const last = { acknowledged: 0, durable: history.steps, unsynced: [] };
  const [made, found] = [imageAfter(history.base, last, new Map()), readImage(folder)].map(describeImage);
  if (made === found) return history;
  throw new Error(`The trace explains this:\n${made}\nbut the folder holds this:\n${found}`);
}
