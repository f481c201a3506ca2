"""Cuts events into sessions: a pause longer than @{gap} ends a session.

A session's id is made from whose it is and when it began, so that another run gives the same ids, also when later
events have been added.
"""

import argparse
import contextlib
import json
import os
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F


# @include support


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--events", default="@{events}")
    parser.add_argument("--format", default="parquet", help="of a folder that is read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--events-output", help="events with their session; the output's name and _events without it")
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--time", default="@{time}")
    parser.add_argument("--gap", type=seconds, default="@{gap}")
    parser.add_argument("--most-without", type=float, default=0.01, help="fail when a larger share has no key or time")
    parser.add_argument("--timezone", default="@{timezone}")
    options = parser.parse_args(arguments)
    options.events_output = options.events_output or options.output.rstrip("/") + "_events"
    return options


def run(spark, o):
    events = read(spark, o.events, o.format)
    need_columns(events, [*o.keys, o.time], "the events")
    usable = events.dropna(subset=[*o.keys, o.time])
    rows, kept = events.count(), usable.count()
    if rows - kept > o.most_without * rows:
        raise AssumptionFailed(f"{rows - kept} of {rows} events have no value in {', '.join([*o.keys, o.time])}")
    with_sessions(usable, o).write.mode("overwrite").parquet(o.events_output)
    marked = spark.read.parquet(o.events_output)
    sessions_of(marked, o).write.mode("overwrite").parquet(o.output)
    sessions = spark.read.parquet(o.output).agg(F.count("*").alias("count"), F.sum("events").alias("events")).first()
    if (sessions.events or 0) != kept:
        raise AssumptionFailed(f"{kept} events became {sessions.events} in sessions")
    return {"events": rows, "events_left_out": rows - kept, "sessions": sessions["count"]}


def with_sessions(events, o):
    """The events with `session_number` (from 1 on for each key), `session_start` and `session_id`."""
    at = F.unix_micros(F.col(o.time).cast("timestamp"))
    of_key = Window.partitionBy(*o.keys).orderBy(at)
    pause = at - F.lag(at).over(of_key)
    begins = F.when(pause.isNull() | (pause > o.gap * 1_000_000), 1).otherwise(0)
    # Events of the same instant are in the same session, in whatever order they come.
    marked = events.withColumn("_begins", begins)
    number = F.sum("_begins").over(of_key.rowsBetween(Window.unboundedPreceding, Window.currentRow))
    marked = marked.withColumn("session_number", number).drop("_begins")
    start = F.min(o.time).over(Window.partitionBy(*o.keys, "session_number"))
    marked = marked.withColumn("session_start", start)
    # Length before content, so that no two keys run together.
    texts = [F.col(key).cast("string") for key in o.keys]
    parts = [part for text in texts for part in (F.length(text).cast("string"), text)]
    began = F.unix_micros(F.col("session_start").cast("timestamp")).cast("string")
    return marked.withColumn("session_id", F.substring(F.sha2(F.concat_ws(":", *parts, began), 256), 1, 32))


def sessions_of(marked, o):
    """One row for each session."""
    ends = F.unix_micros(F.max(F.col(o.time).cast("timestamp")))
    starts = F.unix_micros(F.min(F.col(o.time).cast("timestamp")))
    return marked.groupBy(*o.keys, "session_id", "session_number", "session_start").agg(
        F.max(o.time).alias("session_end"),
        F.count("*").alias("events"),
        ((ends - starts) / 1_000_000).alias("seconds"),
    )


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))
