// Made by Files/embed.py from Files/training_set: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let trainingSet = SparkTemplate(
        name: "training_set",
        summary: "Split labelled examples by time into training, validation and test sets, sampled and weighted",
        useWhen: "A model will be used on the future, and must be judged on a future that it has not seen.",
        avoidWhen: "Examples have no time, or the model is judged by cross-validation that makes its own folds.",
        parameters: [
            SparkTemplateParameter(
                name: "examples", kind: .place,
                defaultValue: "data/labels_with_features",
                summary: "the labelled examples: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/training_set",
                summary: "the folder of the result"
            ),
            SparkTemplateParameter(
                name: "id", kind: .columns,
                defaultValue: "entity_id,label_time",
                summary: "columns that together name an example"
            ),
            SparkTemplateParameter(
                name: "entity", kind: .column,
                defaultValue: "entity_id",
                summary: "whom an example is about"
            ),
            SparkTemplateParameter(
                name: "time", kind: .column,
                defaultValue: "label_time",
                summary: "the time of an example"
            ),
            SparkTemplateParameter(
                name: "label", kind: .column,
                defaultValue: "label",
                summary: "the class of an example"
            ),
            SparkTemplateParameter(
                name: "train_end", kind: .timestamp,
                defaultValue: "2026-07-01 00:00:00",
                summary: "where training data ends"
            ),
            SparkTemplateParameter(
                name: "validation_end", kind: .timestamp,
                defaultValue: "2026-08-01 00:00:00",
                summary: "where validation data ends"
            ),
            SparkTemplateParameter(
                name: "test_end", kind: .timestamp,
                defaultValue: "2026-09-01 00:00:00",
                summary: "where test data ends"
            ),
            SparkTemplateParameter(
                name: "embargo", kind: .duration,
                defaultValue: "7d",
                summary: "the gap after each end; at least as long as a label looks ahead"
            ),
            SparkTemplateParameter(
                name: "entities", kind: .choice(["first_seen", "hashed", "shared"]),
                defaultValue: "first_seen",
                summary: "how an entity is kept to one set, or that it may be in several"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/training_set.py", purpose: "the job, for PySpark", text: #"""
"""Splits labelled examples by time into training, validation and test sets.

Between the sets lies an embargo, so that no label of one set looks into the next. An entity is in one set only.
Classes of the training set are thinned out by a hash of the example's id, so that the same examples are chosen in
every run and on every machine; what is left weighs more in turn. A manifest counts it all; it is marked complete
only when the data is.
"""

import argparse
import contextlib
import json
import os
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession, Window
from pyspark.sql import functions as F

SPLITS = ["train", "validation", "test"]


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
    parser.add_argument("--examples", default="@{examples}")
    parser.add_argument("--format", default="parquet", help="of folders that are read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--manifest", help="folder of the manifest; the output's name and _manifest without it")
    parser.add_argument("--id", type=names, default="@{id}")
    parser.add_argument("--entity", default="@{entity}")
    parser.add_argument("--time", default="@{time}")
    parser.add_argument("--label", default="@{label}")
    parser.add_argument("--train-end", default="@{train_end}")
    parser.add_argument("--validation-end", default="@{validation_end}")
    parser.add_argument("--test-end", default="@{test_end}")
    parser.add_argument("--embargo", type=seconds, default="@{embargo}")
    parser.add_argument("--entities", choices=["first_seen", "hashed", "shared"], default="@{entities}")
    parser.add_argument("--shares", default="80,10,10", help="of the sets, in percent, when entities are hashed")
    parser.add_argument(
        "--rates", type=json.loads, default={}, help="share of a class that is kept in the training set: '{\"0\": 0.1}'"
    )
    parser.add_argument("--seed", default="1", help="another seed chooses other examples")
    parser.add_argument("--timezone", default="@{timezone}")
    options = parser.parse_args(arguments)
    options.manifest = options.manifest or options.output.rstrip("/") + "_manifest"
    return options


def run(spark, o):
    examples = read(spark, o.examples, o.format)
    checked(examples, o)
    assigned = with_split(examples, o).persist()
    try:
        return build(spark, assigned, o)
    finally:
        assigned.unpersist()


def build(spark, assigned, o):
    reasons = {row.reason: row["count"] for row in assigned.groupBy("reason").count().collect()}
    if not reasons.get(None):
        raise AssumptionFailed("no example is left; look at the times of the sets")
    chosen = weighted(sampled(assigned.where("reason IS NULL").drop("reason"), o), o)
    write_manifest(spark, {"state": "writing"}, o)
    chosen.write.mode("overwrite").partitionBy("split").parquet(o.output)
    written = spark.read.parquet(o.output)
    manifest = {"state": "complete", "options": vars(o), "left_out": {}, "sets": {}}
    manifest["left_out"] = {reason: count for reason, count in sorted(reasons.items(), key=str) if reason}
    manifest["left_out"]["sampling"] = reasons.get(None, 0)
    found = written.groupBy("split", F.col(o.label).cast("string").alias("label")).agg(
        F.count("*").alias("rows"),
        F.min(F.col(o.time).cast("string")).alias("first"),
        F.max(F.col(o.time).cast("string")).alias("last"),
        F.max("class_weight").alias("class_weight"),
    )
    for row in found.orderBy("split", "label").collect():
        manifest["left_out"]["sampling"] -= row.rows
        part = manifest["sets"].setdefault(row.split, {"rows": 0, "first": row.first, "last": row.last, "classes": {}})
        part["rows"] += row.rows
        part["first"], part["last"] = min(part["first"], row["first"]), max(part["last"], row["last"])
        part["classes"][row.label] = {"rows": row.rows, "class_weight": row.class_weight}
    judge(manifest, written, o)
    write_manifest(spark, manifest, o)
    counts = {f"rows_{name}": manifest["sets"][name]["rows"] for name in SPLITS}
    return {**counts, **{f"left_out_{reason}": count for reason, count in manifest["left_out"].items()}}


def checked(examples, o):
    """The assumptions about the examples."""
    need_columns(examples, [*o.id, o.entity, o.time, o.label], "the examples")
    taken = {"split", "sample_weight", "class_weight", "reason"} & set(examples.columns)
    if taken:
        raise AssumptionFailed(f"the examples already have {', '.join(sorted(taken))}")
    missing = F.lit(False)
    for column in dict.fromkeys([*o.id, o.entity, o.time]):
        missing = missing | F.col(column).isNull()
    without = examples.where(missing).count()
    if without:
        raise AssumptionFailed(f"{without} examples have no value in {', '.join([*o.id, o.entity, o.time])}")
    twice = examples.groupBy(*o.id).count().where("count > 1").count()
    if twice:
        raise AssumptionFailed(f"{twice} ids name more than one example")


def unit_hash(o, *columns):
    """A number of [0, 1) made from the columns' text: the first 32 bits of the SHA-256 of seed and values."""
    text = F.concat_ws("\u001f", F.lit(o.seed), *[F.col(column).cast("string") for column in columns])
    return F.conv(F.substring(F.sha2(text, 256), 1, 8), 16, 10).cast("double") / F.lit(2.0**32)


def with_split(examples, o):
    """The examples with `split`, and the `reason` why one is in none of them."""
    time = F.col(o.time).cast("timestamp")
    gap = F.make_dt_interval(secs=F.lit(o.embargo))
    train, validation, test = (F.lit(end).cast("timestamp") for end in (o.train_end, o.validation_end, o.test_end))
    split = (
        F.when(time < train, "train")
        .when((time >= train + gap) & (time < validation), "validation")
        .when((time >= validation + gap) & (time < test), "test")
    )
    frame = examples.withColumn("split", split)
    reason = (
        F.when(F.col(o.label).isNull(), "no_label")
        .when(time >= test, "after_the_end")
        .when(F.col("split").isNull(), "embargo")
    )
    frame = frame.withColumn("reason", reason)
    if o.entities == "first_seen":
        # Only examples that would be used count: an entity seen first in an embargo is new afterwards.
        place = F.array_position(F.array(*[F.lit(name) for name in SPLITS]), F.col("split"))
        order = F.when(F.col("reason").isNull(), place)
        first = F.min(order).over(Window.partitionBy(o.entity))
        other = order != first
    elif o.entities == "hashed":
        shares = [float(share) for share in o.shares.split(",")]
        if len(shares) != 3 or abs(sum(shares) - 100) > 1e-9:
            raise AssumptionFailed(f"--shares {o.shares} are not three shares of 100")
        place = unit_hash(o, o.entity) * 100
        home = F.when(place < shares[0], "train").when(place < shares[0] + shares[1], "validation").otherwise("test")
        other = home != F.col("split")
    else:
        return frame
    return frame.withColumn("reason", F.coalesce("reason", F.when(other, "other_set")))


def sampled(frame, o):
    """Thins out the training set; `sample_weight` is how many examples a row stands for."""
    rate = F.lit(1.0)
    for value, share in o.rates.items():
        if not 0 < share <= 1:
            raise AssumptionFailed(f"the rate of class {value} is {share}, which is not in (0, 1]")
        is_thinned = (F.col("split") == "train") & (F.col(o.label).cast("string") == value)
        rate = F.when(is_thinned, F.lit(float(share))).otherwise(rate)
    frame = frame.withColumn("sample_weight", 1 / rate)
    return frame.where(unit_hash(o, *o.id) < rate)


def weighted(frame, o):
    """`class_weight` gives all classes of the training set the same total, and other sets the same weights."""
    train = frame.where("split = 'train'")
    per_class = train.groupBy(F.col(o.label).alias("_class")).count()
    totals = train.agg(F.count("*").alias("_rows"), F.count_distinct(o.label).alias("_classes"))
    weights = per_class.crossJoin(F.broadcast(totals)).selectExpr(
        "_class", "_rows / (_classes * count) AS class_weight"
    )
    return frame.join(F.broadcast(weights), F.col(o.label) == F.col("_class"), "left").drop("_class")


def judge(manifest, written, o):
    """What must hold of the result, whatever came in."""
    for name in SPLITS:
        if name not in manifest["sets"]:
            raise AssumptionFailed(f"the {name} set is empty; look at its times and at the embargo")
    for name in SPLITS[1:]:
        unknown = set(manifest["sets"][name]["classes"]) - set(manifest["sets"]["train"]["classes"])
        if unknown:
            raise AssumptionFailed(f"the {name} set has classes that the training set has not: {sorted(unknown)}")
    if o.entities != "shared":
        leaks = written.groupBy(o.entity).agg(F.count_distinct("split").alias("sets")).where("sets > 1").count()
        if leaks:
            raise AssumptionFailed(f"{leaks} entities are in more than one set")


def write_manifest(spark, manifest, o):
    text = json.dumps(manifest, sort_keys=True, default=str)
    spark.createDataFrame([(text,)], "value STRING").coalesce(1).write.mode("overwrite").text(o.manifest)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "jobs/training_set.sql", purpose: "the job, in SQL", text: #"""
-- Splits labelled examples by time, each entity in the first set it is seen in: see training_set.md.
-- One statement over the table or view `examples`; parameters :train_end, :validation_end, :test_end (times as text),
-- :embargo_seconds, :negative, :negative_rate (the class that is thinned out in the training set) and :seed.
WITH ends AS (
  SELECT CAST(:train_end AS TIMESTAMP) AS train_end, CAST(:validation_end AS TIMESTAMP) AS validation_end,
         CAST(:test_end AS TIMESTAMP) AS test_end, make_dt_interval(0, 0, 0, :embargo_seconds) AS embargo
), placed AS (
  SELECT examples.*,
         CASE WHEN @{time} < train_end THEN 'train'
              WHEN @{time} >= train_end + embargo AND @{time} < validation_end THEN 'validation'
              WHEN @{time} >= validation_end + embargo AND @{time} < test_end THEN 'test' END AS split
  FROM examples CROSS JOIN ends
  WHERE @{label} IS NOT NULL
), first_seen AS (
  SELECT *, min(array_position(array('train', 'validation', 'test'), split)) OVER (PARTITION BY @{entity}) AS first_set,
         split = 'train' AND CAST(@{label} AS STRING) = :negative AS is_thinned,
         CAST(conv(substring(sha2(concat_ws('\u001f', :seed, @{id}), 256), 1, 8), 16, 10) AS DOUBLE)
           / 4294967296 AS place
  FROM placed
  WHERE split IS NOT NULL
)
SELECT * EXCEPT (first_set, is_thinned, place),
       CASE WHEN is_thinned THEN 1 / CAST(:negative_rate AS DOUBLE) ELSE 1.0D END AS sample_weight
FROM first_seen
WHERE array_position(array('train', 'validation', 'test'), split) = first_set
  AND (NOT is_thinned OR place < :negative_rate)

"""#),
            File(path: "tests/test_training_set.py", purpose: "its test on real Spark", text: #"""
"""Tests of jobs/training_set.py and .sql on real Spark, beside plain Python."""

import hashlib
import json
import os
import random
import sys
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

JOBS = Path(__file__).resolve().parents[1] / "jobs"
sys.path.insert(0, str(JOBS))
import training_set as job  # noqa: E402

SCHEMA = "user STRING, number INT, at TIMESTAMP, label INT"
ENDS = [datetime(2026, 1, 10), datetime(2026, 1, 16), datetime(2026, 1, 22)]
EMBARGO = timedelta(days=2)
RATES = {"0": 0.25}


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
    ends = [str(end) for end in ENDS]
    return job.options_of([
        "--examples", f"{folder}/examples", "--output", f"{folder}/out", "--id", "user,number", "--entity", "user",
        "--time", "at", "--label", "label", "--train-end", ends[0], "--validation-end", ends[1], "--test-end", ends[2],
        "--embargo", "2d", "--entities", "first_seen", "--rates", json.dumps(RATES), "--timezone", "UTC", *more,
    ])


def made_up(seed, count=400):
    """On whole half-days, so that every boundary is met; few users, so that many are in several sets."""
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        at = datetime(2026, 1, 1) + timedelta(hours=12 * chance.randint(0, 46))
        rows.append((f"u{chance.randint(0, 120)}", number, at, chance.choice([0, 0, 0, 0, 1, None])))
    return rows


def place(*values, seed="1"):
    digest = hashlib.sha256("\u001f".join([seed, *map(str, values)]).encode()).hexdigest()
    return int(digest[:8], 16) / 2**32


def by_hand(rows, entities="first_seen"):
    """(user, number, split, weight) of each example that is chosen."""
    def split_of(at):
        if at < ENDS[0]:
            return "train"
        for name, before, end in [("validation", ENDS[0], ENDS[1]), ("test", ENDS[1], ENDS[2])]:
            if before + EMBARGO <= at < end:
                return name
        return None

    usable = [(*row, split_of(row[2])) for row in rows if row[3] is not None and split_of(row[2])]
    home = {}
    for user, _, _, _, split in usable:
        if entities == "first_seen":
            home[user] = min(home.get(user, split), split, key=job.SPLITS.index)
        elif entities == "hashed":
            at = place(user) * 100
            home[user] = "train" if at < 60 else "validation" if at < 80 else "test"
    result = []
    for user, number, _, label, split in usable:
        rate = RATES.get(str(label), 1) if split == "train" else 1
        if home.get(user, split) == split and place(user, number) < rate:
            result.append((user, number, split, 1 / rate))
    return sorted(result)


def chosen(spark, folder):
    frame = spark.read.parquet(f"{folder}/out")
    return sorted(tuple(row) for row in frame.select("user", "number", "split", "sample_weight").collect())


@pytest.mark.parametrize("entities", ["first_seen", "hashed", "shared"])
def test_equal_to_plain_python(spark, tmp_path, entities):
    rows = made_up(seed=1)
    spark.createDataFrame(rows, SCHEMA).write.parquet(f"{tmp_path}/examples")
    counts = job.run(spark, options(tmp_path, "--entities", entities, "--shares", "60,20,20"))
    wanted = by_hand(rows, entities)
    assert chosen(spark, tmp_path) == wanted
    sizes = Counter(row[2] for row in wanted)
    assert {name: counts[f"rows_{name}"] for name in job.SPLITS} == sizes
    assert sum(counts.values()) == len(rows), "each example is in a set or counted as left out"
    if entities != "shared":
        assert len({row[:3:2] for row in wanted}) == len({row[0] for row in wanted}), "a user is in one set"


def test_the_manifest_and_weights(spark, tmp_path):
    rows = made_up(seed=2)
    labels = {row[1]: row[3] for row in rows}
    spark.createDataFrame(rows, SCHEMA).repartition(3).write.parquet(f"{tmp_path}/examples")
    job.run(spark, options(tmp_path))
    text = (row.value for row in spark.read.text(f"{tmp_path}/out_manifest").collect())
    manifest = json.loads(next(text))
    assert manifest["state"] == "complete"
    train = Counter(labels[row[1]] for row in by_hand(rows) if row[2] == "train")
    for label, count in train.items():
        wanted = {"rows": count, "class_weight": sum(train.values()) / (len(train) * count)}
        assert manifest["sets"]["train"]["classes"][str(label)] == pytest.approx(wanted)
    assert manifest["sets"]["train"]["last"] < str(ENDS[0])
    assert str(ENDS[0] + EMBARGO) <= manifest["sets"]["validation"]["first"]
    # Again, with the rows in another order and other files: the same examples.
    before = chosen(spark, tmp_path)
    spark.createDataFrame(rows[::-1], SCHEMA).coalesce(1).write.mode("overwrite").parquet(f"{tmp_path}/examples")
    job.run(spark, options(tmp_path))
    assert chosen(spark, tmp_path) == before
    job.run(spark, options(tmp_path, "--seed", "2"))
    assert chosen(spark, tmp_path) != before


def test_assumptions(spark, tmp_path):
    rows = made_up(seed=3, count=60)
    places = iter(range(10))

    def fails(match, rows, *more):
        folder = tmp_path / str(next(places))
        spark.createDataFrame(rows, SCHEMA).coalesce(1).write.parquet(f"{folder}/examples")
        with pytest.raises(job.AssumptionFailed, match=match):
            job.run(spark, options(folder, *more))

    fails("1 ids name more than one example", [*rows, rows[0]])
    fails("1 examples have no value", [*rows, (None, -1, ENDS[0], 1)])
    fails("the test set is empty", [row for row in rows if row[2] < ENDS[1]])
    fails("no example is left", [])
    fails("classes that the training set has not", [*rows, ("new", -1, ENDS[2] - timedelta(hours=1), 7)])
    fails("is not in", rows, "--rates", '{"0": 0}')


def test_the_sql_gives_the_same(spark):
    defaults = job.options_of([])
    rows = made_up(seed=4)
    # The SQL has the names that this project's columns have; its id is made of them.
    renamed = {"label": defaults.label, "at": defaults.time}
    frame = spark.createDataFrame(rows, SCHEMA).withColumnsRenamed(renamed)
    frame = frame.withColumn(defaults.entity, frame.user)
    for column in defaults.id:
        if column not in frame.columns:
            frame = frame.withColumn(column, frame.number)
    frame.createOrReplaceTempView("examples")
    args = {
        "train_end": str(ENDS[0]), "validation_end": str(ENDS[1]), "test_end": str(ENDS[2]), "seed": "1",
        "embargo_seconds": 2 * 86400, "negative": "0", "negative_rate": 0.25,
    }
    text = (JOBS / "training_set.sql").read_text()
    found = spark.sql(text, args=args).select("user", "number", "split", "sample_weight").collect()
    ids = {row.number: [str(row[column]) for column in defaults.id] for row in frame.collect()}
    labels = {row[1]: row[3] for row in rows}
    everything = {row[1]: row for row in by_hand_without_sampling(rows)}
    wanted = []
    for number, (user, _, split, _) in everything.items():
        rate = 0.25 if split == "train" and labels[number] == 0 else 1
        if place(*ids[number]) < rate:
            wanted.append((user, number, split, 1 / rate))
    assert sorted(tuple(row) for row in found) == sorted(wanted)
    spark.sql("DECLARE OR REPLACE VARIABLE job STRING")
    spark.sql(f"SET VAR job = (SELECT decode(content, 'utf-8') FROM binaryFile.`{JOBS}/training_set.sql`)")
    using = ", ".join(f"{value!r} AS {name}" for name, value in args.items())
    assert spark.sql(f"EXECUTE IMMEDIATE job USING {using}").count() == len(wanted)


def by_hand_without_sampling(rows):
    before = dict(RATES)
    RATES.clear()
    try:
        return by_hand(rows)
    finally:
        RATES.update(before)

"""#),
            File(path: "pipelines/training_set.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/training_set.py with spark-submit.
pipeline: training_set
description: Training, validation and test sets by time, each entity in one of them
defaults: { retries: 1, timeout: 2h }
steps:
  - id: split
    spark:
      script: jobs/training_set.py
      args:
        - "--examples"
        - "@{examples}"
        - "--output"
        - "@{output}"
        - "--train-end"
        - "@{train_end}"
        - "--validation-end"
        - "@{validation_end}"
        - "--test-end"
        - "@{test_end}"
        - "--embargo"
        - "@{embargo}"
# In SQL instead, over a view `examples`; its parameters are named at the head of the file:
#   spark: { sql: jobs/training_set.sql }

"""#),
            File(path: "jobs/training_set.md", purpose: "when to use it, and what it minds", text: #"""
# training_set

Splits labelled examples by time into training, validation and test sets, sampled and weighted, with a manifest.

## Use it when

A model will be used on the future, and must be judged on a future that it has not seen.

## Do not use it when

- Examples have no time, or cross-validation makes its own folds.
- The judged task is about entities that are known: choose `--entities shared` then.

## How it works

| Set | Times |
|---|---|
| train | before `@{train_end}` |
| validation | from `@{train_end}` and the embargo of `@{embargo}` on, before `@{validation_end}` |
| test | from `@{validation_end}` and the embargo on, before `@{test_end}` |

The embargo is at least as long as a label looks ahead ("cancels within 7 days": `7d`). An entity stays in one set:
`first_seen` keeps it where it is seen first (the later sets are about new entities); `hashed` gives it a set by a hash
and drops its examples elsewhere; `shared` lets it be in several. `--rates '{"0": 0.1}'` keeps a tenth of class 0 in the
training set; `sample_weight` is then 10. `class_weight` makes all classes of the training set weigh the same.
Validation and test sets keep the classes as they come.

`jobs/training_set.sql` is the same for one thinned class and `first_seen`, over a view `examples`. Parameters are named at
its head; spark-sql passes them with `EXECUTE IMMEDIATE ... USING value AS name`.

## What it minds

| Danger | What happens |
|---|---|
| labels that look into the next set | the embargo |
| an entity in two sets | left out as above, and checked again in what was written |
| other examples in another run | never: SHA-256 of seed and id decides, not chance, order or files |
| ids twice, no id, entity or time | the job fails |
| no label | left out and counted |
| an empty set, a class unknown to training | the job fails |
| killed while writing | the manifest says `writing`; read the set only when it says `complete` |
| run again | the same rows; the output is overwritten |
| time zones | ends and times without a zone are of `@{timezone}` |
| ids made of times | are hashed as text of `@{timezone}`: another zone chooses other examples |

## Parameters

| Name | Default | What for |
|---|---|---|
| `examples` | `@{examples}` | the labelled examples: a folder or a table |
| `output` | `@{output}` | the folder of the result, with a folder for each set; the manifest is beside it |
| `id` | `@{id}` | columns that together name an example |
| `entity` | `@{entity}` | whom an example is about |
| `time` | `@{time}` | the time of an example |
| `label` | `@{label}` | the class of an example |
| `train_end`, `validation_end`, `test_end` | `@{train_end}`, `@{validation_end}`, `@{test_end}` | where the sets end |
| `embargo` | `@{embargo}` | the gap after each end |
| `entities` | `@{entities}` | `first_seen`, `hashed` or `shared` |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `rows_train`, `rows_validation`, `rows_test`, and `left_out_...` by reason.

"""#),
        ]
    )
}
