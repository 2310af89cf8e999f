--[[
  Appends an observation to the history of a video job that exists.

  KEYS[1]  document
  KEYS[2]  history

  ARGV[1]  history entry without its number
  ARGV[2]  entries a history may have

  Returns 1 when written, nil when there is no such job.
]]
if redis.call('EXISTS', KEYS[1]) == 0 then
  return nil
end
append_history(KEYS[2], ARGV[1], ARGV[2])
return 1
