--[[
  Gives a queued job that the version before placed among all waiting ones its place among those of its owner.

  KEYS[1]  the job
  KEYS[2]  waiting jobs of its owner
  KEYS[3]  waiting jobs of all owners, as the version before kept them

  ARGV[1]  ULID
  ARGV[2]  since when it waits
]]
local document = redis.call('LINDEX', KEYS[1], 0)
local _, _, state = head_of(document or '')
if state == 'q' then
  local root = string.sub(KEYS[1], 1, -#('job:' .. ARGV[1]) - 1)
  put_waiting(root, KEYS[2], ARGV[2], ARGV[1])
end
redis.call('ZREM', KEYS[3], ARGV[1])
return 1
