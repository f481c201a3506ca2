// Made by Files/embed.py from Files/backfill: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let backfill = SparkTemplate(
        name: "backfill",
        summary: "Compute days again in batches, each replacing its partition, going on where it was stopped",
        useWhen: "Months of a partitioned table must be computed again, because code, source or definition changed.",
        avoidWhen: "Only rows that changed are to be loaded (incremental_load), or all of it is one small job.",
        parameters: [
            SparkTemplateParameter(
                name: "source", kind: .place,
                defaultValue: "data/events",
                summary: "the rows that days are computed from: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/daily_features",
                summary: "the folder with a partition for each day"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "user_id",
                summary: "columns that a day's rows are about"
            ),
            SparkTemplateParameter(
                name: "time", kind: .column,
                defaultValue: "event_time",
                summary: "the time whose day counts"
            ),
            SparkTemplateParameter(
                name: "value", kind: .column,
                defaultValue: "amount",
                summary: "the number that the example computes with"
            ),
            SparkTemplateParameter(
                name: "partition_column", kind: .column,
                defaultValue: "day",
                summary: "the partition column of the output"
            ),
            SparkTemplateParameter(
                name: "batch_days", kind: .integer(1...3660),
                defaultValue: "7",
                summary: "days that are computed together"
            ),
            SparkTemplateParameter(
                name: "lookback", kind: .duration,
                defaultValue: "0d",
                summary: "how far before its first day a batch reads"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of days"
            ),
        ],
        files: [
            File(path: "jobs/backfill.py", purpose: "the job, for PySpark", text: #"""
"""Computes days again, a batch at a time; each day's partition is replaced, and a stopped backfill goes on.

What is computed is `transform` below: make it yours. A log that only grows says which days are done by which version
of it; they are skipped when the job is started again.
"""

import argparse
import contextlib
import json
import os
import sys
from datetime import date, datetime, timedelta, timezone

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

LOG_SCHEMA = "finished_at STRING, version STRING, days ARRAY<STRING>, rows BIGINT"


def transform(rows, o):
    """The rows of the output, from those of one batch of days (and of the lookback before it).

    `rows` has the partition column already. Rows of days that are not in the batch are dropped afterwards.
    """
    return rows.groupBy(*o.keys, o.partition_column).agg(
        F.count("*").alias("events"),
        F.sum(o.value).alias(f"{o.value}_sum"),
        F.max(o.value).alias(f"{o.value}_max"),
    )


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
    parser.add_argument("--source", default="@{source}")
    parser.add_argument("--format", default="parquet", help="of a folder that is read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--log", help="folder of the log of days; the output's name and _days without it")
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--time", default="@{time}")
    parser.add_argument("--value", default="@{value}")
    parser.add_argument("--partition-column", default="@{partition_column}")
    parser.add_argument("--from", dest="start", type=date.fromisoformat, required=True, help="the first day")
    parser.add_argument("--to", dest="end", type=date.fromisoformat, required=True, help="the day after the last")
    parser.add_argument("--batch-days", type=int, default=@{batch_days})
    parser.add_argument("--lookback", type=seconds, default="@{lookback}")
    parser.add_argument("--version", default="1", help="of the transformation; days done by another one are done again")
    parser.add_argument("--redo", action="store_true", help="also days that are done")
    parser.add_argument("--fail-on-empty", action="store_true", help="fail when a day has no row")
    parser.add_argument("--timezone", default="@{timezone}")
    options = parser.parse_args(arguments)
    options.log = options.log or options.output.rstrip("/") + "_days"
    return options


def run(spark, o):
    # Days are compared as text, whatever a reader would make of them.
    with settings(spark, {"spark.sql.sources.partitionColumnTypeInference.enabled": "false"}):
        return backfill(spark, o)


def backfill(spark, o):
    if o.end <= o.start or o.batch_days < 1:
        raise AssumptionFailed(f"there is no day from {o.start} to {o.end}, or no day in a batch")
    source = read(spark, o.source, o.format)
    need_columns(source, [*o.keys, o.time], "the source")
    days = [str(o.start + timedelta(days=number)) for number in range((o.end - o.start).days)]
    done = set() if o.redo else days_done(spark, o)
    todo = [day for day in days if day not in done]
    counts = {"days": len(days), "days_done_before": len(days) - len(todo), "days_without_rows": 0, "rows_written": 0}
    for first in range(0, len(todo), o.batch_days):
        batch = todo[first:first + o.batch_days]
        rows, empty = compute(spark, source, batch, o)
        counts["rows_written"] += rows
        counts["days_without_rows"] += len(empty)
        note(spark, batch, rows, o)
        print(f"{batch[0]} to {batch[-1]}: {rows} rows", flush=True)
    return counts


def days_done(spark, o):
    """The days that this version has finished."""
    log = read_if_there(spark, o.log, "json", LOG_SCHEMA)
    if log is None:
        return set()
    found = log.where(F.col("version") == o.version).select(F.explode("days").alias("day")).distinct()
    return {row.day for row in found.collect()}


def note(spark, batch, rows, o):
    """The last thing that a batch does. Appending leaves either the whole note or none."""
    now = datetime.now(timezone.utc).isoformat(timespec="seconds")
    frame = spark.createDataFrame([(now, o.version, batch, rows)], LOG_SCHEMA)
    frame.coalesce(1).write.mode("append").json(o.log)


def compute(spark, source, batch, o):
    """Replaces the partitions of `batch`; how many rows they have, and the days with none."""
    time = F.col(o.time).cast("timestamp")
    first = F.lit(batch[0]).cast("timestamp") - F.make_dt_interval(secs=F.lit(o.lookback))
    after = F.lit(str(date.fromisoformat(batch[-1]) + timedelta(days=1))).cast("timestamp")
    rows = source.where((time >= first) & (time < after))
    result = transform(rows.withColumn(o.partition_column, F.to_date(time)), o)
    need_columns(result, [o.partition_column], "what transform gives")
    # A batch need not be consecutive days: those done before lie between. It owns its days and no other.
    result = result.where(F.col(o.partition_column).cast("string").isin(batch))
    result = result.persist()
    try:
        filled = rows_by_day(result, batch, o)
        empty = [day for day in batch if day not in filled]
        if empty and o.fail_on_empty:
            raise AssumptionFailed(f"{len(empty)} days have no row: {', '.join(empty[:5])}")
        if filled:
            write(result, o)
    finally:
        result.unpersist()
    # Dynamic overwrite leaves a partition alone that gets no row: what an older run wrote there is emptied.
    target = read_if_there(spark, o.output)
    stale = rows_by_day(target, empty, o) if target is not None and empty else {}
    nothing = spark.createDataFrame([], result.drop(o.partition_column).schema)
    for day in stale:
        nothing.write.mode("overwrite").parquet(f"{o.output.rstrip('/')}/{o.partition_column}={day}")
    written = rows_by_day(target, list(filled), o) if filled else {}
    if written != filled:
        raise AssumptionFailed(f"{sum(filled.values())} rows were computed and {sum(written.values())} written")
    return sum(filled.values()), empty


def rows_by_day(frame, days, o):
    day = F.col(o.partition_column).cast("string").alias("day")
    return {row.day: row["count"] for row in frame.where(day.isin(days)).groupBy(day).count().collect()}


def write(result, o):
    """Spark writes beside the output and moves whole partitions in at the end."""
    writer = result.hint("rebalance", o.partition_column).write.mode("overwrite")
    writer.option("partitionOverwriteMode", "dynamic").partitionBy(o.partition_column).parquet(o.output)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "tests/test_backfill.py", purpose: "its test on real Spark", text: #"""
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

"""#),
            File(path: "pipelines/backfill.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/backfill.py with spark-submit: martlet run backfill -p from=2026-01-01 -p to=2026-04-01
pipeline: backfill
description: "Compute days of @{output} again"
params:
  from: { type: string, default: "2026-01-01", description: the first day }
  to: { type: string, default: "2026-01-08", description: the day after the last }
defaults: { retries: 3, retry_delay: 1m, timeout: 12h }
steps:
  - id: backfill
    spark:
      script: jobs/backfill.py
      args: ["--source", "@{source}", "--output", "@{output}", "--from", "{{ params.from }}", "--to", "{{ params.to }}"]

"""#),
            File(path: "jobs/backfill.md", purpose: "when to use it, and what it minds", text: #"""
# backfill

Computes days again in batches. Each day's partition is replaced, never added to; a stopped backfill goes on where it was.

## Use it when

Months of a partitioned table must be computed again, because code, source or definition changed.

## Do not use it when

- Only rows that changed are to be loaded: `incremental_load`.
- Days depend on the days before them in the output itself: run one day after the other, as `martlet backfill` does.
- All of it is one small job: write it anew.

## How it works

`transform` in `jobs/backfill.py` is yours: it gets the rows of a batch of `@{batch_days}` days, and of `@{lookback}` before
it, and gives the output's rows. The partitions (`@{partition_column}`) of the batch are overwritten, then the batch is noted
in a log (`@{output}_days`). Days that the same `--version` has finished are skipped; `--redo` does them again.

## What it minds

| Danger | What happens |
|---|---|
| killed at any moment | finished batches are skipped; the one at work is computed again over the same partitions |
| run again | partitions are replaced: the same rows, never twice |
| a day that has no rows any more | its old partition is emptied, which dynamic overwrite alone would not do |
| days that should have rows | `--fail-on-empty` |
| rows of other days in the result | are dropped: a batch writes its own days only |
| time zones | days are those of `@{timezone}`; a day of a clock change has 23 or 25 hours |
| no time | such rows are in no day and are not read |
| windows that look back | `--lookback` reads before the first day of a batch |
| new columns | are written; older partitions do not have them, so read with `mergeSchema` or do all days again |
| readers meanwhile | see old and new days side by side: run it on a branch of the lake |
| two backfills of the same days | not safe on plain files: let the pipeline run one at a time |

## Parameters

| Name | Default | What for |
|---|---|---|
| `source` | `@{source}` | the rows that days are computed from |
| `output` | `@{output}` | the folder with a partition for each day |
| `keys` | `@{keys}` | columns that a day's rows are about |
| `time` | `@{time}` | the time whose day counts |
| `value` | `@{value}` | the number that the example computes with |
| `partition_column` | `@{partition_column}` | the partition column of the output |
| `batch_days` | `@{batch_days}` | days that are computed together |
| `lookback` | `@{lookback}` | how far before its first day a batch reads |
| `timezone` | `@{timezone}` | the zone of days |

Figures: `days`, `days_done_before`, `days_without_rows`, `rows_written`.

"""#),
        ]
    )
}
