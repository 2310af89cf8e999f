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

-- More groups than a person can look at; what comes beyond them is put together by code.
local failure_groups_max = 500

-- Takes a failed job out of its group, or out of the one for what had no group of its own.
local function take_failed(root, detail, ulid)
  local failure = cjson.decode(detail)
  for _, id in ipairs({ failure.id, failure.rest }) do
    local group = root .. 'failures:' .. id
    if redis.call('ZREM', group, ulid) == 1 then
      redis.call('ZREM', group .. ':times', ulid .. ' ' .. failure.owner)
      redis.call('ZREM', group .. ':billed', ulid)
      if redis.call('EXISTS', group) == 0 then
        redis.call('HDEL', root .. 'failures', id)
      end
    end
  end
end

-- Puts a failed job into its group: where it is already, it gets its new time.
local function put_failed(root, detail, ulid)
  take_failed(root, detail, ulid)
  local failure = cjson.decode(detail)
  local id, common = failure.id, failure.common
  local groups = root .. 'failures'
  if redis.call('HEXISTS', groups, id) == 0 and redis.call('HLEN', groups) >= failure_groups_max then
    id, common = failure.rest, failure.rest_common
  end
  local group = root .. 'failures:' .. id
  redis.call('HSETNX', groups, id, common)
  redis.call('ZADD', group, 0, ulid)
  redis.call('ZADD', group .. ':times', failure.at, ulid .. ' ' .. failure.owner)
  if failure.unsafe then
    redis.call('ZADD', group .. ':billed', failure.at, ulid)
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
    *<JSON>   failed jobs of a group: put the ULID in, or give it another time
    ~<JSON>   failed jobs of a group: take the ULID out

  The last four also touch keys that are not in KEYS but have the same hash tag: turns, round and reserved jobs; the list of
  groups, the sets beside a group's own (by time of failure, with the owner; of those that may have been billed), and the
  group that takes in what has none of its own.
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
    elseif sign == '*' then
      put_failed(root, detail, ulid)
    elseif sign == '~' then
      take_failed(root, detail, ulid)
    elseif redis.call('HGET', KEYS[i], detail) == ulid then
      redis.call('HDEL', KEYS[i], detail)
    end
  end
end
