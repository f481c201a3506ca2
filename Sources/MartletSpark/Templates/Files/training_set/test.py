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


# @include testing


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
