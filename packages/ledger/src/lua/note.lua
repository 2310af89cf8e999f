--[[
  Adds a line to the history of a video job without changing it.

  KEYS[1]  the job

  ARGV[1]  ULID
  ARGV[2]  the line up to the state
  ARGV[3]  the rest of the line
  ARGV[4]  lines a history may have
  ARGV[5]  channel of changes

  Returns 1 when written, nil when there is no such job.
]]
local document = redis.call('LINDEX', KEYS[1], 0)
if not document then
  return nil
end
local version, _, state = head_of(document)
append_line(KEYS[1], ARGV[2] .. '"' .. state .. '"' .. ARGV[3], tonumber(ARGV[4]))
redis.call('PUBLISH', ARGV[5], ARGV[1] .. ' ' .. version .. ' ' .. state)
return 1
