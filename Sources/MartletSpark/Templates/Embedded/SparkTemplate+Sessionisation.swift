// Made by Files/embed.py from Files/sessionisation: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let sessionisation = SparkTemplate(
        name: "sessionisation",
        summary: "Cut events into sessions by a pause, with ids that stay the same when run again",
        useWhen: "Features are about visits, trips or machine runs, and all there is are single events with times.",
        avoidWhen: "Sessions are needed while they last: that is a stream with session windows.",
        parameters: [
            SparkTemplateParameter(
                name: "events", kind: .place,
                defaultValue: "data/events",
                summary: "the events: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/sessions",
                summary: "the folder of the sessions; events with their session go beside it"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "user_id",
                summary: "columns that name whose session it is"
            ),
            SparkTemplateParameter(
                name: "time", kind: .column,
                defaultValue: "event_time",
                summary: "the time of an event"
            ),
            SparkTemplateParameter(
                name: "gap", kind: .duration,
                defaultValue: "30m",
                summary: "a pause longer than this ends a session"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/sessionisation.py", purpose: "the job, for PySpark", text: #"""
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

"""#),
            File(path: "jobs/sessionisation.sql", purpose: "the job, in SQL", text: #"""
-- Cuts events into sessions: see sessionisation.md. One statement over the table or view `events`;
-- parameter :gap_seconds. One row for each session.
WITH paused AS (
  SELECT @{keys}, @{time} AS at,
         unix_micros(CAST(@{time} AS TIMESTAMP))
           - lag(unix_micros(CAST(@{time} AS TIMESTAMP))) OVER (PARTITION BY @{keys} ORDER BY @{time}) AS pause
  FROM events
  WHERE concat(@{keys}) IS NOT NULL AND @{time} IS NOT NULL
), numbered AS (
  SELECT *, sum(CASE WHEN pause IS NULL OR pause > :gap_seconds * 1000000 THEN 1 ELSE 0 END)
              OVER (PARTITION BY @{keys} ORDER BY at ROWS UNBOUNDED PRECEDING) AS session_number
  FROM paused
)
SELECT @{keys}, session_number, min(at) AS session_start, max(at) AS session_end, count(*) AS events
FROM numbered
GROUP BY @{keys}, session_number

"""#),
            File(path: "tests/test_sessionisation.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/sessionisation.py and .sql on real Spark, beside a loop in Python and Spark's own session windows."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import sessionisation as job  # noqa: E402

SCHEMA = "user STRING, device INT, at TIMESTAMP, page STRING"
GAP = timedelta(minutes=30)


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
    return job.options_of(["--keys", "user,device", "--time", "at", "--gap", "30m", "--timezone", "UTC", *more])


def made_up(seed, count=150):
    """Pauses of a bit less than the gap, of exactly the gap, and of none at all."""
    chance = random.Random(seed)
    now = {}
    rows = []
    for number in range(count):
        key = (chance.choice("abc"), chance.randint(0, 1))
        pause = chance.choice([0, 1, 600, 1799.999999, 1800, 1800.000001, 5000])
        now[key] = now.get(key, datetime(2026, 1, 1, 23)) + timedelta(seconds=pause)
        rows.append((*key, now[key], f"p{number}"))
    chance.shuffle(rows)
    return rows


def by_hand(rows):
    """(user, device, number, start, end, events) of each session."""
    sessions = {}
    for row in sorted(rows, key=lambda row: row[2]):
        of_key = sessions.setdefault(row[:2], [])
        if of_key and row[2] - of_key[-1][-1] <= GAP:
            of_key[-1].append(row[2])
        else:
            of_key.append([row[2]])
    return sorted(
        (*key, number, times[0], times[-1], len(times))
        for key, of_key in sessions.items() for number, times in enumerate(of_key, 1)
    )


COLUMNS = ["user", "device", "session_number", "session_start", "session_end", "events"]


def rows_of(frame):
    return sorted(tuple(row) for row in frame.select(*COLUMNS).collect())


def test_equal_to_a_loop_and_to_session_windows(spark):
    rows = made_up(seed=1)
    events = spark.createDataFrame(rows, SCHEMA)
    found = rows_of(job.sessions_of(job.with_sessions(events, options()), options()))
    assert found == by_hand(rows)
    windows = events.groupBy("user", "device", F.session_window("at", "30 minutes").alias("w")).count()
    theirs = sorted(tuple(row) for row in windows.select("user", "device", "w.start", "count").collect())
    assert [(row[0], row[1], row[3], row[5]) for row in found] == theirs


def test_ids_are_unique_and_stay(spark):
    rows = sorted(made_up(seed=2), key=lambda row: row[2])

    def ids(rows):
        marked = job.with_sessions(spark.createDataFrame(rows, SCHEMA), options()).collect()
        return {row.page: (row.session_id, row.session_start) for row in marked}

    early, all_ids = ids(rows[:75][::-1]), ids(rows)
    assert all(all_ids[page] == known for page, known in early.items())
    assert len({known[0] for known in all_ids.values()}) == len(by_hand(rows))


def test_the_whole_job(spark, tmp_path):
    rows = made_up(seed=3)
    spark.createDataFrame([*rows, (None, 1, rows[0][2], "x")], SCHEMA).write.parquet(f"{tmp_path}/in")
    o = options("--events", f"{tmp_path}/in", "--output", f"{tmp_path}/out")
    for _ in range(2):
        counts = job.run(spark, o)
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == by_hand(rows)
    assert counts == {"events": len(rows) + 1, "events_left_out": 1, "sessions": len(by_hand(rows))}
    with pytest.raises(job.AssumptionFailed, match="1 of 151 events have no value"):
        job.run(spark, options("--events", f"{tmp_path}/in", "--most-without", "0"))


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=4)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnRenamed("at", defaults.time)
    frame.selectExpr("*", *[f"user || device AS {key}" for key in defaults.keys]).createOrReplaceTempView("events")
    found = spark.sql((JOBS / "sessionisation.sql").read_text(), args={"gap_seconds": 1800})
    wanted = sorted((row[0] + str(row[1]), *row[2:]) for row in by_hand(rows))
    assert sorted(tuple(row) for row in found.select(defaults.keys[0], *COLUMNS[2:]).collect()) == wanted

"""#),
            File(path: "pipelines/sessionisation.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/sessionisation.py with spark-submit.
pipeline: sessionisation
description: "Cut @{events} into sessions"
defaults: { retries: 1, timeout: 2h }
steps:
  - id: sessions
    spark:
      script: jobs/sessionisation.py
      args: ["--events", "@{events}", "--output", "@{output}", "--gap", "@{gap}"]
# In SQL instead, over a view `events`, with the parameter :gap_seconds:
#   spark: { sql: jobs/sessionisation.sql }

"""#),
            File(path: "jobs/sessionisation.md", purpose: "when to use it, and what it minds", text: #"""
# sessionisation

Cuts events into sessions: a pause longer than `@{gap}` ends one. Writes a row for each session, and beside it all events
with the session they are in.

## Use it when

Features are about visits, trips or machine runs, and all there is are single events with times.

## Do not use it when

- Sessions are needed while they last: that is a stream with session windows.
- Only counts and ends are needed and no ids: Spark's `session_window` alone does.

## How it works

Events of `@{keys}` are ordered by `@{time}`; where the pause before one is longer than the gap, a session begins. The
boundary is that of Spark's `session_window`, which the test compares with. `session_id` is a hash of keys and beginning.

`jobs/sessionisation.sql` gives the sessions in one statement over a view `events`, with the parameter `:gap_seconds`.

## What it minds

| Danger | What happens |
|---|---|
| a pause of exactly the gap | does not end the session |
| events of the same instant | are in the same session; their order does not matter |
| run again, also with later events | finished sessions keep their ids and numbers |
| earlier events that come late | may join two sessions; ids then change, so compute again from well before them |
| events cut off at the beginning of the data | the first session begins there: read at least one longest session more than is used |
| no key or time | left out and counted; more than 1 % fail the job, see `--most-without` |
| a robot that never pauses | one long session: look at `events` and `seconds` |
| one key with most events | they are sorted by one task: leave such a key out |
| time zones, clock changes | pauses are counted in real time |
| empty input | an empty result |

## Parameters

| Name | Default | What for |
|---|---|---|
| `events` | `@{events}` | the events: a folder or a table |
| `output` | `@{output}` | the folder of the sessions; events are beside it |
| `keys` | `@{keys}` | columns that name whose session it is |
| `time` | `@{time}` | the time of an event |
| `gap` | `@{gap}` | a pause longer than this ends a session |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `events`, `events_left_out`, `sessions`.

"""#),
        ]
    )
}
