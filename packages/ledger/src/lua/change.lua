--[[
  Writes one change of a video job: document, history, indexes and the message to listeners, all or nothing.

  KEYS[1]  the job
  KEYS[2…] indexes, see video-job.lua

  ARGV[1]  ULID
  ARGV[2]  version the change is based on
  ARGV[3]  word of this writer
  ARGV[4]  new document
  ARGV[5]  new line of the history
  ARGV[6]  lines a history may have
  ARGV[7]  channel of changes
  ARGV[8]  message for it
  ARGV[9…] what to do with each index

  Returns 1 when written, the current document when somebody else was faster, nil when there is no such job.
]]
local document = redis.call('LINDEX', KEYS[1], 0)
if not document then
  return nil
end

local version, writer = head_of(document)
if version ~= ARGV[2] then
  -- The client repeats a command whose answer got lost: then the next version carries our own word.
  if writer == ARGV[3] and tonumber(version) == tonumber(ARGV[2]) + 1 then
    return 1
  end
  return document
end

redis.call('LSET', KEYS[1], 0, ARGV[4])
append_line(KEYS[1], ARGV[5], tonumber(ARGV[6]))
move_places(ARGV[1], 2, 9)
redis.call('PUBLISH', ARGV[7], ARGV[8])
return 1
