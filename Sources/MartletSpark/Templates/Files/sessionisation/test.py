"""Tests of jobs/sessionisation.py and .sql on real Spark, beside a loop in Python and Spark's own session windows."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import sessionisation as job  # noqa: E402

SCHEMA = "user STRING, device INT, at TIMESTAMP, page STRING"
GAP = timedelta(minutes=30)


# @include testing


def options(*more):
    return job.options_of(["--keys", "user,device", "--time", "at", "--gap", "30m", "--timezone", "UTC", *more])


def made_up(seed, count=150):
    """Pauses of a bit less than the gap, of exactly the gap, and of none at all."""
    chance = random.Random(seed)
    now = {}
    rows = []
    for number in range(count):
        key = (chance.choice("abc"), chance.randint(0, 1))
        pause = chance.choice([0, 1, 600, 1799.999999, 1800, 1800.000001, 5000])
        now[key] = now.get(key, datetime(2026, 1, 1, 23)) + timedelta(seconds=pause)
        rows.append((*key, now[key], f"p{number}"))
    chance.shuffle(rows)
    return rows


def by_hand(rows):
    """(user, device, number, start, end, events) of each session."""
    sessions = {}
    for row in sorted(rows, key=lambda row: row[2]):
        of_key = sessions.setdefault(row[:2], [])
        if of_key and row[2] - of_key[-1][-1] <= GAP:
            of_key[-1].append(row[2])
        else:
            of_key.append([row[2]])
    return sorted(
        (*key, number, times[0], times[-1], len(times))
        for key, of_key in sessions.items() for number, times in enumerate(of_key, 1)
    )


COLUMNS = ["user", "device", "session_number", "session_start", "session_end", "events"]


def rows_of(frame):
    return sorted(tuple(row) for row in frame.select(*COLUMNS).collect())


def test_equal_to_a_loop_and_to_session_windows(spark):
    rows = made_up(seed=1)
    events = spark.createDataFrame(rows, SCHEMA)
    found = rows_of(job.sessions_of(job.with_sessions(events, options()), options()))
    assert found == by_hand(rows)
    windows = events.groupBy("user", "device", F.session_window("at", "30 minutes").alias("w")).count()
    theirs = sorted(tuple(row) for row in windows.select("user", "device", "w.start", "count").collect())
    assert [(row[0], row[1], row[3], row[5]) for row in found] == theirs


def test_ids_are_unique_and_stay(spark):
    rows = sorted(made_up(seed=2), key=lambda row: row[2])

    def ids(rows):
        marked = job.with_sessions(spark.createDataFrame(rows, SCHEMA), options()).collect()
        return {row.page: (row.session_id, row.session_start) for row in marked}

    early, all_ids = ids(rows[:75][::-1]), ids(rows)
    assert all(all_ids[page] == known for page, known in early.items())
    assert len({known[0] for known in all_ids.values()}) == len(by_hand(rows))


def test_the_whole_job(spark, tmp_path):
    rows = made_up(seed=3)
    spark.createDataFrame([*rows, (None, 1, rows[0][2], "x")], SCHEMA).write.parquet(f"{tmp_path}/in")
    o = options("--events", f"{tmp_path}/in", "--output", f"{tmp_path}/out")
    for _ in range(2):
        counts = job.run(spark, o)
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == by_hand(rows)
    assert counts == {"events": len(rows) + 1, "events_left_out": 1, "sessions": len(by_hand(rows))}
    with pytest.raises(job.AssumptionFailed, match="1 of 151 events have no value"):
        job.run(spark, options("--events", f"{tmp_path}/in", "--most-without", "0"))


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=4)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnRenamed("at", defaults.time)
    frame.selectExpr("*", *[f"user || device AS {key}" for key in defaults.keys]).createOrReplaceTempView("events")
    found = spark.sql((JOBS / "sessionisation.sql").read_text(), args={"gap_seconds": 1800})
    wanted = sorted((row[0] + str(row[1]), *row[2:]) for row in by_hand(rows))
    assert sorted(tuple(row) for row in found.select(defaults.keys[0], *COLUMNS[2:]).collect()) == wanted
