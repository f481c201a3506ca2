"""Makes the tables that are checked: taxi-like trips in Parquet, from a fixed seed."""

import os
import sys

import duckdb

COLUMNS = """
    i AS trip_id,
    (hash(i, 1) % 3 + 1)::INTEGER AS vendor_id,
    TIMESTAMP '2024-01-01' + to_seconds(i * 3) AS pickup_at,
    TIMESTAMP '2024-01-01' + to_seconds(i * 3 + 60 + (hash(i, 2) % 3540)::BIGINT) AS dropoff_at,
    CASE WHEN hash(i, 3) % 100 >= 3 THEN (hash(i, 4) % 6 + 1)::INTEGER END AS passenger_count,
    round((hash(i, 5) % 200000) / 10000.0, 2)::DOUBLE AS trip_distance,
    CASE WHEN hash(i, 6) % 100 < 1 THEN 'Y' ELSE 'N' END AS store_flag,
    (hash(i, 7) % 263 + 1)::INTEGER AS pickup_zone,
    (hash(i, 8) % 263 + 1)::INTEGER AS dropoff_zone,
    (hash(i, 9) % 4 + 1)::INTEGER AS payment_type,
    round(3 + (hash(i, 10) % 8000) / 100.0, 2)::DOUBLE AS fare,
    0.5::DOUBLE AS tax,
    round((hash(i, 11) % 1500) / 100.0, 2)::DOUBLE AS tip,
    CASE WHEN hash(i, 12) % 20 = 0 THEN 6.55 ELSE 0 END::DOUBLE AS tolls,
    'zone ' || (hash(i, 13) % 263 + 1) AS zone_name,
    CASE WHEN hash(i, 14) % 100 >= 5 THEN round((hash(i, 15) % 300) / 100.0, 2)::DOUBLE END AS surcharge,
    (hash(i, 16) % 5 + 1)::INTEGER AS rate_code,
    round(4 + (hash(i, 17) % 10000) / 100.0, 2)::DOUBLE AS total,
    'd' || lpad((hash(i, 18) % 13000)::VARCHAR, 6, '0') AS driver,
    (TIMESTAMP '2024-01-01' + to_seconds(i * 3))::DATE AS day
"""

# One row in a hundred breaks ranges, sets, patterns, lengths and orders; the key has a pair that is alike.
BAD = """
    * REPLACE (
        CASE WHEN i % 100 = 7 THEN 9 ELSE vendor_id END AS vendor_id,
        CASE WHEN i % 100 = 8 THEN pickup_at - INTERVAL 1 HOUR ELSE dropoff_at END AS dropoff_at,
        CASE WHEN i % 100 = 9 THEN -1.0 ELSE fare END AS fare,
        CASE WHEN i % 100 = 10 THEN NULL ELSE driver END AS driver,
        CASE WHEN i % 100 = 11 THEN 'X' ELSE store_flag END AS store_flag,
        CASE WHEN i % 100 = 12 THEN 'bad' ELSE driver END AS driver_,
        CASE WHEN i % 100 = 13 THEN '' ELSE zone_name END AS zone_name,
        CASE WHEN i % 100 = 14 THEN 1000.0 ELSE total END AS total,
        CASE WHEN i = 15 THEN 16 ELSE trip_id END AS trip_id
    )
"""


def trips(path, rows, bad=False):
    """Writes `rows` trips to `path`, unless they are there."""
    if os.path.exists(path):
        return
    source = f"SELECT {COLUMNS} FROM range({rows}) AS r(i)"
    if bad:
        # Both kinds of bad drivers in one column.
        changes = BAD.replace("CASE WHEN i % 100 = 10 THEN NULL ELSE driver END AS driver,", "").replace(
            "CASE WHEN i % 100 = 12 THEN 'bad' ELSE driver END AS driver_",
            "CASE i % 100 WHEN 10 THEN NULL WHEN 12 THEN 'bad' ELSE driver END AS driver",
        )
        source = f"SELECT {changes} FROM (SELECT {COLUMNS}, i FROM range({rows}) AS r(i))"
        source = f"SELECT * EXCLUDE (i) FROM ({source})"
    write(source, path)


def wide(path, rows, columns):
    """Writes a table of `columns` whole numbers, unless it is there."""
    if not os.path.exists(path):
        list = ", ".join(f"(hash(i, {c}) % 1000)::INTEGER AS c{c}" for c in range(columns))
        write(f"SELECT {list} FROM range({rows}) AS r(i)", path)


def csv(path, rows):
    """Writes `rows` trips as CSV, unless they are there."""
    if not os.path.exists(path):
        write(f"SELECT {COLUMNS} FROM range({rows}) AS r(i)", path, "FORMAT csv")


def write(source, path, options="FORMAT parquet, COMPRESSION zstd"):
    print(f"making {path}", file=sys.stderr)
    duckdb.connect().execute(f"COPY ({source}) TO '{path}.part' ({options})")
    os.rename(f"{path}.part", path)
