--[[
  Writes an entry of the audit log, or what became of one, and lets the oldest go.

  KEYS[1]  hash from id to entry
  KEYS[2]  sorted set of the ids, all with score 0

  ARGV[1]  id
  ARGV[2]  entry
  ARGV[3]  'new', or 'known' to replace one that is still there
  ARGV[4]  entries the log may have
  ARGV[5]  what was written before this id is too old

  Returns 1 when written, 0 when the entry to be replaced is gone.
]]
if ARGV[3] == 'known' then
  if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then
    return 0
  end
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
  return 1
end

redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('ZADD', KEYS[2], 0, ARGV[1])
-- A few at once: more than come.
local surplus = math.min(redis.call('ZCARD', KEYS[2]) - tonumber(ARGV[4]), 50)
local leaving = surplus > 0 and redis.call('ZRANGE', KEYS[2], 0, surplus - 1) or {}
for _, id in ipairs(redis.call('ZRANGEBYLEX', KEYS[2], '-', '(' .. ARGV[5], 'LIMIT', 0, 50)) do
  leaving[#leaving + 1] = id
end
for _, id in ipairs(leaving) do
  redis.call('HDEL', KEYS[1], id)
  redis.call('ZREM', KEYS[2], id)
end
return 1
