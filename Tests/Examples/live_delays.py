"""The live pipeline of Examples/flight_delays, run for real on the fixture: what it says of itself is counted again.

    python live_delays.py MARTLET

needs duckdb. Runs in a copy of the example, with a log server of its own. Demanded is that

- the pipeline's own comparison passed, over as many windows as counted here;
- every departure has exactly one score, made of the windows that had ended when it was due, found by looking at all of
  them; and the chance follows from them;
- nothing is left of the run's topics;
- the comparison notices a last bit, a missing window and one too many;
- a pipeline that follows the topic while departures come gives the same scores, line by line.
"""

import datetime
import json
import math
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "Examples/flight_delays"
FIXTURE = ROOT / "Tests/Fixtures/flights"
HOUR = datetime.timedelta(hours=1)
DAYS = ["-p", "from_day=2013-01-01", "-p", "to_day=2013-12-31"]

# What flight_delays publishes, as far as the live pipeline reads it; without the training, which needs scikit-learn.
PREPARE = f"""
pipeline: prepare
params: {{ source: {{ type: string, default: "{FIXTURE}" }} }}
steps:
  - id: ingest
    python: steps/ingest.py
    outputs:
      flights: {{ dataset: flights/raw, format: csv }}
      weather: {{ dataset: weather/raw, format: csv }}
      planes: {{ dataset: planes/raw, format: csv }}
      airlines: {{ dataset: airlines, format: csv }}
  - id: clean
    sql: sql/clean.sql
    inputs: {{ raw_flights: flights/raw, raw_weather: weather/raw, raw_planes: planes/raw }}
    outputs: {{ flights: flights/clean, weather: weather/clean, planes: planes/clean }}
"""


def main() -> None:
    martlet = pathlib.Path(sys.argv[1]).resolve()
    with tempfile.TemporaryDirectory() as folder:
        # The steps call `martlet` by its name.
        os.symlink(martlet, pathlib.Path(folder) / "martlet")
        os.environ["PATH"] = f"{folder}:{os.environ['PATH']}"
        project = pathlib.Path(folder) / "flight_delays"
        shutil.copytree(EXAMPLE, project, ignore=shutil.ignore_patterns(".martlet"))
        os.chdir(project)
        (project / "pipelines/flight_delays.yaml").unlink()
        (project / "pipelines/prepare.yaml").write_text(PREPARE)
        run("prepare")
        check(run("live_delays", *DAYS))


def run(*words: str) -> dict:
    """A run that has to succeed, as `--json` shows it."""
    done = subprocess.run(["martlet", "run", *words, "--json", "-q"], stdout=subprocess.PIPE, text=True)
    result = json.loads(done.stdout.splitlines()[-1])
    if done.returncode != 0:
        sys.exit(f"{words[0]} ended with {done.returncode}: {json.dumps(result, indent=1)}")
    return result


def check(result: dict) -> None:
    steps = {step.get("step", step.get("id")): step for step in result["steps"]}
    paths = {output["dataset"]: output["path"] for step in result["steps"] for output in step["outputs"]}
    database = f".martlet/live/{result['run_id']}.db"
    departures = duckdb.sql(
        "SELECT known_at, scheduled_at, carrier, flight, origin, local_hour, dep_delay "
        f"FROM '{paths['live/departures']}'"
    ).fetchall()
    demand(len(departures) == 1861, f"{len(departures)} departures were replayed, of 1,861")

    windows = {"carrier": brute_windows(departures, 2, 1), "airport": brute_windows(departures, 4, 3)}
    for line in open(paths["live/comparison.jsonl"], encoding="utf-8"):
        row = json.loads(line)
        count = sum(map(len, windows[row["kind"]].values()))
        demand(count > 0 and set(row["windows"].values()) == {count}, f"{count} windows counted, but {row}")
        demand(row["rejected"] == 0, f"events were put aside: {row}")
    demand(steps["compare"]["state"] == "success", "the three ways were not compared")

    scores = [json.loads(line) for line in open(paths["live/scores.jsonl"], encoding="utf-8")]
    check_scores(departures, windows, scores)
    check_teeth(paths, database)
    topics = subprocess.run(["martlet", "stream", "topics"], stdout=subprocess.PIPE, text=True, check=True).stdout
    demand(result["run_id"] not in topics, f"topics of the run are still there:\n{topics}")
    page = pathlib.Path(paths["live/page.html"]).read_text(encoding="utf-8")
    demand("the same, row by row" in page and "1,861" in page, "the page does not say what was found")
    check_following(paths["live/departures"], paths["live/scores.jsonl"])
    print(f"{len(departures)} departures scored once each, from what was known; three ways to the windows agree")


