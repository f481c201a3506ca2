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


# @include support


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
