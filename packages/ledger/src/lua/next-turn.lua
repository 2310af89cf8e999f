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
  ARGV[5]  jobs looked at of one owner
  ARGV[6]  jobs looked at of all owners together
  ARGV[7…] models that may not be sent now

  Returns {'turn', ulid, document, ulid of another waiting job or ''}, {'blocked'} when jobs wait and none may go, or {'empty'}.

  Touches keys that are not in KEYS but have the same hash tag: the waiting and underway jobs of owners, the jobs of models,
  and waiting jobs. A document may have megabytes, so the only one that is read is that of a job which may go.
]]
local now, until_ms, underway_max = ARGV[1], ARGV[2], tonumber(ARGV[3])
local owners_max, owner_looks, looks = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local root = string.sub(KEYS[1], 1, -#'turns' - 1)
-- Nearly always the first job may go.
local first_page_size, page_size = 10, 100

redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)

-- For each job of a page, whether its model is held.
local function held_of(page)
  local held = {}
  for i = 7, #ARGV do
    for k, score in ipairs(redis.call('ZMSCORE', root .. 'model:' .. ARGV[i], unpack(page))) do
      held[k] = held[k] or score
    end
  end
  return held
end

-- The document of a job that waits. Processes of the version before move jobs without taking them out of here.
local function document_of(ulid)
  local document = redis.call('LINDEX', root .. 'job:' .. ulid, 0)
  local _, _, state = head_of(document or '')
  return state == 'q' and document
end

-- The first job of an owner that may go, its document, and another waiting one. What is reserved counts as underway.
local function first_of(owner)
  local waiting = root .. 'waiting:' .. owner
  local left = underway_max and underway_max - redis.call('ZCARD', root .. 'underway:' .. owner)
  local start, size = 0, first_page_size
  while start < owner_looks and looks > 0 and not (left and left <= 0) do
    local page = redis.call('ZRANGE', waiting, start, start + size - 1)
    if #page == 0 then
      return nil
    end
    looks = looks - #page
    local reserved, held, gone = redis.call('ZMSCORE', KEYS[3], unpack(page)), held_of(page), 0
    for i, ulid in ipairs(page) do
      if reserved[i] then
        left = left and left - 1
        if left and left <= 0 then
          return nil
        end
      elseif not held[i] then
        local document = document_of(ulid)
        if document then
          return ulid, document, page[i + 1]
        end
        take_waiting(root, waiting, ulid)
        gone = gone + 1
      end
    end
    start, size = start + #page - gone, page_size
  end
end

-- Takes the job for a moment, and the turn from its owner. One that was passed over while others went on makes up for a
-- single turn, and that one counts for the next round: a newcomer waits for no more than one job of anybody.
local function take(ulid, owner, round)
  local current = tonumber(redis.call('GET', KEYS[2]) or 0)
  redis.call('ZADD', KEYS[3], until_ms, ulid)
  if round < current then
    redis.call('ZADD', KEYS[1], current + 2, owner)
  else
    redis.call('ZADD', KEYS[1], round + 1, owner)
    redis.call('SET', KEYS[2], round)
  end
end

local owners = redis.call('ZRANGE', KEYS[1], 0, owners_max - 1, 'WITHSCORES')
for i = 1, #owners, 2 do
  local ulid, document, another = first_of(owners[i])
  if ulid then
    if until_ms ~= '' then
      take(ulid, owners[i], tonumber(owners[i + 1]))
    end
    local next_owner = owners[i == 1 and 3 or 1]
    if not another and next_owner then
      another = redis.call('ZRANGE', root .. 'waiting:' .. next_owner, 0, 0)[1]
    end
    return { 'turn', ulid, document, another or '' }
  end
end
return { redis.call('EXISTS', KEYS[1]) == 0 and 'empty' or 'blocked' }
