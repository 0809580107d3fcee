/** How the program ends, for scripts. */
export const ExitCode = {
  Done: 0,
  CheckFailed: 1,
  WrongUse: 2,
  NotFound: 3,
  Conflict: 4,
  Unavailable: 5,
  Damaged: 6,
  Refused: 7,
  NoSpace: 8,
  Unsupported: 9,
  Internal: 70,
  Interrupted: 130,
  Terminated: 143,
} as const;

export type ExitCode = (typeof ExitCode)[keyof typeof ExitCode];

/** What each exit code means, for the help. */
export const exitCodeMeanings: readonly (readonly [ExitCode, string])[] = [
  [ExitCode.Done, 'done'],
  [ExitCode.CheckFailed, 'a check failed (doctor, signals validate)'],
  [ExitCode.WrongUse, 'wrong use, unusable input or configuration'],
  [ExitCode.NotFound, 'not found'],
  [ExitCode.Conflict, 'conflict: exists already, changed meanwhile, locked'],
  [ExitCode.Unavailable, 'unavailable, timeout, rate limit, outcome unknown'],
  [ExitCode.Damaged, 'damaged: corrupt, or another digest than recorded'],
  [ExitCode.Refused, 'refused by policy or permission'],
  [ExitCode.NoSpace, 'no space, or quota used up'],
  [ExitCode.Unsupported, 'not supported'],
  [ExitCode.Internal, 'our own fault: please report what --verbose says'],
  [ExitCode.Interrupted, 'interrupted (Ctrl-C)'],
  [ExitCode.Terminated, 'terminated'],
];
