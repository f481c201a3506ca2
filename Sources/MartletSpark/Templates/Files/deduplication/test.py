"""Tests of jobs/deduplication.py and .sql on real Spark, beside a dictionary in Python."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import deduplication as job  # noqa: E402

SCHEMA = "id STRING, part INT, at TIMESTAMP, value STRING"


# @include testing


def options(folder, *more):
    return job.options_of([
        "--source", f"{folder}/in", "--output", f"{folder}/out", "--keys", "id,part", "--order-column", "at",
        "--null-keys", "keep", "--timezone", "UTC", *more,
    ])


def made_up(seed):
    chance = random.Random(seed)
    rows = []
    for _ in range(200):
        at = chance.choice([datetime(2026, 1, 1) + timedelta(hours=chance.randint(0, 5)), None])
        key = (chance.choice(["a", "b", "c", "d", "e", None]), chance.choice([1, 2, 3, None]))
        rows.append((*key, at, chance.choice("uvwxyz")))
    return rows


def by_hand(rows, null_keys):
    best = {}
    for row in rows:
        rank = (row[2] or datetime.min, row[3])
        if None not in row[:2] and (row[:2] not in best or rank > best[row[:2]][0]):
            best[row[:2]] = (rank, row)
    kept = [row for row in rows if None in row[:2]] if null_keys == "keep" else []
    return sorted([row for _, row in best.values()] + kept, key=str)


def rows_of(frame):
    return sorted((tuple(row) for row in frame.collect()), key=str)


@pytest.mark.parametrize("null_keys", ["keep", "drop"])
def test_equal_to_a_dictionary(spark, tmp_path, null_keys):
    rows = made_up(seed=1)
    spark.createDataFrame(rows, SCHEMA).repartition(3).write.parquet(f"{tmp_path}/in")
    for _ in range(2):
        counts = job.run(spark, options(tmp_path, "--null-keys", null_keys))
    wanted = by_hand(rows, null_keys)
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == wanted
    assert (counts["rows_read"], counts["rows_written"]) == (200, len(wanted))
    assert counts["dropped"] == 200 - len(wanted)


def test_assumptions(spark, tmp_path):
    spark.createDataFrame(made_up(seed=2), SCHEMA).write.parquet(f"{tmp_path}/in")
    with pytest.raises(job.AssumptionFailed, match="have no value in id, part"):
        job.run(spark, options(tmp_path, "--null-keys", "fail"))
    assert not (tmp_path / "out").exists()
    with pytest.raises(job.AssumptionFailed, match="more than --most-duplicates"):
        job.run(spark, options(tmp_path, "--most-duplicates", "0.1"))


def test_nothing_at_all(spark, tmp_path):
    spark.createDataFrame([], SCHEMA).write.parquet(f"{tmp_path}/in")
    assert job.run(spark, options(tmp_path))["rows_written"] == 0


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=3)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnRenamed("at", defaults.order_column)
    frame = frame.selectExpr(*[f"id || part AS {key}" for key in defaults.keys], "*")
    frame.createOrReplaceTempView("rows")
    text = (JOBS / "deduplication.sql").read_text()
    order = ["id", "part", defaults.order_column, "value"]
    found = spark.sql(text, args={"since": "2000-01-01"}).select(*order)
    assert rows_of(found) == by_hand(rows, "drop")
    late = datetime(2026, 1, 1, 3)
    recent = [row for row in rows if row[2] is None or row[2] >= late]
    assert rows_of(spark.sql(text, args={"since": str(late)}).select(*order)) == by_hand(recent, "drop")
