// Made by Files/embed.py from Files/deduplication: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let deduplication = SparkTemplate(
        name: "deduplication",
        summary: "Keep one row for each key: the latest, ties decided the same way in every run",
        useWhen: "Rows are delivered more than once, or each change of a row is a row, and only the latest counts.",
        avoidWhen: "Every version is needed (use a point-in-time join), or a stream should drop repeats as they come.",
        parameters: [
            SparkTemplateParameter(
                name: "source", kind: .place,
                defaultValue: "data/events",
                summary: "the rows: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/events_unique",
                summary: "the folder of the result"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "event_id",
                summary: "columns that together name a row"
            ),
            SparkTemplateParameter(
                name: "order_column", kind: .column,
                defaultValue: "updated_at",
                summary: "the latest by this column is kept"
            ),
            SparkTemplateParameter(
                name: "null_keys", kind: .choice(["fail", "keep", "drop"]),
                defaultValue: "fail",
                summary: "what becomes of rows without a key"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/deduplication.py", purpose: "the job, for PySpark", text: #"""
"""Keeps one row for each key: the latest, and of equally late ones always the same."""

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
    parser.add_argument("--source", default="@{source}")
    parser.add_argument("--format", default="parquet", help="of a folder that is read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--order-column", default="@{order_column}")
    parser.add_argument("--null-keys", choices=["fail", "keep", "drop"], default="@{null_keys}")
    parser.add_argument("--most-duplicates", type=float, default=1.0, help="fail when a larger share is dropped")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    source = read(spark, o.source, o.format)
    need_columns(source, [*o.keys, o.order_column], "the source")
    without_key = F.lit(False)
    for key in o.keys:
        without_key = without_key | F.col(key).isNull()
    before = source.agg(F.count("*").alias("rows"), F.count_if(without_key).alias("without")).first()
    if before.without and o.null_keys == "fail":
        raise AssumptionFailed(f"{before.without} rows have no value in {', '.join(o.keys)}; see --null-keys")
    unique = latest(source.where(~without_key), o)
    if o.null_keys == "keep":
        # They are not the same row because none of them has a name.
        unique = unique.unionByName(source.where(without_key))
    unique.write.mode("overwrite").parquet(o.output)
    written = spark.read.parquet(o.output).count()
    dropped = before.rows - written
    if dropped > o.most_duplicates * before.rows:
        raise AssumptionFailed(f"{dropped} of {before.rows} rows are duplicates, more than --most-duplicates allows")
    return {"rows_read": before.rows, "rows_without_key": before.without, "rows_written": written, "dropped": dropped}


def latest(rows, o):
    """One row for a key. A row without a time is the oldest; the content decides between rows of the same time."""
    order = [F.col(o.order_column).desc_nulls_last(), F.to_json(F.struct(*sorted(rows.columns))).desc()]
    window = Window.partitionBy(*o.keys).orderBy(*order)
    return rows.withColumn("_place", F.row_number().over(window)).where("_place = 1").drop("_place")


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "jobs/deduplication.sql", purpose: "the job, in SQL", text: #"""
-- Keeps the latest row of each key: see deduplication.md. One statement over the table or view `rows`.
-- Rows without a key are left out; parameter :since (a time as text) leaves out what is older.
SELECT best.*
FROM (
  -- A row without a time is the oldest; the content decides between rows of the same time.
  SELECT max_by(struct(rows.*), struct(@{order_column}, to_json(struct(rows.*)))) AS best
  FROM rows
  WHERE concat(@{keys}) IS NOT NULL
    AND (@{order_column} >= CAST(:since AS TIMESTAMP) OR @{order_column} IS NULL)
  GROUP BY @{keys}
)

"""#),
            File(path: "tests/test_deduplication.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/deduplication.py and .sql on real Spark, beside a dictionary in Python."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import deduplication as job  # noqa: E402

SCHEMA = "id STRING, part INT, at TIMESTAMP, value STRING"


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
        "--source", f"{folder}/in", "--output", f"{folder}/out", "--keys", "id,part", "--order-column", "at",
        "--null-keys", "keep", "--timezone", "UTC", *more,
    ])


def made_up(seed):
    chance = random.Random(seed)
    rows = []
    for _ in range(200):
        at = chance.choice([datetime(2026, 1, 1) + timedelta(hours=chance.randint(0, 5)), None])
        key = (chance.choice(["a", "b", "c", "d", "e", None]), chance.choice([1, 2, 3, None]))
        rows.append((*key, at, chance.choice("uvwxyz")))
    return rows


def by_hand(rows, null_keys):
    best = {}
    for row in rows:
        rank = (row[2] or datetime.min, row[3])
        if None not in row[:2] and (row[:2] not in best or rank > best[row[:2]][0]):
            best[row[:2]] = (rank, row)
    kept = [row for row in rows if None in row[:2]] if null_keys == "keep" else []
    return sorted([row for _, row in best.values()] + kept, key=str)


def rows_of(frame):
    return sorted((tuple(row) for row in frame.collect()), key=str)


@pytest.mark.parametrize("null_keys", ["keep", "drop"])
def test_equal_to_a_dictionary(spark, tmp_path, null_keys):
    rows = made_up(seed=1)
    spark.createDataFrame(rows, SCHEMA).repartition(3).write.parquet(f"{tmp_path}/in")
    for _ in range(2):
        counts = job.run(spark, options(tmp_path, "--null-keys", null_keys))
    wanted = by_hand(rows, null_keys)
    assert rows_of(spark.read.parquet(f"{tmp_path}/out")) == wanted
    assert (counts["rows_read"], counts["rows_written"]) == (200, len(wanted))
    assert counts["dropped"] == 200 - len(wanted)


def test_assumptions(spark, tmp_path):
    spark.createDataFrame(made_up(seed=2), SCHEMA).write.parquet(f"{tmp_path}/in")
    with pytest.raises(job.AssumptionFailed, match="have no value in id, part"):
        job.run(spark, options(tmp_path, "--null-keys", "fail"))
    assert not (tmp_path / "out").exists()
    with pytest.raises(job.AssumptionFailed, match="more than --most-duplicates"):
        job.run(spark, options(tmp_path, "--most-duplicates", "0.1"))


def test_nothing_at_all(spark, tmp_path):
    spark.createDataFrame([], SCHEMA).write.parquet(f"{tmp_path}/in")
    assert job.run(spark, options(tmp_path))["rows_written"] == 0


def test_the_sql_gives_the_same(spark):
    # The SQL has the names that this project's columns have.
    defaults = job.options_of([])
    rows = made_up(seed=3)
    frame = spark.createDataFrame(rows, SCHEMA).withColumnRenamed("at", defaults.order_column)
    frame = frame.selectExpr(*[f"id || part AS {key}" for key in defaults.keys], "*")
    frame.createOrReplaceTempView("rows")
    text = (JOBS / "deduplication.sql").read_text()
    order = ["id", "part", defaults.order_column, "value"]
    found = spark.sql(text, args={"since": "2000-01-01"}).select(*order)
    assert rows_of(found) == by_hand(rows, "drop")
    late = datetime(2026, 1, 1, 3)
    recent = [row for row in rows if row[2] is None or row[2] >= late]
    assert rows_of(spark.sql(text, args={"since": str(late)}).select(*order)) == by_hand(recent, "drop")

"""#),
            File(path: "pipelines/deduplication.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/deduplication.py with spark-submit.
pipeline: deduplication
description: "Keep the latest row of each key in @{source}"
defaults: { retries: 1, timeout: 2h }
steps:
  - id: deduplicate
    spark:
      script: jobs/deduplication.py
      args: ["--source", "@{source}", "--output", "@{output}"]
# In SQL instead, over a view `rows`, with the parameter :since:
#   spark: { sql: jobs/deduplication.sql }

"""#),
            File(path: "jobs/deduplication.md", purpose: "when to use it, and what it minds", text: #"""
# deduplication

Keeps one row for each key: the latest, and of equally late ones always the same.

## Use it when

Rows are delivered more than once, or each change of a row is a row, and only the latest counts.

## Do not use it when

- Every version is needed: then join with the versions as of a time (`point_in_time_join`).
- Only what is new should be added to a large table: `incremental_load` does, and touches few partitions.
- Repeats should be dropped as they stream in: that needs a bound on how late they come.

## How it works

Rows are numbered within `@{keys}` by `@{order_column}`, the latest first; the first stays. Unlike Spark's
`dropDuplicates`, which keeps any row, the result does not depend on the order of rows or files.

`jobs/deduplication.sql` is the same in one statement over a view `rows`; its parameter `:since` leaves out older rows.

## What it minds

| Danger | What happens |
|---|---|
| rows of one key and time | the greatest by its columns as JSON stays, in every run the same |
| no time | counts as the oldest |
| no key | `fail` stops and writes nothing, `keep` keeps all of them, `drop` drops them; they are counted |
| a wrong key that makes nearly all rows duplicates | `--most-duplicates 0.2` fails the job when more are dropped |
| one key with very many rows | they are sorted by one task, which spills but does not fail |
| new columns | are kept as they come |
| run again, empty input | the output is overwritten with the same rows; it is not readable meanwhile |
| time zones | order does not depend on them, unless the column is text: it is then ordered as text |

## Parameters

| Name | Default | What for |
|---|---|---|
| `source` | `@{source}` | the rows: a folder or a table |
| `output` | `@{output}` | the folder of the result |
| `keys` | `@{keys}` | columns that together name a row |
| `order_column` | `@{order_column}` | the latest by this column is kept |
| `null_keys` | `@{null_keys}` | what becomes of rows without a key |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `rows_read`, `rows_without_key`, `rows_written`, `dropped`.

"""#),
        ]
    )
}
