import { RedisScript } from './redis-script.ts';

/** How many parameters an operation of a commit has. */
export const parametersOfOperation = 8;

/**
 * Decides conditions and writes records: everything or nothing.
 *
 * Keys: the index, the commit's mark, the record of each operation. Parameters: the beginning of the names of chunks,
 * for how long replaced chunks are kept, for how long the mark is, and of each operation: `put` or `delete`, its
 * condition (`any`, `absent`, `match`, `match or absent`), the etag that has to be there, the object key, and of a put its
 * etag, description, data id with the number of chunks as `id/number`, and its bytes where they have no data id.
 *
 * The first write is one that a full server refuses, and no later one is refused; keys that a cluster has moved to another
 * node, which a script must not use, are met before it. So nothing is left half done.
 */
export const commitScript: RedisScript = new RedisScript(`
local chunks, replaced_ms, mark_ms = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local count = #KEYS - 2
if redis.call('EXISTS', KEYS[2]) == 1 then return { 'repeated' } end

local function operation(number)
  local at = 3 + (number - 1) * ${parametersOfOperation}
  return {
    record = KEYS[number + 2], kind = ARGV[at + 1], condition = ARGV[at + 2], wanted = ARGV[at + 3],
    key = ARGV[at + 4], etag = ARGV[at + 5], info = ARGV[at + 6],
    data = ARGV[at + 7], body = ARGV[at + 8],
  }
end

local function each_chunk(data, work)
  local id, length = string.match(data, '^(.*)/(%d+)$')
  if not id then return end
  for number = 0, tonumber(length) - 1 do work(chunks .. id .. ':' .. number) end
end

local function release(chunk)
  if replaced_ms > 0 then redis.call('PEXPIRE', chunk, replaced_ms) else redis.call('UNLINK', chunk) end
end

local function refused(present, one)
  if one.condition == 'any' then return false end
  if one.condition == 'absent' then return present end
  if one.condition == 'match or absent' then return present and present ~= one.wanted end
  return present ~= one.wanted
end

local operations, present, old, outcomes = {}, {}, {}, { 'done' }
for number = 1, count do
  local one = operation(number)
  operations[number] = one
  present[number] = redis.call('HGET', one.record, 'etag')
  if one.kind == 'put' and present[number] == one.etag then
    one.kind = 'kept'
  elseif refused(present[number], one) then
    return { 'refused', tostring(number) }
  elseif one.kind == 'put' then
    local missing = false
    each_chunk(one.data, function(chunk) missing = missing or redis.call('EXISTS', chunk) == 0 end)
    if missing then return { 'expired', tostring(number) } end
  end
  old[number] = redis.call('HGET', one.record, 'data') or ''
  each_chunk(old[number], function(chunk) redis.call('EXISTS', chunk) end)
end

local changed = false
for number = 1, count do
  local one = operations[number]
  if one.kind == 'put' then
    redis.call('HSET', one.record, 'etag', one.etag, 'info', one.info, 'data', one.data, 'body', one.body)
    redis.call('ZADD', KEYS[1], 0, one.key)
    each_chunk(one.data, function(chunk) redis.call('PERSIST', chunk) end)
    each_chunk(old[number], release)
    changed = true
    outcomes[number + 1] = 'written'
  elseif one.kind == 'delete' and present[number] then
    redis.call('DEL', one.record)
    redis.call('ZREM', KEYS[1], one.key)
    each_chunk(old[number], release)
    changed = true
    outcomes[number + 1] = 'deleted'
  else
    outcomes[number + 1] = one.kind == 'kept' and 'written' or 'absent'
  end
end
if changed and mark_ms > 0 then redis.call('SET', KEYS[2], '1', 'PX', mark_ms) end
return outcomes
`);
