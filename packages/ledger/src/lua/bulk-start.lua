--[[
  Makes a preview of a bulk action a run, once.

  KEYS[1]  the run
  KEYS[2]  its jobs
  KEYS[3]  runs that are not finished
  KEYS[4]  all runs

  ARGV[1]  id
  ARGV[2]  the order: who, why, with which consent
  ARGV[3]  runs that are remembered

  Returns 1 when started, 0 when there is no such preview any more.
]]
if redis.call('HGET', KEYS[1], 'state') ~= 'preview' then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'waiting', 'order', ARGV[2])
redis.call('PERSIST', KEYS[1])
redis.call('PERSIST', KEYS[2])
redis.call('ZADD', KEYS[3], 0, ARGV[1])
redis.call('ZADD', KEYS[4], 0, ARGV[1])
redis.call('ZREMRANGEBYRANK', KEYS[4], 0, -tonumber(ARGV[3]) - 1)
return 1
