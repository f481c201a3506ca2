#!/usr/bin/env python3
"""Checks the same data with Martlet and with others, in turns, and writes their figures side by side."""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
sys.path.insert(0, HERE)

import checks  # noqa: E402

PEERS = ["great-expectations==1.24.1", "pandera[polars]==0.35.0", "soda-core-duckdb==3.5.6", "pandas", "pyarrow"]
DUCKDB = "duckdb==2.0.0"


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martlet", default=f"{ROOT}/.build/release/martlet", help="the program to measure")
    parser.add_argument("--venv", default="/var/tmp/quality-peers", help="the peers' environment; made when missing")
    parser.add_argument("--duckdb", default="/var/tmp/quality-duckdb", help="an environment with DuckDB; made when missing")
    parser.add_argument("--rows", type=int, nargs="+", default=[5_000_000, 10_000_000], help="rows of the tables")
    parser.add_argument("--runs", type=int, default=5, help="counted runs; of Great Expectations one")
    parser.add_argument("--only", action="append", help="a side by its name; may be repeated")
    parser.add_argument("--part", action="append", choices=["trips", "bad", "wide", "start"], help="may be repeated")
    parser.add_argument("--scratch", default="/var/tmp/quality-data", help="where the tables are made, and stay")
    parser.add_argument("--out", default=f"{HERE}/RESULTS.md", help="the file to write")
    return parser.parse_args()


def say(text):
    print(text, file=sys.stderr, flush=True)


def environment(path, packages):
    if not os.path.exists(f"{path}/bin/python"):
        say(f"making {path}")
        subprocess.run([sys.executable, "-m", "venv", path], check=True)
        subprocess.run([f"{path}/bin/pip", "install", "-q", *packages], check=True, stdout=sys.stderr)
    return f"{path}/bin/python"


