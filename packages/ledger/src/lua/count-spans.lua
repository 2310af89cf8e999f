--[[
  Counts the jobs of each index between moments.

  KEYS[1…] sorted sets of ULIDs

  ARGV[1…] the smallest ULID of the moment at which each span begins, oldest first; the last has no end

  Returns the counts of all indexes for the first span, then for the second, and so on.
]]
local counts = {}
for i, start in ipairs(ARGV) do
  local finish = ARGV[i + 1] and '(' .. ARGV[i + 1] or '+'
  for k = 1, #KEYS do
    counts[#counts + 1] = redis.call('ZLEXCOUNT', KEYS[k], '[' .. start, finish)
  end
end
return counts
