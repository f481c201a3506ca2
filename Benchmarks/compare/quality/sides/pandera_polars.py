"""Pandera on polars."""

import os
import sys
import time

os.environ["PANDERA_VALIDATION_DEPTH"] = "SCHEMA_AND_DATA"

import pandera.polars as pa
import polars as pl
from common import answer, checks
from pandera.errors import SchemaErrors

path, rows = sys.argv[1], int(sys.argv[2])
started = time.perf_counter()
low, high = checks.rows_between(rows)


def whole(name, test):
    """A check of a column as one number."""
    def check(data):
        return data.lazyframe.select(test(pl.col(data.key) if data.key else pl.col(name)).alias("check_output"))
    return pa.Check(check, name=name)


def frame(name, test):
    return pa.Check(lambda data: data.lazyframe.select(test().alias("check_output")), name=name)


def between(bounds):
    return lambda value: value.is_between(*bounds)


columns = {name: [] for name in checks.NAMES}
for name, bounds in checks.RANGES.items():
    columns[name].append(pa.Check.in_range(*bounds, name=f"range {name}"))
columns["payment_type"].append(pa.Check.isin(checks.PAYMENTS, name="payment"))
columns["store_flag"].append(pa.Check.isin(checks.FLAGS, name="flag"))
columns["rate_code"].append(pa.Check.isin(checks.RATES, name="rate"))
columns["driver"].append(pa.Check.str_matches(checks.DRIVER, name="driver"))
columns["zone_name"].append(pa.Check.str_length(*checks.LENGTHS, name="length"))
columns["fare"].append(whole("mean", lambda c: between(checks.FARE_MEAN)(c.mean())))
columns["fare"].append(whole("quantiles", lambda c: pl.all_horizontal(
    [between(bounds)(c.quantile(q, "lower")) for q, bounds in checks.QUANTILES.items()])))
columns["trip_distance"].append(whole("stdev", lambda c: between(checks.DISTANCE_STDEV)(c.std())))
columns["total"].append(whole("max", lambda c: between(checks.TOTAL_MAX)(c.max())))
columns["driver"].append(whole("drivers", lambda c: between(checks.DRIVERS)(c.drop_nulls().n_unique())))
columns["passenger_count"].append(whole("mostly passenger_count", lambda c: c.is_not_null().mean() >= checks.MOSTLY))

schema = pa.DataFrameSchema(
    {name: pa.Column(checks=tests, nullable=name not in checks.NOT_NULL, unique=name == "trip_id")
     for name, tests in columns.items()},
    checks=[
        frame("rows", lambda: pl.len().is_between(low, high)),
        pa.Check(lambda data: data.lazyframe.select(pl.col("dropoff_at") > pl.col("pickup_at")), name="pair"),
    ],
    strict=True,
)
table = pl.read_parquet(path)
failed = set()
try:
    schema.validate(table, lazy=True)
except SchemaErrors as errors:
    for error in errors.schema_errors:
        name = getattr(error.check, "name", None) or str(error.check)
        if name == "not_nullable":
            name = f"not null {error.schema.name}"
        elif "unique" in str(error.reason_code).lower() or "unique" in name:
            name = "unique"
        failed.add(name)
names = ["rows", "columns", "unique", "payment", "flag", "rate", "driver", "length", "mean", "stdev", "max", "quantiles",
         "drivers", "pair", "mostly passenger_count", *(f"not null {n}" for n in checks.NOT_NULL),
         *(f"range {n}" for n in checks.RANGES)]
unknown = failed - set(names)
if unknown:
    sys.exit(f"error: failures that are no checks: {unknown}")
answer({name: name not in failed for name in names}, started)