def timed(command):
    """Runs a program; its output, and wall time, processors' time (seconds) and most memory (bytes)."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=errors, env={**os.environ, "PYTHONPATH": f"{HERE}/sides"})
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        errors.seek(0)
        text = out.read().decode()
        if process.returncode not in (0, 1) or not text.strip():
            raise SystemExit(f"error: {' '.join(command)} ended with {process.returncode}:\n{errors.read().decode()}")
    return text, wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024


def key(type, kwargs):
    return type, kwargs.get("column") or kwargs.get("column_A"), "mostly" in kwargs


def verdicts(text, suite):
    """The verdicts in the order of the suite, from either of the two ways to tell them."""
    document = json.loads(text.strip().splitlines()[-1])
    if "verdicts" in document:
        return document["verdicts"]
    by_check = {}
    for result in document["results"]:
        config = result["expectation_config"]
        by_check[key(config["type"], config["kwargs"])] = result["success"]
    return [by_check[key(each["type"], each["kwargs"])] for each in suite["expectations"]]


class Sides:
    """The programs, by name, each a command for a table."""

    def __init__(self, options):
        self.options = options
        self.python = environment(options.venv, PEERS)
        self.duckdb = environment(options.duckdb, [DUCKDB])

    def martlet(self, table, suite, level="BOOLEAN_ONLY"):
        return [self.options.martlet, "quality", "run", suite, "--data", table, "--json", "--result-format", level]

    def commands(self, table, rows, suite):
        script = f"{HERE}/sides"
        every = {
            "Martlet": self.martlet(table, suite),
            "Martlet, SUMMARY": self.martlet(table, suite, "SUMMARY"),
            "all levers by hand": [self.duckdb, f"{script}/levers.py", table, str(rows)],
            "naive SQL": [self.duckdb, f"{script}/naive.py", table, str(rows)],
            "Pandera on polars": [self.python, f"{script}/pandera_polars.py", table, str(rows)],
            "Soda on DuckDB": [self.python, f"{script}/soda_duckdb.py", table, str(rows)],
        }
        if rows <= 5_000_000:
            every["GX on pandas"] = [self.python, f"{script}/gx_pandas.py", table, str(rows), "BOOLEAN_ONLY"]
        return {name: command for name, command in every.items() if not self.options.only or name in self.options.only}


def measured(title, commands, suite, runs):
    """Medians by side, after one run of each that is not counted; all have to give the same verdicts."""
    expected = None
    for name, command in commands.items():
        found = verdicts(timed(command)[0], suite)
        if expected is None:
            expected = found
        elif found != expected:
            odd = [str(each["type"]) + str(each["kwargs"]) for each, a, b in
                   zip(suite["expectations"], expected, found) if a != b]
            raise SystemExit(f"error: {name} gives other verdicts for {title}:\n" + "\n".join(odd))
    say(f"{title}: {sum(expected)} of {len(expected)} pass on every side")
    samples = {name: [] for name in commands}
    for number in range(runs):
        for name, command in list(commands.items())[:: 1 if number % 2 == 0 else -1]:
            if name.startswith("GX") and number > 0:
                continue
            samples[name].append(timed(command)[1:])
            wall, work, memory = samples[name][-1]
            say(f"  {title}, {name}: {wall:.3f} s, processors {work:.2f} s, {memory / 1e6:.0f} MB, load {os.getloadavg()[0]:.1f}")
    return {name: [statistics.median(sample[part] for sample in found) for part in range(3)] + [
        min(sample[0] for sample in found)] for name, found in samples.items()}


def table(title, found):
    base = found.get("all levers by hand", [None])[0]
    lines = [f"### {title}", "", "| | wall | least | processors | memory | of all levers |", "| --- | --: | --: | --: | --: | --: |"]
    for name, (wall, work, memory, least) in found.items():
        share = f"{wall / base:.2f}" if base else ""
        lines.append(f"| {name} | {wall:.3f} s | {least:.3f} s | {work:.2f} s | {memory / 1e6:.0f} MB | {share} |")
    return "\n".join(lines)


def write(path, document):
    with open(path, "w", encoding="utf-8") as out:
        json.dump(document, out)
    return path


def main():
    options = arguments()
    options.martlet = os.path.abspath(options.martlet)
    if not os.access(options.martlet, os.X_OK):
        raise SystemExit(f"error: there is no program {options.martlet}; build it, or name it: --martlet PATH")
    os.makedirs(options.scratch, exist_ok=True)
    sides = Sides(options)
    load = os.getloadavg()[0]
    parts = options.part or ["trips", "bad", "wide", "start"]
    tables = []

    def made(kind, name, *numbers):
        path = f"{options.scratch}/{name}"
        code = f"import sys; sys.path.insert(0, {HERE!r}); import data; data.{kind}({path!r}, *{numbers!r})"
        subprocess.run([sides.duckdb, "-c", code], check=True)
        return path

    def trips(rows, bad):
        path = made("trips", f"trips-{rows}{'-bad' if bad else ''}.parquet", rows, bad)
        suite = checks.suite(rows)
        name = write(f"{options.scratch}/suite-{rows}.json", suite)
        title = f"{rows // 1_000_000} million rows, 30 checks{', one row in a hundred bad' if bad else ''}"
        tables.append(table(title, measured(title, sides.commands(path, rows, name), suite, options.runs)))

    for rows in options.rows:
        if "trips" in parts:
            trips(rows, False)
        if "bad" in parts:
            trips(rows, True)
    if "wide" in parts:
        path = made("wide", "wide.parquet", 500_000, 200)
        suite = checks.wide_suite(200, 500)
        title = "500,000 rows of 200 columns, 500 checks"
        command = sides.martlet(path, write(f"{options.scratch}/wide.json", suite))
        tables.append(table(title, measured(title, {"Martlet": command}, suite, options.runs)))
    if "start" in parts:
        for rows in options.rows:
            path = made("trips", f"trips-{rows}.parquet", rows, False)
            suite = checks.footer_suite(rows)
            title = f"{rows // 1_000_000} million rows, {len(suite['expectations'])} checks that footers answer"
            command = sides.martlet(path, write(f"{options.scratch}/footers-{rows}.json", suite))
            tables.append(table(title, measured(title, {"Martlet": command}, suite, options.runs)))
        path = made("csv", "trips-10000.csv", 10_000)
        suite = checks.suite(10_000)
        title = "CSV of 10,000 rows, 30 checks"
        command = sides.martlet(path, write(f"{options.scratch}/suite-10000.json", suite))
        tables.append(table(title, measured(title, {"Martlet": command}, suite, options.runs)))

    head = (
        "# Checks: figures\n\n"
        f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())}, {os.cpu_count()} cores, load {load:.2f} at the start and "
        f"{os.getloadavg()[0]:.2f} at the end. Medians of {options.runs} runs in turns, of Great Expectations one run, after "
        "one of each that does not count; whole processes, the data in the page cache. All sides gave the same verdicts.\n"
    )
    with open(options.out, "w", encoding="utf-8") as out:
        out.write(head + "\n" + "\n\n".join(tables) + "\n")
    print("\n\n".join(tables))


if __name__ == "__main__":
    main()
