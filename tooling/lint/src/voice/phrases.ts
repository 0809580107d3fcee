/** A phrase that readers have to decode, and what to write in its place. */
export interface Phrase {
  /** As the style guide shows it. */
  readonly not: string;
  readonly but: string;
  readonly pattern: RegExp;
}

/** The glossary of `docs/style.md`, which is generated from this list, and the rules of `check:voice`. */
export const phrases: readonly Phrase[] = [
  {
    not: 'tells, told',
    but: 'reports, shows, returns; distinguishes; is called with',
    pattern: /\b(?:tells?|telling|told)\b/i,
  },
  {
    not: 'lies in, where it lies',
    but: 'is stored in, where it is stored',
    pattern: /\b(?:lies?|lying|lain)\b/i,
  },
  {
    not: 'stands',
    but: 'exists, applies, is listed, is valid',
    pattern: /\b(?:stands?|stood|standing)\b(?!-| for\b)/i,
  },
  {
    not: 'is there, is there already',
    but: 'exists, already exists',
    pattern:
      /\b(?:is|are|was|were|be|been|being|isn't|aren't) (?:not |still |yet )?there(?=$|[\n.,:;!?)"'`]| already\b| yet\b| and\b| is\b)|\bthere (?:already|yet)\b|\b(?:is|are) there,/i,
  },
  { not: 'where nothing is', but: 'if none exists', pattern: /\bwhere nothing is\b/i },
  { not: 'anew, once more', but: 'again, re-', pattern: /\banew\b|\bonce more\b/i },
  {
    not: 'nobody, somebody, whoever, anybody',
    but: 'no process, another process, the caller, a user',
    pattern: /\b(?:nobody|somebody|whoever|whomever|anybody|everybody)\b/i,
  },
  {
    not: 'says no',
    but: 'rejects with, fails (a check failed)',
    pattern: /\b(?:says?|said|saying) no\b/i,
  },
  {
    not: 'is no number, are no files',
    but: 'is not a number, must be a number (got "x"), are not files',
    pattern:
      /(?<!\bthere )\b(?:is|are|was|were) no(?= [a-z])(?! (?:longer|more|less|fewer|different|one)\b)/i,
  },
  {
    not: 'a number is meant',
    but: 'must be a number',
    pattern: /\b(?:is|are|was|were) meant\b(?! (?:for|to)\b)/i,
  },
  {
    not: 'what is wrong with it, when it is wrong',
    but: 'Errors; why it cannot be used',
    pattern: /\bwhat is wrong\b|\bwhen it is wrong\b/i,
  },
  {
    not: 'look whether, look what',
    but: 'check that, check whether',
    pattern: /\blook(?:s|ed|ing)? (?:whether|if|what|which|how)\b/i,
  },
  {
    not: 'condemn, absolve',
    but: 'mark for deletion, unmark',
    pattern: /\b(?:condemn(?:s|ed|ing|ations?)?|absolv(?:e|es|ed|ing))\b/i,
  },
  { not: 'is at work', but: 'is running, is in progress', pattern: /\bat work\b/i },
  {
    not: 'hold up, held up',
    but: 'delay, block',
    pattern: /\b(?:holds?|held|holding) (?:\w+ ){0,2}?up\b/i,
  },
  { not: 'unspeakable', but: 'unsupported', pattern: /\bunspeakable\b/i },
  {
    not: 'seen, sight',
    but: 'recognised, found, visible; entry',
    pattern: /\b(?:seen|sights?)\b/i,
  },
  { not: 'complain', but: 'report, fail', pattern: /\bcomplain(?:s|ed|ing|ts?)?\b/i },
  { not: 'mend', but: 'fix, repair, correct', pattern: /\bmend(?:s|ed|ing)?\b/i },
  { not: 'set-up', but: 'setup', pattern: /\bset-ups?\b/i },
];
