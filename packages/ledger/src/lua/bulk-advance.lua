--[[
  Notes what became of a slice of the jobs of a run, unless another process has noted it.

  KEYS[1]  the run
  KEYS[2]  its jobs
  KEYS[3]  what went wrong with some of them
  KEYS[4]  runs that are not finished

  ARGV[1]  id
  ARGV[2]  jobs that were through before this slice
  ARGV[3]  jobs that are through now
  ARGV[4]  done in this slice
  ARGV[5]  failed
  ARGV[6]  skipped
  ARGV[7]  now, in milliseconds
  ARGV[8]  seconds for which a finished run is remembered
  ARGV[9]  problems that are kept
  ARGV[10…] problems of this slice

  Returns the state: 'running', 'finished', 'stopped', or '' when somebody else was faster.
]]
local cursor, total, state = unpack(redis.call('HMGET', KEYS[1], 'cursor', 'total', 'state'))
if cursor ~= ARGV[2] then
  return ''
end
redis.call('HINCRBY', KEYS[1], 'done', ARGV[4])
redis.call('HINCRBY', KEYS[1], 'failed', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'skipped', ARGV[6])
redis.call('HSET', KEYS[1], 'cursor', ARGV[3])
for i = 10, #ARGV do
  redis.call('RPUSH', KEYS[3], ARGV[i])
end
redis.call('LTRIM', KEYS[3], 0, ARGV[9] - 1)

if state ~= 'stopped' then
  state = tonumber(ARGV[3]) >= tonumber(total) and 'finished' or 'running'
  redis.call('HSET', KEYS[1], 'state', state)
end
if state ~= 'running' then
  redis.call('HSETNX', KEYS[1], 'finishedAtMs', ARGV[7])
  redis.call('ZREM', KEYS[4], ARGV[1])
  redis.call('UNLINK', KEYS[2])
  redis.call('EXPIRE', KEYS[1], ARGV[8])
  redis.call('EXPIRE', KEYS[3], ARGV[8])
end
return state
