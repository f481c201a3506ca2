// Made by Files/embed.py from Files/incremental_load: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let incrementalLoad = SparkTemplate(
        name: "incremental_load",
        summary: "Load what is new or changed since the last load, each row once, restart-safe",
        useWhen: "A source gains and changes rows and says so in a column, and loading all of it each time costs too much.",
        avoidWhen: "Rows are deleted at the source without a trace, or nothing says when a row changed.",
        parameters: [
            SparkTemplateParameter(
                name: "source", kind: .place,
                defaultValue: "data/events",
                summary: "where the rows come from: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "target", kind: .path,
                defaultValue: "data/events_loaded",
                summary: "the folder that is kept up to date"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "event_id",
                summary: "columns that together name a row"
            ),
            SparkTemplateParameter(
                name: "watermark_column", kind: .column,
                defaultValue: "updated_at",
                summary: "when a row was last changed at the source"
            ),
            SparkTemplateParameter(
                name: "event_column", kind: .column,
                defaultValue: "event_time",
                summary: "the time whose day is the row's partition"
            ),
            SparkTemplateParameter(
                name: "partition_column", kind: .column,
                defaultValue: "event_date",
                summary: "the partition column of the target"
            ),
            SparkTemplateParameter(
                name: "overlap", kind: .duration,
                defaultValue: "2d",
                summary: "how far each load looks back for rows that arrive late"
            ),
            SparkTemplateParameter(
                name: "strategy", kind: .choice(["partitions", "merge"]),
                defaultValue: "partitions",
                summary: "overwrite partitions of files, or MERGE into a table format"
            ),
            SparkTemplateParameter(
                name: "max_partitions", kind: .integer(1...100000),
                defaultValue: "1000",
                summary: "most partitions that one load may rewrite"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of days and of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/incremental_load.py", purpose: "the job, for PySpark", text: #"""
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

"""#),
            File(path: "tests/test_incremental_load.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/incremental_load.py on real Spark, beside a dictionary in Python."""

import os
import random
import shutil
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import incremental_load as job  # noqa: E402

SCHEMA = "id STRING, part INT, event_time TIMESTAMP, updated_at TIMESTAMP, value STRING"
START = datetime(2026, 3, 1)


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
        "--source", f"{folder}/source", "--target", f"{folder}/target", "--keys", "id,part",
        "--watermark-column", "updated_at", "--event-column", "event_time", "--partition-column", "day",
        "--overlap", "2d", "--strategy", "partitions", "--max-partitions", "50", "--timezone", "UTC", *more,
    ])


def publish(spark, folder, rows, schema=SCHEMA):
    spark.createDataFrame(rows, schema).coalesce(1).write.mode("overwrite").parquet(f"{folder}/source")


def loaded(spark, folder):
    frame = spark.read.parquet(f"{folder}/target")
    return sorted(tuple(row) for row in frame.selectExpr("id", "part", "event_time", "updated_at", "value").collect())


def newest(rows):
    """By brute force: the row of each key that was changed last; of equal ones the greatest by event time and value."""
    best = {}
    for row in sorted(rows, key=lambda row: (row[3], row[2], row[4])):
        best[row[:2]] = row
    return sorted(best.values())


def rounds(seed):
    """Versions of rows as they become known, day after day; some a day late, some of another event day."""
    chance = random.Random(seed)
    known, result = [], []
    for day in range(3):
        for _ in range(40):
            late = timedelta(hours=chance.randint(1, 24)) if chance.random() < 0.2 else timedelta()
            changed = START + timedelta(days=10 + day, hours=chance.randint(0, 23)) - late
            event = START + timedelta(days=chance.randint(0, 2), hours=chance.randint(0, 23))
            known.append((f"e{chance.randint(0, 30)}", chance.randint(0, 1), event, changed, chance.choice("abcd")))
        result.append((START + timedelta(days=11 + day), list(known)))
    return result


def test_every_load_leaves_the_newest_of_each_key(spark, tmp_path):
    for until, rows in rounds(seed=1):
        publish(spark, tmp_path, rows)
        counts = job.run(spark, options(tmp_path, "--until", str(until)))
        assert loaded(spark, tmp_path) == newest(rows)
        assert counts["rows_changed"] <= len(rows)
    again = job.run(spark, options(tmp_path, "--until", str(until)))
    assert again["rows_changed"] < len(newest(rows)), "a load takes only what is new, and the overlap"
    assert loaded(spark, tmp_path) == newest(rows)


