export type {
  FolderContents,
  KnownContents,
  PowerCutReport,
  PowerCutScenario,
} from './power-cut/power-cut-scenario.ts';
export { tryPowerCuts } from './power-cut/try-power-cuts.ts';
export { recordFact } from './record-fact.ts';
export { type TracedSubject, TracedProgram } from './traced-program.ts';
