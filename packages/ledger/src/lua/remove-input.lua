--[[
  Removes the record of an input file, once.

  KEYS[1]  record
  KEYS[2]  ids of the owner's files
  KEYS[3]  ids by last use
  KEYS[4]  hash of sizes by owner

  ARGV[1]  id
  ARGV[2]  owner
  ARGV[3]  size in bytes

  Returns 1, or 0 when it was gone already.
]]
redis.call('ZREM', KEYS[2], ARGV[1])
redis.call('ZREM', KEYS[3], ARGV[1])
if redis.call('DEL', KEYS[1]) == 0 then
  return 0
end
redis.call('HINCRBY', KEYS[4], ARGV[2], -tonumber(ARGV[3]))
return 1
