export { recordFact } from './record-fact.ts';
export { type TracedSubject, TracedProgram } from './traced-program.ts';
