-- Types the raw files and keeps the flights that departed.
--
-- Inputs:  raw_flights, raw_weather, raw_planes (CSV; a missing number is spelled NA)
-- Outputs: flights, weather, planes (tables of the same names)
--
-- Times. Every timestamp below is UTC without a time zone. `time_hour` is the scheduled hour in UTC and is right on
-- both days when the clocks change; the local columns (hour 1 comes twice in November, dep_time says 2400 for
-- midnight) are not. So an instant is `time_hour` plus minutes, never built from local parts. `epoch_us` reads the
-- column as UTC whether the CSV reader typed it as TIMESTAMP or TIMESTAMP WITH TIME ZONE.

CREATE TABLE flights AS
WITH typed AS (
    SELECT
        make_timestamp(epoch_us(time_hour)) + to_minutes(CAST(minute AS INTEGER)) AS scheduled_at,
        carrier,
        CAST(flight AS INTEGER) AS flight,
        nullif(tailnum, 'NA') AS tailnum,
        origin,
        dest,
        make_date(CAST(year AS INTEGER), CAST(month AS INTEGER), CAST(day AS INTEGER)) AS local_date,
        CAST(hour AS INTEGER) AS local_hour,
        CAST(distance AS INTEGER) AS distance,
        -- A plain CAST: a delay that is neither NA nor a number is a broken file, and must stop the step.
        CAST(nullif(CAST(dep_delay AS VARCHAR), 'NA') AS INTEGER) AS dep_delay
    FROM raw_flights
)
SELECT
    scheduled_at,
    scheduled_at + to_minutes(dep_delay) AS departed_at,
    carrier, flight, tailnum, origin, dest, local_date, local_hour, distance, dep_delay
FROM typed
-- A cancelled flight has no departure delay. The model therefore answers: "if it departs, will it be late?"
WHERE dep_delay IS NOT NULL
-- One row per scheduled departure, should a file hold one twice.
QUALIFY row_number() OVER (PARTITION BY scheduled_at, carrier, flight, origin ORDER BY dep_delay, tailnum, dest) = 1
ORDER BY scheduled_at, carrier, flight, origin;

CREATE TABLE weather AS
SELECT
    origin,
    -- A row describes the hour that begins at `time_hour`, so it is known when that hour is over.
    make_timestamp(epoch_us(time_hour)) + INTERVAL 1 HOUR AS known_at,
    CAST(nullif(CAST(temp AS VARCHAR), 'NA') AS DOUBLE) AS temp,
    CAST(nullif(CAST(humid AS VARCHAR), 'NA') AS DOUBLE) AS humid,
    -- One reading claims 1,048 mph. The strongest gust ever measured is 253.
    CASE WHEN TRY_CAST(wind_speed AS DOUBLE) <= 253 THEN TRY_CAST(wind_speed AS DOUBLE) END AS wind_speed,
    CAST(nullif(CAST(precip AS VARCHAR), 'NA') AS DOUBLE) AS precip,
    CAST(nullif(CAST(pressure AS VARCHAR), 'NA') AS DOUBLE) AS pressure,
    CAST(nullif(CAST(visib AS VARCHAR), 'NA') AS DOUBLE) AS visib
FROM raw_weather
QUALIFY row_number() OVER (PARTITION BY origin, time_hour ORDER BY raw_weather.temp, raw_weather.humid) = 1
ORDER BY origin, known_at;

CREATE TABLE planes AS
SELECT
    tailnum,
    CAST(nullif(CAST(year AS VARCHAR), 'NA') AS INTEGER) AS built,
    CAST(nullif(CAST(seats AS VARCHAR), 'NA') AS INTEGER) AS seats
FROM raw_planes
QUALIFY row_number() OVER (PARTITION BY tailnum ORDER BY built, seats) = 1
ORDER BY tailnum;
