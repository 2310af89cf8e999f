--[[
  Compares the number of failed jobs with what the groups hold.

  KEYS[1]  failed jobs
  KEYS[2]  groups of failed jobs

  Returns {failed jobs, jobs in groups}. Reads the sets of the groups, which have the same hash tag.
]]
local in_groups = 0
for _, id in ipairs(redis.call('HKEYS', KEYS[2])) do
  in_groups = in_groups + redis.call('ZCARD', KEYS[2] .. ':' .. id)
end
return { redis.call('ZCARD', KEYS[1]), in_groups }
