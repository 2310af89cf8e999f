--[[
  Stops a run that is not finished: what is being done at this moment is still done and counted.

  KEYS[1]  the run
  KEYS[2]  its jobs
  KEYS[3]  runs that are not finished

  ARGV[1]  id
  ARGV[2]  now, in milliseconds
  ARGV[3]  seconds for which it is remembered

  Returns 1 when stopped, 0 when there is nothing to stop.
]]
local state = redis.call('HGET', KEYS[1], 'state')
if state ~= 'waiting' and state ~= 'running' then
  return 0
end
redis.call('HSET', KEYS[1], 'state', 'stopped', 'finishedAtMs', ARGV[2])
redis.call('ZREM', KEYS[3], ARGV[1])
redis.call('UNLINK', KEYS[2])
redis.call('EXPIRE', KEYS[1], ARGV[3])
return 1
