-- Feeds wrk with requests that were computed beforehand, so that making them is no part of the load.
--
-- The first file holds forms: whole requests with gaps, forms apart by byte 1, pieces by byte 2.
-- The second holds one request a line: the number of its form, then what fills the gaps, by tabs.
-- Not here: what the requests are (`prepared.py`).

local BYTE_1, BYTE_2 = string.char(1), string.char(2)

local function split(text, separator)
  local parts = {}
  local from = 1
  while true do
    local at = string.find(text, separator, from, true)
    if not at then break end
    parts[#parts + 1] = string.sub(text, from, at - 1)
    from = at + 1
  end
  parts[#parts + 1] = string.sub(text, from)
  return parts
end

local threads = {}

function setup(thread)
  threads[#threads + 1] = thread
end

function init(arguments)
  local file = assert(io.open(arguments[1], "rb"))
  forms = {}
  for number, form in ipairs(split(file:read("*a"), BYTE_1)) do
    forms[number] = split(form, BYTE_2)
  end
  file:close()
  lines = assert(io.open(arguments[2], "rb"))
  lines:setvbuf("full", 1048576)
  last = nil
  tried = false
  of_last_form = 0
end

function request()
  local line = lines:read("*l")
  if not line then
    -- Everything was sent: stop, and send the last one again, which changes nothing.
    wrk.thread:stop()
    return last
  end
  local fields = split(line, "\t")
  local pieces = forms[tonumber(fields[1])]
  local made = { pieces[1] }
  for number = 2, #pieces do
    made[#made + 1] = fields[number]
    made[#made + 1] = pieces[number]
  end
  last = table.concat(made)
  if fields[1] == tostring(#forms) then
    of_last_form = of_last_form + 1
  end
  if not tried then
    -- wrk asks for one request that it only looks at.
    tried = true
    lines:seek("set", 0)
  end
  return last
end

function done(summary, latency, requests)
  local errors = summary.errors
  local of_last_form = 0
  for _, thread in ipairs(threads) do
    of_last_form = of_last_form + thread:get("of_last_form")
  end
  io.write(string.format(
    '\n{"requests":%d,"of_last_form":%d,"microseconds":%d,"not_read":%d,"not_2xx":%d,"timed_out":%d,' ..
    '"p50":%d,"p90":%d,"p99":%d,"longest":%d}\n',
    summary.requests, of_last_form, summary.duration, errors.connect + errors.read + errors.write,
    errors.status, errors.timeout, latency:percentile(50), latency:percentile(90),
    latency:percentile(99), latency.max))
end
