#!/usr/bin/env python3
"""Runs the same graphs with Airflow, default and tuned, and with Martlet; prints their figures side by side."""

import argparse
import os
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

from airflow_side import TUNED, Airflow
from martlet_side import Martlet
from processes import say

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(HERE)))
PACKAGES = ["apache-airflow-providers-standard", "apache-airflow-providers-postgres", "psycopg2-binary", "asyncpg"]

# Name, runs at once, steps of each.
GRAPHS = [("chain_40", 1, 40), ("fan_200", 1, 202), ("ten", 50, 10)]
IDLE_SECONDS = 30


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--martlet", default=f"{ROOT}/.build/release/martlet", help="the program to measure")
    parser.add_argument("--airflow", default="3.3.2", metavar="VERSION", help="Airflow's version on PyPI")
    parser.add_argument("--venv", help="a virtual environment; made, with Airflow in it, when it is not there")
    parser.add_argument("--postgres", default=postgres_binaries(), metavar="DIR", help="the folder of initdb, postgres")
    parser.add_argument("--postgres-user", default="postgres", help="who runs PostgreSQL when root measures")
    parser.add_argument("--runs", type=int, default=3, help="counted runs of every graph, after one that is not")
    parser.add_argument("--only", choices=["default", "tuned", "martlet"], action="append", help="may be repeated")
    parser.add_argument("--scratch", default="/var/tmp", help="a folder on a disk; what is made in it is removed")
    parser.add_argument("--keep", action="store_true", help="keep the logs")
    return parser.parse_args()


def postgres_binaries():
    folders = [f"/usr/lib/postgresql/{version}/bin" for version in range(20, 12, -1)]
    found = next((folder for folder in folders if os.path.exists(f"{folder}/initdb")), None)
    return found or os.path.dirname(shutil.which("initdb") or "")


def install(options, scratch):
    venv = os.path.abspath(options.venv) if options.venv else f"{scratch}/venv"
    if not os.path.exists(f"{venv}/bin/airflow"):
        say(f"installing Airflow {options.airflow}: minutes, the first time")
        subprocess.run([sys.executable, "-m", "venv", venv], check=True)
        words = [f"{venv}/bin/pip", "install", "-q", f"apache-airflow=={options.airflow}", *PACKAGES]
        subprocess.run(words, check=True, stdout=sys.stderr)
    return venv


def periods(runs):
    """From the recorded start of each step of a chain to that of the next.

    Not from an end to a start: Martlet records both at one instant, when it decides, and the process starts later.
    """
    found = []
    for steps in runs:
        starts = sorted(start for start, _ in steps.values())
        found += [later - earlier for earlier, later in zip(starts, starts[1:])]
    return found


def span(runs):
    """From the first recorded start to the last recorded end."""
    times = [time for steps in runs for time in steps.values()]
    return max(end for _, end in times) - min(start for start, _ in times)


def measure(side, count):
    """A column of the table: figure by name."""
    figures = {}
    for graph, runs, steps in GRAPHS:
        say(f"  {side.name}: {graph}")
        samples = []
        for number in range(count + 1):
            sample = side.run(graph, runs, steps)
            # The first one warms up.
            if number > 0:
                samples.append(sample)
        title = f"{graph}, {runs} runs at once" if runs > 1 else graph
        total = runs * steps
        whole = statistics.median(span(sample[3]) for sample in samples)
        figures[f"{title}: first trigger to last end"] = seconds(statistics.median(sample[0] for sample in samples))
        figures[f"{title}: first start to last end"] = seconds(whole)
        figures[f"{title}: steps per second"] = f"{total / whole:.1f}"
        # The steps themselves included, on both sides.
        figures[f"{title}: processor time per step"] = seconds(statistics.median(s[1] for s in samples) / total)
        figures[f"{title}: most memory (PSS)"] = f"{max(sample[2] for sample in samples) / 1e6:.0f} MB"
        if graph == "chain_40":
            found = sorted(period for sample in samples for period in periods(sample[3]))
            figures["chain_40: from a step's start to the next one's, p50"] = seconds(found[len(found) // 2])
            figures["chain_40: from a step's start to the next one's, p99"] = seconds(found[len(found) * 99 // 100])
        say(table({side.name: {name: figure for name, figure in figures.items() if name.startswith(title)}}))
    say(f"  {side.name}: idle for {IDLE_SECONDS} s")
    cores, memory = side.idle(IDLE_SECONDS)
    figures["idle: processor"] = f"{cores * 100:.2f} % of a core"
    figures["idle: memory (PSS)"] = f"{memory / 1e6:.0f} MB"
    return figures


def seconds(value):
    return f"{value:.2f} s" if value >= 1 else f"{value * 1e3:.1f} ms"


def table(columns):
    names = list(next(iter(columns.values())))
    head = ["", *columns]
    rows = [[name, *(column.get(name, "–") for column in columns.values())] for name in names]
    return "\n".join("| " + " | ".join(row) + " |" for row in [head, ["---", *["--:"] * len(columns)], *rows])


def main():
    options = arguments()
    # So that what was started is ended when someone ends this.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("error: interrupted"))
    if not os.access(f"{options.postgres}/initdb", os.X_OK):
        raise SystemExit("error: there is no initdb; install PostgreSQL (Debian: postgresql), or name it: --postgres DIR")
    if not os.access(options.martlet, os.X_OK):
        raise SystemExit(f"error: there is no program {options.martlet}; build it, or name it: --martlet PATH")
    scratch = tempfile.mkdtemp(prefix="martlet-compare-", dir=options.scratch)
    # PostgreSQL's user has to get through.
    os.chmod(scratch, 0o755)
    wanted = options.only or ["martlet", "default", "tuned"]
    load = os.getloadavg()[0]
    columns = {}
    try:
        venv = install(options, scratch) if wanted != ["martlet"] else None
        for name in wanted:
            if name == "martlet":
                side = Martlet(os.path.abspath(options.martlet), f"{scratch}/martlet")
            else:
                more = TUNED if name == "tuned" else {}
                title = f"Airflow {options.airflow}, {name}"
                side = Airflow(title, venv, f"{scratch}/{name}", options.postgres, options.postgres_user, more)
            try:
                columns[side.name] = measure(side, options.runs)
            finally:
                side.stop()
            # A later side may fail; what is known is not lost.
            say(table(columns))
    finally:
        if options.keep:
            say(f"logs are in {scratch}")
        else:
            shutil.rmtree(scratch, ignore_errors=True)
    cores, when = os.cpu_count(), time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    print(f"{when}, {cores} cores, load {load:.2f} at the start, {options.runs} counted runs of every graph\n")
    print(table(columns))


if __name__ == "__main__":
    main()
