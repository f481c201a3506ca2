"""The features of Examples/flight_delays on Spark and on DuckDB: one line of the pipeline apart, the same table.

    python spark_features.py MARTLET [--source SOURCE]

needs duckdb, pyspark and Java 17. SOURCE is the pipeline's parameter: `pypi` for the whole year, or a folder; the fixture by
default. The copy's pipeline gets `engine: spark` in its step `features`, and the two outputs are compared: column by column by
name and type, row by row to the last bit.
"""

import argparse
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
STEP = "  - id: features\n"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("martlet", type=pathlib.Path)
    options.add_argument("--source", default=str(ROOT / "Tests/Fixtures/flights"))
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        project = pathlib.Path(folder) / "flight_delays"
        shutil.copytree(ROOT / "Examples/flight_delays", project, ignore=shutil.ignore_patterns(".martlet", "tests"))
        (project / "martlet.yaml").write_text(
            f"project: flight_delays\npython: {sys.executable}\nspark: {{ on: \"local[2]\", conf: {{ spark.driver.memory: 2g }} }}\n"
        )
        path = project / "pipelines/flight_delays.yaml"
        # Without what comes after: the training needs scikit-learn.
        text = path.read_text()
        text = text[: text.index("  - id: train\n")]
        tables = {}
        for engine in ["duckdb", "spark"]:
            path.write_text(text.replace(STEP, f"{STEP}    engine: {engine}\n"))
            tables[engine] = features(given.martlet.resolve(), project, given.source)
        compare(tables["duckdb"], tables["spark"])


def features(martlet: pathlib.Path, project: pathlib.Path, source: str) -> str:
    words = [martlet, "run", "flight_delays", "-p", f"source={source}", "--json"]
    done = subprocess.run(words, cwd=project, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"the pipeline failed:\n{done.stdout[-3000:]}{done.stderr[-3000:]}")
    run = json.loads(done.stdout)["run_id"]
    shown = subprocess.run([martlet, "runs", "show", run, "--json"], cwd=project, capture_output=True, text=True).stdout
    for step in json.loads(shown)["steps"]:
        if step["id"] == "features":
            return step["outputs"][0]["path"]
    sys.exit("there is no step features")


def compare(one: str, other: str) -> None:
    shape = [duckdb.sql(f"DESCRIBE SELECT * FROM '{path}'").fetchall() for path in (one, other)]
    if shape[0] != shape[1]:
        sys.exit(f"the columns differ:\n{shape[0]}\n{shape[1]}")
    count = duckdb.sql(f"SELECT count(*) FROM '{one}'").fetchall()[0][0]
    if not count:
        sys.exit("there are no rows to compare")
    # In order: as the files have them.
    rows = [duckdb.sql(f"SELECT * FROM '{path}'").fetchall() for path in (one, other)]
    for number, (left, right) in enumerate(zip(*rows, strict=True)):
        if repr(left) != repr(right):
            sys.exit(f"row {number} differs:\n  DuckDB {left}\n  Spark  {right}")
    print(f"{count} rows of {len(shape[0])} features: Spark and DuckDB agree to the last bit")


main()
