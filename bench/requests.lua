-- What wrk sends: REQUESTS names a file with one path a line, or one path, a tab and a JSON body,
-- and after another tab whose token it is, when not TOKEN's.
local requests = {}
local turn = 0

function init()
  local headers = { ["Host"] = "localhost", ["Content-Type"] = "application/json" }
  if os.getenv("TOKEN") then headers["Authorization"] = "Bearer " .. os.getenv("TOKEN") end
  for line in io.lines(os.getenv("REQUESTS")) do
    local path, body, token = line:match("^([^\t]+)\t?([^\t]*)\t?(.*)$")
    if token ~= "" then headers["Authorization"] = "Bearer " .. token end
    local sent = body ~= "" and body or nil
    requests[#requests + 1] = wrk.format(os.getenv("METHOD"), path, headers, sent)
  end
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    'RESULT {"requests":%d,"microseconds":%d,"p50":%d,"p99":%d,"failed":%d}\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status + errors.connect + errors.read + errors.write + errors.timeout))
end
