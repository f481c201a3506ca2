"""What one writes first: all checks in one statement, and one each for keys and quantiles."""

import sys
import time

import duckdb
from common import answer, checks

path, rows = sys.argv[1], int(sys.argv[2])
started = time.perf_counter()
db = duckdb.connect()
found = {}
columns = [row[0] for row in db.execute(f"DESCRIBE SELECT * FROM '{path}'").fetchall()]
found["columns"] = len(columns) == len(checks.NAMES)
parts = ["count(*)", *(f"count(*) FILTER ({name} IS NULL)" for name in [*checks.NOT_NULL, "passenger_count"])]
parts += [f"count(*) FILTER ({n} < {a} OR {n} > {b})" for n, (a, b) in checks.RANGES.items()]
parts += [
    "count(*) FILTER (payment_type NOT IN (1, 2, 3, 4, 5, 6))", "count(*) FILTER (store_flag NOT IN ('Y', 'N'))",
    "count(*) FILTER (rate_code NOT IN (1, 2, 3, 4, 5, 6))",
    f"count(*) FILTER (NOT regexp_matches(driver, '{checks.DRIVER}'))",
    "count(*) FILTER (length(zone_name) < 6 OR length(zone_name) > 20)", "avg(fare)", "stddev_samp(trip_distance)",
    "max(total)", "count(*) FILTER (dropoff_at <= pickup_at)",
]
row = list(db.execute(f"SELECT {', '.join(parts)} FROM '{path}'").fetchone())
total = row.pop(0)
low, high = checks.rows_between(rows)
found["rows"] = low <= total <= high
for name in checks.NOT_NULL:
    found[f"not null {name}"] = row.pop(0) == 0
found["mostly passenger_count"] = (total - row.pop(0)) / total >= checks.MOSTLY
for name in checks.RANGES:
    found[f"range {name}"] = row.pop(0) == 0
for name in ["payment", "flag", "rate", "driver", "length"]:
    found[name] = row.pop(0) == 0
for name, bounds in [("mean", checks.FARE_MEAN), ("stdev", checks.DISTANCE_STDEV), ("max", checks.TOTAL_MAX)]:
    found[name] = bounds[0] <= row.pop(0) <= bounds[1]
found["pair"] = row.pop(0) == 0
distinct, count = db.execute(f"SELECT count(DISTINCT trip_id), count(trip_id) FROM '{path}'").fetchone()
found["unique"] = distinct == count
drivers, = db.execute(f"SELECT count(DISTINCT driver) FROM '{path}'").fetchone()
found["drivers"] = checks.DRIVERS[0] <= drivers <= checks.DRIVERS[1]
values, = db.execute(f"SELECT quantile_disc(fare, {list(checks.QUANTILES)}) FROM '{path}'").fetchone()
found["quantiles"] = all(a <= v <= b for v, (a, b) in zip(values, checks.QUANTILES.values()))
answer(found, started)
