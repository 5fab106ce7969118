-- A session for each thread, which has one connection: each request shows the cookie that the answer
-- before it has set.
dofile(os.getenv("BENCH_COMMON"))
local cookie

function request()
  cookie = cookie or values[number]
  return wrk.format(nil, nil, headers("Cookie", cookie))
end

function response(status, received)
  judge(status)
  for name, value in pairs(received) do
    if name:lower() == "set-cookie" then
      local next = value:match("^[^;]*")
      if next == cookie then wrong = wrong + 1 end
      cookie = next
    end
  end
end
