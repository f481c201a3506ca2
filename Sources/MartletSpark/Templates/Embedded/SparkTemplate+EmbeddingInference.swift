// Made by Files/embed.py from Files/embedding_inference: change that, and run it again.
// swift-format-ignore-file
extension SparkTemplate {
    static let embeddingInference = SparkTemplate(
        name: "embedding_inference",
        summary: "Compute embeddings of texts in batches, the model loaded once per worker, nothing done twice",
        useWhen: "Many texts need vectors from a model that runs in Python, and most have been done in earlier runs.",
        avoidWhen: "The model is behind a service with a limit on calls, or there are a few thousand texts at most.",
        parameters: [
            SparkTemplateParameter(
                name: "texts", kind: .place,
                defaultValue: "data/texts",
                summary: "the texts: a folder or a table"
            ),
            SparkTemplateParameter(
                name: "output", kind: .path,
                defaultValue: "data/embeddings",
                summary: "the folder of the vectors; it only grows"
            ),
            SparkTemplateParameter(
                name: "id", kind: .column,
                defaultValue: "id",
                summary: "the column that names a text"
            ),
            SparkTemplateParameter(
                name: "text", kind: .column,
                defaultValue: "text",
                summary: "the column with the text"
            ),
            SparkTemplateParameter(
                name: "model", kind: .path,
                defaultValue: "example-hashing-1",
                summary: "the model and its version; a new one does all texts again"
            ),
            SparkTemplateParameter(
                name: "dimension", kind: .integer(1...65536),
                defaultValue: "64",
                summary: "how many numbers a vector has"
            ),
            SparkTemplateParameter(
                name: "batch_rows", kind: .integer(1...100000),
                defaultValue: "256",
                summary: "texts that the model gets at once"
            ),
            SparkTemplateParameter(
                name: "timezone", kind: .timezone,
                defaultValue: "UTC",
                summary: "the zone of times without a zone"
            ),
        ],
        files: [
            File(path: "jobs/embedding_inference.py", purpose: "the job, for PySpark", text: #"""
"""Computes embeddings of texts that have none yet, with a model that each Python worker loads once.

`load_model` below is yours: the one here hashes words, so that the job can be tried without any model. A text is done
when the output has a vector for its content by this model; a killed run goes on with what is missing.
"""

import argparse
import contextlib
import hashlib
import json
import math
import os
import sys
import types

from pyspark.errors import AnalysisException
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

OUTPUT_SCHEMA = "id STRING, content STRING, model STRING, vector ARRAY<FLOAT>"


def load_model(name, dimension):
    """A function from a list of texts to a list of vectors. It is called once in each worker, and may take long.

    Put the loading of your model here, such as `SentenceTransformer(name)` and its `encode`.
    """

    def embed(texts):
        vectors = []
        for text in texts:
            vector = [0.0] * dimension
            for word in text.lower().split():
                digest = hashlib.sha256(f"{name} {word}".encode()).digest()
                vector[int.from_bytes(digest[:4], "big") % dimension] += 1 if digest[4] % 2 else -1
            length = math.sqrt(sum(number * number for number in vector)) or 1.0
            vectors.append([number / length for number in vector])
        return vectors

    return embed


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
    parser.add_argument("--texts", default="@{texts}")
    parser.add_argument("--format", default="parquet", help="of a folder that is read")
    parser.add_argument("--output", default="@{output}")
    parser.add_argument("--id", default="@{id}")
    parser.add_argument("--text", default="@{text}")
    parser.add_argument("--model", default="@{model}")
    parser.add_argument("--dimension", type=int, default=@{dimension})
    parser.add_argument("--batch-rows", type=int, default=@{batch_rows})
    parser.add_argument("--partitions", type=int, help="tasks the texts are dealt out to; as Spark likes without it")
    parser.add_argument("--limit", type=int, help="at most this many texts in one run")
    parser.add_argument("--timezone", default="@{timezone}")
    return parser.parse_args(arguments)


def run(spark, o):
    texts = read(spark, o.texts, o.format)
    need_columns(texts, [o.id, o.text], "the texts")
    known = texts.select(F.col(o.id).cast("string").alias("id"), F.col(o.text).cast("string").alias("text"))
    counted = known.agg(
        F.count("*").alias("rows"),
        F.count_if(F.col("id").isNull()).alias("without_id"),
        F.count_if(F.coalesce(F.trim("text"), F.lit("")) == "").alias("empty"),
    ).first()
    if counted.without_id:
        raise AssumptionFailed(f"{counted.without_id} texts have no {o.id}")
    if known.groupBy("id").count().where("count > 1").limit(1).count():
        raise AssumptionFailed(f"{o.id} names more than one text")
    todo = missing(spark, known.where("trim(text) <> ''"), o)
    if o.limit:
        todo = todo.limit(o.limit)
    if o.partitions:
        todo = todo.repartition(o.partitions)
    # As many rows at once as the model should get, which bounds the memory of a worker.
    with settings(spark, {"spark.sql.execution.arrow.maxRecordsPerBatch": str(o.batch_rows)}):
        before = done(spark, o).count()
        embeddings(todo, o).write.mode("append").parquet(o.output)
    after = done(spark, o)
    bad = after.where((F.size("vector") != o.dimension) | F.exists("vector", lambda x: x.isNull() | F.isnan(x)))
    wrong = bad.count()
    if wrong:
        raise AssumptionFailed(f"{wrong} vectors are not {o.dimension} numbers")
    twice = after.groupBy("id", "content").count().where("count > 1").count()
    if twice:
        raise AssumptionFailed(f"{twice} texts have two vectors: two runs wrote at once")
    vectors = after.count()
    return {"texts": counted.rows, "empty": counted.empty, "embedded": vectors - before, "vectors": vectors}


def done(spark, o):
    """What the output has by this model."""
    output = read_if_there(spark, o.output)
    if output is None:
        output = spark.createDataFrame([], OUTPUT_SCHEMA)
    return output.where(F.col("model") == o.model)


def missing(spark, known, o):
    """The texts whose content has no vector by this model."""
    with_content = known.withColumn("content", F.sha2("text", 256))
    return with_content.join(done(spark, o).select("id", "content"), ["id", "content"], "left_anti")


def embeddings(todo, o):
    """Rows of the output for `todo`."""
    model_name, dimension = o.model, o.dimension
    load = load_model

    def embed(batches):
        import pyarrow

        # A worker runs many tasks; what a task defines is gone after it, what is in a module stays.
        kept = sys.modules.setdefault("_embedding_models", types.ModuleType("_embedding_models")).__dict__
        key = (model_name, dimension)
        if key not in kept:
            kept[key] = load(model_name, dimension)
        for batch in batches:
            vectors = kept[key](batch.column("text").to_pylist())
            if len(vectors) != batch.num_rows:
                raise ValueError(f"the model gave {len(vectors)} vectors for {batch.num_rows} texts")
            columns = {
                "id": batch.column("id"),
                "content": batch.column("content"),
                "model": pyarrow.array([model_name] * batch.num_rows, pyarrow.string()),
                "vector": pyarrow.array([list(vector) for vector in vectors], pyarrow.list_(pyarrow.float32())),
            }
            yield pyarrow.RecordBatch.from_pydict(columns)

    return todo.select("id", "text", "content").mapInArrow(embed, OUTPUT_SCHEMA)


if __name__ == "__main__":
    sys.exit(execute(run, options_of()))

"""#),
            File(path: "tests/test_embedding_inference.py", purpose: "its test on real Spark", text: #"""
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

"""#),
            File(path: "pipelines/embedding_inference.yaml", purpose: "a pipeline that runs it", text: #"""
# Runs jobs/embedding_inference.py with spark-submit; workers need pyarrow and the model's library.
pipeline: embedding_inference
description: "Embed the texts of @{texts} that have no vector yet"
defaults: { retries: 2, retry_delay: 1m, timeout: 8h }
steps:
  - id: embed
    spark:
      script: jobs/embedding_inference.py
      args: ["--texts", "@{texts}", "--output", "@{output}", "--model", "@{model}"]

"""#),
            File(path: "jobs/embedding_inference.md", purpose: "when to use it, and what it minds", text: #"""
# embedding_inference

Computes embeddings of texts that have none yet, in batches, with a model that each Python worker loads once.

## Use it when

Many texts need vectors from a model that runs in Python, and most have been done in earlier runs.

## Do not use it when

- The model is behind a service with a limit on calls: tasks would not know of each other.
- There are a few thousand texts at most: a Python step without Spark does.

## How it works

`load_model` in `jobs/embedding_inference.py` is yours; the one there hashes words. Texts go to Python as Arrow batches of
`@{batch_rows}` rows (`mapInArrow`). The model is kept in a module of the worker process, so that it is loaded once however
many tasks the worker runs. Each vector is written with the text's id, the SHA-256 of its content, and the model's name:
what is there already is not computed again. The output only grows; readers take the row of the present content and model.

## What it minds

| Danger | What happens |
|---|---|
| killed, or a task fails | Spark commits a run's vectors together or not at all; the next run does what is missing. `--limit` makes runs short |
| run again | nothing is left to do |
| a text that changed, another model | gets another vector; the old one stays, told apart by `content` and `model` |
| no text, or blanks only | no vector; counted as `empty` |
| no id, or an id twice | the job fails |
| too few vectors, wrong dimension, NaN | the job fails |
| memory | a worker holds one batch and one model: lower `batch_rows`, raise `spark.executor.memoryOverhead` |
| a worker for each core loads the model | set `spark.task.cpus` so that fewer run at once |
| processors with other arithmetic | vectors may differ in the last digits |
| two runs at once | noticed: the job fails when a text has two vectors |

## Parameters

| Name | Default | What for |
|---|---|---|
| `texts` | `@{texts}` | the texts: a folder or a table |
| `output` | `@{output}` | the folder of the vectors; it only grows |
| `id` | `@{id}` | the column that names a text |
| `text` | `@{text}` | the column with the text |
| `model` | `@{model}` | the model and its version |
| `dimension` | `@{dimension}` | how many numbers a vector has |
| `batch_rows` | `@{batch_rows}` | texts that the model gets at once |
| `timezone` | `@{timezone}` | the zone of times without a zone |

Figures: `texts`, `empty`, `embedded`, `vectors`.

"""#),
        ]
    )
}
