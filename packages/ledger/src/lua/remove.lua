--[[
  Removes a video job and everything that leads to it.

  KEYS[1]  document
  KEYS[2]  history
  KEYS[3]  idempotency record; the document again when the job has none
  KEYS[4…] index entries, see places.lua

  ARGV[1]  ULID
  ARGV[2]  version the removal is based on: the index entries are those of this version
  ARGV[3]  channel of changes
  ARGV[4]  message for it
  ARGV[5…] verb and detail of each index entry

  Returns 1 when removed, the current document when it has changed, nil when there is no such job.
]]
local head = redis.call('GETRANGE', KEYS[1], 0, 40)
if head == '' then
  return nil
end
if string.match(head, '^%[%d+,(%d+)') ~= ARGV[2] then
  return redis.call('GET', KEYS[1])
end

-- The record may belong to a younger job by now, made with the same key after this one was gone from it.
if KEYS[3] ~= KEYS[1] and string.sub(redis.call('GET', KEYS[3]) or '', 1, 26) == ARGV[1] then
  redis.call('DEL', KEYS[3])
end
redis.call('DEL', KEYS[1], KEYS[2])
move_places(ARGV[1], 4, 5)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
