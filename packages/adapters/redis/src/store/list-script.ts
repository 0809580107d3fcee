import { RedisScript } from './redis-script.ts';

/**
 * Reads a page of a listing: one state of the store.
 *
 * Keys: the index. Parameters: the beginning of the names of records, the prefix, the delimiter or nothing, where the
 * page begins as a bound of `ZRANGEBYLEX`, and how many entries it has at most. Answers the bound at which the next page
 * begins, or nothing, and of each entry its key and description; a folded prefix has none.
 */
export const listScript: RedisScript = new RedisScript(`
local records, prefix, delimiter, from, room = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local to = prefix == '' and '+' or '[' .. prefix .. '\\255'
local entries = {}
while room > 0 do
  local keys = redis.call('ZRANGEBYLEX', KEYS[1], from, to, 'LIMIT', 0, room)
  local asked, jumped = room, false
  for _, key in ipairs(keys) do
    local last = nil
    if delimiter ~= '' then
      local _, found = string.find(key, delimiter, #prefix + 1, true)
      last = found
    end
    if last then
      local folded = string.sub(key, 1, last)
      entries[#entries + 1] = folded
      entries[#entries + 1] = false
      room = room - 1
      from = '[' .. folded .. '\\255'
      jumped = true
      break
    end
    local info = redis.call('HGET', records .. key, 'info')
    if info then
      entries[#entries + 1] = key
      entries[#entries + 1] = info
      room = room - 1
    end
    from = '(' .. key
  end
  if #keys < asked and not jumped then return { '', entries } end
end
return { from, entries }
`);
