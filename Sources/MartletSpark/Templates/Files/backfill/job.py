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


# @include support


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
