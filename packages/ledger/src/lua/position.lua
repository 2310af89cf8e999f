--[[
  Says how many waiting jobs will be sent before one of them, as the turns stand now (next-turn.lua).

  KEYS[1]  turns
  KEYS[2]  waiting jobs of the owner
  KEYS[3]  round

  ARGV[1]  ULID
  ARGV[2]  owner
  ARGV[3]  owners that may be counted

  Returns the number, or nil when the job does not wait or when more owners wait than may be counted.

  Reads the waiting jobs of the other owners, which are not in KEYS but have the same hash tag.
]]
local rank = redis.call('ZRANK', KEYS[2], ARGV[1])
local first_round = redis.call('ZSCORE', KEYS[1], ARGV[2])
if not rank or not first_round or redis.call('ZCARD', KEYS[1]) > tonumber(ARGV[3]) then
  return nil
end

local root = string.sub(KEYS[1], 1, -#'turns' - 1)
local current = tonumber(redis.call('GET', KEYS[3]) or 0)
-- The round after which an owner has its second turn.
local function base_of(round)
  return round < current and current + 1 or round
end

-- As Redis orders members; Lua's own comparison follows the locale of the server.
local function is_before(one, other)
  for i = 1, math.min(#one, #other) do
    local a, b = string.byte(one, i), string.byte(other, i)
    if a ~= b then
      return a < b
    end
  end
  return #one < #other
end

local own_round = rank == 0 and tonumber(first_round) or base_of(tonumber(first_round)) + rank
local before = rank
local owners = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #owners, 2 do
  local owner, round = owners[i], tonumber(owners[i + 1])
  -- In the same round, names decide.
  local ahead = is_before(owner, ARGV[2]) and 1 or 0
  if owner ~= ARGV[2] and round < own_round + ahead then
    local further = math.max(0, own_round - base_of(round) - 1 + ahead)
    before = before + math.min(1 + further, redis.call('ZCARD', root .. 'waiting:' .. owner))
  end
end
return before
