"""Soda on DuckDB."""

import logging
import sys
import time

import duckdb
from common import answer, checks
from soda.scan import Scan

path, rows = sys.argv[1], int(sys.argv[2])
started = time.perf_counter()
low, high = checks.rows_between(rows)
names = []
lines = ["checks for trips:"]


def add(name, check, **options):
    names.append(name)
    lines.append(f"  - {check}:")
    for key, value in {"name": f"'{name}'", **options}.items():
        lines.append(f"      {key}: {value}")


add("rows", f"row_count between {low} and {high}")
add("columns", f"n_columns between {len(checks.NAMES)} and {len(checks.NAMES)}",
    **{"n_columns query": "SELECT count(*) FROM information_schema.columns WHERE table_name = 'trips'"})
for column in checks.NOT_NULL:
    add(f"not null {column}", f"missing_count({column}) = 0")
add("unique", "duplicate_count(trip_id) = 0")
for column, (least, most) in checks.RANGES.items():
    add(f"range {column}", f"invalid_count({column}) = 0", **{"valid min": least, "valid max": most})
add("payment", "invalid_count(payment_type) = 0", **{"valid values": checks.PAYMENTS})
add("flag", "invalid_count(store_flag) = 0", **{"valid values": "['Y', 'N']"})
add("rate", "invalid_count(rate_code) = 0", **{"valid values": checks.RATES})
add("driver", "invalid_count(driver) = 0", **{"valid regex": f"'{checks.DRIVER}'"})
add("length", "invalid_count(zone_name) = 0", **{"valid min length": checks.LENGTHS[0], "valid max length": checks.LENGTHS[1]})
add("mean", "avg(fare) between {} and {}".format(*checks.FARE_MEAN))
add("stdev", "stddev_samp(trip_distance) between {} and {}".format(*checks.DISTANCE_STDEV))
add("max", "max(total) between {} and {}".format(*checks.TOTAL_MAX))
within = " AND ".join(f"quantile_disc(fare, {q}) BETWEEN {a} AND {b}" for q, (a, b) in checks.QUANTILES.items())
add("quantiles", "in_quantiles = 1", **{"in_quantiles expression": f"({within})::INT"})
add("drivers", "n_drivers between {} and {}".format(*checks.DRIVERS),
    **{"n_drivers expression": "count(DISTINCT driver)"})
add("pair", "wrong_pairs = 0", **{"wrong_pairs expression": "coalesce(sum((dropoff_at <= pickup_at)::INT), 0)"})
add("mostly passenger_count", f"missing_percent(passenger_count) <= {round((1 - checks.MOSTLY) * 100)}")

db = duckdb.connect()
db.execute(f"CREATE VIEW trips AS SELECT * FROM '{path}'")
scan = Scan()
logging.getLogger("soda").setLevel(logging.ERROR)
scan.set_data_source_name("duckdb")
scan.add_duckdb_connection(db)
scan.add_sodacl_yaml_str("\n".join(lines))
scan.execute()
found = {}
for result in scan.get_scan_results()["checks"]:
    found[result["name"]] = result["outcome"] == "pass"
    if result["outcome"] is None:
        sys.exit(f"error: Soda made nothing of {result['name']}")
answer(found, started)
