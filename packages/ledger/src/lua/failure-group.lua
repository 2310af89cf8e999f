--[[
  Counts the failures of one group within a time.

  KEYS[1]  failures of the group by their time: '<ULID> <owner>'
  KEYS[2]  those that may have been billed, by their time

  ARGV[1]  from, in milliseconds
  ARGV[2]  to, exclusive
  ARGV[3]  beginning of the first step of the trend
  ARGV[4]  length of a step
  ARGV[5]  steps
  ARGV[6]  failures that may be looked at one by one, the newest first
  ARGV[7]  samples wanted
  ARGV[8]  owners wanted

  Returns {count, of these possibly billed, time of the first, time of the last, ULIDs of samples, owner and count of the
  owners with the most, number of owners, failures looked at, count of each step}, or {0}.
]]
local from, to = ARGV[1], '(' .. ARGV[2]
local first_step, step, steps = tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])

local count = redis.call('ZCOUNT', KEYS[1], from, to)
if count == 0 then
  return { 0 }
end
local first = redis.call('ZRANGEBYSCORE', KEYS[1], from, to, 'WITHSCORES', 'LIMIT', 0, 1)
local newest = redis.call('ZREVRANGEBYSCORE', KEYS[1], to, from, 'WITHSCORES', 'LIMIT', 0, ARGV[6])
local looked_at = #newest / 2

local samples, owners, of_owner, trend = {}, {}, {}, {}
for i = 1, steps do
  trend[i] = 0
end
for i = 1, #newest, 2 do
  local ulid, owner = string.sub(newest[i], 1, 26), string.sub(newest[i], 28)
  if #samples < tonumber(ARGV[7]) then
    samples[#samples + 1] = ulid
  end
  if not of_owner[owner] then
    of_owner[owner] = 0
    owners[#owners + 1] = owner
  end
  of_owner[owner] = of_owner[owner] + 1
  local at_step = math.floor((tonumber(newest[i + 1]) - first_step) / step) + 1
  trend[at_step] = (trend[at_step] or 0) + 1
end
if looked_at < count then
  for i = 1, steps do
    local start = math.max(first_step + (i - 1) * step, tonumber(from))
    local finish = math.min(first_step + i * step, tonumber(ARGV[2]))
    trend[i] = redis.call('ZCOUNT', KEYS[1], start, '(' .. string.format('%.0f', finish))
  end
end

table.sort(owners, function(a, b)
  if of_owner[a] == of_owner[b] then
    return a < b
  end
  return of_owner[a] > of_owner[b]
end)
local most = {}
for i = 1, math.min(#owners, tonumber(ARGV[8])) do
  most[#most + 1] = owners[i]
  most[#most + 1] = of_owner[owners[i]]
end

local unsafe = redis.call('ZCOUNT', KEYS[2], from, to)
return { count, unsafe, first[2], newest[2], samples, most, #owners, looked_at, trend }
