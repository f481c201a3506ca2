"""Loads what is new or changed since the last load, so that each row is there once whatever is run again.

A load takes the rows whose @{watermark_column} is after the highest one loaded so far, less an overlap for
rows that arrive late; joins them with the partitions they belong to, the newest version of a key winning;
and overwrites exactly those partitions. Which partitions will be written is noted before, and that it is done
after, in a log that only grows: a load that is killed is simply done again, these partitions from the source.
"""

import argparse
import contextlib
import json
import os
import sys
from datetime import datetime, timezone

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

LOG_SCHEMA = "at STRING, state STRING, low_micros BIGINT, high_micros BIGINT, rows_changed BIGINT, names ARRAY<STRING>"


# @include support


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--source", default="@{source}")
    parser.add_argument("--source-format", default="parquet")
    parser.add_argument("--target", default="@{target}")
    parser.add_argument("--log", help="folder of the log of loads; the target's name and _loads without it")
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--watermark-column", default="@{watermark_column}")
    parser.add_argument("--event-column", default="@{event_column}")
    parser.add_argument("--partition-column", default="@{partition_column}")
    parser.add_argument("--overlap", type=seconds, default="@{overlap}")
    parser.add_argument("--until", help="take nothing changed after this time; the time of the start without it")
    parser.add_argument("--strategy", choices=["partitions", "merge"], default="@{strategy}")
    parser.add_argument("--schema-drift", choices=["fail", "add"], default="fail")
    parser.add_argument("--keys-stay", action="store_true", help="a key never changes its partition: spares a scan")
    parser.add_argument("--full", action="store_true", help="load everything again")
    parser.add_argument("--max-partitions", type=int, default=@{max_partitions})
    parser.add_argument("--timezone", default="@{timezone}")
    options = parser.parse_args(arguments)
    options.log = options.log or options.target.rstrip("/") + "_loads"
    return options


def micros(column):
    """A time as microseconds since 1970: exact, and the same in every zone."""
    return F.unix_micros(column.cast("timestamp"))


def run(spark, o):
    # Written values such as 007 must not come back as numbers.
    with settings(spark, {"spark.sql.sources.partitionColumnTypeInference.enabled": "false"}):
        return load(spark, o)


def load(spark, o):
    source = read(spark, o.source, o.source_format)
    need_columns(source, [*o.keys, o.watermark_column], "the source")
    if o.partition_column not in source.columns:
        need_columns(source, [o.event_column], "the source")
        source = source.withColumn(o.partition_column, F.to_date(F.col(o.event_column)))
    merges = o.strategy == "merge"
    target = read(spark, o.target) if merges else read_if_there(spark, o.target)
    low, unfinished = known_loads(spark, o)
    if low is not None and target is None and not unfinished:
        raise AssumptionFailed(f"{o.log} says what was loaded, but {o.target} is gone; remove the log to load it again")
    if low is not None and target is not None and not o.full:
        low -= o.overlap * 1_000_000
    else:
        low = None
    until = F.lit(o.until).cast("timestamp") if o.until else F.lit(datetime.now(timezone.utc)).cast("timestamp")

    # Without a watermark a row would never be loaded, and without a key it could not be told from others.
    watermark = F.col(o.watermark_column)
    recent = source
    if low is not None:
        is_recent = (watermark > F.timestamp_micros(F.lit(low))) | watermark.isNull()
        if unfinished:
            # A load was killed while it moved these in: what was there before may be gone.
            is_recent = is_recent | F.col(o.partition_column).cast("string").isin(unfinished)
        recent = source.where(is_recent)
    needed = list(dict.fromkeys([*o.keys, o.watermark_column, o.partition_column]))
    is_bad = F.lit(False)
    for column in needed:
        is_bad = is_bad | F.col(column).isNull()
    seen = recent.agg(
        F.max(F.when(watermark <= until, micros(watermark))).alias("high"),
        F.count_if(is_bad).alias("bad"),
        F.count_if(watermark > until).alias("future"),
    ).first()
    if seen.bad:
        raise AssumptionFailed(f"{seen.bad} rows have no value in one of {', '.join(needed)}")
    counts = {"rows_changed": 0, "rows_from_the_future": seen.future, "partitions": 0, "rows_in_partitions": 0}
    names_written = []
    if seen.high is None:
        return counts

    # Rows that arrive while the load runs are left to the next one.
    changed = recent.where(watermark <= F.timestamp_micros(F.lit(seen.high)))
    if target is not None:
        changed = fitted(changed, target, o)
    # Kept for all that follows, so that the source is read once.
    changed = latest(changed, o).persist()
    try:
        counts["rows_changed"] = changed.count()
        if merges:
            merge(spark, changed, o)
        else:
            names_written, moved = touched(changed, target, o)
            counts["partitions"] = len(names_written)
            note(spark, o, ("writing", low, seen.high, counts["rows_changed"], names_written))
            counts["rows_in_partitions"] = overwrite(spark, changed, target, names_written, moved, o)
    finally:
        changed.unpersist()
    note(spark, o, ("done", low, seen.high, counts["rows_changed"], names_written))
    return counts


