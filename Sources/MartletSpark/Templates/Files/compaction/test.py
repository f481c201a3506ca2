"""Tests of jobs/compaction.py on real Spark, beside the files themselves."""

import os
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import compaction as job  # noqa: E402

SCHEMA = "id INT, text STRING, tags MAP<STRING, INT>, day STRING, hour STRING"


# @include testing


def options(folder, *more):
    return job.options_of([
        "--target", f"{folder}/t", "--partition-columns", "day,hour", "--most-small", "2", "--settle", "1h",
        "--file-bytes", "100000", "--timezone", "UTC", *more,
    ])


def files(folder):
    """Names of files by partition."""
    return {
        str(place.relative_to(folder / "t")): sorted(file.name for file in place.glob("*.parquet"))
        for place in sorted(folder.glob("t/day=*/hour=*"))
    }


def make(spark, folder, age=7200):
    """One partition of many small files, one of two; hours are text that looks like numbers."""
    rows = [(n, f"text {n % 7}" if n % 5 else None, {"n": n}, "2026-01-01", "07") for n in range(60)]
    few = [(n, "x", None, "2026-01-01", "08") for n in range(10)]
    frame = spark.createDataFrame(rows, SCHEMA).repartition(6)
    frame.write.partitionBy("day", "hour").parquet(f"{folder}/t")
    frame = spark.createDataFrame(few, SCHEMA).repartition(2)
    frame.write.mode("append").partitionBy("day", "hour").parquet(f"{folder}/t")
    for file in folder.glob("t/*/*/*"):
        os.utime(file, (time.time() - age,) * 2)
    return Counter(map(str, rows + few))


def rows_of(spark, folder):
    # The schema is given, or hours would be read as numbers.
    frame = spark.read.schema(SCHEMA).parquet(f"{folder}/t")
    return Counter(str(tuple(row)) for row in frame.collect())


def test_only_the_partition_of_many_files_is_rewritten(spark, tmp_path):
    wanted = make(spark, tmp_path)
    before = files(tmp_path)
    planned = job.run(spark, options(tmp_path, "--dry-run"))
    assert (planned["partitions"], planned["files_before"], files(tmp_path)) == (1, 6, before)
    counts = job.run(spark, options(tmp_path))
    assert (counts["files_before"], counts["files_after"], counts["rows"]) == (6, 1, 60)
    after = files(tmp_path)
    assert len(after["day=2026-01-01/hour=07"]) == 1
    assert after["day=2026-01-01/hour=08"] == before["day=2026-01-01/hour=08"]
    assert rows_of(spark, tmp_path) == wanted
    assert job.run(spark, options(tmp_path, "--settle", "0s"))["partitions"] == 0, "there is nothing left to do"


def test_files_are_of_the_size_that_is_aimed_at(spark, tmp_path):
    wanted = make(spark, tmp_path)
    size = sum(file.stat().st_size for file in tmp_path.glob("t/day=2026-01-01/hour=07/*.parquet"))
    counts = job.run(spark, options(tmp_path, "--file-bytes", str(size // 2 + 1), "--sort", "id"))
    assert counts["files_after"] == 2
    assert rows_of(spark, tmp_path) == wanted


def test_what_was_just_written_is_left_alone(spark, tmp_path):
    make(spark, tmp_path, age=60)
    before = files(tmp_path)
    assert job.run(spark, options(tmp_path))["partitions"] == 0
    assert files(tmp_path) == before


def test_changed_rows_are_noticed(spark, tmp_path, monkeypatch):
    make(spark, tmp_path)
    write = job.write
    monkeypatch.setattr(job, "write", lambda target, chosen, o: write(target.where("id <> 3"), chosen, o))
    assert job.execute(job.run, options(tmp_path)) == 1
    with pytest.raises(job.AssumptionFailed, match="nothing in"):
        job.run(spark, options(tmp_path / "no"))
