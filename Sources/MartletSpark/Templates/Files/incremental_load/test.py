"""Tests of jobs/incremental_load.py on real Spark, beside a dictionary in Python."""

import os
import random
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import incremental_load as job  # noqa: E402

SCHEMA = "id STRING, part INT, event_time TIMESTAMP, updated_at TIMESTAMP, value STRING"
START = datetime(2026, 3, 1)


# @include testing


def options(folder, *more):
    return job.options_of([
        "--source", f"{folder}/source", "--target", f"{folder}/target", "--keys", "id,part",
        "--watermark-column", "updated_at", "--event-column", "event_time", "--partition-column", "day",
        "--overlap", "2d", "--strategy", "partitions", "--max-partitions", "50", "--timezone", "UTC", *more,
    ])


def publish(spark, folder, rows, schema=SCHEMA):
    spark.createDataFrame(rows, schema).coalesce(1).write.mode("overwrite").parquet(f"{folder}/source")


def loaded(spark, folder):
    frame = spark.read.parquet(f"{folder}/target")
    return sorted(tuple(row) for row in frame.selectExpr("id", "part", "event_time", "updated_at", "value").collect())


def newest(rows):
    """By brute force: the row of each key that was changed last; of equal ones the greatest by event time and value."""
    best = {}
    for row in sorted(rows, key=lambda row: (row[3], row[2], row[4])):
        best[row[:2]] = row
    return sorted(best.values())


def rounds(seed):
    """Versions of rows as they become known, day after day; some a day late, some of another event day."""
    chance = random.Random(seed)
    known, result = [], []
    for day in range(3):
        for _ in range(40):
            late = timedelta(hours=chance.randint(1, 24)) if chance.random() < 0.2 else timedelta()
            changed = START + timedelta(days=10 + day, hours=chance.randint(0, 23)) - late
            event = START + timedelta(days=chance.randint(0, 2), hours=chance.randint(0, 23))
            known.append((f"e{chance.randint(0, 30)}", chance.randint(0, 1), event, changed, chance.choice("abcd")))
        result.append((START + timedelta(days=11 + day), list(known)))
    return result


def test_every_load_leaves_the_newest_of_each_key(spark, tmp_path):
    for until, rows in rounds(seed=1):
        publish(spark, tmp_path, rows)
        counts = job.run(spark, options(tmp_path, "--until", str(until)))
        assert loaded(spark, tmp_path) == newest(rows)
        assert counts["rows_changed"] <= len(rows)
    again = job.run(spark, options(tmp_path, "--until", str(until)))
    assert again["rows_changed"] < len(newest(rows)), "a load takes only what is new, and the overlap"
    assert loaded(spark, tmp_path) == newest(rows)


