-- The features of features.sql, for Spark: the same rows, the same columns, the same values to the last bit.
--
-- Inputs: flights, weather, planes (from clean.sql)
-- Params: horizon_minutes, how long before its scheduled departure a flight is judged
--
-- The rule is that of features.sql: nothing of what is known after `decided_at`.
--
-- HOW. Spark SQL has no ASOF JOIN. In its place what became known and what is asked stand in one timeline: a running sum
-- over it holds, at each question, the totals of all with the same key and known_at <= the question's time (RANGE takes
-- in what shares that instant). Facts add one departure each; questions add none. One pass over 1 million rows does what
-- eight joins did.

WITH judged AS (
    SELECT
        *,
        scheduled_at - make_dt_interval(0, 0, CAST({{ params.horizon_minutes }} AS INTEGER)) AS decided_at,
        dep_delay >= 15 AS late
    FROM flights
),
timeline AS (
    -- A departure is known once it has left, and no earlier than it was scheduled.
    SELECT
        'fact' AS kind, greatest(departed_at, scheduled_at) AS at,
        carrier, origin, dest, local_hour, NULL AS scheduled_at, NULL AS flight,
        1 AS departed, CAST(late AS INTEGER) AS late,
        -- One flight of 21 hours' delay must not speak for the whole airport.
        least(greatest(dep_delay, 0), 180) AS delay
    FROM judged
    UNION ALL
    SELECT 'now', decided_at, carrier, origin, dest, local_hour, scheduled_at, flight, 0, 0, 0 FROM judged
    UNION ALL
    SELECT 'before', decided_at - INTERVAL 3 HOURS, carrier, origin, dest, local_hour, scheduled_at, flight, 0, 0, 0
    FROM judged
),
totals AS (
    SELECT
        kind, scheduled_at, carrier, flight, origin,
        sum(departed) OVER network AS network_departed_so_far,
        sum(late) OVER network AS network_late_so_far,
        sum(departed) OVER by_carrier AS carrier_departed_so_far,
        sum(late) OVER by_carrier AS carrier_late_so_far,
        sum(departed) OVER by_dest AS dest_departed_so_far,
        sum(late) OVER by_dest AS dest_late_so_far,
        sum(departed) OVER by_hour AS hour_departed_so_far,
        sum(late) OVER by_hour AS hour_late_so_far,
        sum(departed) OVER by_origin AS origin_departed_so_far,
        sum(late) OVER by_origin AS origin_late_so_far,
        sum(delay) OVER by_origin AS origin_delay_so_far,
        sum(departed) OVER by_desk AS desk_departed_so_far,
        sum(late) OVER by_desk AS desk_late_so_far
    FROM timeline
    WINDOW
        network AS (ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        by_carrier AS (PARTITION BY carrier ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        by_dest AS (PARTITION BY dest ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        by_hour AS (PARTITION BY origin, local_hour ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        by_origin AS (PARTITION BY origin ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW),
        by_desk AS (PARTITION BY carrier, origin ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
-- The hour of weather that was the last known at each question.
sky AS (
    SELECT kind, scheduled_at, carrier, flight, origin, last_value(hour, true) OVER known AS hour
    FROM (
        SELECT
            'fact' AS kind, known_at AS at, origin, NULL AS scheduled_at, NULL AS carrier, NULL AS flight,
            struct(known_at, temp, humid, wind_speed, precip, pressure, visib) AS hour
        FROM weather
        UNION ALL
        SELECT 'now', decided_at, origin, scheduled_at, carrier, flight, NULL FROM judged
    )
    WINDOW known AS (PARTITION BY origin ORDER BY at RANGE BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)
),
joined AS (
    SELECT
        f.*,
        -- Shares are pulled towards the share of the whole network so far, as if 20 more departures had gone like
        -- it: a destination's first flight must not read as "always late".
        n.network_late_so_far / nullif(n.network_departed_so_far, 0) AS network_late,
        (n.carrier_late_so_far + 20 * network_late) / (n.carrier_departed_so_far + 20) AS carrier_late,
        (n.dest_late_so_far + 20 * network_late) / (n.dest_departed_so_far + 20) AS dest_late,
        (n.hour_late_so_far + 20 * network_late) / (n.hour_departed_so_far + 20) AS hour_late,
        -- Lately: the last three hours. NULL when nothing left in them, and when nothing ever had.
        CASE WHEN n.origin_departed_so_far > 0 THEN CAST(n.origin_departed_so_far - b.origin_departed_so_far AS INTEGER) END
            AS origin_departed_lately,
        (n.origin_late_so_far - b.origin_late_so_far) / nullif(n.origin_departed_so_far - b.origin_departed_so_far, 0) AS origin_late_lately,
        (n.origin_delay_so_far - b.origin_delay_so_far) / nullif(n.origin_departed_so_far - b.origin_departed_so_far, 0) AS origin_delay_lately,
        (n.desk_late_so_far - b.desk_late_so_far) / nullif(n.desk_departed_so_far - b.desk_departed_so_far, 0) AS carrier_late_lately,
        CASE WHEN s.hour.known_at > f.decided_at - INTERVAL 6 HOURS THEN s.hour END AS sky
    FROM judged AS f
    JOIN totals AS n
        ON n.kind = 'now' AND n.scheduled_at = f.scheduled_at AND n.carrier = f.carrier AND n.flight = f.flight
        AND n.origin = f.origin
    JOIN totals AS b
        ON b.kind = 'before' AND b.scheduled_at = f.scheduled_at AND b.carrier = f.carrier AND b.flight = f.flight
        AND b.origin = f.origin
    JOIN sky AS s
        ON s.kind = 'now' AND s.scheduled_at = f.scheduled_at AND s.carrier = f.carrier AND s.flight = f.flight
        AND s.origin = f.origin
)
SELECT
    -- Which flight.
    f.scheduled_at, f.decided_at, f.local_date, f.carrier, f.flight, f.origin, f.dest,
    -- Timetable.
    CAST(month(f.local_date) AS BIGINT) AS month,
    CAST(extract(DAYOFWEEK_ISO FROM f.local_date) AS BIGINT) AS weekday,
    f.local_hour AS hour,
    f.distance,
    -- Aircraft.
    CAST(year(f.local_date) AS BIGINT) - p.built AS plane_age,
    p.seats,
    -- History.
    f.network_late, f.carrier_late, f.dest_late, f.hour_late,
    f.origin_departed_lately, f.origin_late_lately, f.origin_delay_lately, f.carrier_late_lately,
    -- Weather; older than six hours says nothing (the source has gaps, and none for 31 December).
    f.sky.temp, f.sky.humid, f.sky.wind_speed, f.sky.precip, f.sky.pressure, f.sky.visib,
    -- What happened.
    f.late
FROM joined AS f
LEFT JOIN planes AS p USING (tailnum)
ORDER BY f.scheduled_at, f.carrier, f.flight, f.origin
