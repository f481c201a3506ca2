"""Steps and commands on real Spark: this machine's, and a Spark Connect server's.

    python spark_steps.py MARTLET FLIGHTS

needs pyspark with connect, pandas, pyarrow and duckdb, and Java 17; FLIGHTS is the folder of the flights' fixture. What is
demanded of each place stands in its function; every result is compared with what DuckDB or Python makes of the same data.
"""

import contextlib
import csv
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import time

import duckdb

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import spark_server

MARTLET = pathlib.Path(sys.argv[1]).resolve()
FLIGHTS = pathlib.Path(sys.argv[2]).resolve()
ROOT = pathlib.Path(__file__).resolve().parents[2]

PIPELINE = """
pipeline: spark
defaults: { variables: [spark_token] }
params:
  carrier: { type: string, default: "O'Hare \\\\ \\"x\\"" }
sources: { rows: rows.csv, texts: texts.csv }
steps:
  - id: single
    sql: |
      CREATE TEMPORARY VIEW doubled AS SELECT id, name, value * 2 AS twice FROM rows;
      SELECT *, {{ params.carrier }} AS given FROM doubled WHERE twice > 4 ORDER BY id
    engine: spark
    inputs: { rows: rows }
    outputs: { result: out/single }
  - id: parallel
    spark:
      sql: |
        CREATE TEMPORARY VIEW few AS SELECT * FROM rows WHERE id < 3;
        CREATE TEMPORARY VIEW many AS SELECT /*+ REPARTITION(3) */ * FROM rows
      conf: { spark.sql.ansi.enabled: "true" }
    inputs: { rows: rows }
    outputs:
      few: { dataset: out/few, format: csv }
      many: out/many
  - id: script
    spark: { script: job.py, args: ["--limit", "7"], conf: { spark.sql.shuffle.partitions: "3" } }
    inputs: { rows: rows }
    outputs: { counted: out/counted }
  - id: texts
    sql: "SELECT * FROM texts ORDER BY id"
    engine: spark
    inputs: { texts: texts }
    outputs: { read: out/read }
  - id: written
    spark: "SELECT * FROM texts ORDER BY id"
    inputs: { texts: texts }
    outputs: { again: { dataset: out/again, format: csv } }
  - id: shown
    sql: SHOW TABLES
    engine: spark
    inputs: { rows: rows }
    outputs: { tables: out/tables }
"""

JOB = """
import argparse, os
from pyspark.sql import SparkSession, functions as F

options = argparse.ArgumentParser()
options.add_argument("--limit", type=int)
limit = options.parse_args().limit
spark = SparkSession.builder.getOrCreate()
rows = spark.read.csv(os.environ["MARTLET_INPUT_ROWS"], header=True, inferSchema=True)
counted = rows.where(F.col("id") < limit).groupBy("name").agg(F.count("*").alias("n"))
counted.write.mode("overwrite").parquet(os.environ["MARTLET_OUTPUT_COUNTED"])
print("partitions", spark.conf.get("spark.sql.shuffle.partitions"), "remote", "connect" in type(spark).__module__)
spark.stop()
"""

FAILING = """
pipeline: failing
sources: { rows: rows.csv }
steps:
  - { id: column, sql: "sql/wrong.sql", engine: spark, inputs: { rows: rows }, outputs: { x: out/x }, retries: 2 }
  - { id: divide, sql: "SELECT id / 0 AS x FROM rows", engine: spark, inputs: { rows: rows }, outputs: { x: out/y }, retries: 2 }
  - { id: missing, spark: "SELECT 1 AS a; CREATE TEMPORARY VIEW b AS SELECT 2 AS c", outputs: { x: out/z, b: out/b } }
"""

ENDLESS = """
pipeline: endless
steps:
  - { id: script, spark: endless.py }
"""

# What CSV has to be careful with; the numbers tell that types are found nevertheless.
TEXTS = [(1, 'he said "hi", ok', 5), (2, "two\nlines", 6), (3, "  padded ", 7), (4, "back\\slash", 8), (5, None, 9)]

BROKEN = """
pipeline: broken
steps:
  - { id: script, spark: broken.py, retries: 0 }
"""

