--[[
  Creates a video job, once per idempotency key.

  KEYS[1]  the new job
  KEYS[2]  idempotency record; the job again when the request has no idempotency key
  KEYS[3…] indexes, see video-job.lua

  ARGV[1]  ULID of the new job
  ARGV[2]  document
  ARGV[3]  first line of its history
  ARGV[4]  channel of changes
  ARGV[5]  message for it
  ARGV[6]  hash of the request's body, or '' without an idempotency key
  ARGV[7]  lifetime of the idempotency record in seconds
  ARGV[8…] what to do with each index

  Returns 1 when created, {'replayed', ulid, document} or {'conflict', ulid}.

  Reads one key that is not in KEYS: the earlier job, which has the same hash tag.
]]
local ulid, body_hash = ARGV[1], ARGV[6]

if body_hash ~= '' then
  local earlier = redis.call('GET', KEYS[2])
  local earlier_ulid = earlier and string.sub(earlier, 1, 26)
  if earlier_ulid and earlier_ulid ~= ulid then
    local document = redis.call('LINDEX', string.sub(KEYS[1], 1, -27) .. earlier_ulid, 0)
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
if redis.call('EXISTS', KEYS[1]) == 1 then
  return 1
end
if body_hash ~= '' then
  redis.call('SET', KEYS[2], ulid .. ':' .. body_hash, 'EX', ARGV[7])
end
redis.call('RPUSH', KEYS[1], ARGV[2], '[1,' .. ARGV[3])
move_places(ulid, 3, 8)
redis.call('PUBLISH', ARGV[4], ARGV[5])
return 1