@pytest.mark.parametrize("broken", ["half of the partitions", "before the note", "a partition is gone"])
def test_a_killed_load_is_done_again(spark, tmp_path, monkeypatch, broken):
    write = job.write_partitions

    def write_half(rows, o):
        days = sorted(row[0] for row in rows.select("day").distinct().collect())
        write(rows.where(rows.day.isin(days[len(days) // 2:])), o)
        raise KeyboardInterrupt

    def write_without(rows, o):
        # Spark removes a partition's folder, and then moves the new one in: killed between the two.
        for place in (tmp_path / "target").glob("day=*"):
            shutil.rmtree(place)
            raise KeyboardInterrupt

    note = job.note

    def die_when_done(spark, o, what):
        if what[0] == "done":
            raise KeyboardInterrupt
        note(spark, o, what)

    kills = {
        "half of the partitions": ("write_partitions", write_half),
        "before the note": ("note", die_when_done),
        "a partition is gone": ("write_partitions", write_without),
    }
    for number, (until, rows) in enumerate(rounds(seed=2)[:2]):
        publish(spark, tmp_path, rows)
        if number == 0:
            job.run(spark, options(tmp_path, "--until", str(until)))
            continue
        with monkeypatch.context() as patch:
            patch.setattr(job, *kills[broken])
            with pytest.raises(KeyboardInterrupt):
                job.run(spark, options(tmp_path, "--until", str(until)))
        job.run(spark, options(tmp_path, "--until", str(until)))
        assert loaded(spark, tmp_path) == newest(rows)


def test_a_partition_that_all_rows_leave_is_emptied(spark, tmp_path):
    first = ("e1", 0, START, START, "a")
    publish(spark, tmp_path, [first])
    job.run(spark, options(tmp_path))
    moved = ("e1", 0, START + timedelta(days=3), START + timedelta(hours=1), "b")
    publish(spark, tmp_path, [first, moved])
    job.run(spark, options(tmp_path))
    assert loaded(spark, tmp_path) == [moved]


def test_a_time_in_the_future_does_not_move_the_watermark(spark, tmp_path):
    rows = [("e1", 0, START, START, "a"), ("e2", 0, START, datetime(2200, 1, 1), "b")]
    publish(spark, tmp_path, rows)
    counts = job.run(spark, options(tmp_path, "--until", "2026-06-01"))
    assert (counts["rows_from_the_future"], loaded(spark, tmp_path)) == (1, rows[:1])
    rows.append(("e3", 0, START, START + timedelta(days=1), "c"))
    publish(spark, tmp_path, rows)
    job.run(spark, options(tmp_path, "--until", "2026-06-01"))
    assert [row[0] for row in loaded(spark, tmp_path)] == ["e1", "e3"]


@pytest.mark.parametrize("place", [0, 2, 3])
def test_rows_without_key_or_time_stop_the_load(spark, tmp_path, place):
    row = ["e1", 0, START, START, "a"]
    row[place] = None
    publish(spark, tmp_path, [tuple(row), ("e2", 0, START, START, "b")])
    assert job.execute(job.run, options(tmp_path)) == 1
    assert not (tmp_path / "target").exists()


def test_a_new_column_is_an_error_or_added(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    job.run(spark, options(tmp_path))
    day = START + timedelta(days=1)
    publish(spark, tmp_path, [("e2", 0, day, day, "b", 7)], SCHEMA + ", more INT")
    with pytest.raises(job.AssumptionFailed, match="more"):
        job.run(spark, options(tmp_path))
    job.run(spark, options(tmp_path, "--schema-drift", "add"))
    rows = spark.read.option("mergeSchema", "true").parquet(f"{tmp_path}/target").select("id", "more").collect()
    assert sorted((row.id, row.more) for row in rows) == [("e1", None), ("e2", 7)]
    publish(spark, tmp_path, [("e3", 0, day, day, "b", "text")], SCHEMA + ", more STRING")
    with pytest.raises(job.AssumptionFailed, match="more is string in the source and int in the target"):
        job.run(spark, options(tmp_path, "--schema-drift", "add"))


def test_nothing_to_load(spark, tmp_path):
    publish(spark, tmp_path, [])
    assert job.run(spark, options(tmp_path))["rows_changed"] == 0


def test_a_lost_target_is_noticed(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    job.run(spark, options(tmp_path))
    (tmp_path / "target").rename(tmp_path / "elsewhere")
    with pytest.raises(job.AssumptionFailed, match="gone"):
        job.run(spark, options(tmp_path))


def test_merge_is_for_table_formats(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    spark.sql("DROP TABLE IF EXISTS loaded_files")
    spark.sql(f"CREATE TABLE loaded_files ({SCHEMA}, day DATE) USING parquet LOCATION '{tmp_path}/plain'")
    # Spark understands the statement, and says that files cannot be merged into.
    with pytest.raises(PySparkException, match="does not support MERGE"):
        more = ["--strategy", "merge", "--target", "loaded_files", "--log", f"{tmp_path}/log"]
        job.run(spark, options(tmp_path, *more))
    spark.sql("DROP TABLE loaded_files")
