"""Both front ends make the same feature table.

Runs the YAML pipeline of Examples/flight_delays and the Swift one of Examples/FlightDelaysSwift over the fixture, each
through `martlet run`, and compares their feature tables row by row.

    python same_features.py MARTLET SWIFT_PROGRAM

needs duckdb.
"""

import json
import pathlib
import subprocess
import sys

import duckdb

ROOT = pathlib.Path(__file__).resolve().parents[2]
FIXTURE = ROOT / "Tests/Fixtures/flights"


def features(martlet: str, pipeline: str, project: pathlib.Path) -> str:
    """The path of the feature table of a run."""
    words = [martlet, "run", pipeline, "-p", f"source={FIXTURE}", "-p", "min_auc=0.6", "--json", "-q"]
    run = subprocess.run(words, cwd=project, stdout=subprocess.PIPE, text=True)
    result = json.loads(run.stdout.splitlines()[-1])
    if run.returncode != 0:
        sys.exit(f"{pipeline} ended with {run.returncode}: {json.dumps(result, indent=1)}")
    for step in result["steps"]:
        for output in step["outputs"]:
            if output["dataset"] == "flights/features":
                return output["path"]
    sys.exit(f"{pipeline} wrote no features")


def main() -> None:
    martlet, program = sys.argv[1:]
    yaml = features(martlet, "flight_delays", ROOT / "Examples/flight_delays")
    swift = features(martlet, program, ROOT / "Examples/FlightDelaysSwift")
    rows = duckdb.sql(f"SELECT count(*) FROM '{yaml}'").fetchall()[0][0]
    # ALL keeps duplicates apart; a row missing on either side shows.
    for left, right in [(yaml, swift), (swift, yaml)]:
        differing = duckdb.sql(f"SELECT * FROM '{left}' EXCEPT ALL SELECT * FROM '{right}'").fetchall()
        if differing:
            sys.exit(f"{len(differing)} of {rows} rows of {left} are not in {right}; the first: {differing[0]}")
    if rows == 0:
        sys.exit("the feature table is empty")
    print(f"the same {rows} rows from YAML and from Swift")


main()
