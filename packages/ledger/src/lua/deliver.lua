--[[
  Writes what became of a delivery, unless it changed since it was read, and what that says about its receiver.

  KEYS[1]  the delivery
  KEYS[2]  deliveries that are due
  KEYS[3]  the receiver

  ARGV[1]  the delivery as it was read
  ARGV[2]  new delivery
  ARGV[3]  its id
  ARGV[4]  time of the next try, or '' when there is none
  ARGV[5]  news of the receiver: 'works', 'fails', 'exhausted', 'gone', or '' without any
  ARGV[6]  now
  ARGV[7]  since when this round of tries has failed
  ARGV[8]  lifetime in seconds

  Returns 1 when written, 2 when that turned the receiver off, 0 when somebody else was faster.
]]
local current = redis.call('GET', KEYS[1])
-- The client repeats a command whose answer got lost: then the delivery is what this write has made of it.
if current == ARGV[2] then
  return 1
end
if current ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
if ARGV[4] == '' then
  redis.call('ZREM', KEYS[2], ARGV[3])
else
  redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
end

local news = ARGV[5]
if news == 'works' then
  redis.call('DEL', KEYS[3])
end
if news == '' or news == 'works' then
  return 1
end

redis.call('HSETNX', KEYS[3], 'failing', ARGV[6])
redis.call('EXPIRE', KEYS[3], ARGV[8])
-- Nothing got through during a whole round of tries.
local is_lasting = news == 'exhausted' and tonumber(redis.call('HGET', KEYS[3], 'failing')) <= tonumber(ARGV[7])
if news == 'gone' or is_lasting then
  return 1 + redis.call('HSETNX', KEYS[3], 'off', ARGV[6])
end
return 1
