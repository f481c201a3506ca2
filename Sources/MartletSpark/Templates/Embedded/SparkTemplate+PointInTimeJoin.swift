// Made by Files/embed.py from Files/point_in_time_join: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let pointInTimeJoin = SparkTemplate(
        name: "point_in_time_join",
        summary: "Give each label the features that were known at its time, and nothing from its future",
        useWhen: "A training set needs, for each label, the feature values that a model would have seen then.",
        avoidWhen: "Features never change, or have one value a day and labels a date: a plain join on the date does.",
        parameters: [
            SparkTemplateParameter(
                name: "labels", kind: .place,
                defaultValue: "data/labels",
                summary: "the labels: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "features", kind: .place,
                defaultValue: "data/features",
                summary: "the feature values: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/labels_with_features",
                summary: "the folder of the result"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "entity_id",
                summary: "columns that name the entity, in both"
            ),
            SparkTemplateParameter(
                name: "label_time", kind: .column,
                defaultValue: "label_time",
                summary: "the time of a label"
            ),
            SparkTemplateParameter(
                name: "event_time", kind: .column,
                defaultValue: "event_time",
                summary: "when a feature value became true"
            ),
            SparkTemplateParameter(
                name: "known_time", kind: .column,
                defaultValue: "known_time",
                summary: "when a feature value was known to us"
            ),
            SparkTemplateParameter(
                name: "ttl", kind: .duration,
                defaultValue: "30d",
                summary: "a feature value older than this is not used"
            ),
            SparkTemplateParameter(
                name: "exact", kind: .choice(["include", "exclude"]),
                defaultValue: "include",
                summary: "whether a value of the label's very instant may be used"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/point_in_time_join.py", purpose: "the job, for PySpark", text: #"""
"""Gives each label the newest feature values that were true and known at its time.

A feature value has two times: when it became true (@{event_time}) and when it was known (@{known_time}). It is
visible from the later of the two. Labels and feature values of an entity are put on one timeline, and each
label takes the best value visible so far: the newest by event time, then by knowledge time. That is one
shuffle and one sort, however many values an entity has; a join with a condition on times would compare
each label with all of them.
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
    parser.add_argument("--labels", default="@{labels}")
    parser.add_argument("--features", default="@{features}")
    parser.add_argument("--format", default="parquet", help="of folders that are read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--keys", type=names, default="@{keys}")
    parser.add_argument("--label-time", default="@{label_time}")
    parser.add_argument("--event-time", default="@{event_time}")
    parser.add_argument("--known-time", default="@{known_time}")
    parser.add_argument("--ttl", type=seconds, default="@{ttl}")
    parser.add_argument("--exact", choices=["include", "exclude"], default="@{exact}")
    parser.add_argument("--prefix", default="", help="put before the names of feature columns")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    labels = read(spark, o.labels, o.format)
    features = read(spark, o.features, o.format)
    usable = usable_features(features, o)
    joined = point_in_time_join(labels, usable, o)
    joined.write.mode("overwrite").parquet(o.output)
    written = spark.read.parquet(o.output)
    counts = written.agg(
        F.count("*").alias("rows_written"),
        F.count(o.prefix + "feature_time").alias("rows_with_features"),
        F.count_if(F.col(o.prefix + "feature_time") > F.col(o.label_time)).alias("leaks"),
    ).first()
    labelled = labels.count()
    if counts.rows_written != labelled or counts.leaks:
        raise AssumptionFailed(f"{labelled} labels became {counts.rows_written} rows, {counts.leaks} from the future")
    return {
        "labels": labelled,
        "features_left_out": features.count() - usable.count(),
        "rows_written": counts.rows_written,
        "rows_with_features": counts.rows_with_features,
    }


def usable_features(features, o):
    """Without a key a value is nobody's; without both times nobody can say that a label could have seen it."""
    need_columns(features, [*o.keys, o.event_time, o.known_time], "the features")
    return features.dropna(subset=[*o.keys, o.event_time, o.known_time])


def point_in_time_join(labels, features, o):
    """The labels, each exactly once, with the feature columns and `feature_time`, all NULL when there are none."""
    need_columns(labels, [*o.keys, o.label_time], "the labels")
    for key in o.keys:
        types = [frame.schema[key].dataType.simpleString() for frame in (labels, features)]
        if types[0] != types[1]:
            raise AssumptionFailed(f"{key} is {types[0]} in the labels and {types[1]} in the features")
    values = [name for name in features.columns if name not in (*o.keys, o.event_time, o.known_time)]
    new_names = [o.prefix + name for name in [*values, "feature_time"]]
    clashes = sorted(set(new_names) & set(labels.columns))
    if clashes:
        raise AssumptionFailed(f"labels and features both have {', '.join(clashes)}; give the features a --prefix")

    def instant(name):
        # Times without a zone are of the session's zone, so that all are of one kind.
        return F.col(name).cast("timestamp")

    # At the same instant a feature value comes before a label that may use it, and after one that may not.
    feature_side, label_side = (0, 1) if o.exact == "include" else (1, 0)
    keys = [F.col(name).alias(f"_key{index}") for index, name in enumerate(o.keys)]
    on_labels = labels.select(
        *keys,
        instant(o.label_time).alias("_at"),
        F.lit(label_side).alias("_side"),
        F.struct("*").alias("_label"),
    )
    value = F.struct(instant(o.event_time).alias("feature_time"), *values)
    # The last part decides between values of the same two times, the same way in every run.
    rank = F.struct(instant(o.event_time).alias("a"), instant(o.known_time).alias("b"), F.to_json(value).alias("c"))
    on_features = features.select(
        *keys,
        F.greatest(instant(o.event_time), instant(o.known_time)).alias("_at"),
        F.lit(feature_side).alias("_side"),
        value.alias("_value"),
        rank.alias("_rank"),
    )
    timeline = on_labels.unionByName(on_features, allowMissingColumns=True)
    so_far = Window.partitionBy(*[f"_key{index}" for index in range(len(o.keys))]).orderBy("_at", "_side")
    so_far = so_far.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    best = timeline.withColumn("_best", F.max_by("_value", "_rank").over(so_far)).where(f"_side = {label_side}")
    # When the newest value is too old, all are.
    oldest = F.col("_at") - F.make_dt_interval(secs=F.lit(o.ttl))
    best = best.withColumn("_best", F.when(F.col("_best.feature_time") >= oldest, F.col("_best")))
    chosen = [F.col(f"_best.`{name}`").alias(o.prefix + name) for name in [*values, "feature_time"]]
    return best.select("_label.*", *chosen)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "jobs/point_in_time_join.sql", purpose: "the job, in SQL", text: #"""
-- Gives each label the newest feature values that were true and known at its time: see point_in_time_join.md.
-- One statement over the tables or views `labels` and `features`; parameter :ttl_seconds.
WITH timeline AS (
  SELECT struct(@{keys}) AS key, CAST(@{label_time} AS TIMESTAMP) AS at, TRUE AS is_label,
         struct(labels.*) AS label, NULL AS feature
  FROM labels
  UNION ALL
  SELECT struct(@{keys}), CAST(greatest(@{event_time}, @{known_time}) AS TIMESTAMP), FALSE, NULL, struct(features.*)
  FROM features
  -- A key with a NULL in it is nobody's, and concat of it is NULL.
  WHERE @{event_time} IS NOT NULL AND @{known_time} IS NOT NULL AND concat(@{keys}) IS NOT NULL
), seen AS (
  SELECT label, at, is_label,
         max_by(feature, CASE WHEN NOT is_label
                              THEN struct(feature.@{event_time}, feature.@{known_time}, to_json(feature)) END)
           OVER (PARTITION BY key ORDER BY at, is_label = ('@{exact}' = 'include')
                 ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS best
  FROM timeline
), fresh AS (
  SELECT label,
         CASE WHEN best.@{event_time} >= at - make_dt_interval(0, 0, 0, :ttl_seconds) THEN best END AS feature
  FROM seen
  WHERE is_label
)
SELECT label.*, feature.* EXCEPT (@{keys}, @{event_time}, @{known_time}), feature.@{event_time} AS feature_time
FROM fresh

"""#),
            File(path: "tests/test_point_in_time_join.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/point_in_time_join.py and .sql on real Spark, beside a comparison of all with all in Python."""

import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import point_in_time_join as job  # noqa: E402

START = datetime(2026, 3, 1)
LABELS = "entity STRING, at TIMESTAMP, label INT"
FEATURES = "entity STRING, event_at TIMESTAMP, known_at TIMESTAMP, f INT, g STRING"


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
        "--keys", "entity", "--label-time", "at", "--event-time", "event_at", "--known-time", "known_at",
        "--ttl", "5h", "--exact", "include", "--timezone", "UTC", *more,
    ])


def brute_force(labels, features, ttl, exact):
    """Each label beside each feature value."""
    result = []
    for entity, at, label in labels:
        best = None
        for owner, event, known, f, g in features:
            if None in (entity, owner, event, known) or entity != owner:
                continue
            visible = max(event, known)
            if not (visible <= at if exact == "include" else visible < at) or event < at - ttl:
                continue
            rank = (event, known, f'"f":{f},"g":"{g}"')
            if best is None or rank > best[0]:
                best = (rank, (f, g, event))
        result.append((entity, at, label, *(best[1] if best else (None, None, None))))
    return sorted(result, key=str)


def made_up(seed, count=150):
    """Times on a coarse grid, so that most boundaries and ties are met."""
    chance = random.Random(seed)

    def time():
        return START + timedelta(hours=chance.randint(0, 24))

    def entity():
        return chance.choice(["a", "b", "c", "d", None])

    labels = [(entity(), time(), number) for number in range(count)]
    labels += labels[:10]
    features = []
    for _ in range(count):
        event = time()
        known = event + timedelta(hours=chance.choice([-1, 0, 0, 1, 6]))
        row = (entity(), chance.choice([event] * 9 + [None]), chance.choice([known] * 9 + [None]))
        features.append((*row, chance.randint(0, 9), chance.choice("xyz")))
    return labels, features


@pytest.mark.parametrize("exact", ["include", "exclude"])
def test_equal_to_comparing_all_with_all(spark, exact):
    labels, features = made_up(seed=1)
    o = options("--exact", exact)
    usable = job.usable_features(spark.createDataFrame(features, FEATURES), o)
    joined = job.point_in_time_join(spark.createDataFrame(labels, LABELS), usable, o)
    assert joined.columns == ["entity", "at", "label", "f", "g", "feature_time"]
    found = sorted((tuple(row) for row in joined.collect()), key=str)
    wanted = brute_force(labels, features, timedelta(hours=5), exact)
    assert found == wanted
    assert 20 < sum(row[-1] is not None for row in wanted) < len(wanted)


def test_a_correction_is_used_only_once_it_is_known(spark):
    hour = timedelta(hours=1)
    # True since 0 h, known at 1 h as 10; at 3 h corrected to 11.
    features = [("a", START, START + hour, 10, "x"), ("a", START, START + 3 * hour, 11, "x")]
    labels = [("a", START + number * hour, number) for number in range(5)]
    joined = job.point_in_time_join(
        spark.createDataFrame(labels, LABELS), spark.createDataFrame(features, FEATURES), options()
    )
    assert [row.f for row in joined.orderBy("label").collect()] == [None, 10, 10, 11, 11]


def test_times_without_a_zone_and_empty_tables(spark):
    labels = spark.createDataFrame([("a", START, 1)], LABELS.replace("TIMESTAMP", "TIMESTAMP_NTZ"))
    features = spark.createDataFrame([("a", START, START, 7, "x")], FEATURES)
    assert job.point_in_time_join(labels, features, options()).first().f == 7
    assert job.point_in_time_join(labels, features.limit(0), options()).first().f is None
    assert job.point_in_time_join(labels.limit(0), features, options()).count() == 0


def test_columns_that_do_not_fit(spark):
    labels = spark.createDataFrame([("a", START, 1)], LABELS)
    features = spark.createDataFrame([("a", START, START, 7, "x")], FEATURES)
    with pytest.raises(job.AssumptionFailed, match="both have label"):
        job.point_in_time_join(labels, features.withColumnRenamed("f", "label"), options())
    renamed = features.withColumnRenamed("f", "label")
    assert job.point_in_time_join(labels, renamed, options("--prefix", "u_")).first().u_label == 7
    with pytest.raises(job.AssumptionFailed, match="entity is string in the labels and int in the features"):
        job.point_in_time_join(labels, features.withColumn("entity", features.f), options())
    with pytest.raises(job.AssumptionFailed, match="no column known_at"):
        job.usable_features(features.drop("known_at"), options())


def test_the_whole_job_and_its_figures(spark, tmp_path):
    labels, features = made_up(seed=2, count=60)
    spark.createDataFrame(labels, LABELS).write.parquet(f"{tmp_path}/labels")
    spark.createDataFrame(features, FEATURES).write.parquet(f"{tmp_path}/features")
    o = options("--labels", f"{tmp_path}/labels", "--features", f"{tmp_path}/features", "--output", f"{tmp_path}/out")
    for _ in range(2):
        counts = job.run(spark, o)
    found = sorted((tuple(row) for row in spark.read.parquet(f"{tmp_path}/out").collect()), key=str)
    wanted = brute_force(labels, features, timedelta(hours=5), "include")
    assert found == wanted
    assert counts["rows_written"] == len(labels)
    assert counts["rows_with_features"] == sum(row[-1] is not None for row in wanted)
    assert counts["features_left_out"] == sum(None in row[:3] for row in features)


def test_the_sql_gives_the_same(spark):
    labels, features = made_up(seed=3)
    # The SQL has the names that this project's columns have.
    text = (JOBS / "point_in_time_join.sql").read_text()
    defaults = job.options_of([])
    keys = defaults.keys
    frame = spark.createDataFrame(labels, LABELS).withColumnRenamed("at", defaults.label_time)
    for table, kind in [(frame, "labels"), (spark.createDataFrame(features, FEATURES), "features")]:
        for key in keys:
            table = table.withColumn(key, table.entity)
        if kind == "features":
            table = table.withColumnsRenamed({"event_at": defaults.event_time, "known_at": defaults.known_time})
        table.drop("entity").createOrReplaceTempView(kind)
    wanted = brute_force(labels, features, timedelta(hours=5), defaults.exact)
    order = [keys[0], defaults.label_time, "label", "f", "g", "feature_time"]
    found = spark.sql(text, args={"ttl_seconds": 5 * 3600}).select(*order).collect()
    assert sorted((tuple(row) for row in found), key=str) == wanted
    # The same file in spark-sql, which has no parameters of its own.
    spark.sql("DECLARE OR REPLACE VARIABLE job STRING")
    spark.sql(f"SET VAR job = (SELECT decode(content, 'utf-8') FROM binaryFile.`{JOBS}/point_in_time_join.sql`)")
    found = spark.sql("EXECUTE IMMEDIATE job USING 18000 AS ttl_seconds").select(*order).collect()
    assert sorted((tuple(row) for row in found), key=str) == wanted

"""#),
            File(path: "pipelines/point_in_time_join.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/point_in_time_join.py with spark-submit.
pipeline: point_in_time_join
description: Give each label the features that were known at its time
defaults: { retries: 1, timeout: 4h }
steps:
  - id: join
    spark:
      script: jobs/point_in_time_join.py
      args: ["--labels", "@{labels}", "--features", "@{features}", "--output", "@{output}", "--ttl", "@{ttl}"]
# In SQL instead, over views `labels` and `features`, with the parameter :ttl_seconds:
#   spark: { sql: jobs/point_in_time_join.sql }

"""#),
            File(path: "jobs/point_in_time_join.md", purpose: "when to use it, and what it minds", text: #"""
# point_in_time_join

Gives each label the newest feature values that were true and known at its time, and nothing from its future.

## Use it when

A training set needs, for each label, what a model would have seen at that moment. Values are corrected or arrive late,
so that when a value became true (`@{event_time}`) and when it was known (`@{known_time}`) differ.

## Do not use it when

- Features never change, or have one value a day and labels are about days: a plain join on the date does.
- There is one feature row for each of a few million labels at most and no knowledge time: Spark's own as-of join is
  simpler. It knows one time only, and compares each label with all rows of its key.

## How it works

A value is visible from the later of its two times. Labels and values of an entity (`@{keys}`) go on one timeline;
each label takes the greatest visible value so far by event time, then knowledge time, then content. That is a running
maximum: one shuffle and one sort whatever the number of values. A value older than `@{ttl}` is not used.

`jobs/point_in_time_join.sql` is the same in one statement over views `labels` and `features`, with the parameter
`:ttl_seconds`. spark-sql has no parameters of its own; there it is run like this:

```sql
DECLARE OR REPLACE VARIABLE job STRING;
SET VAR job = (SELECT decode(content, 'utf-8') FROM binaryFile.`jobs/point_in_time_join.sql`);
EXECUTE IMMEDIATE job USING 2592000 AS ttl_seconds;
```

## What it minds

| Danger | What happens |
|---|---|
| a look into the future | neither time may be after the label's; the written rows are checked for it again |
| a correction known later | labels before it was known get the value that was believed then |
| a value of the label's very instant | used with `--exact include`, not with `exclude` |
| values of the same two times | the greatest by content: the same in every run |
| labels twice | each row stays, once: the number of rows is checked |
| no key, or one of the times is missing | such values are left out and counted; such labels stay, without features |
| a label with no value, or none fresh | stays, with NULL; `rows_with_features` counts the others |
| times with and without a zone | compared in `@{timezone}` |
| keys of two types, names on both sides | the job fails; `--prefix` renames feature columns |
| run again | the output is overwritten with the same rows; it is not readable meanwhile |
| one entity with most rows | it is sorted by one task: split its time into parts, or leave out an entity that is no one |

## Parameters

| Name | Default | What for |
|---|---|---|
| `labels` | `@{labels}` | the labels: a folder or a table |
| `features` | `@{features}` | the feature values: a folder or a table |
| `output` | `@{output}` | the folder of the result |
| `keys` | `@{keys}` | columns that name the entity, in both |
| `label_time` | `@{label_time}` | the time of a label |
| `event_time` | `@{event_time}` | when a feature value became true |
| `known_time` | `@{known_time}` | when a feature value was known; name the same column twice when there is only one |
| `ttl` | `@{ttl}` | a feature value older than this is not used |
| `exact` | `@{exact}` | whether a value of the label's very instant may be used |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `labels`, `features_left_out`, `rows_written`, `rows_with_features`.

"""#),
        ]
    )
}