def brute_windows(departures: list[tuple], key: int, hours: int) -> dict[str, dict]:
    """By key and end of the window: flights and late flights."""
    found: dict[str, dict] = {}
    for row in departures:
        begin = row[0].replace(minute=0, second=0)
        for later in range(1, hours + 1):
            window = found.setdefault(row[key], {}).setdefault(begin + later * HOUR, [0, 0])
            window[0] += 1
            window[1] += row[6] >= 15
    return found


def check_scores(departures: list[tuple], windows: dict, scores: list[dict]) -> None:
    by_flight = {(row["scheduled_at"], row["carrier"], row["flight"], row["origin"]): row for row in scores}
    demand(len(scores) == len(departures), f"{len(scores)} scores for {len(departures)} departures")
    demand(len(by_flight) == len(scores), "a departure has two scores")
    used = 0
    for _, scheduled, carrier, flight, origin, hour, _ in departures:
        score = by_flight.get((f"{scheduled:%Y-%m-%dT%H:%M:%SZ}", carrier, flight, origin))
        demand(score is not None, f"{carrier} {flight} of {scheduled} has no score")
        odds = -3.17 + 0.043 * hour
        for name, key, weight in [("carrier", carrier, 2.67), ("airport", origin, 3.48)]:
            ended = [end for end in windows[name].get(key, {}) if scheduled - 6 * HOUR < end <= scheduled]
            flights, late = windows[name][key][max(ended)] if ended else (0, 0)
            said = (score[f"{name}_window_end"], score[f"{name}_flights"], score[f"{name}_late_flights"])
            expected = (f"{max(ended):%Y-%m-%dT%H:%M:%SZ}" if ended else None, flights, late)
            demand(said == expected, f"{carrier} {flight} of {scheduled} used {said} of its {name}, not {expected}")
            odds += weight * (late + 5 * 0.2327) / (flights + 5)
            used += bool(ended)
        demand(abs(score["probability"] - 1 / (1 + math.exp(-odds))) < 1e-6, f"the chance of {score} does not follow")
    demand(used > len(departures), "hardly any departure had features")


def check_teeth(paths: dict, database: str) -> None:
    """The comparison has to fail over windows that differ, and to pass over those that it passed before."""
    environment = {**os.environ, "MARTLET_MESSAGES": os.devnull, "MARTLET_OUTPUT_COMPARISON": os.devnull}
    for kind in ["carriers", "airports"]:
        for way in ["backfill", "batch"]:
            environment[f"MARTLET_INPUT_{kind}_{way}".upper()] = paths[f"live/{way}/{kind}.jsonl"]
    mean = sqlite3.connect(database).execute("SELECT max(mean_delay) FROM carrier_delays").fetchone()[0]
    changes = {
        "nothing": "SELECT 1",
        "a last bit": f"UPDATE carrier_delays SET mean_delay = {math.nextafter(mean, 0)!r} WHERE mean_delay = {mean!r}",
        "a missing window": "DELETE FROM airport_delays WHERE rowid = (SELECT max(rowid) FROM airport_delays)",
        "a window too many": "INSERT INTO carrier_delays SELECT 'ZZ', window_start, window_end, flights, late_flights, "
        "late_share, mean_delay, worst_delay, pane FROM carrier_delays LIMIT 1",
    }
    for change, sql in changes.items():
        shutil.copy(database, "changed.db")
        with sqlite3.connect("changed.db") as connection:
            connection.execute(sql)
        connection.close()
        words = [sys.executable, "steps/compare_windows.py", "changed.db"]
        done = subprocess.run(words, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        demand((done.returncode == 0) == (change == "nothing"), f"with {change}: exit {done.returncode}, {done.stderr}")


def check_following(departures: str, scores: str) -> None:
    """While a pipeline follows the topic, the departures are sent; its scores are those of the run that came after."""
    expected = pathlib.Path(scores).read_text(encoding="utf-8").splitlines()
    follower = subprocess.Popen(["martlet", "run", "follow_departures", "-q"], stdout=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        # Its first step makes the topics; made by the sender, they would forget what is older than a week.
        while subprocess.run(["martlet", "stream", "topics", "show", "scores"], capture_output=True).returncode != 0:
            demand(time.monotonic() < deadline and follower.poll() is None, "no topics after two minutes")
            time.sleep(0.5)
        words = ["martlet", "stream", "produce", "departures", "--from", departures]
        words += ["--key", "carrier", "--time", "known_at", "--rate", "1000"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
        found: list[str] = []
        while len(found) < len(expected):
            demand(time.monotonic() < deadline and follower.poll() is None, f"{len(found)} scores after two minutes")
            words = ["martlet", "stream", "consume", "scores", "--until", "end"]
            found = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout.splitlines()
            time.sleep(0.5)
        demand(found == expected, "the scores of the pipeline that follows are not those of the replay")
    finally:
        follower.send_signal(signal.SIGTERM)
        follower.wait(timeout=60)


def demand(holds: bool, otherwise: str) -> None:
    if not holds:
        sys.exit(otherwise)


main()
