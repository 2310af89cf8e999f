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

-- An owner's first waiting job gives the owner a turn in the next round, behind everybody's turn in this one.
local function put_waiting(root, waiting, score, ulid)
  redis.call('ZADD', waiting, score, ulid)
  if redis.call('ZCARD', waiting) == 1 then
    local round = redis.call('GET', root .. 'round') or 0
    redis.call('ZADD', root .. 'turns', 'NX', round + 1, string.sub(waiting, #root + #'waiting:' + 1))
  end
end

-- With the last waiting job the turn of its owner is gone.
local function take_waiting(root, waiting, ulid)
  redis.call('ZREM', waiting, ulid)
  redis.call('ZREM', root .. 'reserved', ulid)
  if redis.call('EXISTS', waiting) == 0 then
    redis.call('ZREM', root .. 'turns', string.sub(waiting, #root + #'waiting:' + 1))
  end
end

--[[
  Moves the job's ULID in and out of indexes. Each index is a key and an argument, a sign and a detail:
    +<score>  sorted set: put the ULID in, or give it another score
    -         sorted set: take the ULID out
    =<field>  hash: let the field lead to the ULID
    !<field>  hash: remove the field, unless it leads to another job by now
    ><score>  waiting jobs of an owner: put the ULID in, or give it another score
    <         waiting jobs of an owner: take the ULID out

  The last two also touch keys that are not in KEYS but have the same hash tag: turns, round and reserved jobs.
]]
local function move_places(ulid, first_key, first_argument)
  local root = string.sub(KEYS[1], 1, -#('job:' .. ulid) - 1)
  for i = first_key, #KEYS do
    local argument = ARGV[first_argument + i - first_key]
    local sign, detail = string.sub(argument, 1, 1), string.sub(argument, 2)
    if sign == '+' then
      redis.call('ZADD', KEYS[i], detail, ulid)
    elseif sign == '-' then
      redis.call('ZREM', KEYS[i], ulid)
    elseif sign == '=' then
      redis.call('HSET', KEYS[i], detail, ulid)
    elseif sign == '>' then
      put_waiting(root, KEYS[i], detail, ulid)
    elseif sign == '<' then
      take_waiting(root, KEYS[i], ulid)
    elseif redis.call('HGET', KEYS[i], detail) == ulid then
      redis.call('HDEL', KEYS[i], detail)
    end
  end
end