SLOW = """
pipeline: slow
defaults: { variables: [spark_token] }
steps:
  - id: slow
    sql: |
      SELECT count(*) AS n FROM range(0, 4000000000000, 1, 64) WHERE hash(id) = 1
    engine: spark
    outputs: { n: out/n }
"""


def main() -> None:
    os.environ["MARTLET_VAR_SPARK_TOKEN"] = "s3cret/tok+en"
    with project() as folder:
        place(folder, "local[2]")
        check_results(folder, "local[2]", remote=False)
        check_reuse(folder)
        check_failures(folder)
        check_script_failure(folder)
        check_commands(folder)
        check_kill(folder)
        with spark_server.server(token="s3cret/tok+en") as (address, port, server):
            local = address + "/;token=s3cret%2Ftok%2Ben"
            place(folder, address + "/;token={{ vars.spark_token }}")
            check_results(folder, "sc://", remote=True)
            check_cancel(folder, local)
            check_token(folder, address)
        check_gone(folder, address)
        for path in (folder / ".martlet").rglob("*"):
            if path.is_file() and b"s3cret" in path.read_bytes():
                sys.exit(f"the token stands in {path}")
    print("steps and commands on Spark: as they must be")


@contextlib.contextmanager
def project():
    with tempfile.TemporaryDirectory() as name:
        # Spark makes URIs of paths.
        folder = pathlib.Path(name) / "a project"
        folder.mkdir()
        (folder / "pipelines").mkdir()
        (folder / "sql").mkdir()
        pipelines = {"spark": PIPELINE, "failing": FAILING, "broken": BROKEN, "slow": SLOW, "endless": ENDLESS}
        for file, text in pipelines.items():
            (folder / f"pipelines/{file}.yaml").write_text(text)
        with (folder / "texts.csv").open("w", newline="") as file:
            csv.writer(file).writerows([("id", "text", "n"), *TEXTS])
        (folder / "endless.py").write_text(
            "import time\nfrom pyspark.sql import SparkSession\nSparkSession.builder.getOrCreate()\n"
            "print('endless now', flush=True)\nwhile True: print('.', flush=True); time.sleep(0.2)\n"
        )
        (folder / "job.py").write_text(JOB)
        (folder / "broken.py").write_text("raise ValueError('the moon is out')\n")
        (folder / "sql/wrong.sql").write_text("-- first\nSELECT 1;\n\nSELECT id, nmae FROM rows\n")
        lines = [f"{i},{'ab'[i % 2]},{i / 4}" for i in range(10)]
        (folder / "rows.csv").write_text("id,name,value\n" + "\n".join(lines) + "\n")
        os.chdir(folder)
        yield folder


def place(folder: pathlib.Path, text: str) -> None:
    (folder / "martlet.yaml").write_text(
        f"project: spark\npython: {sys.executable}\nspark:\n  on: \"{text}\"\n"
        + ("  conf: { spark.driver.memory: 1g }\n" if text.startswith("local") else "")
    )


def martlet(*words: str, code: int = 0, seconds: float = 300) -> subprocess.CompletedProcess:
    done = subprocess.run([MARTLET, *words], capture_output=True, text=True, timeout=seconds)
    if done.returncode != code:
        sys.exit(f"martlet {' '.join(words)} ended with {done.returncode}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}")
    return done


def run(pipeline: str, code: int = 0) -> dict:
    # What ran at one place is not run again at another without being told so: the result is the same.
    return json.loads(martlet("run", pipeline, "--no-cache", "--json", code=code).stdout)


def shown(identifier: str) -> dict:
    return {step["id"]: step for step in json.loads(martlet("runs", "show", identifier, "--json").stdout)["steps"]}


def expect(holds: bool, what: str, seen: str = "") -> None:
    if not holds:
        sys.exit(f"not so: {what}\n{seen}".rstrip())
    print(f"  {what}")


def rows(sql: str) -> list[tuple]:
    return duckdb.sql(sql).fetchall()


