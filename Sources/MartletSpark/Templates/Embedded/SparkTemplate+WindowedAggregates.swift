// Made by Files/embed.py from Files/windowed_aggregates: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let windowedAggregates = SparkTemplate(
        name: "windowed_aggregates",
        summary: "Count, sum and more over the hours and days before each event, with exact boundaries",
        useWhen: "Features are what happened in the last hour, day or week before each event.",
        avoidWhen: "Values per calendar day are enough: group by the day. Or values are needed live: use a stream.",
        parameters: [
            SparkTemplateParameter(
                name: "events", kind: .place,
                defaultValue: "data/events",
                summary: "the events: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/event_features",
                summary: "the folder of the result"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "user_id",
                summary: "columns that name whose events are looked at"
            ),
            SparkTemplateParameter(
                name: "time", kind: .column,
                defaultValue: "event_time",
                summary: "the time of an event"
            ),
            SparkTemplateParameter(
                name: "value", kind: .column,
                defaultValue: "amount",
                summary: "the number that is added up"
            ),
            SparkTemplateParameter(
                name: "short_window", kind: .duration,
                defaultValue: "1h",
                summary: "the first window"
            ),
            SparkTemplateParameter(
                name: "long_window", kind: .duration,
                defaultValue: "7d",
                summary: "the second window"
            ),
            SparkTemplateParameter(
                name: "current", kind: .choice(["exclude", "include"]),
                defaultValue: "exclude",
                summary: "whether an event's own instant is part of its windows"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/windowed_aggregates.py", purpose: "the job, for PySpark", text: #"""
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

"""#),
            File(path: "jobs/windowed_aggregates.sql", purpose: "the job, in SQL", text: #"""
-- Counts and sums over the time before each event: see windowed_aggregates.md. One statement over the table or view
-- `events`; parameter :window_micros. The window is [time - window, time): the event's own instant is not in it.
SELECT *,
       count(@{value}) OVER before AS @{value}_count,
       coalesce(sum(@{value}) OVER before, 0) AS @{value}_sum,
       avg(@{value}) OVER before AS @{value}_mean,
       min(@{value}) OVER before AS @{value}_min,
       max(@{value}) OVER before AS @{value}_max
FROM events
WHERE concat(@{keys}) IS NOT NULL AND @{time} IS NOT NULL
WINDOW before AS (
  PARTITION BY @{keys} ORDER BY unix_micros(CAST(@{time} AS TIMESTAMP))
  RANGE BETWEEN :window_micros PRECEDING AND 1 PRECEDING
)

"""#),
            File(path: "tests/test_windowed_aggregates.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/windowed_aggregates.py and .sql on real Spark, beside a comparison of all with all in Python."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import windowed_aggregates as job  # noqa: E402

SCHEMA = "user STRING, at TIMESTAMP, amount INT, number INT"
WINDOWS = {"1h": timedelta(hours=1), "1d": timedelta(days=1)}
START = datetime(2026, 3, 28)


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


def options(*more):
    return job.options_of([
        "--keys", "user", "--time", "at", "--value", "amount", "--windows", "1h,1d", "--current", "exclude",
        "--timezone", "UTC", *more,
    ])


def made_up(seed, count=120):
    """On quarters of an hour, and a microsecond beside them: most boundaries are met."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        at = START + timedelta(minutes=15 * chance.randint(0, 200), microseconds=chance.choice([0, 0, 1, -1]))
        rows.append((chance.choice("ab"), at, chance.choice([1, 2, 3, 10, -4, None]), number))
    return rows


def by_hand(rows, current, windows=WINDOWS):
    result = []
    for user, at, amount, number in rows:
        figures = []
        for length in windows.values():
            if current == "exclude":
                seen = [row[2] for row in rows if row[0] == user and at - length <= row[1] < at]
            else:
                seen = [row[2] for row in rows if row[0] == user and at - length < row[1] <= at]
            seen = [value for value in seen if value is not None]
            mean = sum(seen) / len(seen) if seen else None
            figures += [len(seen), sum(seen), mean, min(seen, default=None), max(seen, default=None)]
        result.append((user, at, amount, number, *figures))
    return sorted(result, key=lambda row: row[3])


def rows_of(frame):
    return sorted((tuple(row) for row in frame.collect()), key=lambda row: row[3])


@pytest.mark.parametrize("current", ["exclude", "include"])
def test_equal_to_comparing_all_with_all(spark, current):
    rows = made_up(seed=1)
    found = job.aggregates(spark.createDataFrame(rows, SCHEMA), options("--current", current))
    assert found.columns[4:9] == [f"amount_{what}_1h" for what in ["count", "sum", "mean", "min", "max"]]
    assert rows_of(found) == by_hand(rows, current)


def test_an_hour_is_an_hour_when_clocks_change(spark, tmp_path):
    # In Berlin, 01:30 and 03:30 of this night are one hour apart.
    with job.settings(spark, {"spark.sql.session.timeZone": "Europe/Berlin"}):
        text = "SELECT 'a' AS user, timestamp_ntz'2026-03-29 0{}:30:00' AS at, {} AS amount"
        rows = spark.sql(text.format(1, 5) + " UNION ALL " + text.format(3, 7))
        found = job.aggregates(rows, options("--timezone", "Europe/Berlin")).orderBy("amount").collect()
    assert [row.amount_sum_1h for row in found] == [0, 5]


def test_a_part_equals_the_same_part_of_the_whole(spark, tmp_path):
    rows = made_up(seed=2)
    spark.createDataFrame([*rows, (None, START, 1, -1)], SCHEMA).write.parquet(f"{tmp_path}/in")
    start, end = START + timedelta(days=1), START + timedelta(days=2)
    places = ["--events", f"{tmp_path}/in", "--output", f"{tmp_path}/out"]
    for _ in range(2):
        counts = job.run(spark, options(*places, "--from", str(start), "--to", str(end)))
    wanted = [row for row in by_hand(rows, "exclude") if start <= row[1] < end]
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == wanted
    assert (counts["rows_written"], counts["events_left_out"]) == (len(wanted), 1)
    with pytest.raises(job.AssumptionFailed, match="1 of 121 events"):
        job.run(spark, options(*places, "--most-without", "0"))


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=3)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnsRenamed({"at": defaults.time, "amount": defaults.value})
    frame.selectExpr("*", *[f"user AS {key}" for key in defaults.keys]).createOrReplaceTempView("events")
    found = spark.sql((JOBS / "windowed_aggregates.sql").read_text(), args={"window_micros": 3_600_000_000})
    order = ["user", defaults.time, defaults.value, "number"]
    order += [f"{defaults.value}_{what}" for what in ["count", "sum", "mean", "min", "max"]]
    assert rows_of(found.select(*order)) == by_hand(rows, "exclude", {"1h": WINDOWS["1h"]})

"""#),
            File(path: "pipelines/windowed_aggregates.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/windowed_aggregates.py with spark-submit.
pipeline: windowed_aggregates
description: "What happened in the time before each event of @{events}"
defaults: { retries: 1, timeout: 2h }
steps:
  - id: aggregate
    spark:
      script: jobs/windowed_aggregates.py
      args: ["--events", "@{events}", "--output", "@{output}", "--windows", "@{short_window},@{long_window}"]
# In SQL instead, one window over a view `events`, with the parameter :window_micros:
#   spark: { sql: jobs/windowed_aggregates.sql }

"""#),
            File(path: "jobs/windowed_aggregates.md", purpose: "when to use it, and what it minds", text: #"""
# windowed_aggregates

Count, sum, mean, least and greatest value over the time before each event, for two windows or more.

## Use it when

Features are what happened in the last hour, day or week before each event, exactly.

## Do not use it when

- Values per calendar day are enough: group by the day, then add up days.
- Values are needed live: define a stream with the same windows.
- Labels come from elsewhere: put them in as events without a value, or use `point_in_time_join`.

## How it works

A range window over the time in microseconds, within `@{keys}`. With `exclude` the window before t is [t - length, t): an
event never sees itself nor others of its instant, so nothing leaks. With `include` it is (t - length, t].

`jobs/windowed_aggregates.sql` is one window in one statement over a view `events`, with the parameter `:window_micros`.

## What it minds

| Danger | What happens |
|---|---|
| boundaries | exact to the microsecond; the test meets all of them |
| events of the same instant | see the same window |
| clock changes | an hour is 3600 seconds, a day 24 hours; times without a zone are of `@{timezone}` |
| NULL values | are not counted; the sum of nothing is 0, its mean, least and greatest NULL |
| no key or time | left out and counted; more than 1 % fail the job, see `--most-without` |
| only a part is needed | `--from` and `--to` write that part, and read as far back as the longest window |
| events later than the run | change windows after them: compute that part again |
| one key with most events | one task holds its window in memory: leave such a key out, or add up by minute first |
| sums of floating point numbers | may differ in the last digit between runs; use decimals for money |
| run again, empty input | the output is overwritten with the same rows |

## Parameters

| Name | Default | What for |
|---|---|---|
| `events` | `@{events}` | the events: a folder or a table |
| `output` | `@{output}` | the folder of the result |
| `keys` | `@{keys}` | columns that name whose events are looked at |
| `time` | `@{time}` | the time of an event |
| `value` | `@{value}` | the number that is added up |
| `short_window`, `long_window` | `@{short_window}`, `@{long_window}` | the windows; `--windows` takes any number of them |
| `current` | `@{current}` | whether an event's own instant is part of its windows |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `events_looked_at`, `events_left_out`, `rows_written`.

"""#),
        ]
    )
}
