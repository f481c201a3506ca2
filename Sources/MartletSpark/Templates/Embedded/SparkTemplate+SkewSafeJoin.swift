// Made by Files/embed.py from Files/skew_safe_join: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let skewSafeJoin = SparkTemplate(
        name: "skew_safe_join",
        summary: "Join a table in which a few keys have most of the rows, without one task doing all the work",
        useWhen: "A join waits for one task that runs many times longer than the others, because a few keys are most of the rows.",
        avoidWhen: "Adaptive execution already splits the partition (a sort-merge join of over 256 MB a partition), or the right side fits in memory.",
        parameters: [
            SparkTemplateParameter(
                name: "left", kind: .place,
                defaultValue: "data/facts",
                summary: "the large, skewed side: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "right", kind: .place,
                defaultValue: "data/dimension",
                summary: "the other side: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/joined",
                summary: "the folder of the result"
            ),
            SparkTemplateParameter(
                name: "keys", kind: .columns,
                defaultValue: "key",
                summary: "columns to join on, in both"
            ),
            SparkTemplateParameter(
                name: "how", kind: .choice(["inner", "left", "left_semi", "left_anti"]),
                defaultValue: "left",
                summary: "the kind of join"
            ),
            SparkTemplateParameter(
                name: "sample", kind: .number(0.0001...1),
                defaultValue: "0.01",
                summary: "the share of the left side that is looked at for heavy keys"
            ),
            SparkTemplateParameter(
                name: "rows_per_task", kind: .integer(1...1000000000),
                defaultValue: "2000000",
                summary: "a key with more rows than this is spread"
            ),
            SparkTemplateParameter(
                name: "broadcast_rows", kind: .integer(0...100000000),
                defaultValue: "200000",
                summary: "a right side up to this size is sent to all tasks"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/skew_safe_join.py", purpose: "the job, for PySpark", text: #"""
"""Joins a skewed table: the rows of heavy keys, and only those, are spread over several tasks.

Heavy keys are found in a sample of the left side. Each gets a number of salts by its size; its rows on the left
are dealt out over the salts, and its rows on the right are repeated for each. All other keys have one salt, so
nothing of theirs is repeated. A small right side is broadcast instead. The rows are those of the plain join.
"""

import argparse
import contextlib
import json
import os
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

SEED = 7
MOST_HEAVY_KEYS = 10_000


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
    parser.add_argument("--left", default="@{left}")
    parser.add_argument("--right", default="@{right}")
    parser.add_argument("--format", default="parquet", help="of folders that are read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--keys", type=names, default="@{keys}")
    # A right or full join would show unmatched rows of the right side once for each salt.
    parser.add_argument("--how", choices=["inner", "left", "left_semi", "left_anti"], default="@{how}")
    parser.add_argument("--sample", type=float, default=@{sample})
    parser.add_argument("--rows-per-task", type=int, default=@{rows_per_task})
    parser.add_argument("--broadcast-rows", type=int, default=@{broadcast_rows})
    parser.add_argument("--max-salts", type=int, default=200)
    parser.add_argument("--right-unique", action="store_true", help="fail when a key is on the right twice")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    left, right = read(spark, o.left, o.format), read(spark, o.right, o.format)
    checked(left, right, o)
    counts = {"rows_left": left.count(), "heavy_keys": 0, "most_salts": 1, "broadcast": 0}
    if is_small(right, o):
        counts["broadcast"] = 1
        joined = left.join(F.broadcast(right), o.keys, o.how)
    else:
        heavy = heavy_keys(left, o)
        counts["heavy_keys"] = len(heavy)
        counts["most_salts"] = max([row._salts for row in heavy], default=1)
        joined = salted_join(spark, left, right, heavy, o)
    joined.write.mode("overwrite").parquet(o.output)
    counts["rows_written"] = spark.read.parquet(o.output).count()
    least = counts["rows_left"] if o.how == "left" else 0
    most = counts["rows_left"] if o.how.startswith("left_") else float("inf")
    if not least <= counts["rows_written"] <= most:
        raise AssumptionFailed(f"a {o.how} join of {counts['rows_left']} rows gave {counts['rows_written']}")
    return counts


def checked(left, right, o):
    """The assumptions of the join."""
    need_columns(left, o.keys, "the left side")
    need_columns(right, o.keys, "the right side")
    for key in o.keys:
        types = [frame.schema[key].dataType.simpleString() for frame in (left, right)]
        if types[0] != types[1]:
            raise AssumptionFailed(f"{key} is {types[0]} on the left and {types[1]} on the right: cast one of them")
    both = sorted((set(left.columns) & set(right.columns)) - set(o.keys))
    if both and not o.how.startswith("left_"):
        raise AssumptionFailed(f"both sides have {', '.join(both)}: rename or drop them on one side")
    if o.right_unique:
        twice = right.dropna(subset=o.keys).groupBy(*o.keys).count().where("count > 1").limit(1).collect()
        if twice:
            raise AssumptionFailed(f"the right side has {twice[0]['count']} rows of one key, {twice[0][:-1]}")


def is_small(right, o):
    """Counting stops at the limit."""
    return right.select(*o.keys).limit(o.broadcast_rows + 1).count() <= o.broadcast_rows


def heavy_keys(left, o):
    """Rows of a key and its `_salts`, for each key estimated to have more than `rows_per_task` rows.

    NULL is no heavy key: it matches nothing, and is spread by itself.
    """
    rows = F.count("*") / F.lit(o.sample)
    salts = F.least(F.ceil(rows / o.rows_per_task), F.lit(o.max_salts)).cast("int")
    sample = left.select(*o.keys).dropna()
    if o.sample < 1:
        sample = sample.sample(fraction=o.sample, seed=SEED)
    counted = sample.groupBy(*o.keys).agg(rows.alias("_rows"), salts.alias("_salts"))
    found = counted.where(f"_rows > {o.rows_per_task}").orderBy(F.desc("_rows")).drop("_rows")
    return found.limit(MOST_HEAVY_KEYS).collect()


def salted_join(spark, left, right, heavy, o):
    """The rows of `left.join(right, keys, how)`."""
    # Rows without a key match nothing: a left join would gather all of them in one task, for nothing.
    has_key = F.lit(True)
    for key in o.keys:
        has_key = has_key & F.col(key).isNotNull()
    keyless = left.where(~has_key)
    left, right = left.where(has_key), right.where(has_key)

    if heavy:
        schema = right.select(*o.keys).schema.add("_salts", "integer")
        salts = F.broadcast(spark.createDataFrame([tuple(row) for row in heavy], schema))
        # Made of the row itself, so that a task that is run again deals its rows out the same way.
        plain = [field.name for field in left.schema if not has_map(field.dataType)]
        deal = F.pmod(F.xxhash64(*plain), F.col("_salts")).cast("int")
        left = left.join(salts, o.keys, "left").withColumn("_salt", F.coalesce(deal, F.lit(0))).drop("_salts")
        repeats = F.explode(F.sequence(F.lit(0), F.coalesce(F.col("_salts"), F.lit(1)) - 1))
        right = right.join(salts, o.keys, "left").withColumn("_salt", repeats).drop("_salts")
        # Spark's own broadcast would be as right; AQE may still choose it.
        joined = left.join(right, [*o.keys, "_salt"], o.how).drop("_salt")
    else:
        joined = left.join(right, o.keys, o.how)
    if o.how in ("left", "left_anti"):
        joined = joined.unionByName(keyless, allowMissingColumns=True)
    return joined


def has_map(kind):
    """Whether a type cannot be hashed by Spark."""
    return any(word in kind.simpleString() for word in ("map<", "variant"))


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "tests/test_skew_safe_join.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/skew_safe_join.py on real Spark, beside nested loops in Python."""

import os
import random
import sys
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import skew_safe_join as job  # noqa: E402

LEFT = "key STRING, part INT, amount INT, tags MAP<STRING, INT>"
RIGHT = "key STRING, part INT, name STRING"


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
        "--keys", "key,part", "--how", "left", "--sample", "1", "--rows-per-task", "100", "--broadcast-rows", "0",
        "--timezone", "UTC", *more,
    ])


