--[[
  Looks for the job that has waited longest, among the owners of some turns. Writes nothing.

  KEYS[1]  turns

  ARGV[1]  first turn
  ARGV[2]  last turn

  Returns {owners looked at, time since which that job waits or ''}.

  Reads the waiting jobs of those owners, which are not in KEYS but have the same hash tag.
]]
local root = string.sub(KEYS[1], 1, -#'turns' - 1)
local owners = redis.call('ZRANGE', KEYS[1], ARGV[1], ARGV[2])
local oldest, oldest_score
for _, owner in ipairs(owners) do
  local score = redis.call('ZRANGE', root .. 'waiting:' .. owner, 0, 0, 'WITHSCORES')[2]
  local since = tonumber(score)
  if since and (not oldest or since < oldest) then
    oldest, oldest_score = since, score
  end
end
return { #owners, oldest_score or '' }
