-- What all loads share. BENCH_REQUESTS names a file with the values that requests take in turn;
-- BENCH_STATUS is the status that every answer has to have.
values, wrong, threads = {}, 0, {}
for line in io.lines(os.getenv("BENCH_REQUESTS")) do values[#values + 1] = line end

wrk.method = os.getenv("BENCH_METHOD")

-- As from a proxy that ends TLS, which is all that a production service answers over plain HTTP.
function headers(name, value)
  return { ["X-Forwarded-Proto"] = "https", [name] = value }
end

local wanted = tonumber(os.getenv("BENCH_STATUS"))

function judge(status)
  if status ~= wanted then wrong = wrong + 1 end
end

function setup(thread)
  threads[#threads + 1] = thread
  thread:set("number", #threads)
end

function done(summary, latency)
  local count = 0
  for _, thread in ipairs(threads) do count = count + thread:get("wrong") end
  local failed = summary.errors
  io.write(string.format(
    '\nRESULT {"requests": %d, "seconds": %f, "wrong": %d, "p50_ms": %f, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6,
    count + failed.connect + failed.read + failed.write + failed.timeout,
    latency:percentile(50) / 1e3, latency:percentile(99) / 1e3))
end
