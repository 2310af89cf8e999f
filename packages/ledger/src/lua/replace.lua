--[[
  Replaces the record of the provider account, unless it changed since it was read.

  KEYS[1]  record
  KEYS[2]  history of records, newest first

  ARGV[1]  the record as it was read, or '' when there was none
  ARGV[2]  new record
  ARGV[3]  channel of changes
  ARGV[4]  message for it, or '' when nothing but the time of the last check is new
  ARGV[5]  records the history may have

  Returns 1 when written, 0 when somebody else was faster.
]]
if (redis.call('GET', KEYS[1]) or '') ~= ARGV[1] then
  return 0
end
redis.call('SET', KEYS[1], ARGV[2])
if ARGV[4] ~= '' then
  redis.call('LPUSH', KEYS[2], ARGV[2])
  redis.call('LTRIM', KEYS[2], 0, ARGV[5] - 1)
  redis.call('PUBLISH', ARGV[3], ARGV[4])
end
return 1
