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


# @include support


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
