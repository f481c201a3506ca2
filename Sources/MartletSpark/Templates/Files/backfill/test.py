"""Tests of jobs/backfill.py on real Spark, beside a loop in Python. Change them together with `transform`."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import backfill as job  # noqa: E402

SCHEMA = "user STRING, at TIMESTAMP, amount INT"


# @include testing


def options(folder, *more):
    return job.options_of([
        "--source", f"{folder}/in", "--output", f"{folder}/out", "--keys", "user", "--time", "at", "--value", "amount",
        "--partition-column", "day", "--batch-days", "2", "--lookback", "0d", "--timezone", "UTC",
        "--from", "2026-01-02", "--to", "2026-01-07", *more,
    ])


def made_up(seed, without=()):
    """Eight days, on each hour of which something may happen: midnight on both sides of a day too."""
    chance = random.Random(seed)
    times = [datetime(2026, 1, 1) + timedelta(hours=number) for number in range(8 * 24)]
    rows = [(chance.choice("abc"), chance.choice(times), chance.choice([1, 2, 5, None])) for _ in range(300)]
    return [row for row in rows if row[1].day not in without]


def by_hand(rows, days):
    groups = {}
    for user, at, amount in rows:
        if at.day in days:
            groups.setdefault((user, f"2026-01-{at.day:02}"), []).append(amount)
    result = []
    for (user, day), amounts in groups.items():
        known = [amount for amount in amounts if amount is not None]
        result.append((user, day, len(amounts), sum(known) if known else None, max(known, default=None)))
    return sorted(result)


def rows_of(spark, folder):
    frame = spark.read.parquet(f"{folder}/out").selectExpr(
        "user", "cast(day AS STRING)", "events", "amount_sum", "amount_max"
    )
    return sorted(tuple(row) for row in frame.collect())


def publish(spark, folder, rows):
    spark.createDataFrame(rows, SCHEMA).coalesce(1).write.mode("overwrite").parquet(f"{folder}/in")


def test_equal_to_a_loop_and_again(spark, tmp_path):
    rows = made_up(seed=1)
    publish(spark, tmp_path, rows)
    counts = job.run(spark, options(tmp_path))
    wanted = by_hand(rows, range(2, 7))
    assert rows_of(spark, tmp_path) == wanted
    assert counts == {"days": 5, "days_done_before": 0, "days_without_rows": 0, "rows_written": len(wanted)}
    assert job.run(spark, options(tmp_path))["days_done_before"] == 5
    # A source that changed, for a part of the days: the others keep what they have, a day without rows is emptied.
    changed = made_up(seed=2, without=[4])
    publish(spark, tmp_path, changed)
    again = job.run(spark, options(tmp_path, "--redo", "--from", "2026-01-03", "--to", "2026-01-06"))
    assert again["days_without_rows"] == 1
    assert rows_of(spark, tmp_path) == sorted(by_hand(rows, [2, 6]) + by_hand(changed, [3, 5]))


def test_a_killed_backfill_goes_on(spark, tmp_path, monkeypatch):
    rows = made_up(seed=3)
    publish(spark, tmp_path, rows)
    write, batches = job.write, []

    def die_in_the_second(result, o):
        batches.append(1)
        write(result, o)
        if len(batches) == 2:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(job, "write", die_in_the_second)
        with pytest.raises(KeyboardInterrupt):
            job.run(spark, options(tmp_path))
    counts = job.run(spark, options(tmp_path))
    assert counts["days_done_before"] == 2
    assert rows_of(spark, tmp_path) == by_hand(rows, range(2, 7))


def test_another_version_does_days_again(spark, tmp_path, monkeypatch):
    rows = made_up(seed=4)
    publish(spark, tmp_path, rows)
    short = ["--from", "2026-01-02", "--to", "2026-01-04"]
    job.run(spark, options(tmp_path, *short))
    transform = job.transform
    monkeypatch.setattr(job, "transform", lambda rows, o: transform(rows.where("user <> 'a'"), o))
    assert job.run(spark, options(tmp_path, *short, "--version", "2"))["days_done_before"] == 0
    assert rows_of(spark, tmp_path) == by_hand([row for row in rows if row[0] != "a"], [2, 3])


def test_days_of_the_zone(spark, tmp_path):
    rows = [("a", datetime(2026, 1, 2, 3), 1), ("a", datetime(2026, 1, 2, 5), 2)]
    publish(spark, tmp_path, rows)
    o = options(tmp_path, "--timezone", "America/New_York", "--from", "2026-01-02", "--to", "2026-01-03")
    assert job.execute(job.run, o) == 0
    # Three in UTC is ten in the evening of the day before.
    assert rows_of(spark, tmp_path) == [("a", "2026-01-02", 1, 2, 2)]


def test_assumptions(spark, tmp_path):
    publish(spark, tmp_path, made_up(seed=5, without=[3]))
    with pytest.raises(job.AssumptionFailed, match="1 days have no row: 2026-01-03"):
        job.run(spark, options(tmp_path, "--fail-on-empty"))
    with pytest.raises(job.AssumptionFailed, match="there is no day"):
        job.run(spark, options(tmp_path, "--to", "2026-01-02"))