def check_results(folder: pathlib.Path, where: str, remote: bool) -> None:
    print(where)
    ran = run("spark")
    steps = shown(ran["run_id"])
    files = {output["name"]: pathlib.Path(output["path"]) for step in steps.values() for output in step["outputs"]}
    carrier = "O'Hare \\ \"x\""
    expect(files["result"].is_file(), "an sql step writes one file")
    expect(
        rows(f"SELECT * FROM '{files['result']}'")
        == [(i, "ab"[i % 2], i / 2, carrier) for i in range(10) if i / 2 > 4],
        "its rows are those of the SQL, with the parameter's text as it is",
    )
    parts = sorted(path.name for path in files["many"].iterdir())
    expect(len(parts) == 3 and all(name.endswith(".parquet") for name in parts), "a spark step writes parts, and no more")
    expect(rows(f"SELECT count(*), sum(value) FROM '{files['many']}/*.parquet'") == [(10, 11.25)], "with all rows")
    expect(
        rows(f"SELECT id, name FROM read_csv('{files['few']}/*.csv', header = true) ORDER BY id")
        == [(0, "a"), (1, "b"), (2, "a")],
        "and CSV with its header where that is asked for",
    )
    expect(
        sorted(rows(f"SELECT * FROM '{files['counted']}/*.parquet'")) == [("a", 4), ("b", 3)],
        "a script finds its inputs, outputs and arguments",
    )
    expect(rows(f"SELECT * FROM '{files['read']}'") == TEXTS, "CSV is read as it was written: quotes, lines, blanks")
    with next(files["again"].glob("*.csv")).open(newline="") as file:
        again = [tuple(row) for row in csv.reader(file)]
    expect(again[1:] == [(str(i), text or "", str(n)) for i, text, n in TEXTS], "and written so that others read it")
    expect(rows(f"SELECT count(*) FROM '{files['tables']}'") == [(1,)], "a command's rows are an output, too")
    log = martlet("runs", "log", ran["run_id"], "script").stdout
    expect(f"partitions 3 remote {remote}" in log, "its settings, and where it runs", log)
    metrics = {name: value for step in steps.values() for name, value in step["metrics"].items()}
    expect(metrics.get("rows_out.many") == 10 and metrics.get("rows_out.result") == 1, "rows are counted")
    values = steps["single"]["values"]
    expect(values.get("spark_application", "").startswith("local-"), "the attempt knows the application")
    if not remote:
        expect(values.get("spark_pages", "").startswith("http://127.0.0.1:"), "and where its pages are")
        logs = list((folder / ".martlet/runs").rglob("spark-events/*"))
        expect(len(logs) >= 3, "event logs are kept with the attempts")


def check_reuse(folder: pathlib.Path) -> None:
    def reused() -> set[bool]:
        steps = json.loads(martlet("run", "spark", "--json").stdout)["steps"]
        return {step["reused_from"] is not None for step in steps}

    expect(reused() == {True}, "what has not changed is not run again")
    file = folder / "martlet.yaml"
    text = file.read_text()
    file.write_text(text.replace("conf: {", "conf: { spark.sql.session.timeZone: UTC,"))
    expect(reused() == {False}, "other settings of the project are another result")
    file.write_text(text)


def check_failures(folder: pathlib.Path) -> None:
    ran = run("failing", code=1)
    steps = {step["id"]: step for step in ran["steps"]}
    column = steps["column"]
    expect(column["error"]["code"] == "MT7005" and "nmae" in column["error"]["message"], "a wrong column is named")
    log = martlet("runs", "log", ran["run_id"], "column").stdout
    expect("sql/wrong.sql:4" in log, "with the file and the line of its statement")
    expect(column["attempts"] == 1, "and is not tried again")
    divide = steps["divide"]
    expect(divide["error"]["code"] == "MT7006" and divide["attempts"] == 1, "nor is a division by zero")
    expect(steps["missing"]["error"]["code"] == "MT2403", "an output that nothing makes is named")


def check_script_failure(folder: pathlib.Path) -> None:
    error = run("broken", code=1)["steps"][0]["error"]
    expect(error["code"] == "MT7052", "a script's failure is the application's")
    show = martlet("runs", "show", "latest").stdout
    expect("the moon is out" in show, "and its reason is told")


