"""Commits of 100 changes to trees of different sizes: their cost must follow the changes."""

import os
import statistics

CHANGES = 100
SIZES = [10_000, 100_000, 1_000_000]
FILES_IN_FOLDER = 1_000


def measure_keys(runs, scratch, make, table, say):
    rows = []
    for size in SIZES:
        side = make(f"{scratch}-{size}")
        for number in range(size):
            write(side, number, 0)
        adding, _, memory = side.add()
        side.keep()
        adds, commits = [], []
        for run in range(1, runs + 2):
            chosen = range(run, size, size // CHANGES)[:CHANGES]
            for number in chosen:
                write(side, number, run)
            sample = [side.run("lake", "add", *[f"data/{path(number)}" for number in chosen]), side.keep()]
            # The first one warms up.
            if run > 1:
                adds.append(sample[0][0])
                commits.append(sample[1][0])
                memory = max(memory, sample[0][2], sample[1][2])
        rows.append(
            [
                f"{size:,} keys", f"{adding:.2f} s", *(f"{statistics.median(times) * 1e3:.0f} ms" for times in [adds, commits]),
                f"{memory / 1e6:.0f} MB",
            ]
        )
        say(f"  {rows[-1]}")
    return (
        table(["", "add all", f"add {CHANGES} changed files", f"commit {CHANGES} changes", "most memory"], rows)
        + "\n\nGoal: commits within 2x of each other and under 100 ms; memory under 300 MB."
    )


def path(number):
    return f"{number // FILES_IN_FOLDER:04}/{number % FILES_IN_FOLDER:03}.txt"


def write(side, number, version):
    name = f"{side.project}/data/{path(number)}"
    if number % FILES_IN_FOLDER == 0 and version == 0:
        os.makedirs(os.path.dirname(name))
    with open(name, "w") as file:
        file.write(f"{number} {version}\n")
