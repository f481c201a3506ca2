-- One row per flight: what was known some minutes before its scheduled departure, and whether it then left late.
--
-- Inputs: flights, weather, planes (from clean.sql)
-- Params: horizon_minutes, how long before its scheduled departure a flight is judged
--
-- THE RULE. A flight is judged at `decided_at` = scheduled_at - horizon. Every feature of it is made only of
--   * its own timetable entry (carrier, airports, distance, local hour, weekday, month, aircraft), and
--   * facts whose `known_at` <= decided_at.
-- Another flight's delay is known once it has left, and no earlier than it was scheduled (which also keeps a flight
-- that left early out of its own history). An hour of weather is known when the hour is over.
--
-- HOW. For each kind of history, departures are added up in the order in which they became known: the row for an
-- instant holds the totals up to and including it. ASOF JOIN then finds, per flight, the last totals with
-- known_at <= decided_at; nothing later can be reached. "Lately" is the difference of two such totals.

WITH judged AS (
    SELECT
        *,
        scheduled_at - to_minutes(CAST({{ params.horizon_minutes }} AS INTEGER)) AS decided_at,
        decided_at - INTERVAL 3 HOUR AS lately_from,
        dep_delay >= 15 AS late
    FROM flights
),
departures AS (
    SELECT
        greatest(departed_at, scheduled_at) AS known_at,
        carrier, origin, dest, local_hour,
        CAST(late AS INTEGER) AS late,
        -- One flight of 21 hours' delay must not speak for the whole airport.
        least(greatest(dep_delay, 0), 180) AS delay
    FROM judged
),
network_history AS (
    SELECT
        known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late
    FROM departures
    GROUP BY known_at
    WINDOW known AS (ORDER BY known_at)
),
carrier_history AS (
    SELECT
        carrier, known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late
    FROM departures
    GROUP BY carrier, known_at
    WINDOW known AS (PARTITION BY carrier ORDER BY known_at)
),
dest_history AS (
    SELECT
        dest, known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late
    FROM departures
    GROUP BY dest, known_at
    WINDOW known AS (PARTITION BY dest ORDER BY known_at)
),
hour_history AS (
    SELECT
        origin, local_hour, known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late
    FROM departures
    GROUP BY origin, local_hour, known_at
    WINDOW known AS (PARTITION BY origin, local_hour ORDER BY known_at)
),
origin_history AS (
    SELECT
        origin, known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late,
        sum(sum(delay)) OVER known AS delay
    FROM departures
    GROUP BY origin, known_at
    WINDOW known AS (PARTITION BY origin ORDER BY known_at)
),
desk_history AS (
    SELECT
        carrier, origin, known_at,
        sum(count(*)) OVER known AS departed,
        sum(sum(late)) OVER known AS late
    FROM departures
    GROUP BY carrier, origin, known_at
    WINDOW known AS (PARTITION BY carrier, origin ORDER BY known_at)
),
joined AS (
    SELECT
        f.*,
        -- Shares are pulled towards the share of the whole network so far, as if 20 more departures had gone like
        -- it: a destination's first flight must not read as "always late".
        n.late / n.departed AS network_late,
        (coalesce(c.late, 0) + 20 * network_late) / (coalesce(c.departed, 0) + 20) AS carrier_late,
        (coalesce(d.late, 0) + 20 * network_late) / (coalesce(d.departed, 0) + 20) AS dest_late,
        (coalesce(h.late, 0) + 20 * network_late) / (coalesce(h.departed, 0) + 20) AS hour_late,
        -- Lately: the last three hours. NULL when nothing left in them.
        CAST(o.departed - coalesce(o0.departed, 0) AS INTEGER) AS origin_departed_lately,
        (o.late - coalesce(o0.late, 0)) / nullif(origin_departed_lately, 0) AS origin_late_lately,
        (o.delay - coalesce(o0.delay, 0)) / nullif(origin_departed_lately, 0) AS origin_delay_lately,
        (k.late - coalesce(k0.late, 0)) / nullif(k.departed - coalesce(k0.departed, 0), 0) AS carrier_late_lately
    FROM judged AS f
    ASOF LEFT JOIN network_history AS n ON f.decided_at >= n.known_at
    ASOF LEFT JOIN carrier_history AS c ON f.carrier = c.carrier AND f.decided_at >= c.known_at
    ASOF LEFT JOIN dest_history AS d ON f.dest = d.dest AND f.decided_at >= d.known_at
    ASOF LEFT JOIN hour_history AS h
        ON f.origin = h.origin AND f.local_hour = h.local_hour AND f.decided_at >= h.known_at
    ASOF LEFT JOIN origin_history AS o ON f.origin = o.origin AND f.decided_at >= o.known_at
    ASOF LEFT JOIN origin_history AS o0 ON f.origin = o0.origin AND f.lately_from >= o0.known_at
    ASOF LEFT JOIN desk_history AS k
        ON f.carrier = k.carrier AND f.origin = k.origin AND f.decided_at >= k.known_at
    ASOF LEFT JOIN desk_history AS k0
        ON f.carrier = k0.carrier AND f.origin = k0.origin AND f.lately_from >= k0.known_at
)
SELECT
    -- Which flight.
    f.scheduled_at, f.decided_at, f.local_date, f.carrier, f.flight, f.origin, f.dest,
    -- Timetable.
    month(f.local_date) AS month,
    isodow(f.local_date) AS weekday,
    f.local_hour AS hour,
    f.distance,
    -- Aircraft.
    year(f.local_date) - p.built AS plane_age,
    p.seats,
    -- History.
    f.network_late, f.carrier_late, f.dest_late, f.hour_late,
    f.origin_departed_lately, f.origin_late_lately, f.origin_delay_lately, f.carrier_late_lately,
    -- Weather; older than six hours says nothing (the source has gaps, and none for 31 December).
    CASE WHEN f.fresh THEN f.temp END AS temp,
    CASE WHEN f.fresh THEN f.humid END AS humid,
    CASE WHEN f.fresh THEN f.wind_speed END AS wind_speed,
    CASE WHEN f.fresh THEN f.precip END AS precip,
    CASE WHEN f.fresh THEN f.pressure END AS pressure,
    CASE WHEN f.fresh THEN f.visib END AS visib,
    -- What happened.
    f.late
FROM (
    SELECT j.*, w.* EXCLUDE (origin), w.known_at > j.decided_at - INTERVAL 6 HOUR AS fresh
    FROM joined AS j
    ASOF LEFT JOIN weather AS w ON j.origin = w.origin AND j.decided_at >= w.known_at
) AS f
LEFT JOIN planes AS p USING (tailnum)
ORDER BY f.scheduled_at, f.carrier, f.flight, f.origin;
