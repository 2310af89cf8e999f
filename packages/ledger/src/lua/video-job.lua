--[[
  Put before every script that writes a video job.

  A video job is one list: the document first, then the lines of its history, oldest first. The document begins with
  [format,version,"writer","state", and a line with [number,
]]

-- Returns version, writer and state of a document.
local function head_of(document)
  return string.match(document, '^%[%d+,(%d+),"(%w+)","(%a)"')
end

-- Appends a line, which comes without its number. Above lines_max the oldest lines make room.
local function append_line(key, line, lines_max)
  local last = redis.call('LINDEX', key, -1)
  local number = tonumber(string.match(last, '^%[(%d+)')) + 1
  if redis.call('RPUSH', key, '[' .. number .. ',' .. line) > lines_max + 1 then
    -- There is no command that removes the second element: it becomes one that can be found by its value.
    redis.call('LSET', key, 1, '')
    redis.call('LREM', key, 1, '')
  end
end

--[[
  Moves the job's ULID in and out of indexes. Each index is a key and an argument, a sign and a detail:
    +<score>  sorted set: put the ULID in, or give it another score
    -         sorted set: take the ULID out
    =<field>  hash: let the field lead to the ULID
    !<field>  hash: remove the field, unless it leads to another job by now
]]
local function move_places(ulid, first_key, first_argument)
  for i = first_key, #KEYS do
    local argument = ARGV[first_argument + i - first_key]
    local sign, detail = string.sub(argument, 1, 1), string.sub(argument, 2)
    if sign == '+' then
      redis.call('ZADD', KEYS[i], detail, ulid)
    elseif sign == '-' then
      redis.call('ZREM', KEYS[i], ulid)
    elseif sign == '=' then
      redis.call('HSET', KEYS[i], detail, ulid)
    elseif redis.call('HGET', KEYS[i], detail) == ulid then
      redis.call('HDEL', KEYS[i], detail)
    end
  end
end
