import { expect, test } from 'vitest';
import { chooseSurvivors } from './choose-survivors.ts';
import { type DiskImage, rootNode, walkImage } from './disk-image.ts';
import { cutPointsOf, imageAfter } from './disk-states.ts';
import { HistoryReader } from './history-reader.ts';
import { parseCalls } from './parse-calls.ts';

/** An empty folder `/d`. */
const emptyDisk: DiskImage = { files: new Map(), folders: new Map([[rootNode, new Map()]]) };

/** What may be in the folder after a power cut, by how many lines had been printed. */
function statesOf(...program: readonly string[]): Readonly<Record<number, readonly string[]>> {
  const log = program.map((line) => `1 ${line.replaceAll(/'([^']*)'/g, (_, text: string) => hex(text))}`);
  const history = new HistoryReader('/d', emptyDisk).read(parseCalls(log.join('\n')));
  const states: Record<number, Set<string>> = {};
  for (const moment of cutPointsOf(history)) {
    const known = (states[moment.acknowledged] ??= new Set());
    for (const survivors of chooseSurvivors(moment.unsynced, { limit: 10_000, random: Math.random }))
      known.add(print(imageAfter(history.base, moment, survivors)));
  }
  return Object.fromEntries(Object.entries(states).map(([count, known]) => [count, [...known].toSorted()]));
}

function hex(text: string): string {
  const bytes = [...Buffer.from(text)].map((byte) => String.raw`\x${byte.toString(16).padStart(2, '0')}`);
  return `"${bytes.join('')}"`;
}

function print(image: DiskImage): string {
  const paths = [...walkImage(image)].map(({ path, node, isFolder }) => {
    const text = image.files.get(node)?.toString('latin1').replaceAll('\0', '0') ?? '';
    return isFolder ? `${path}/` : `${path}=${text}`;
  });
  return paths.join(' ');
}

const makeFile = ["openat(AT_FDCWD, '/d/a', O_WRONLY|O_CREAT|O_EXCL, 0644) = 3", "write(3, 'xy', 2) = 2"];
const syncFolder = ["openat(AT_FDCWD, '/d', O_RDONLY) = 4", 'fsync(4) = 0'];
const done = "write(1, 'done\n', 5) = 5";

test('without a sync, bytes and name may each be lost, and bytes be zeros', () => {
  expect(statesOf(...makeFile, done)).toEqual({ 1: ['', 'a=', 'a=00', 'a=xy'] });
});

test('a synced file may still have no name, a synced name no bytes', () => {
  expect(statesOf(...makeFile, 'fsync(3) = 0', done)[1]).toEqual(['', 'a=xy']);
  expect(statesOf(...makeFile, ...syncFolder, done)[1]).toEqual(['a=', 'a=00', 'a=xy']);
  expect(statesOf(...makeFile, 'fdatasync(3) = 0', ...syncFolder, done)[1]).toEqual(['a=xy']);
});

test('a sync does not cover what began or ended beside it, nor does one that failed', () => {
  expect(statesOf(...makeFile, 'fsync(3) = -1 EIO (Input/output error)', done)[1]).toContain('a=');
  const [made = ''] = makeFile;
  const beside = ["pwrite64(3, 'xy', 2, 0 <unfinished ...>", 'fsync(3) = 0', '<... pwrite64 resumed>) = 2'];
  expect(statesOf(made, ...beside, ...syncFolder, done)[1]).toEqual(['a=', 'a=00', 'a=xy']);
});

test('a rename within a folder is one step, and one between folders may leave both names, never none', () => {
  const base = [...makeFile, 'fsync(3) = 0', ...syncFolder];
  expect(statesOf(...base, done, "rename('/d/a', '/d/b') = 0")[1]).toEqual(['a=xy', 'b=xy']);
  const folder = ["mkdir('/d/f', 0755) = 0", 'fsync(4) = 0'];
  const states = statesOf(...base, ...folder, done, "rename('/d/a', '/d/f/a') = 0");
  expect(states[1]).toEqual(['a=xy f/', 'a=xy f/ f/a=xy', 'f/ f/a=xy']);
});

test('what a lost folder holds is lost, and a sync of everything covers everything', () => {
  const nested = [
    "mkdir('/d/f', 0755) = 0",
    "openat(AT_FDCWD, '/d/f/a', O_WRONLY|O_CREAT, 0644) = 3",
    "write(3, 'xy', 2) = 2",
  ];
  const inner = ["openat(AT_FDCWD, '/d/f', O_RDONLY) = 5", 'fsync(5) = 0', 'fsync(3) = 0'];
  expect(statesOf(...nested, ...inner, done)[1]).toEqual(['', 'f/ f/a=xy']);
  expect(statesOf(...nested, 'syncfs(3) = 0', done)[1]).toEqual(['f/ f/a=xy']);
});

test('a removal that was not synced may come back, and a file that is cut may keep its length', () => {
  const base = [...makeFile, 'fsync(3) = 0', ...syncFolder];
  expect(statesOf(...base, done, "unlink('/d/a') = 0")[1]).toEqual(['', 'a=xy']);
  expect(statesOf(...base, done, 'ftruncate(3, 1) = 0')[1]).toEqual(['a=x', 'a=xy']);
});

test('more bytes than a sector may be there in part', () => {
  const text = 'x'.repeat(2048);
  const states = statesOf(makeFile[0] ?? '', `write(3, '${text}', 2048) = 2048`, ...syncFolder, done)[1];
  expect(states?.map((state) => state.length)).toEqual([2, 2 + 2048, 2 + 1024, 2 + 2048]);
});
