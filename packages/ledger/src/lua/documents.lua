--[[
  Reads the beginnings of many documents of video jobs in one reply.

  KEYS[1…] jobs

  ARGV[1]  bytes wanted of each
  ARGV[2]  bytes after which no other document is read, whole ones counted: some carry images

  Returns the beginnings, '' for a job that is gone; fewer than KEYS when the bytes were used up.
]]
local beginnings, bytes = {}, 0
for i = 1, #KEYS do
  local document = redis.call('LINDEX', KEYS[i], 0) or ''
  beginnings[i] = string.sub(document, 1, tonumber(ARGV[1]))
  bytes = bytes + #document
  if bytes > tonumber(ARGV[2]) then
    break
  end
end
return beginnings
