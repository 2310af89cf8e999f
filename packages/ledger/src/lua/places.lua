--[[
  Put before every script that writes a video job: moves the job's ULID in and out of indexes.

  An index entry is a key and two arguments, a verb and its detail:
    add <score>    sorted set: put the ULID in, or give it another score
    drop -         sorted set: take the ULID out
    name <field>   hash: let the field lead to the ULID
    forget <field> hash: remove the field, unless it leads to another job by now
]]
local function move_places(ulid, first_key, first_argument)
  for i = first_key, #KEYS do
    local at = first_argument + 2 * (i - first_key)
    local verb, detail = ARGV[at], ARGV[at + 1]
    if verb == 'add' then
      redis.call('ZADD', KEYS[i], detail, ulid)
    elseif verb == 'drop' then
      redis.call('ZREM', KEYS[i], ulid)
    elseif verb == 'name' then
      redis.call('HSET', KEYS[i], detail, ulid)
    elseif redis.call('HGET', KEYS[i], detail) == ulid then
      redis.call('HDEL', KEYS[i], detail)
    end
  end
end

-- Appends an entry to a history and gives it the next number; the oldest entries make room.
local function append_history(key, entry, entries_max)
  local last = redis.call('LINDEX', key, -1)
  local number = last and tonumber(string.match(last, '^%[(%d+)')) + 1 or 1
  if redis.call('RPUSH', key, '[' .. number .. ',' .. entry) > tonumber(entries_max) then
    redis.call('LPOP', key)
  end
end
