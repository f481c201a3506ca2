"""Keeps one row for each key: the latest, and of equally late ones always the same."""

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
