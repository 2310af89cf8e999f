--[[
  Moves a job in and out of indexes that a version before did not know, unless the job has changed since it was read.

  KEYS[1]  the job
  KEYS[2…] indexes, see video-job.lua

  ARGV[1]  ULID
  ARGV[2]  version the job was read in, or '' when there was none
  ARGV[3…] what to do with each index

  Returns 1 when moved, 0 when the job is another one by now.
]]
local document = redis.call('LINDEX', KEYS[1], 0)
local version = document and head_of(document) or ''
if version ~= ARGV[2] then
  return 0
end
move_places(ARGV[1], 2, 3)
return 1