def known_loads(spark, o):
    """The highest watermark that a finished load reached, and the partitions of loads that were not finished since."""
    log = read_if_there(spark, o.log, "json", LOG_SCHEMA)
    if log is None:
        return None, []
    done = log.where("state = 'done'").agg(F.max("at").alias("at"), F.max("high_micros").alias("high")).first()
    begun = log.where("state = 'writing'").where(F.col("at") > F.lit(done.at or ""))
    return done.high, sorted(row.name for row in begun.select(F.explode("names").alias("name")).distinct().collect())


def note(spark, o, what):
    """Adds a line to the log. Appending leaves either the whole line or none."""
    row = (datetime.now(timezone.utc).isoformat(timespec="microseconds"), *what)
    spark.createDataFrame([row], LOG_SCHEMA).coalesce(1).write.mode("append").json(o.log)


def fitted(changed, target, o):
    """The changed rows with the target's columns and types, and new ones when they may be added."""
    added = [name for name in changed.columns if name not in target.columns]
    lost = [name for name in target.columns if name not in changed.columns]
    if (added or lost) and o.schema_drift == "fail":
        raise AssumptionFailed(
            f"the source's columns changed: new {added}, gone {lost}; --schema-drift add takes them as they are"
        )
    types = {field.name: field.dataType for field in target.schema}
    for field in changed.schema:
        is_partition = field.name == o.partition_column
        if field.name in types and types[field.name] != field.dataType and not is_partition:
            raise AssumptionFailed(
                f"{field.name} is {field.dataType.simpleString()} in the source"
                f" and {types[field.name].simpleString()} in the target"
            )
    return changed


def latest(rows, o):
    """One row for a key: the newest; of equally new ones always the same, whatever their order."""
    order = [F.col(o.watermark_column).desc(), F.to_json(F.struct(*sorted(rows.columns))).desc()]
    window = Window.partitionBy(*o.keys).orderBy(*order)
    return rows.withColumn("_place", F.row_number().over(window)).where("_place = 1").drop("_place")


def touched(changed, target, o):
    """The partitions where changed rows are now, and those where an older version of such a row still is."""
    now = F.col(o.partition_column).cast("string")
    found = [changed.select(now.alias("name")).distinct()]
    if target is not None and not o.keys_stay:
        before = target.select(*o.keys, F.col(o.partition_column).alias("_before"))
        moved = changed.select(*o.keys, now.alias("_now")).join(before, o.keys).where("_before <> _now")
        found.append(moved.select(F.col("_before").alias("name")).distinct())
    lists = [sorted(row.name for row in frame.limit(o.max_partitions + 1).collect()) for frame in found]
    partitions = sorted(set().union(*lists))
    if len(partitions) > o.max_partitions:
        raise AssumptionFailed(f"more than {o.max_partitions} partitions would be rewritten; see --max-partitions")
    return partitions, bool(lists[1:] and lists[1])


def overwrite(spark, changed, target, partitions, moved, o):
    """Overwrites `partitions` with their rows and the changed ones; how many rows they have now."""
    partition = F.col(o.partition_column).cast("string")
    # Only these: a late row of another partition would else take that partition's place.
    rows = changed.where(partition.isin(partitions))
    if target is not None:
        date = rows.schema[o.partition_column].dataType
        kept = target.where(F.col(o.partition_column).isin(partitions))
        kept = kept.withColumn(o.partition_column, F.col(o.partition_column).cast(date))
        rows = latest(kept.unionByName(rows, allowMissingColumns=True), o)
    # Dynamic overwrite leaves a partition alone that gets no row: one that all rows have left is emptied by hand.
    left = []
    if moved:
        filled = {row.name for row in rows.select(partition.alias("name")).distinct().collect()}
        left = [name for name in partitions if name not in filled]
    write_partitions(rows.hint("rebalance", o.partition_column), o)
    nothing = spark.createDataFrame([], rows.drop(o.partition_column).schema)
    for name in left:
        nothing.write.mode("overwrite").parquet(f"{o.target.rstrip('/')}/{o.partition_column}={name}")
    return spark.read.parquet(o.target).where(F.col(o.partition_column).isin(partitions)).count()


def write_partitions(rows, o):
    """Spark writes beside the target and moves whole partitions in at the end."""
    writer = rows.write.mode("overwrite").option("partitionOverwriteMode", "dynamic")
    writer.partitionBy(o.partition_column).parquet(o.target)


def merge_statement(o):
    same = " AND ".join(f"t.`{key}` = s.`{key}`" for key in o.keys)
    return (
        f"MERGE INTO {o.target} AS t USING changed_rows AS s ON {same}"
        f" WHEN MATCHED AND s.`{o.watermark_column}` >= t.`{o.watermark_column}` THEN UPDATE SET *"
        " WHEN NOT MATCHED THEN INSERT *"
    )


def merge(spark, changed, o):
    """One transaction of a table format: Delta, Iceberg, Hudi."""
    changed.createOrReplaceTempView("changed_rows")
    spark.sql(merge_statement(o))


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))
