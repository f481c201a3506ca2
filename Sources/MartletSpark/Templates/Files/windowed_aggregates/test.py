"""Tests of jobs/windowed_aggregates.py and .sql on real Spark, beside a comparison of all with all in Python."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import windowed_aggregates as job  # noqa: E402

SCHEMA = "user STRING, at TIMESTAMP, amount INT, number INT"
WINDOWS = {"1h": timedelta(hours=1), "1d": timedelta(days=1)}
START = datetime(2026, 3, 28)


# @include testing


def options(*more):
    return job.options_of([
        "--keys", "user", "--time", "at", "--value", "amount", "--windows", "1h,1d", "--current", "exclude",
        "--timezone", "UTC", *more,
    ])


def made_up(seed, count=120):
    """On quarters of an hour, and a microsecond beside them: most boundaries are met."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        at = START + timedelta(minutes=15 * chance.randint(0, 200), microseconds=chance.choice([0, 0, 1, -1]))
        rows.append((chance.choice("ab"), at, chance.choice([1, 2, 3, 10, -4, None]), number))
    return rows


def by_hand(rows, current, windows=WINDOWS):
    result = []
    for user, at, amount, number in rows:
        figures = []
        for length in windows.values():
            if current == "exclude":
                seen = [row[2] for row in rows if row[0] == user and at - length <= row[1] < at]
            else:
                seen = [row[2] for row in rows if row[0] == user and at - length < row[1] <= at]
            seen = [value for value in seen if value is not None]
            mean = sum(seen) / len(seen) if seen else None
            figures += [len(seen), sum(seen), mean, min(seen, default=None), max(seen, default=None)]
        result.append((user, at, amount, number, *figures))
    return sorted(result, key=lambda row: row[3])


def rows_of(frame):
    return sorted((tuple(row) for row in frame.collect()), key=lambda row: row[3])


@pytest.mark.parametrize("current", ["exclude", "include"])
def test_equal_to_comparing_all_with_all(spark, current):
    rows = made_up(seed=1)
    found = job.aggregates(spark.createDataFrame(rows, SCHEMA), options("--current", current))
    assert found.columns[4:9] == [f"amount_{what}_1h" for what in ["count", "sum", "mean", "min", "max"]]
    assert rows_of(found) == by_hand(rows, current)


def test_an_hour_is_an_hour_when_clocks_change(spark, tmp_path):
    # In Berlin, 01:30 and 03:30 of this night are one hour apart.
    with job.settings(spark, {"spark.sql.session.timeZone": "Europe/Berlin"}):
        text = "SELECT 'a' AS user, timestamp_ntz'2026-03-29 0{}:30:00' AS at, {} AS amount"
        rows = spark.sql(text.format(1, 5) + " UNION ALL " + text.format(3, 7))
        found = job.aggregates(rows, options("--timezone", "Europe/Berlin")).orderBy("amount").collect()
    assert [row.amount_sum_1h for row in found] == [0, 5]


def test_a_part_equals_the_same_part_of_the_whole(spark, tmp_path):
    rows = made_up(seed=2)
    spark.createDataFrame([*rows, (None, START, 1, -1)], SCHEMA).write.parquet(f"{tmp_path}/in")
    start, end = START + timedelta(days=1), START + timedelta(days=2)
    places = ["--events", f"{tmp_path}/in", "--output", f"{tmp_path}/out"]
    for _ in range(2):
        counts = job.run(spark, options(*places, "--from", str(start), "--to", str(end)))
    wanted = [row for row in by_hand(rows, "exclude") if start <= row[1] < end]
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == wanted
    assert (counts["rows_written"], counts["events_left_out"]) == (len(wanted), 1)
    with pytest.raises(job.AssumptionFailed, match="1 of 121 events"):
        job.run(spark, options(*places, "--most-without", "0"))


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=3)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnsRenamed({"at": defaults.time, "amount": defaults.value})
    frame.selectExpr("*", *[f"user AS {key}" for key in defaults.keys]).createOrReplaceTempView("events")
    found = spark.sql((JOBS / "windowed_aggregates.sql").read_text(), args={"window_micros": 3_600_000_000})
    order = ["user", defaults.time, defaults.value, "number"]
    order += [f"{defaults.value}_{what}" for what in ["count", "sum", "mean", "min", "max"]]
    assert rows_of(found.select(*order)) == by_hand(rows, "exclude", {"1h": WINDOWS["1h"]})
