--[[
  Prepares the delivery of a webhook about the end of a video job, once for each end.

  KEYS[1]  outbox
  KEYS[2]  the delivery
  KEYS[3]  deliveries of the job
  KEYS[4]  all deliveries
  KEYS[5]  deliveries that are due
  KEYS[6]  the receiver

  ARGV[1]  ULID of the job
  ARGV[2]  time of its end
  ARGV[3]  id of the delivery
  ARGV[4]  the delivery
  ARGV[5]  the delivery when its receiver is off
  ARGV[6]  time of its making
  ARGV[7]  lifetime in seconds

  Returns 1 when it is due, 2 when its receiver is off, 0 when it was prepared before.
]]
-- Another end may have taken the place of this one since.
local ended = redis.call('ZSCORE', KEYS[1], ARGV[1])
if ended and tonumber(ended) == tonumber(ARGV[2]) then
  redis.call('ZREM', KEYS[1], ARGV[1])
end
if redis.call('EXISTS', KEYS[2]) == 1 then
  return 0
end

local is_off = redis.call('HEXISTS', KEYS[6], 'off') == 1
redis.call('SET', KEYS[2], is_off and ARGV[5] or ARGV[4], 'EX', ARGV[7])
redis.call('ZADD', KEYS[3], ARGV[6], ARGV[3])
redis.call('EXPIRE', KEYS[3], ARGV[7])
redis.call('ZADD', KEYS[4], ARGV[6], ARGV[3])
if is_off then
  -- As long as there is something to tell it is remembered.
  redis.call('EXPIRE', KEYS[6], ARGV[7])
  return 2
end
redis.call('ZADD', KEYS[5], ARGV[6], ARGV[3])
return 1