def check_commands(folder: pathlib.Path) -> None:
    done = martlet("spark", "sql", "SELECT :n + 1 AS x, :t AS t", "--arg", "n=41", "--arg", "t=it's", "--json")
    expect(json.loads(done.stdout) == {"x": 42, "t": "it's"}, "parameters of a command are bound")
    martlet("spark", "sql", "SELECT * FROM range(100000)", "-o", "range.parquet")
    expect(rows("SELECT count(*), sum(id) FROM 'range.parquet'") == [(100_000, 4_999_950_000)], "rows go to a file")
    plan = martlet("spark", "sql", "SELECT count(*) FROM range(10)", "--explain", "formatted").stdout
    expect("HashAggregate" in plan, "a plan is shown")
    table = martlet("spark", "sql", "SELECT 'a' AS name, CAST(1.50 AS DECIMAL(9,2)) AS price").stdout
    expect("name" in table and "1.50" in table, "rows are shown as a table")
    failed = martlet("spark", "sql", "SELEC 1", code=1)
    expect("MT7005" in failed.stderr, "a wrong text is refused")
    os.environ["MARTLET_INPUT_ROWS"] = str(folder / "rows.csv")
    os.environ["MARTLET_OUTPUT_COUNTED"] = str(folder / "counted")
    done = martlet("spark", "submit", "job.py", "--conf", "spark.sql.shuffle.partitions=3", "--", "--limit", "7")
    expect("partitions 3 remote False" in done.stdout, "a script is submitted, and its output is ours")


def children() -> set[int]:
    """The drivers of Spark that run."""
    found = set()
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            if b"org.apache.spark.deploy.SparkSubmit" in path.read_bytes():
                found.add(int(path.parent.name))
    return found


def check_kill(folder: pathlib.Path) -> None:
    before = children()
    process = subprocess.Popen([MARTLET, "run", "slow"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: children() - before, "the driver is up")
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not (children() - before), "a driver ends with a run that is killed")
    process = subprocess.Popen([MARTLET, "run", "endless"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wait_for(lambda: scripts(), "a script is up")
    process.send_signal(signal.SIGKILL)
    process.wait()
    wait_for(lambda: not scripts() and not (children() - before), "and so does a script")


def scripts() -> bool:
    """Whether the endless script runs, in Python."""
    for path in pathlib.Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            words = path.read_bytes().split(b"\0")
            if any(word.endswith(b"endless.py") for word in words) and b"python" in words[0]:
                return True
    return False


def check_cancel(folder: pathlib.Path, address: str) -> None:
    for sign, when in [("spark application", "while the server plans"), (" tasks on Spark", "while tasks run")]:
        told = folder / "slow.txt"
        with told.open("w") as file:
            process = subprocess.Popen([MARTLET, "run", "slow", "--no-cache"], stdout=file, stderr=file)
        wait_for(lambda: sign in told.read_text() + newest_log(folder), "a long query is on the server, and that is told")
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        expect(process.returncode != 0, f"it is cancelled {when}")
        started = time.monotonic()
        martlet("spark", "sql", "SELECT count(*) FROM range(0, 10, 1, 8)", "--on", address, seconds=60)
        expect(time.monotonic() - started < 30, "the server's two slots are free again")


def newest_log(folder: pathlib.Path) -> str:
    """What the newest attempt of the long query has said."""
    newest = max((folder / ".martlet/runs").glob("slow-*"), default=None, key=lambda path: path.stat().st_mtime)
    return "".join(path.read_text() for path in newest.rglob("log")) if newest else ""


def wait_for(holds, what: str) -> None:
    end = time.monotonic() + 120
    while not holds():
        if time.monotonic() > end:
            sys.exit(f"not so in two minutes: {what}")
        time.sleep(0.1)
    print(f"  {what}")


def check_token(folder: pathlib.Path, address: str) -> None:
    failed = martlet("spark", "sql", "SELECT 1", "--on", f"{address}/;token=wrong", code=1)
    expect("MT7003" in failed.stderr and "wrong" not in failed.stderr, "a wrong token is refused, and not repeated")


def check_gone(folder: pathlib.Path, address: str) -> None:
    failed = martlet("spark", "sql", "SELECT 1", "--on", address, code=1)
    expect("MT7002" in failed.stderr, "a server that is gone is named")


main()