@pytest.mark.parametrize("broken", ["half of the partitions", "before the note", "a partition is gone"])
def test_a_killed_load_is_done_again(spark, tmp_path, monkeypatch, broken):
    write = job.write_partitions

    def write_half(rows, o):
        days = sorted(row[0] for row in rows.select("day").distinct().collect())
        write(rows.where(rows.day.isin(days[len(days) // 2:])), o)
        raise KeyboardInterrupt

    def write_without(rows, o):
        # Spark removes a partition's folder, and then moves the new one in: killed between the two.
        for place in (tmp_path / "target").glob("day=*"):
            shutil.rmtree(place)
            raise KeyboardInterrupt

    note = job.note

    def die_when_done(spark, o, what):
        if what[0] == "done":
            raise KeyboardInterrupt
        note(spark, o, what)

    kills = {
        "half of the partitions": ("write_partitions", write_half),
        "before the note": ("note", die_when_done),
        "a partition is gone": ("write_partitions", write_without),
    }
    for number, (until, rows) in enumerate(rounds(seed=2)[:2]):
        publish(spark, tmp_path, rows)
        if number == 0:
            job.run(spark, options(tmp_path, "--until", str(until)))
            continue
        with monkeypatch.context() as patch:
            patch.setattr(job, *kills[broken])
            with pytest.raises(KeyboardInterrupt):
                job.run(spark, options(tmp_path, "--until", str(until)))
        job.run(spark, options(tmp_path, "--until", str(until)))
        assert loaded(spark, tmp_path) == newest(rows)


def test_a_partition_that_all_rows_leave_is_emptied(spark, tmp_path):
    first = ("e1", 0, START, START, "a")
    publish(spark, tmp_path, [first])
    job.run(spark, options(tmp_path))
    moved = ("e1", 0, START + timedelta(days=3), START + timedelta(hours=1), "b")
    publish(spark, tmp_path, [first, moved])
    job.run(spark, options(tmp_path))
    assert loaded(spark, tmp_path) == [moved]


def test_a_time_in_the_future_does_not_move_the_watermark(spark, tmp_path):
    rows = [("e1", 0, START, START, "a"), ("e2", 0, START, datetime(2200, 1, 1), "b")]
    publish(spark, tmp_path, rows)
    counts = job.run(spark, options(tmp_path, "--until", "2026-06-01"))
    assert (counts["rows_from_the_future"], loaded(spark, tmp_path)) == (1, rows[:1])
    rows.append(("e3", 0, START, START + timedelta(days=1), "c"))
    publish(spark, tmp_path, rows)
    job.run(spark, options(tmp_path, "--until", "2026-06-01"))
    assert [row[0] for row in loaded(spark, tmp_path)] == ["e1", "e3"]


@pytest.mark.parametrize("place", [0, 2, 3])
def test_rows_without_key_or_time_stop_the_load(spark, tmp_path, place):
    row = ["e1", 0, START, START, "a"]
    row[place] = None
    publish(spark, tmp_path, [tuple(row), ("e2", 0, START, START, "b")])
    assert job.execute(job.run, options(tmp_path)) == 1
    assert not (tmp_path / "target").exists()


def test_a_new_column_is_an_error_or_added(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    job.run(spark, options(tmp_path))
    day = START + timedelta(days=1)
    publish(spark, tmp_path, [("e2", 0, day, day, "b", 7)], SCHEMA + ", more INT")
    with pytest.raises(job.AssumptionFailed, match="more"):
        job.run(spark, options(tmp_path))
    job.run(spark, options(tmp_path, "--schema-drift", "add"))
    rows = spark.read.option("mergeSchema", "true").parquet(f"{tmp_path}/target").select("id", "more").collect()
    assert sorted((row.id, row.more) for row in rows) == [("e1", None), ("e2", 7)]
    publish(spark, tmp_path, [("e3", 0, day, day, "b", "text")], SCHEMA + ", more STRING")
    with pytest.raises(job.AssumptionFailed, match="more is string in the source and int in the target"):
        job.run(spark, options(tmp_path, "--schema-drift", "add"))


def test_nothing_to_load(spark, tmp_path):
    publish(spark, tmp_path, [])
    assert job.run(spark, options(tmp_path))["rows_changed"] == 0


def test_a_lost_target_is_noticed(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    job.run(spark, options(tmp_path))
    (tmp_path / "target").rename(tmp_path / "elsewhere")
    with pytest.raises(job.AssumptionFailed, match="gone"):
        job.run(spark, options(tmp_path))


def test_merge_is_for_table_formats(spark, tmp_path):
    publish(spark, tmp_path, [("e1", 0, START, START, "a")])
    spark.sql("DROP TABLE IF EXISTS loaded_files")
    spark.sql(f"CREATE TABLE loaded_files ({SCHEMA}, day DATE) USING parquet LOCATION '{tmp_path}/plain'")
    # Spark understands the statement, and says that files cannot be merged into.
    with pytest.raises(PySparkException, match="does not support MERGE"):
        more = ["--strategy", "merge", "--target", "loaded_files", "--log", f"{tmp_path}/log"]
        job.run(spark, options(tmp_path, *more))
    spark.sql("DROP TABLE loaded_files")

"""#),
            File(path: "pipelines/incremental_load.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/incremental_load.py with spark-submit.
pipeline: incremental_load
description: "Load what is new or changed in @{source}"
schedule: { cron: "0 * * * *", timezone: "@{timezone}", catchup: false }
defaults: { retries: 2, retry_delay: 1m, timeout: 2h }
steps:
  - id: load
    spark:
      script: jobs/incremental_load.py
      args: ["--source", "@{source}", "--target", "@{target}", "--overlap", "@{overlap}"]

"""#),
            File(path: "jobs/incremental_load.md", purpose: "when to use it, and what it minds", text: #"""
# incremental_load

Loads what is new or changed since the last load. Each row is there once, its newest version, whatever is run again.

## Use it when

A source gains and changes rows and says so in a column such as `@{watermark_column}`, and loading all of it each time
costs too much.

## Do not use it when

- Rows are deleted at the source and leave no trace: nothing tells this job. Load everything now and then (`--full`
  does not remove rows either; empty the target first), or have the source mark deleted rows.
- The column that says when a row changed is set by clocks that run apart by more than `@{overlap}`.

## How it works

1. The log of loads (`@{target}_loads`, JSON lines) says how far the last finished load came. Less the overlap of
   `@{overlap}`, that is where this one starts; where it ends is fixed before it starts.
2. The newest version of each key among the changed rows is joined with the partitions (`@{partition_column}`) these rows
   are in, and with those where older versions of them are.
3. These partitions are noted in the log, and exactly they are overwritten. Spark writes beside the target and moves whole
   partitions in at the end.
4. That the load is done is noted in the log, last. `--strategy merge` does steps 2 and 3 with one `MERGE` into a table of Delta,
   Iceberg or Hudi, which is atomic; `@{target}` is then the table's name.

## What it minds

| Danger | What happens |
|---|---|
| killed at any moment | the same rows are loaded again over the same partitions: the same result |
| killed while partitions are moved | Spark removes an old partition before it moves the new one in, so it may be gone: the next load takes all rows of the noted partitions from the source. When the source forgets old rows, run on a branch of the lake, or use a table format |
| rows that arrive late | found within the overlap; a row later than that is missed |
| a wrong time in the far future | not loaded, counted as `rows_from_the_future`; it does not move the watermark |
| no key, watermark or day | the job fails and writes nothing |
| a key twice | the newest wins; of equally new ones the greatest by its columns as JSON, whatever their order |
| a row that moves to another day | the older version is removed; `--keys-stay` spares that look, when it cannot happen |
| new or lost columns | the job fails; `--schema-drift add` takes them. A changed type always fails |
| partitions such as `007` | stay text |
| rows that arrive during the load | left to the next one; they never take a partition's place |
| nothing new | nothing is written |
| two loads at once | not safe on plain files: let the pipeline run one at a time |

## Parameters

| Name | Default | What for |
|---|---|---|
| `source` | `@{source}` | where the rows come from: a folder or a table |
| `target` | `@{target}` | the folder that is kept up to date |
| `keys` | `@{keys}` | columns that together name a row |
| `watermark_column` | `@{watermark_column}` | when a row was last changed at the source |
| `event_column` | `@{event_column}` | the time whose day is the row's partition |
| `partition_column` | `@{partition_column}` | the partition column of the target; made from the day when the source has none |
| `overlap` | `@{overlap}` | how far each load looks back |
| `strategy` | `@{strategy}` | `partitions` for files, `merge` for a table format |
| `max_partitions` | `@{max_partitions}` | most partitions that one load may rewrite |
| `timezone` | `@{timezone}` | the zone of days and of times without a zone |

Figures: `rows_changed`, `rows_from_the_future`, `partitions`, `rows_in_partitions`.

"""#),
        ]
    )
}
