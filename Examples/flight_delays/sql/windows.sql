-- The windows of streams/carrier_delays.yaml and streams/airport_delays.yaml once more, in plain SQL: what the streams
-- are compared with. Nothing of Martlet's streams takes part in it.
--
-- Inputs:  departures (from departures.sql)
-- Outputs: carriers, airports (tables of the same names)

CREATE TABLE carriers AS
SELECT
    carrier,
    date_trunc('hour', known_at) AS window_start,
    date_trunc('hour', known_at) + INTERVAL 1 HOUR AS window_end,
    count(*) AS flights,
    count(*) FILTER (dep_delay >= 15) AS late_flights,
    avg(CAST(dep_delay >= 15 AS INTEGER)) AS late_share,
    avg(dep_delay) AS mean_delay,
    max(dep_delay) AS worst_delay
FROM departures
GROUP BY ALL
ORDER BY carrier, window_start;

-- A departure is in the three windows that begin in its own hour and in the two before it.
CREATE TABLE airports AS
SELECT
    origin,
    date_trunc('hour', known_at) - to_hours(earlier) AS window_start,
    date_trunc('hour', known_at) - to_hours(earlier) + INTERVAL 3 HOUR AS window_end,
    count(*) AS flights,
    count(*) FILTER (dep_delay >= 15) AS late_flights,
    avg(CAST(dep_delay >= 15 AS INTEGER)) AS late_share,
    avg(dep_delay) AS mean_delay,
    max(dep_delay) AS worst_delay
FROM departures, (VALUES (0), (1), (2)) AS hours (earlier)
GROUP BY ALL
ORDER BY origin, window_start;
