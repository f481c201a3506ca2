"""The Spark job templates as a user gets them: each written by martlet, and its own tests run on real Spark.

All templates go into one folder, as into a project, and all tests share one Spark session with two tasks at a time.
With --connect some run against a Spark Connect server that pyspark starts, instead of in the session's own process.

usage: spark_templates.py MARTLET PYTHON [--only NAME] [--connect]

PYTHON has pyspark (with its connect extra), pandas, pyarrow and pytest.
"""

import argparse
import json
import os
import py_compile
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as xml
from pathlib import Path

# On Connect: one that writes partitions, one with windows and SQL, one with Python functions.
ON_CONNECT = ["backfill", "point_in_time_join", "embedding_inference"]
# Other columns and figures than the defaults, one template with several keys.
CHANGED = {
    "point_in_time_join": {"keys": "user_id,device_id", "ttl": "36h", "exact": "exclude", "timezone": "Europe/Berlin"},
    "deduplication": {"keys": "tenant,event_id", "null_keys": "drop"},
}


def martlet(binary, *words, fails=False):
    done = subprocess.run([binary, "spark", "template", *words], capture_output=True, text=True)
    if (done.returncode != 0) != fails:
        raise SystemExit(f"martlet spark template {' '.join(words)} ended with {done.returncode}: {done.stderr}")
    return done.stderr if fails else done.stdout


def expect(holds, what):
    if not holds:
        raise SystemExit(f"not so: {what}")


def write_all(binary, folder, names):
    """Every template with its defaults; what is there is not overwritten unasked."""
    for name in names:
        told = json.loads(martlet(binary, "new", name, str(folder), "--json"))
        for path in told["files"]:
            text = (folder / path).read_text()
            expect("@{" not in text, f"{path} is filled in")
            if path.endswith(".py"):
                py_compile.compile(str(folder / path), doraise=True)
        first = folder / told["files"][0]
        before = first.read_text()
        first.write_text("mine\n")
        expect("MT" in martlet(binary, "new", name, str(folder), fails=True), f"{name} is not overwritten")
        expect(first.read_text() == "mine\n", f"{first} stays")
        martlet(binary, "new", name, str(folder), "--force")
        expect(first.read_text() == before, f"{first} is overwritten with --force")
        hint = martlet(binary, "new", name, str(folder), "--set", "timezon=UTC", fails=True)
        expect("did you mean timezone?" in hint, f"a hint, not {hint}")
    left = [str(file) for file in folder.rglob("*") if ".tmp" in file.name]
    expect(left == [], f"nothing is left over: {left}")


def run_tests(python, folder, names, connect=False):
    """Runs the tests of `names` in one process; one line for each, the report of pytest when one fails."""
    report = folder / "report.xml"
    environment = {**os.environ, "SPARK_LOCAL_IP": "127.0.0.1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("SPARK_REMOTE", None)
    if connect:
        environment["SPARK_REMOTE"] = "local[2]"
    paths = [f"tests/test_{name}.py" for name in names]
    command = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", f"--junitxml={report}", *paths]
    log = folder / "pytest.log"
    with open(log, "w") as output:
        done = subprocess.run(command, cwd=folder, env=environment, stdout=output, stderr=subprocess.STDOUT)
    if not report.exists():
        raise SystemExit(f"pytest did not run:\n{log.read_text()[-4000:]}")
    where = "on Connect" if connect else "in local mode"
    for name in names:
        cases = [case for case in xml.parse(report).iter("testcase") if case.get("classname").endswith(f"test_{name}")]
        broken = [case for case in cases if case.find("failure") is not None or case.find("error") is not None]
        seconds = sum(float(case.get("time")) for case in cases)
        expect(cases, f"{name} has tests")
        print(f"{name:22}{len(cases) - len(broken):3} of {len(cases):2} tests {where}, {seconds:.0f} s", flush=True)
    if done.returncode != 0:
        text = "\n".join(line for line in log.read_text().splitlines() if not line.startswith("\tat "))
        raise SystemExit(text[-8000:])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("martlet")
    parser.add_argument("python")
    parser.add_argument("--only", action="append", help="a template; may come more than once")
    parser.add_argument("--connect", action="store_true", help="also run some on Spark Connect")
    options = parser.parse_args()
    began = time.monotonic()
    known = [template["name"] for template in json.loads(martlet(options.martlet, "list", "--json"))]
    expect(len(known) == 10, f"there are ten templates, not {known}")
    names = options.only or known
    with tempfile.TemporaryDirectory(prefix="martlet-templates-") as place:
        folder = Path(place) / "defaults"
        folder.mkdir()
        write_all(options.martlet, folder, names)
        run_tests(options.python, folder, names)
        changed = Path(place) / "changed"
        changed.mkdir()
        for name in [name for name in CHANGED if name in names]:
            settings = [f"--set={key}={value}" for key, value in CHANGED[name].items()]
            martlet(options.martlet, "new", name, str(changed), *settings)
        if any(name in names for name in CHANGED):
            run_tests(options.python, changed, [name for name in CHANGED if name in names])
        if options.connect:
            run_tests(options.python, folder, [name for name in ON_CONNECT if name in names], connect=True)
    print(f"{len(names)} templates hold on real Spark, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    sys.exit(main())
