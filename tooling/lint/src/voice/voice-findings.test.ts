import { describe, expect, it } from 'vitest';
import { phrases } from './phrases.ts';
import { voiceFindings } from './voice-findings.ts';

function phrasesIn(text: string): readonly (string | undefined)[] {
  return voiceFindings(text, { path: 'page.md', line: 1 }).map(
    ({ problem }) => /^"(.+)": /.exec(problem)?.[1],
  );
}

describe('a phrase of the glossary is found', () => {
  it.each([
    ['a script is told what to do', 'told'],
    ['config show tells it', 'tells'],
    ['It lies in the folder.', 'lies'],
    ['where objects lie', 'lie'],
    ['A lease stands.', 'stands'],
    ['copy.bin is there already.', 'is there'],
    ['It has to be there; make it.', 'be there'],
    ['the store is not there', 'is not there'],
    ['no database is there yet', 'is there'],
    ['none was there already', 'was there'],
    ['3 were there', 'were there'],
    ['nothing there yet', 'there yet'],
    ['It is made where nothing is.', 'where nothing is'],
    ['made anew', 'anew'],
    ['try once more', 'once more'],
    ['Nobody writes.', 'Nobody'],
    ['whoever wrote it', 'whoever'],
    ['a check said no', 'said no'],
    ['"x" is no number', 'is no'],
    ['pipes are no files', 'are no'],
    ['a number is meant', 'is meant'],
    ['It says what is wrong with it.', 'what is wrong'],
    ['look whether it happened', 'look whether'],
    ['The digest is condemned.', 'condemned'],
    ['commands that are at work', 'at work'],
    ['a store holds nothing up', 'holds nothing up'],
    ['an unspeakable key', 'unspeakable'],
    ['It has been seen.', 'seen'],
    ['a test complains', 'complains'],
    ['only this release is mended', 'mended'],
    ['the set-up of a store', 'set-up'],
  ])('%j', (text, phrase) => {
    expect(phrasesIn(text)).toEqual([phrase]);
  });

  it('with its line, and with what to write instead', () => {
    expect(voiceFindings('first\n\nmade anew', { path: 'docs/page.md', line: 4 })).toEqual([
      { path: 'docs/page.md:6', problem: '"anew": write again, re- (docs/style.md)' },
    ]);
  });

  it('whichever phrase it is: none of the list is without an example that it finds', () => {
    for (const { not, pattern } of phrases) expect(not).toMatch(pattern);
  });
});

describe('plain English is left alone', () => {
  it.each([
    'There is no model named x.',
    'If there are no copies, there is nothing to verify.',
    'Is there a second store?',
    'It is no longer needed, and there is no more than one.',
    '`…` stands for output that differs.',
    'a stand-alone server, a standby, the standard form',
    'The option is meant for scripts.',
    'A lower limit; belief; an outlier; intelligible',
    'They are there for a reason that the page explains.',
    'Look up the holder of the lock.',
    'amended, recommended',
  ])('%j', (text) => {
    expect(phrasesIn(text)).toEqual([]);
  });
});
