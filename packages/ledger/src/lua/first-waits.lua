--[[
  Looks for the job that has waited longest, among the waiting jobs that came first. Writes nothing.

  KEYS[1]  queued jobs

  ARGV[1]  jobs to look at
  ARGV[2]  bytes of documents after which no other is looked at: some carry images

  Returns {time since which that job waits or '', ULID of the first job of which that is not known, or ''}.

  Reads jobs and the waiting jobs of their owners, which are not in KEYS but have the same hash tag.
]]
local root = string.sub(KEYS[1], 1, -#'state:queued' - 1)
local wanted, bytes_left = tonumber(ARGV[1]), tonumber(ARGV[2])

-- A name that JSON has to escape is not read: then it is not known how long its job waits.
local function since_of(document, ulid)
  local owner = string.match(document, '^%[%d+,%d+,"%w+","%a","([^"\\]*)",')
  return owner and redis.call('ZSCORE', root .. 'waiting:' .. owner, ulid)
end

local ulids = redis.call('ZRANGE', KEYS[1], 0, wanted)
local oldest, unknown = '', ''
for i, ulid in ipairs(ulids) do
  local since
  if i <= wanted and bytes_left > 0 then
    local document = redis.call('LINDEX', root .. 'job:' .. ulid, 0) or ''
    bytes_left = bytes_left - #document
    since = since_of(document, ulid)
  end
  if since and (oldest == '' or tonumber(since) < tonumber(oldest)) then
    oldest = since
  elseif not since and unknown == '' then
    unknown = ulid
  end
end
return { oldest, unknown }
