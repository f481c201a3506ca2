-- Counts and sums over the time before each event: see windowed_aggregates.md. One statement over the table or view
-- `events`; parameter :window_micros. The window is [time - window, time): the event's own instant is not in it.
SELECT *,
       count(@{value}) OVER before AS @{value}_count,
       coalesce(sum(@{value}) OVER before, 0) AS @{value}_sum,
       avg(@{value}) OVER before AS @{value}_mean,
       min(@{value}) OVER before AS @{value}_min,
       max(@{value}) OVER before AS @{value}_max
FROM events
WHERE concat(@{keys}) IS NOT NULL AND @{time} IS NOT NULL
WINDOW before AS (
  PARTITION BY @{keys} ORDER BY unix_micros(CAST(@{time} AS TIMESTAMP))
  RANGE BETWEEN :window_micros PRECEDING AND 1 PRECEDING
)
