import { expect, test } from 'vitest';
import { bytesIn, parseCalls } from './parse-calls.ts';

test('a call is read with its place, also where others come between its two halves', () => {
  const log = String.raw`7 openat(AT_FDCWD, "\x2f\x61", O_WRONLY|O_CREAT|O_EXCL, 0444 <unfinished ...>
8 pwrite64(3, "\x68\x69", 2, 0) = 2
9 writev(4, [{iov_base="\x68", iov_len=1}, {iov_base="\x69", iov_len=1}], 2) = 2
7 <... openat resumed>) = 5
7 unlink("\x2f\x62") = -1 ENOENT (No such file or directory)
8 fsync(5 <unfinished ...>
--- SIGCHLD {si_signo=SIGCHLD} ---
8 <... fsync resumed>)        = 0
9 exit_group(0) = ?`;
  const calls = parseCalls(log);
  expect(calls.map(({ name, result, began, ended }) => [name, result, began, ended])).toEqual([
    ['pwrite64', 2, 1, 1],
    ['writev', 2, 2, 2],
    ['openat', 5, 0, 3],
    ['fsync', 0, 5, 7],
  ]);
  expect(calls[0]?.parameters.slice(2)).toEqual(['2', '0']);
  expect(calls[1]?.parameters).toHaveLength(3);
  expect(bytesIn(calls[1]?.parameters[1])).toEqual(Buffer.from('hi'));
  expect(bytesIn(calls[2]?.parameters[1])).toEqual(Buffer.from('/a'));
});

test('a string that was cut is refused: what was written is not known', () => {
  expect(() => parseCalls(String.raw`7 write(3, "\x68\x69"..., 5) = 5`)).toThrow('has cut a string of write');
});
