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


# @include testing


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
