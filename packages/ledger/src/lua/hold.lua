--[[
  Writes or removes one hold, unless it changed since it was read.

  KEYS[1]  hash of holds

  ARGV[1]  scope, the field
  ARGV[2]  the hold as it was read, or '' when there was none
  ARGV[3]  new hold, or '' to remove it
  ARGV[4]  channel of changes
  ARGV[5]  message for it

  Returns 1 when written, 0 when somebody else was faster.
]]
if (redis.call('HGET', KEYS[1], ARGV[1]) or '') ~= ARGV[2] then
  return 0
end
if ARGV[3] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
else
  redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
end
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
