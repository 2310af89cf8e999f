--[[
  Says which waiting job is to be sent next, and keeps it from everybody else for a moment.

  Owners take turns: each has the round of its next turn, the lowest round is served first, and a served owner moves on to
  the next round. Who comes while others wait begins behind the current round (video-job.lua), so a newcomer waits for at
  most one turn of each other owner, however many jobs they have.

  KEYS[1]  turns
  KEYS[2]  round
  KEYS[3]  reserved jobs

  ARGV[1]  now, in milliseconds
  ARGV[2]  until when the job is reserved, or '' to look only
  ARGV[3]  how many jobs of one owner may be underway, or '' without a limit
  ARGV[4]  owners looked at
  ARGV[5]  jobs looked at, of all owners together
  ARGV[6…] models that may not be sent now

  Returns {'turn', ulid, document, ulid of another waiting job or ''}, {'blocked'} when jobs wait and none may go, or {'empty'}.

  Reads keys that are not in KEYS but have the same hash tag: the waiting and underway jobs of owners, and waiting jobs.
]]
local now, until_ms, underway_max = ARGV[1], ARGV[2], tonumber(ARGV[3])
local owners_max, looks = tonumber(ARGV[4]), tonumber(ARGV[5])
local root = string.sub(KEYS[1], 1, -#'turns' - 1)
local page_size = 100

local held_models = {}
for i = 6, #ARGV do
  held_models[ARGV[i]] = true
end

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)

-- The document of a job, unless its model is held.
local function sendable(ulid)
  local document = redis.call('LINDEX', root .. 'job:' .. ulid, 0)
  return document and not held_models[model_of(document)] and document
end

-- The first job of an owner that may go, its document, and another waiting one. What is reserved counts as underway.
local function first_of(owner)
  local left = underway_max and underway_max - redis.call('ZCARD', root .. 'underway:' .. owner)
  local start, page = 0, nil
  repeat
    page = redis.call('ZRANGE', root .. 'waiting:' .. owner, start, start + page_size - 1)
    for i, ulid in ipairs(page) do
      if looks == 0 or left == 0 or left and left < 0 then
        return nil
      end
      looks = looks - 1
      if redis.call('ZSCORE', KEYS[3], ulid) then
        left = left and left - 1
      else
        local document = sendable(ulid)
        if document then
          return ulid, document, page[i + 1]
        end
      end
    end
    start = start + page_size
  until #page < page_size
end

-- Takes the job for a moment, and the turn from its owner.
local function take(ulid, owner, round)
  redis.call('ZADD', KEYS[3], until_ms, ulid)
  redis.call('ZADD', KEYS[1], round + 1, owner)
  if tonumber(round) > tonumber(redis.call('GET', KEYS[2]) or 0) then
    redis.call('SET', KEYS[2], round)
  end
end

local owners = redis.call('ZRANGE', KEYS[1], 0, owners_max - 1, 'WITHSCORES')
for i = 1, #owners, 2 do
  local ulid, document, another = first_of(owners[i])
  if ulid then
    if until_ms ~= '' then
      take(ulid, owners[i], owners[i + 1])
    end
    local next_owner = owners[i == 1 and 3 or 1]
    if not another and next_owner then
      another = redis.call('ZRANGE', root .. 'waiting:' .. next_owner, 0, 0)[1]
    end
    return { 'turn', ulid, document, another or '' }
  end
end
return { #owners == 0 and 'empty' or 'blocked' }
