import { RedisScript } from './redis-script.ts';

/**
 * Copies some chunks, to expire unless they are committed. A repetition that comes late changes nothing.
 *
 * Keys: the index, for its place. Parameters: the beginning of the names of chunks, the data ids from and to, the first
 * chunk's number and the last one's, for how long they are kept. Answers 0 when a chunk is not there any more.
 */
export const copyChunksScript: RedisScript = new RedisScript(`
local chunks, from, to, kept_ms = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[6])
for number = tonumber(ARGV[4]), tonumber(ARGV[5]) do
  local copy = chunks .. to .. ':' .. number
  if redis.call('EXISTS', copy) == 0 then
    if redis.call('COPY', chunks .. from .. ':' .. number, copy) == 0 then return 0 end
    redis.call('PEXPIRE', copy, kept_ms)
  end
end
return 1
`);

/**
 * Keeps the chunks of a write that is under way for longer, or unlinks them for 0. What was committed meanwhile does not
 * expire and stays as it is.
 *
 * Keys: the index, for its place. Parameters: the beginning of the names of chunks, the data id, how many chunks there
 * are at most, for how long they are kept.
 */
export const keepChunksScript: RedisScript = new RedisScript(`
local chunks, id, kept_ms = ARGV[1], ARGV[2], tonumber(ARGV[4])
for number = 0, tonumber(ARGV[3]) - 1 do
  local chunk = chunks .. id .. ':' .. number
  if redis.call('PTTL', chunk) >= 0 then
    if kept_ms > 0 then redis.call('PEXPIRE', chunk, kept_ms) else redis.call('UNLINK', chunk) end
  end
end
return 1
`);