def made_up(seed, rows=3000):
    """One key has two rows of three, another one of ten; some keys are missing, some unknown to the right side."""
    chance = random.Random(seed)

    def key():
        draw = chance.random()
        if draw < 0.66:
            return ("hot", 0)
        if draw < 0.76:
            return ("warm", 1)
        if draw < 0.8:
            return chance.choice([(None, 0), ("k1", None), (None, None)])
        return (f"k{chance.randint(0, 60)}", chance.randint(0, 1))

    left = [(*key(), number, {"a": number}) for number in range(rows)]
    right = [("hot", 0, "one"), ("warm", 1, "two"), ("warm", 1, "again"), (None, 0, "nobody"), ("k1", None, "nobody")]
    right += [(f"k{number}", number % 2, f"n{number}") for number in range(40)] + [("k3", 1, "double")]
    return left, right


def by_nested_loops(left, right, how):
    result = []
    for row in left:
        found = [other[2] for other in right if None not in row[:2] and other[:2] == row[:2]]
        if how == "inner" or (how == "left" and found):
            result += [(*row[:3], name) for name in found]
        elif how == "left":
            result.append((*row[:3], None))
        elif bool(found) == (how == "left_semi"):
            result.append(row[:3])
    return sorted(result, key=str)


def plain(frame, how):
    columns = ["key", "part", "amount"] + (["name"] if how in ("inner", "left") else [])
    return sorted((tuple(row) for row in frame.select(*columns).collect()), key=str)


