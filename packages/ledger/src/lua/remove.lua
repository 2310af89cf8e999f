--[[
  Removes a video job and everything that leads to it.

  KEYS[1]  the job
  KEYS[2]  idempotency record; the job again when it has none
  KEYS[3…] indexes, see video-job.lua

  ARGV[1]  ULID
  ARGV[2]  version the removal is based on: the index entries are those of this version
  ARGV[3]  channel of changes
  ARGV[4]  message for it
  ARGV[5…] what to do with each index

  Returns 1 when removed, the current document when it has changed, nil when there is no such job.
]]
local document = redis.call('LINDEX', KEYS[1], 0)
if not document then
  return nil
end
local version = head_of(document)
if version ~= ARGV[2] then
  return document
end

-- The record has an expiry of its own, and the key may have made a younger job since.
if KEYS[2] ~= KEYS[1] and string.sub(redis.call('GET', KEYS[2]) or '', 1, 26) == ARGV[1] then
  redis.call('DEL', KEYS[2])
end
redis.call('DEL', KEYS[1])
move_places(ARGV[1], 3, 5)
redis.call('PUBLISH', ARGV[3], ARGV[4])
return 1
