// Made by Files/embed.py from Files/compaction: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let compaction = SparkTemplate(
        name: "compaction",
        summary: "Rewrite partitions of many small files as few large ones, checked row for row",
        useWhen: "Reads are slow because partitions are hundreds of small files, as streams and hourly loads leave them.",
        avoidWhen: "The table format does it (OPTIMIZE, rewrite_data_files), or something writes to the same partitions.",
        parameters: [
            SparkTemplateParameter(
                name: "target", kind: .path,
                defaultValue: "data/events_loaded",
                summary: "the partitioned folder that is compacted in place"
            ),
            SparkTemplateParameter(
                name: "partition_columns", kind: .columns,
                defaultValue: "event_date",
                summary: "its partition columns, in order"
            ),
            SparkTemplateParameter(
                name: "file_mb", kind: .integer(1...10240),
                defaultValue: "256",
                summary: "the size of a file that is aimed at, in MB"
            ),
            SparkTemplateParameter(
                name: "most_small", kind: .integer(1...100000),
                defaultValue: "4",
                summary: "a partition with more small files than this is rewritten"
            ),
            SparkTemplateParameter(
                name: "settle", kind: .duration,
                defaultValue: "6h",
                summary: "a partition with a file younger than this is left alone"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/compaction.py", purpose: "the job, for PySpark", text: #"""
"""Rewrites partitions that are many small files as few large ones, in place, and checks that no row changed.

Only partitions are touched that have many small files and that nothing has written to for a while. Spark writes the
new files beside the folder and moves whole partitions in at the end.
"""

import argparse
import contextlib
import json
import os
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


class AssumptionFailed(Exception):
    """The data is not as the job needs it; nothing more is written, and the exit code is 1."""


def read(spark, place, form="parquet"):
    """A folder or file when `place` has a slash or a scheme, else a table or view."""
    if "/" in place or ":" in place:
        return spark.read.format(form).load(place)
    return spark.table(place)


def read_if_there(spark, place, form="parquet", schema=None):
    """As `read`; None when there is nothing yet."""
    try:
        if schema:
            frame = spark.read.format(form).schema(schema).load(place)
        elif form == "parquet":
            # Files written before a column was added do not have it.
            frame = spark.read.option("mergeSchema", "true").parquet(place)
        else:
            frame = read(spark, place, form)
        frame.schema  # Spark Connect looks at the files only when asked.
        return frame
    except AnalysisException as error:
        condition = error.getCondition() if hasattr(error, "getCondition") else error.getErrorClass()
        if condition in ("PATH_NOT_FOUND", "TABLE_OR_VIEW_NOT_FOUND", "UNABLE_TO_INFER_SCHEMA"):
            return None
        raise


def names(text):
    """The names in a list separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


def seconds(text):
    """The seconds in a duration such as 90s, 30m, 36h, 7d or 2w; a day is always 24 hours."""
    units = {"s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
    if not text[:-1].isdigit() or text[-1] not in units:
        raise argparse.ArgumentTypeError(f"{text!r} is no duration such as 90s, 30m, 36h, 7d or 2w")
    return int(text[:-1]) * units[text[-1]]


def need_columns(frame, columns, what):
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise AssumptionFailed(f"{what} has no column {', '.join(missing)}; it has {', '.join(frame.columns)}")


@contextlib.contextmanager
def settings(spark, values):
    """Settings of the session for a while; a session may be shared."""
    before = {key: spark.conf.get(key) for key in values}
    for key, value in values.items():
        spark.conf.set(key, value)
    try:
        yield
    finally:
        for key, value in before.items():
            spark.conf.set(key, value)


def tell(counts):
    """Prints the figures, and hands them to Martlet when it runs the job."""
    for name, value in counts.items():
        print(f"{name}={value}", flush=True)
    if os.environ.get("MARTLET_MESSAGES"):
        with open(os.environ["MARTLET_MESSAGES"], "a") as messages:
            for name, value in counts.items():
                if isinstance(value, (int, float)):
                    print(json.dumps({"type": "metric", "name": name, "value": value}), file=messages)


def execute(run, options):
    """Runs the job in the session that spark-submit or SPARK_REMOTE chose; the exit code."""
    spark = SparkSession.builder.getOrCreate()
    # Times without a zone mean the same on every machine.
    with settings(spark, {"spark.sql.session.timeZone": options.timezone}):
        try:
            tell(run(spark, options))
        except AssumptionFailed as failure:
            print(f"failed: {failure}", file=sys.stderr)
            return 1
    return 0


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="@{target}")
    parser.add_argument("--partition-columns", type=names, default="@{partition_columns}")
    parser.add_argument("--file-bytes", type=int, default=@{file_mb} * 1_000_000)
    parser.add_argument("--most-small", type=int, default=@{most_small})
    parser.add_argument("--settle", type=seconds, default="@{settle}")
    parser.add_argument("--sort", type=names, default="", help="columns to sort by within files, for better reading")
    parser.add_argument("--most-partitions", type=int, default=1000, help="of one run; the worst go first")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    # Written values such as 007 must not come back as numbers.
    with settings(spark, {"spark.sql.sources.partitionColumnTypeInference.enabled": "false"}):
        return compact(spark, o)


def compact(spark, o):
    target = read_if_there(spark, o.target)
    if target is None:
        raise AssumptionFailed(f"there is nothing in {o.target}")
    need_columns(target, o.partition_columns, o.target)
    chosen = worst_partitions(target, o)
    counts = {
        "partitions": len(chosen),
        "files_before": sum(row._files for row in chosen),
        "bytes_before": sum(row._bytes for row in chosen),
        "files_after": 0,
        "rows": 0,
    }
    if not chosen or o.dry_run:
        return counts
    before = fingerprints(target, chosen, o)
    write(target, chosen, o)
    after = fingerprints(read_if_there(spark, o.target), chosen, o)
    if before != after:
        wrong = [key for key in before if before[key] != after.get(key)]
        raise AssumptionFailed(f"rows of {len(wrong)} partitions changed while they were rewritten: {wrong[:3]}")
    counts["rows"] = sum(rows for rows, _ in after.values())
    left = files_of(read_if_there(spark, o.target), o).join(keys_of(spark, chosen, o), o.partition_columns)
    counts["files_after"] = left.count()
    return counts


def files_of(target, o):
    """Size and age of each file. The hidden column is filled without reading rows of others."""
    file = target.select(
        *o.partition_columns,
        F.col("_metadata.file_path").alias("_path"),
        F.col("_metadata.file_size").alias("_size"),
        F.col("_metadata.file_modification_time").alias("_written"),
    )
    return file.distinct()


def worst_partitions(target, o):
    """Partitions with too many small files that have settled: `_files`, `_bytes`, most files first."""
    is_small = F.col("_size") < o.file_bytes / 2
    settled = F.max("_written") < F.current_timestamp() - F.make_dt_interval(secs=F.lit(o.settle))
    found = files_of(target, o).groupBy(*o.partition_columns).agg(
        F.count("*").alias("_files"),
        F.sum("_size").alias("_bytes"),
        F.count_if(is_small).alias("_small"),
        settled.alias("_settled"),
    )
    found = found.where(f"_small > {o.most_small} AND _settled").orderBy(F.desc("_small"), *o.partition_columns)
    return found.limit(o.most_partitions).collect()


def keys_of(spark, chosen, o):
    rows = [tuple(row[column] for column in o.partition_columns) for row in chosen]
    return F.broadcast(spark.createDataFrame(rows, ", ".join(f"`{name}` STRING" for name in o.partition_columns)))


def rows_in(target, chosen, o):
    """The rows of the chosen partitions; a filter of values lets Spark read only their files."""
    within = F.lit(False)
    for row in chosen:
        same = F.lit(True)
        for column in o.partition_columns:
            same = same & F.col(column).eqNullSafe(F.lit(row[column]))
        within = within | same
    return target.where(within)


def fingerprints(target, chosen, o):
    """Rows, and a sum of hashes that is the same in any order, of each chosen partition."""
    rows = rows_in(target, chosen, o).withColumn("_hash", F.xxhash64(F.to_json(F.struct(*sorted(target.columns)))))
    # Halves of the hash, so that the sum cannot overflow.
    halves = [F.sum(F.shiftrightunsigned("_hash", 32)), F.sum(F.col("_hash").bitwiseAND(F.lit(0xFFFFFFFF)))]
    found = rows.groupBy(*o.partition_columns).agg(F.count("*").alias("_rows"), F.array(*halves).alias("_sums"))
    return {tuple(row[c] for c in o.partition_columns): (row._rows, tuple(row._sums)) for row in found.collect()}


def write(target, chosen, o):
    """One task for a partition, which begins a new file after as many rows as fit."""
    rows = rows_in(target, chosen, o)
    total = rows.count()
    size = sum(row._bytes for row in chosen)
    per_file = max(1, int(total * o.file_bytes / max(size, 1)))
    shuffled = rows.repartition(*o.partition_columns)
    shuffled = shuffled.sortWithinPartitions(*o.partition_columns, *o.sort)
    writer = shuffled.write.mode("overwrite").option("partitionOverwriteMode", "dynamic")
    writer.option("maxRecordsPerFile", per_file).partitionBy(*o.partition_columns).parquet(o.target)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "tests/test_compaction.py", purpose: "its test on real Spark", text: #"""
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


@pytest.fixture(scope="session")
def spark():
    """Spark with two tasks at a time; one session for all tests, or the server that SPARK_REMOTE names."""
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder
    if "SPARK_REMOTE" not in os.environ:
        # Compiling for speed takes longer than tests of a few rows run.
        java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        builder = builder.master("local[2]").config("spark.driver.memory", "1g").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false").config("spark.driver.extraJavaOptions", java)
    session = builder.getOrCreate()
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set("spark.sql.shuffle.partitions", "2")
    session.conf.set("spark.sql.codegen.wholeStage", "false")
    return session


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

"""#),
            File(path: "pipelines/compaction.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/compaction.py with spark-submit, when nothing else writes.
pipeline: compaction
description: "Rewrite partitions of many small files in @{target}"
schedule: { cron: "30 3 * * *", timezone: "@{timezone}", catchup: false }
defaults: { retries: 1, timeout: 4h }
steps:
  - id: compact
    spark:
      script: jobs/compaction.py
      args: ["--target", "@{target}", "--settle", "@{settle}"]

"""#),
            File(path: "jobs/compaction.md", purpose: "when to use it, and what it minds", text: #"""
# compaction

Rewrites partitions of many small files as few large ones, in place, and checks that no row changed.

## Use it when

Reads are slow because partitions are hundreds of small files, as streams and hourly loads leave them.

## Do not use it when

- The table format does it itself (`OPTIMIZE`, `rewrite_data_files`): it knows its own files.
- Something writes to the same partitions at the same time: what it adds would be lost.
- The folder has no partitions: write it anew elsewhere.

## How it works

Sizes and times of files come from Spark's `_metadata`. A partition is rewritten when it has more than `@{most_small}` files
smaller than half of `@{file_mb}` MB, and no file younger than `@{settle}`. One task reads and writes each partition. Rows and
a sum of their hashes are compared before and after.

## What it minds

| Danger | What happens |
|---|---|
| a writer at work | partitions with young files are left alone; run it on a branch of the lake to be sure |
| killed while partitions are moved | Spark removes an old partition before it moves the new one in: one may then be only under `.spark-staging-...` in the folder. Run it on a branch of the lake, or be ready to move it back |
| rows lost, doubled or changed | the job fails; the lake's last commit has the old files |
| partitions such as `007` | stay text |
| columns that only some files have | are read from all files, and written to all |
| no partition is bad | nothing is written |
| one enormous partition | one task rewrites it, in a stream; give it time |
| too many partitions | `--most-partitions` a run, those with the most small files first |
| `--dry-run` | says what would be done |

## Parameters

| Name | Default | What for |
|---|---|---|
| `target` | `@{target}` | the partitioned folder that is compacted in place |
| `partition_columns` | `@{partition_columns}` | its partition columns, in order |
| `file_mb` | `@{file_mb}` | the size of a file that is aimed at, in MB |
| `most_small` | `@{most_small}` | a partition with more small files than this is rewritten |
| `settle` | `@{settle}` | a partition with a file younger than this is left alone |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `partitions`, `files_before`, `bytes_before`, `files_after`, `rows`.

"""#),
        ]
    )
}
