-- The same request with another header or body each time: BENCH_HEADER names the header, or is empty.
dofile(os.getenv("BENCH_COMMON"))
local header, requests, turn = os.getenv("BENCH_HEADER"), {}, 0

function init()
  for place, value in ipairs(values) do
    if header == "" then
      requests[place] = wrk.format(nil, nil, headers("Content-Type", "application/json"), value)
    else
      requests[place] = wrk.format(nil, nil, headers(header, value))
    end
  end
  turn = number * 7919 % #requests
end

function request()
  turn = turn % #requests + 1
  return requests[turn]
end

local pause = tonumber(os.getenv("BENCH_PAUSE"))
if pause > 0 then
  function delay() return pause end
end

function response(status) judge(status) end
