"""Counts, sums, means and extremes over the time before each event.

A window of 1 h before t is [t - 1 h, t) with --current exclude: an event of exactly one hour ago is in it, events of
the same instant are not. With include it is (t - 1 h, t]. Times are compared in whole microseconds.
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
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--time", default="@{time}")
    parser.add_argument("--value", default="@{value}")
    parser.add_argument("--windows", type=names, default="@{short_window},@{long_window}")
    parser.add_argument("--current", choices=["exclude", "include"], default="@{current}")
    parser.add_argument("--from", dest="start", help="write only events from this time on; earlier ones are looked at")
    parser.add_argument("--to", dest="end", help="write only events before this time")
    parser.add_argument("--most-without", type=float, default=0.01, help="fail when a larger share has no key or time")
    parser.add_argument("--timezone", default="@{timezone}")
    options = parser.parse_args(arguments)
    options.windows = {window: seconds(window) for window in options.windows}
    return options


def run(spark, o):
    events = read(spark, o.events, o.format)
    need_columns(events, [*o.keys, o.time, o.value], "the events")
    time = F.col(o.time).cast("timestamp")
    if o.end:
        events = events.where((time < F.lit(o.end).cast("timestamp")) | time.isNull())
    if o.start:
        # As far back as the longest window looks, and no further.
        first = F.lit(o.start).cast("timestamp") - F.make_dt_interval(secs=F.lit(max(o.windows.values())))
        events = events.where((time >= first) | time.isNull())
    usable = events.dropna(subset=[*o.keys, o.time])
    rows, kept = events.count(), usable.count()
    if rows - kept > o.most_without * rows:
        raise AssumptionFailed(f"{rows - kept} of {rows} events have no value in {', '.join([*o.keys, o.time])}")
    result = aggregates(usable, o)
    if o.start:
        result = result.where(time >= F.lit(o.start).cast("timestamp"))
    result.write.mode("overwrite").parquet(o.output)
    written = spark.read.parquet(o.output).count()
    return {"events_looked_at": rows, "events_left_out": rows - kept, "rows_written": written}


def aggregates(events, o):
    """The events with `<value>_<aggregate>_<window>` for each window; NULL values are not counted."""
    at = F.unix_micros(F.col(o.time).cast("timestamp"))
    value = F.col(o.value)
    columns = {}
    for name, length in o.windows.items():
        micros = length * 1_000_000
        first, last = (-micros, -1) if o.current == "exclude" else (1 - micros, 0)
        window = Window.partitionBy(*o.keys).orderBy(at).rangeBetween(first, last)
        columns[f"{o.value}_count_{name}"] = F.count(value).over(window)
        columns[f"{o.value}_sum_{name}"] = F.coalesce(F.sum(value).over(window), F.lit(0))
        columns[f"{o.value}_mean_{name}"] = F.avg(value).over(window)
        columns[f"{o.value}_min_{name}"] = F.min(value).over(window)
        columns[f"{o.value}_max_{name}"] = F.max(value).over(window)
    clashes = sorted(set(columns) & set(events.columns))
    if clashes:
        raise AssumptionFailed(f"the events already have {', '.join(clashes)}")
    return events.withColumns(columns)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))
