--[[
  Walks video jobs in the order of their creation and keeps those that are in an index of every group.

  A group is a union of sorted sets, such as the states behind one public status; a job is in at most one set of a group.
  The walk follows the smallest group and looks each ULID up in the others. It stops after a bounded number of looks, so
  that one call stays short whatever it is asked for.

  KEYS[1…] sorted sets, group after group

  ARGV[1]  'newest' or 'oldest' first
  ARGV[2]  where to start, as a lexical bound ('+', '-', '(ulid', '[ulid')
  ARGV[3]  where to end, likewise
  ARGV[4]  ULIDs wanted
  ARGV[5]  looks allowed
  ARGV[6…] number of sets of each group

  Returns {ULIDs found, last ULID looked at or '' when the end was reached}.
]]
local newest_first = ARGV[1] == 'newest'
local start, finish = ARGV[2], ARGV[3]
local wanted, looks = tonumber(ARGV[4]), tonumber(ARGV[5])
local groups, smallest, first = {}, nil, 1
for i = 6, #ARGV do
  local group = { size = 0 }
  for k = first, first + tonumber(ARGV[i]) - 1 do
    local size = redis.call('ZCARD', KEYS[k])
    if size > 0 then
      group[#group + 1] = KEYS[k]
      group.size = group.size + size
    end
  end
  first = first + tonumber(ARGV[i])
  groups[#groups + 1] = group
  if not smallest or group.size < smallest.size then
    smallest = group
  end
end

-- Without other groups to look into, nothing is read in vain.
local page_size = #groups == 1 and math.min(wanted, 100) or 100

local function next_page()
  local page = {}
  for _, key in ipairs(smallest) do
    local command = newest_first and 'ZREVRANGEBYLEX' or 'ZRANGEBYLEX'
    for _, ulid in ipairs(redis.call(command, key, start, finish, 'LIMIT', 0, page_size)) do
      page[#page + 1] = ulid
    end
  end
  if #smallest > 1 then
    table.sort(page, function(a, b)
      if newest_first then
        return a > b
      end
      return a < b
    end)
  end
  -- Beyond its first page_size members a merged page may have gaps.
  return page, math.min(#page, page_size)
end

local function in_every_group(ulid)
  for _, group in ipairs(groups) do
    local found = group == smallest
    for _, key in ipairs(group) do
      found = found or redis.call('ZSCORE', key, ulid)
    end
    if not found then
      return false
    end
  end
  return true
end

local found = {}
while true do
  local page, count = next_page()
  for i = 1, count do
    local ulid = page[i]
    if in_every_group(ulid) then
      found[#found + 1] = ulid
    end
    looks = looks - 1
    if #found == wanted or looks == 0 then
      return { found, ulid }
    end
    start = '(' .. ulid
  end
  if count < page_size then
    return { found, '' }
  end
end
