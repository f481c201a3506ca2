"""Tests of jobs/embedding_inference.py on real Spark, beside the model called directly."""

import os
import sys
from pathlib import Path

import pytest
from pyspark import cloudpickle
from pyspark.errors import PySparkException
from pyspark.sql import SparkSession

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))
import embedding_inference as job  # noqa: E402

# Workers get the job's functions as they are here, as they do when the script itself is run.
cloudpickle.register_pickle_by_value(job)


# @include testing


def options(folder, *more):
    return job.options_of([
        "--texts", f"{folder}/in", "--output", f"{folder}/out", "--id", "id", "--text", "text", "--model", "m-1",
        "--dimension", "16", "--batch-rows", "7", "--timezone", "UTC", *more,
    ])


def publish(spark, folder, texts, schema="id INT, text STRING"):
    spark.createDataFrame(texts, schema).write.mode("overwrite").parquet(f"{folder}/in")


def vectors(spark, folder):
    rows = spark.read.parquet(f"{folder}/out").collect()
    return {(row.id, row.model): row.vector for row in rows}, len(rows)


def directly(texts, model="m-1"):
    embed = job.load_model(model, 16)
    return {(str(number), model): pytest.approx(embed([text])[0], abs=1e-6) for number, text in texts}


TEXTS = [(number, f"flight {number} to gate {number % 5} ünïcode") for number in range(40)]


def test_equal_to_calling_the_model(spark, tmp_path):
    publish(spark, tmp_path, [*TEXTS, (100, None), (101, "  ")])
    counts = job.run(spark, options(tmp_path))
    assert vectors(spark, tmp_path) == (directly(TEXTS), 40)
    assert counts == {"texts": 42, "empty": 2, "embedded": 40, "vectors": 40}
    # Again: nothing. A changed text, a new text, a new model: only those.
    assert job.run(spark, options(tmp_path))["embedded"] == 0
    changed = [(0, "delayed"), *TEXTS[1:], (200, "new")]
    publish(spark, tmp_path, changed)
    assert job.run(spark, options(tmp_path))["embedded"] == 2
    assert job.run(spark, options(tmp_path, "--model", "m-2", "--limit", "10"))["embedded"] == 10
    assert job.run(spark, options(tmp_path, "--model", "m-2"))["embedded"] == 31
    found, rows = vectors(spark, tmp_path)
    assert rows == 42 + 41
    assert {key: value for key, value in found.items() if key[1] == "m-2"} == directly(changed, "m-2")


def test_the_model_is_loaded_once_in_each_worker(spark, tmp_path, monkeypatch):
    load, loads = job.load_model, str(tmp_path / "loads")

    def counting(name, dimension):
        with open(loads, "a") as file:
            file.write(f"{os.getpid()}\n")
        return load(name, dimension)

    monkeypatch.setattr(job, "load_model", counting)
    publish(spark, tmp_path, TEXTS)
    job.run(spark, options(tmp_path, "--partitions", "8", "--model", "m-counted"))
    workers = Path(loads).read_text().split()
    print(f"{len(workers)} loads by {len(set(workers))} workers for 8 tasks")
    assert len(workers) == len(set(workers)) < 8


def test_a_broken_model_writes_nothing(spark, tmp_path, monkeypatch):
    publish(spark, tmp_path, TEXTS)
    monkeypatch.setattr(job, "load_model", lambda name, dimension: lambda texts: [[0.0] * 16] * (len(texts) - 1))
    with pytest.raises(PySparkException, match="the model gave 6 vectors for 7 texts"):
        job.run(spark, options(tmp_path, "--model", "m-short"))
    monkeypatch.undo()
    assert job.run(spark, options(tmp_path))["embedded"] == 40
    with pytest.raises(job.AssumptionFailed, match="40 vectors are not 8 numbers"):
        job.run(spark, options(tmp_path, "--dimension", "8"))


def test_assumptions(spark, tmp_path):
    publish(spark, tmp_path, [(None, "a")])
    with pytest.raises(job.AssumptionFailed, match="1 texts have no id"):
        job.run(spark, options(tmp_path))
    publish(spark, tmp_path, [(1, "a"), (1, "b")])
    with pytest.raises(job.AssumptionFailed, match="names more than one text"):
        job.run(spark, options(tmp_path))
    publish(spark, tmp_path, [])
    assert job.run(spark, options(tmp_path))["embedded"] == 0
