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


# @include testing


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
