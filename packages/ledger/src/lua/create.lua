--[[
  Creates a video job, once per idempotency key.

  KEYS[1]  document of the new job
  KEYS[2]  its history
  KEYS[3]  idempotency record; the document again when the request has no idempotency key
  KEYS[4…] index entries, see places.lua

  ARGV[1]  ULID of the new job
  ARGV[2]  document
  ARGV[3]  history entry without its number
  ARGV[4]  channel of changes
  ARGV[5]  message for it
  ARGV[6]  hash of the request's body, or '' without an idempotency key
  ARGV[7]  lifetime of the idempotency record in seconds
  ARGV[8…] verb and detail of each index entry

  Returns {'created'}, {'replayed', ulid, document} or {'conflict', ulid}.

  Reads one key that is not in KEYS: the document of the earlier job, which has the same hash tag.
]]
local ulid, body_hash = ARGV[1], ARGV[6]

if body_hash ~= '' then
  local earlier = redis.call('GET', KEYS[3])
  local earlier_ulid = earlier and string.sub(earlier, 1, 26)
  if earlier_ulid and earlier_ulid ~= ulid then
    local document = redis.call('GET', string.sub(KEYS[1], 1, -27) .. earlier_ulid)
    -- A deleted job leaves the key free.
    if document then
      if string.sub(earlier, 28) ~= body_hash then
        return { 'conflict', earlier_ulid }
      end
      return { 'replayed', earlier_ulid, document }
    end
  end
end

-- The client repeats a command whose answer got lost: the second run finds its own work and changes nothing.
if not redis.call('SET', KEYS[1], ARGV[2], 'NX') then
  return { 'created' }
end
if body_hash ~= '' then
  redis.call('SET', KEYS[3], ulid .. ':' .. body_hash, 'EX', ARGV[7])
end
redis.call('RPUSH', KEYS[2], '[1,' .. ARGV[3])
move_places(ulid, 4, 8)
redis.call('PUBLISH', ARGV[4], ARGV[5])
return { 'created' }
