#!/usr/bin/env python3
"""Judges `martlet quality detect` and simple detectors on made series with known faults; see README.md."""

import argparse
import json
import os
import subprocess
import tempfile

import numpy as np

import peers
import score
import series as made

SEASONS = {"daily_rows": 7, "requests": 288, "taxi": 48, "temperature": 24, "sines": 24, "cost": 24, "mentions": 288,
           "closing": 7, "latency": 144, "batch": 96}


def martlet(program, one, folder):
    path = os.path.join(folder, "series.csv")
    with open(path, "w") as file:
        file.write("t,v\n")
        for at, value in zip(one.times, one.values):
            file.write(f"{at:.0f},{'' if np.isnan(value) else repr(float(value))}\n")
    command = [program, path, "t", "v"] if program.endswith("detect") else [
        program, "quality", "detect", path, "--time", "t", "--value", "v", "--json"]
    output = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
    rows = [json.loads(line) for line in output]
    assert len(rows) == len(one.values)
    return np.array([r["anomaly"] for r in rows]), np.array([r["episode"] or 0 for r in rows])


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--martlet", default=".build/release/martlet")
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--out", default=os.path.join(os.path.dirname(__file__), "RESULTS.md"))
    options = parser.parse_args()
    lines = ["# Anomalies: results", "",
             f"Made by `compare.py --seeds {options.seeds}`; [README.md](README.md) says what was measured.", ""]
    with tempfile.TemporaryDirectory() as folder:
        for title, families, first in (("Development families", made.DEVELOPMENT, 100),
                                       ("Held-out families", made.HELD_OUT, 200)):
            results, by_family = {}, {}
            for faults in (True, False):
                for one in made.make(families, range(first, first + options.seeds), faults):
                    sides = {"martlet": lambda x, s: martlet(options.martlet, one, folder)}
                    for name, detect in peers.PEERS.items():
                        def side(x, s, detect=detect):
                            flags = detect(x, s)
                            return flags, peers.episodes(flags)
                        sides[name] = side
                    for name, side in sides.items():
                        flags, numbers = side(one.values, SEASONS.get(one.family))
                        result = score.score(one, flags, numbers)
                        results.setdefault((name, faults), []).append(result)
                        if name == "martlet":
                            by_family.setdefault((one.family, faults), []).append(result)
            lines += [f"## {title}", "",
                      "| detector | recall of events | precision of episodes | F1 | false alarms per 1,000 rows "
                      "| the same, without faults |", "|---|---|---|---|---|---|"]
            for name in ["martlet", *peers.PEERS]:
                s, clean = score.summary(results[name, True]), score.summary(results[name, False])
                lines.append(f"| {name} | {s['recall']:.2f} | {s['precision']:.2f} | {s['f1']:.2f} "
                             f"| {s['false_per_1000']:.2f} | {clean['false_per_1000']:.2f} |")
            lines += ["", "Martlet, family by family:", "",
                      "| family | recall | precision | false alarms per 1,000 rows | the same, without faults |",
                      "|---|---|---|---|---|"]
            for family in families:
                s = score.summary(by_family[family.__name__, True])
                clean = score.summary(by_family[family.__name__, False])
                lines.append(f"| {family.__name__} | {s['recall']:.2f} | {s['precision']:.2f} "
                             f"| {s['false_per_1000']:.2f} | {clean['false_per_1000']:.2f} |")
            lines.append("")
    with open(options.out, "w") as file:
        file.write("\n".join(lines))
    print("\n".join(lines))


if __name__ == "__main__":
    main()