@pytest.fixture
def shuffles(spark):
    """Every join is a shuffle, and its partitions are left as they are, so that tasks can be measured."""
    keys = {"spark.sql.adaptive.enabled": "false", "spark.sql.autoBroadcastJoinThreshold": "-1"}
    with job.settings(spark, {**keys, "spark.sql.shuffle.partitions": "8"}):
        yield


@pytest.mark.parametrize("how", ["inner", "left", "left_semi", "left_anti"])
def test_equal_to_nested_loops(spark, shuffles, how):
    left, right = made_up(seed=1)
    o = options("--how", how)
    tables = spark.createDataFrame(left, LEFT), spark.createDataFrame(right, RIGHT)
    heavy = job.heavy_keys(tables[0], o)
    assert [(row.key, row.part) for row in heavy] == [("hot", 0), ("warm", 1)]
    joined = job.salted_join(spark, *tables, heavy, o)
    assert plain(joined, how) == by_nested_loops(left, right, how)


def largest_task(joined):
    return joined.groupBy(F.spark_partition_id()).count().agg(F.max("count")).first()[0]


def test_the_largest_task_shrinks(spark, shuffles):
    left, right = made_up(seed=2, rows=8000)
    o = options("--rows-per-task", "200")
    tables = spark.createDataFrame(left, LEFT), spark.createDataFrame(right, RIGHT)
    heavy = job.heavy_keys(tables[0], o)
    before = largest_task(tables[0].join(tables[1], o.keys, "left"))
    after = largest_task(job.salted_join(spark, *tables, heavy, o))
    print(f"rows of the largest of 8 tasks: {before} without, {after} with salts")
    assert before > 8000 * 0.6
    assert after < before / 3


