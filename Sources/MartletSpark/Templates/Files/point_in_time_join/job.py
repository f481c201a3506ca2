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


# @include support


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
