"""All levers of section "Levers" by hand on DuckDB: footers, one fused scan, a pass per distinct string."""

import sys
import time

import duckdb
from common import answer, checks

path, rows = sys.argv[1], int(sys.argv[2])
started = time.perf_counter()
db = duckdb.connect()
db.execute("SET memory_limit = '128MB'")
found = {}

low, high = checks.rows_between(rows)
total, = db.execute(f"SELECT sum(num_rows) FROM parquet_file_metadata('{path}')").fetchone()
meta = {name: (nulls, least, most) for name, nulls, least, most in db.execute(f"""
    SELECT path_in_schema, sum(stats_null_count), min(TRY_CAST(stats_min_value AS DOUBLE)),
           max(TRY_CAST(stats_max_value AS DOUBLE))
    FROM parquet_metadata('{path}') GROUP BY ALL""").fetchall()}
found["rows"] = low <= total <= high
found["columns"] = len(meta) == len(checks.NAMES)
for name in checks.NOT_NULL:
    found[f"not null {name}"] = meta[name][0] == 0
found["mostly passenger_count"] = (total - meta["passenger_count"][0]) / total >= checks.MOSTLY
# A range that the footers prove needs no scan; DuckDB folds the others when it can.
open_ranges = {}
for name, (least, most) in checks.RANGES.items():
    known = meta[name]
    if known[1] is not None and known[1] >= least and known[2] <= most:
        found[f"range {name}"] = True
    else:
        open_ranges[name] = (least, most)
found["max"] = checks.TOTAL_MAX[0] <= meta["total"][2] <= checks.TOTAL_MAX[1]

ranges = "".join(f", count_if({n} < {a} OR {n} > {b})" for n, (a, b) in open_ranges.items())
ranks = []
for quantile, (least, most) in checks.QUANTILES.items():
    ranks.append(f"count_if(fare < {least * (1 - 1e-4)}), count_if(fare <= {most * (1 + 1e-4)})")
least, most = int(meta["trip_id"][1]), int(meta["trip_id"][2])
row = db.execute(f"""
    SELECT count(fare), avg(fare), stddev_samp(trip_distance), count_if(dropoff_at <= pickup_at),
           bit_count(bitstring_agg(trip_id, {least}, {most})), count(trip_id),
           count_if(payment_type NOT IN (1, 2, 3, 4, 5, 6)), count_if(rate_code NOT IN (1, 2, 3, 4, 5, 6)),
           {", ".join(ranks)}{ranges}
    FROM '{path}'""").fetchone()
count, mean, stdev, wrong_pairs, distinct, keys, payments, rates = row[:8]
found["mean"] = checks.FARE_MEAN[0] <= mean <= checks.FARE_MEAN[1]
found["stdev"] = checks.DISTANCE_STDEV[0] <= stdev <= checks.DISTANCE_STDEV[1]
found["pair"] = wrong_pairs == 0
found["unique"] = distinct == keys
found["payment"], found["rate"] = payments == 0, rates == 0
places = row[8:14]
found["quantiles"] = True
for index, quantile in enumerate(checks.QUANTILES):
    place = max(1, -(-quantile * count // 1))
    found["quantiles"] &= places[2 * index] < place <= places[2 * index + 1]
for name, wrong in zip(open_ranges, row[14:]):
    found[f"range {name}"] = wrong == 0

drivers, wrong = db.execute(f"""
    SELECT count(*) FILTER (driver IS NOT NULL), count_if(NOT regexp_matches(driver, '{checks.DRIVER}'))
    FROM (SELECT DISTINCT driver FROM '{path}')""").fetchone()
found["driver"] = wrong == 0
found["drivers"] = checks.DRIVERS[0] <= drivers <= checks.DRIVERS[1]
flags, = db.execute(f"""
    SELECT count_if(store_flag NOT IN ('Y', 'N')) FROM (SELECT DISTINCT store_flag FROM '{path}')""").fetchone()
lengths, = db.execute(f"""
    SELECT count_if(length(zone_name) NOT BETWEEN 6 AND 20) FROM (SELECT DISTINCT zone_name FROM '{path}')""").fetchone()
found["flag"], found["length"] = flags == 0, lengths == 0
answer(found, started)
