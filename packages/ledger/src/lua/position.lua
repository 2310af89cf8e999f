--[[
  Says how many waiting jobs will be sent before one of them, as the turns stand now (next-turn.lua).

  KEYS[1]  turns
  KEYS[2]  waiting jobs of the owner

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
local own_round = first_round + rank
local before = rank
local owners = redis.call('ZRANGE', KEYS[1], 0, -1, 'WITHSCORES')
for i = 1, #owners, 2 do
  local owner, round = owners[i], tonumber(owners[i + 1])
  if owner ~= ARGV[2] then
    -- Its turns in earlier rounds, and in the same one when its name comes first.
    local turns = own_round - round + (owner < ARGV[2] and 1 or 0)
    before = before + math.max(0, math.min(turns, redis.call('ZCARD', root .. 'waiting:' .. owner)))
  end
end
return before
