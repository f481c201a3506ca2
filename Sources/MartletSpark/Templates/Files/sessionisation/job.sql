-- Cuts events into sessions: see sessionisation.md. One statement over the table or view `events`;
-- parameter :gap_seconds. One row for each session.
WITH paused AS (
  SELECT @{keys}, @{time} AS at,
         unix_micros(CAST(@{time} AS TIMESTAMP))
           - lag(unix_micros(CAST(@{time} AS TIMESTAMP))) OVER (PARTITION BY @{keys} ORDER BY @{time}) AS pause
  FROM events
  WHERE concat(@{keys}) IS NOT NULL AND @{time} IS NOT NULL
), numbered AS (
  SELECT *, sum(CASE WHEN pause IS NULL OR pause > :gap_seconds * 1000000 THEN 1 ELSE 0 END)
              OVER (PARTITION BY @{keys} ORDER BY at ROWS UNBOUNDED PRECEDING) AS session_number
  FROM paused
)
SELECT @{keys}, session_number, min(at) AS session_start, max(at) AS session_end, count(*) AS events
FROM numbered
GROUP BY @{keys}, session_number