def test_only_heavy_keys_are_repeated(spark, shuffles):
    left, right = made_up(seed=3)
    o = options()
    tables = spark.createDataFrame(left, LEFT), spark.createDataFrame(right, RIGHT)
    salts = {row.key: row._salts for row in job.heavy_keys(tables[0], o)}
    hot = sum(row[0] == "hot" for row in left)
    assert salts["hot"] == -(-hot // 100)
    assert job.heavy_keys(tables[0], options("--rows-per-task", "5000")) == []
    assert job.salted_join(spark, *tables, [], o).count() == len(by_nested_loops(left, right, "left"))
    assert {row._salts for row in job.heavy_keys(tables[0], options("--max-salts", "3"))} == {3}


def test_a_sample_finds_heavy_keys(spark):
    frame = spark.range(20_000).selectExpr("if(id % 2 = 0, 'hot', cast(id AS STRING)) AS key", "0 AS part")
    heavy = job.heavy_keys(frame, options("--sample", "0.05", "--rows-per-task", "1000"))
    assert [row.key for row in heavy] == ["hot"]
    assert 8 <= heavy[0]._salts <= 12


@pytest.mark.parametrize(("limit", "is_broadcast"), [("1000", 1), ("10", 0)])
def test_the_whole_job(spark, tmp_path, limit, is_broadcast):
    left, right = made_up(seed=4, rows=600)
    spark.createDataFrame(left, LEFT).write.parquet(f"{tmp_path}/left")
    spark.createDataFrame(right, RIGHT).write.parquet(f"{tmp_path}/right")
    places = ["--left", f"{tmp_path}/left", "--right", f"{tmp_path}/right", "--output", f"{tmp_path}/out"]
    for _ in range(2):
        counts = job.run(spark, options("--broadcast-rows", limit, *places))
    assert counts["broadcast"] == is_broadcast
    assert (counts["heavy_keys"] > 0) != is_broadcast
    wanted = by_nested_loops(left, right, "left")
    assert counts["rows_written"] == len(wanted)
    assert plain(spark.read.parquet(f"{tmp_path}/out"), "left") == wanted


def test_assumptions(spark):
    left, right = made_up(seed=5, rows=50)
    left, right = spark.createDataFrame(left, LEFT), spark.createDataFrame(right, RIGHT)
    with pytest.raises(job.AssumptionFailed, match="part is int on the left and string on the right"):
        job.checked(left, right.withColumn("part", right.part.cast("string")), options())
    with pytest.raises(job.AssumptionFailed, match="both sides have amount"):
        job.checked(left, right.withColumnRenamed("name", "amount"), options())
    with pytest.raises(job.AssumptionFailed, match="2 rows of one key"):
        job.checked(left, right, options("--right-unique"))
    with pytest.raises(job.AssumptionFailed, match="the right side has no column part"):
        job.checked(left, right.drop("part"), options())
    assert job.salted_join(spark, left.limit(0), right, [], options()).count() == 0

"""#),
            File(path: "pipelines/skew_safe_join.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/skew_safe_join.py with spark-submit.
pipeline: skew_safe_join
description: "Join @{left} with @{right}, heavy keys spread over several tasks"
defaults: { retries: 1, timeout: 4h }
steps:
  - id: join
    spark:
      script: jobs/skew_safe_join.py
      args: ["--left", "@{left}", "--right", "@{right}", "--output", "@{output}", "--how", "@{how}"]

"""#),
            File(path: "jobs/skew_safe_join.md", purpose: "when to use it, and what it minds", text: #"""
# skew_safe_join

Joins a table in which a few keys have most of the rows, without one task doing all the work.

## Use it when

A join waits for one task that runs many times longer than the others; `martlet spark advise` says "skew".

## Do not use it when

- Adaptive execution splits the partition already: a sort-merge join whose partition is over 256 MB and five times the
  median. Look at the plan for `skew=true` first; it needs no code.
- The right side fits in memory: a plain join with `F.broadcast` does. This job does so too, up to
  `@{broadcast_rows}` rows.
- It is a right or full join: swap the sides.

## How it works

1. A share of `@{sample}` of the left side is counted by key. A key that is estimated to have more than
   `@{rows_per_task}` rows is heavy.
2. A heavy key gets as many salts as it has such portions, at most 200. Its left rows are dealt out over the salts by a
   hash of the row; its right rows are repeated once for each. All other keys have one salt.
3. One join on key and salt. Left rows without a key, which match nothing, do not take part and are put back.

## What it minds

| Danger | What happens |
|---|---|
| the result | the rows of the plain join, which the test compares with nested loops |
| NULL keys | match nothing, as in SQL, and do not gather in one task |
| the right side grows | only rows of heavy keys are repeated |
| keys twice on the right | multiply rows as in the plain join; `--right-unique` makes that an error |
| heavy on both sides | the output itself is large; salts spread it, nothing makes it smaller |
| a task that is run again | deals rows out the same way: the salt comes from the row |
| columns that cannot be hashed (maps) | are not part of the hash |
| keys of two types | the job fails: Spark would cast silently, and `'1'` is not `'01'` |
| the same column on both sides | the job fails |
| run again, empty input | the output is overwritten; an empty side is fine |
| a sample too small | a heavy key is missed, which costs time, never rows |

## Parameters

| Name | Default | What for |
|---|---|---|
| `left` | `@{left}` | the large, skewed side |
| `right` | `@{right}` | the other side |
| `output` | `@{output}` | the folder of the result |
| `keys` | `@{keys}` | columns to join on, in both |
| `how` | `@{how}` | `inner`, `left`, `left_semi` or `left_anti` |
| `sample` | `@{sample}` | the share of the left side that is looked at |
| `rows_per_task` | `@{rows_per_task}` | a key with more rows than this is spread |
| `broadcast_rows` | `@{broadcast_rows}` | a right side up to this size is sent to all tasks |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `rows_left`, `heavy_keys`, `most_salts`, `broadcast`, `rows_written`.

"""#),
        ]
    )
}
