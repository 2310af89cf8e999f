--[[
  Looks at the server that holds the ledger, in a Cluster at the node of its slot. Writes nothing.

  KEYS[1]  index of the queued jobs
  KEYS[2]  a list that is never there: a push to it is refused like any write, and otherwise does nothing

  ARGV[1…] sections of INFO

  Returns {queued jobs, why writes are refused or '', those sections, or '' where INFO is forbidden}.
]]
-- Before INFO: old servers allow no write after a command whose reply differs from run to run.
local push = redis.pcall('LPUSHX', KEYS[2], '')
local refusal = type(push) == 'table' and push.err or ''

local sections = {}
for i, name in ipairs(ARGV) do
  local section = redis.pcall('INFO', name)
  sections[i] = type(section) == 'string' and section or ''
end
return { redis.call('ZCARD', KEYS[1]), refusal, table.concat(sections, '\n') }
