"""Martlet's client of Spark Connect beside PySpark's, on the same server in the same run.

    python compare.py BENCH [--rows N] [--times N] [--rounds N]

needs pyspark with connect, pandas and pyarrow, and Java 17; BENCH is spark-client-bench of a release build. Measured are

- the time until the first row of SELECT 1, one query after the other on an open session;
- a table of N rows x 10 columns fetched whole: whole processes of each side in turn, with the most memory of each; the table
  is cached by the server before, and the sum of a column is compared.

It prints a table of medians and of ratios.
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "Tests/Peers"))
import spark_server

QUERY = """
SELECT id, id * 7 AS a, CAST(id % 1000 AS INT) AS b, id / 3D AS c, sin(id) AS d, CAST(id AS FLOAT) AS e,
       id % 2 = 0 AS f, concat('row ', id) AS g, timestamp_micros(id * 1000000) AS h, date_add(DATE'2020-01-01', CAST(id % 900 AS INT)) AS i
FROM range(0, {rows}, 1, 8)
"""

PYSPARK_FETCH = """
import json, resource, sys, time
from pyspark.sql.connect.session import SparkSession
spark = SparkSession.builder.remote(sys.argv[1]).create()
frame = spark.sql(sys.argv[2])
start = time.perf_counter()
table = frame.toArrow()
seconds = time.perf_counter() - start
import pyarrow.compute as pc
print(json.dumps({"rows": table.num_rows, "bytes": table.nbytes, "sum": pc.sum(table["id"]).as_py(),
    "seconds": seconds, "peak_kib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss}))
"""

PYSPARK_FIRST = """
import sys, time
from pyspark.sql.connect.session import SparkSession
spark = SparkSession.builder.remote(sys.argv[1]).create()
for _ in range(int(sys.argv[2])):
    start = time.perf_counter()
    assert spark.sql("SELECT 1").toArrow().num_rows == 1
    print((time.perf_counter() - start) * 1000)
"""


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("bench", type=pathlib.Path)
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--times", type=int, default=60)
    options.add_argument("--rounds", type=int, default=3)
    given = options.parse_args()
    bench = str(given.bench.resolve())
    with spark_server.server(memory="6g") as (url, _, _):
        print("| | Martlet | PySpark | ratio |\n|---|---|---|---|")
        first(bench, url, given.times, given.rounds)
        fetch(bench, url, given.rows, given.rounds)


def call(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def first(bench: str, url: str, times: int, rounds: int) -> None:
    ours, theirs = [], []
    for _ in range(rounds):
        # The first queries of a session warm up the server for both.
        ours += [float(line) for line in call(bench, "first", url, str(times)).split()][5:]
        theirs += [float(line) for line in call(sys.executable, "-W", "ignore", "-c", PYSPARK_FIRST, url, str(times)).split()][5:]
    row("first row of SELECT 1, median", statistics.median(ours), statistics.median(theirs), "ms")


def fetch(bench: str, url: str, rows: int, rounds: int) -> None:
    from pyspark.sql.connect.session import SparkSession

    query = QUERY.format(rows=rows)
    spark = SparkSession.builder.remote(url).create()
    spark.sql(query).createOrReplaceGlobalTempView("fetched")
    spark.sql("CACHE TABLE global_temp.fetched")
    ours, theirs = [], []
    for _ in range(rounds):
        ours.append(json.loads(call(bench, "fetch", url, "SELECT * FROM global_temp.fetched")))
        theirs.append(
            json.loads(call(sys.executable, "-W", "ignore", "-c", PYSPARK_FETCH, url, "SELECT * FROM global_temp.fetched"))
        )
    for one in ours + theirs:
        if (one["rows"], one["sum"]) != (rows, rows * (rows - 1) // 2):
            sys.exit(f"void: {one}")
    row(f"{rows:,} rows x 10 fetched", *(statistics.median(x["seconds"] for x in side) for side in (ours, theirs)), "s")
    row("most memory of the process", *(max(x["peak_kib"] for x in side) / 1024 for side in (ours, theirs)), "MiB")
    print(f"\n{ours[0]['bytes'] / 1e6:,.0f} MB of Arrow over the wire")


def row(name: str, ours: float, theirs: float, unit: str) -> None:
    print(f"| {name} | {ours:.3g} {unit} | {theirs:.3g} {unit} | {ours / theirs:.2f} |", flush=True)


main()
