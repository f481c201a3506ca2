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


# @include support


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
