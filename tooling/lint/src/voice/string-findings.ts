import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Visitor, parseSync } from 'oxc-parser';
import type { Finding } from '../report.ts';
import { voiceFindings } from './voice-findings.ts';

const sqlStatement = /^\s*(?:create (?:table|index|trigger)|update \w+ set|insert into|delete from|select) /;

/** The sentences in sources that use a phrase of the glossary: string and template literals with a space in them. */
export function stringFindings(root: string, sources: readonly string[]): readonly Finding[] {
  return sources.flatMap((path) => {
    const source = readFileSync(join(root, path), 'utf8');
    return sentences(path, source).flatMap(({ text, start }) =>
      voiceFindings(text, { path, line: source.slice(0, start).split('\n').length }),
    );
  });
}

interface Sentence {
  readonly text: string;
  readonly start: number;
}

/** What a template fills in is `…`. Statements of SQL are for a database, and no sentences. */
function sentences(path: string, source: string): readonly Sentence[] {
  const found: Sentence[] = [];
  new Visitor({
    Literal: ({ value, start }) => {
      if (typeof value === 'string') found.push({ text: value, start });
    },
    TemplateLiteral: ({ quasis, start }) => {
      found.push({ text: quasis.map(({ value }) => value.cooked ?? '').join('…'), start });
    },
  }).visit(parseSync(path, source).program);
  return found.filter(({ text }) => text.includes(' ') && !sqlStatement.test(text));
}
