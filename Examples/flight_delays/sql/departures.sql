-- One row per departure of the chosen days, in the order in which departures became known: the events of the replay.
--
-- Inputs: flights (from clean.sql)
-- Params: from_day, to_day, the first and the last day, in New York
--
-- `known_at` is the rule of features.sql: a departure is known once it has happened, and no earlier than it was
-- scheduled.
SELECT
    greatest(scheduled_at, departed_at) AS known_at,
    scheduled_at, departed_at, carrier, flight, origin, dest, local_hour, dep_delay
FROM flights
WHERE local_date BETWEEN CAST({{ params.from_day }} AS DATE) AND CAST({{ params.to_day }} AS DATE)
ORDER BY known_at, scheduled_at, carrier, flight, origin;
