"""Rewrites partitions that are many small files as few large ones, in place, and checks that no row changed.

Only partitions are touched that have many small files and that nothing has written to for a while. Spark writes the
new files beside the folder and moves whole partitions in at the end.
"""

import argparse
import contextlib
import json
import os
import sys

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F


# @include support


def options_of(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--target", default="@{target}")
    parser.add_argument("--partition-columns", type=names, default="@{partition_columns}")
    parser.add_argument("--file-bytes", type=int, default=@{file_mb} * 1_000_000)
    parser.add_argument("--most-small", type=int, default=@{most_small})
    parser.add_argument("--settle", type=seconds, default="@{settle}")
    parser.add_argument("--sort", type=names, default="", help="columns to sort by within files, for better reading")
    parser.add_argument("--most-partitions", type=int, default=1000, help="of one run; the worst go first")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    # Written values such as 007 must not come back as numbers.
    with settings(spark, {"spark.sql.sources.partitionColumnTypeInference.enabled": "false"}):
        return compact(spark, o)


def compact(spark, o):
    target = read_if_there(spark, o.target)
    if target is None:
        raise AssumptionFailed(f"there is nothing in {o.target}")
    need_columns(target, o.partition_columns, o.target)
    chosen = worst_partitions(target, o)
    counts = {
        "partitions": len(chosen),
        "files_before": sum(row._files for row in chosen),
        "bytes_before": sum(row._bytes for row in chosen),
        "files_after": 0,
        "rows": 0,
    }
    if not chosen or o.dry_run:
        return counts
    before = fingerprints(target, chosen, o)
    write(target, chosen, o)
    after = fingerprints(read_if_there(spark, o.target), chosen, o)
    if before != after:
        wrong = [key for key in before if before[key] != after.get(key)]
        raise AssumptionFailed(f"rows of {len(wrong)} partitions changed while they were rewritten: {wrong[:3]}")
    counts["rows"] = sum(rows for rows, _ in after.values())
    left = files_of(read_if_there(spark, o.target), o).join(keys_of(spark, chosen, o), o.partition_columns)
    counts["files_after"] = left.count()
    return counts


def files_of(target, o):
    """Size and age of each file. The hidden column is filled without reading rows of others."""
    file = target.select(
        *o.partition_columns,
        F.col("_metadata.file_path").alias("_path"),
        F.col("_metadata.file_size").alias("_size"),
        F.col("_metadata.file_modification_time").alias("_written"),
    )
    return file.distinct()


def worst_partitions(target, o):
    """Partitions with too many small files that have settled: `_files`, `_bytes`, most files first."""
    is_small = F.col("_size") < o.file_bytes / 2
    settled = F.max("_written") < F.current_timestamp() - F.make_dt_interval(secs=F.lit(o.settle))
    found = files_of(target, o).groupBy(*o.partition_columns).agg(
        F.count("*").alias("_files"),
        F.sum("_size").alias("_bytes"),
        F.count_if(is_small).alias("_small"),
        settled.alias("_settled"),
    )
    found = found.where(f"_small > {o.most_small} AND _settled").orderBy(F.desc("_small"), *o.partition_columns)
    return found.limit(o.most_partitions).collect()


def keys_of(spark, chosen, o):
    rows = [tuple(row[column] for column in o.partition_columns) for row in chosen]
    return F.broadcast(spark.createDataFrame(rows, ", ".join(f"`{name}` STRING" for name in o.partition_columns)))


def rows_in(target, chosen, o):
    """The rows of the chosen partitions; a filter of values lets Spark read only their files."""
    within = F.lit(False)
    for row in chosen:
        same = F.lit(True)
        for column in o.partition_columns:
            same = same & F.col(column).eqNullSafe(F.lit(row[column]))
        within = within | same
    return target.where(within)


def fingerprints(target, chosen, o):
    """Rows, and a sum of hashes that is the same in any order, of each chosen partition."""
    rows = rows_in(target, chosen, o).withColumn("_hash", F.xxhash64(F.to_json(F.struct(*sorted(target.columns)))))
    # Halves of the hash, so that the sum cannot overflow.
    halves = [F.sum(F.shiftrightunsigned("_hash", 32)), F.sum(F.col("_hash").bitwiseAND(F.lit(0xFFFFFFFF)))]
    found = rows.groupBy(*o.partition_columns).agg(F.count("*").alias("_rows"), F.array(*halves).alias("_sums"))
    return {tuple(row[c] for c in o.partition_columns): (row._rows, tuple(row._sums)) for row in found.collect()}


def write(target, chosen, o):
    """One task for a partition, which begins a new file after as many rows as fit."""
    rows = rows_in(target, chosen, o)
    total = rows.count()
    size = sum(row._bytes for row in chosen)
    per_file = max(1, int(total * o.file_bytes / max(size, 1)))
    shuffled = rows.repartition(*o.partition_columns)
    shuffled = shuffled.sortWithinPartitions(*o.partition_columns, *o.sort)
    writer = shuffled.write.mode("overwrite").option("partitionOverwriteMode", "dynamic")
    writer.option("maxRecordsPerFile", per_file).partitionBy(*o.partition_columns).parquet(o.target)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))
