--[[
  Writes the record of an input file, once: the connection repeats a command whose answer got lost.

  KEYS[1]  record
  KEYS[2]  ids of the owner's files
  KEYS[3]  ids by last use
  KEYS[4]  hash of sizes by owner

  ARGV[1]  id
  ARGV[2]  owner
  ARGV[3]  size in bytes
  ARGV[4]  the record
  ARGV[5]  time of its making

  Returns 1, or 0 when it was there already.
]]
if not redis.call('SET', KEYS[1], ARGV[4], 'NX') then
  return 0
end
redis.call('ZADD', KEYS[2], 0, ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[5], ARGV[1])
redis.call('HINCRBY', KEYS[4], ARGV[2], ARGV[3])
return 1
