-- What was said of each departure beside what happened.
--
-- Inputs: departures (from departures.sql), scores (the answers of steps/score_departures.py)
--
-- Every departure has to have exactly one score, and every score a departure; else the step fails.

CREATE TABLE scored AS
SELECT
    scheduled_at, carrier, flight, origin, d.dest, d.known_at,
    s.probability,
    CAST(d.dep_delay >= 15 AS INTEGER) AS late,
    s.* EXCLUDE (scheduled_at, carrier, flight, origin, probability)
FROM departures AS d
FULL JOIN (SELECT * REPLACE (CAST(scheduled_at AS TIMESTAMP) AS scheduled_at) FROM scores) AS s
    USING (scheduled_at, carrier, flight, origin)
ORDER BY scheduled_at, carrier, flight, origin;

SELECT error('departures without a score, scores without a departure, or two of one departure: ' || wrong)
FROM (
    SELECT
        count(*) FILTER (known_at IS NULL OR probability IS NULL)
            + count(*) - count(DISTINCT (scheduled_at, carrier, flight, origin)) AS wrong
    FROM scored
)
WHERE wrong > 0;

FROM scored;
