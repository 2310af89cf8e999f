--[[
  Writes one change of a video job: document, history, indexes and the message to listeners, all or nothing.

  KEYS[1]  document
  KEYS[2]  history
  KEYS[3…] index entries, see places.lua

  ARGV[1]  ULID
  ARGV[2]  version the change is based on
  ARGV[3]  word of this writer
  ARGV[4]  new document
  ARGV[5]  history entry without its number
  ARGV[6]  entries a history may have
  ARGV[7]  channel of changes
  ARGV[8]  message for it
  ARGV[9…] verb and detail of each index entry

  Returns 1 when written, the current document when somebody else was faster, nil when there is no such job.
]]
local head = redis.call('GETRANGE', KEYS[1], 0, 40)
if head == '' then
  return nil
end

local version, writer = string.match(head, '^%[%d+,(%d+),"(%w+)"')
if version ~= ARGV[2] then
  -- The client repeats a command whose answer got lost: then the next version carries our own word.
  if writer == ARGV[3] and tonumber(version) == tonumber(ARGV[2]) + 1 then
    return 1
  end
  return redis.call('GET', KEYS[1])
end

redis.call('SET', KEYS[1], ARGV[4])
append_history(KEYS[2], ARGV[5], ARGV[6])
move_places(ARGV[1], 3, 9)
redis.call('PUBLISH', ARGV[7], ARGV[8])
return 1
