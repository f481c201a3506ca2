"""Demands the same windows, row by row and to the last bit, of three ways to make them.

They are: the streams over the topic (in the SQLite database that is the argument), the same definitions over a table,
and plain SQL. The last two are files with a JSON object a line.
"""

import json
import sqlite3
import sys
from datetime import datetime

from protocol import fail, input_path, metric, output_path, value

COLUMNS = ["window_start", "window_end", "flights", "late_flights", "late_share", "mean_delay", "worst_delay"]
SHOWN = 5


def main():
    features = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True)
    wrong = []
    with open(output_path("comparison"), "w", encoding="utf-8") as report:
        for kind, key in [("carrier", "carrier"), ("airport", "origin")]:
            ways = {
                "topic": from_table(features, f"{kind}_delays", key),
                "table": from_lines(input_path(f"{kind}s_backfill"), key),
                "SQL": from_lines(input_path(f"{kind}s_batch"), key),
            }
            rejected = features.execute(f"SELECT count(*) FROM {kind}_delays_rejected").fetchone()[0]
            wrong += differences(kind, ways)
            if rejected:
                wrong.append(f"{kind}: {rejected} events were put aside, as {kind}_delays_rejected says")
            counts = {way: len(windows) for way, windows in ways.items()}
            events = sum(window[COLUMNS.index("flights")] for window in ways["topic"].values())
            report.write(json.dumps({"kind": kind, "windows": counts, "flights": events, "rejected": rejected}) + "\n")
            metric(f"rows_in.{kind}", sum(counts.values()))
            value(f"{kind}_windows", counts["topic"])
            print(f"{kind} windows: " + ", ".join(f"{count:,} from {way}" for way, count in counts.items()))
    if wrong:
        fail(
            f"the three ways do not agree: {len(wrong)} differences",
            "; ".join(wrong[:SHOWN]),
            "a stream's definition and sql/windows.sql must say the same; if they do, this is a fault of Martlet's",
        )
    print("the three agree, row by row")


def differences(kind, ways):
    """What differs between the first way and the others, in words."""
    (name, right), *others = ways.items()
    found = [] if right else [f"{kind}: no windows from {name}"]
    for other, windows in others:
        for key in sorted(right.keys() | windows.keys()):
            if right.get(key) != windows.get(key):
                found.append(f"{kind} {key[0]} {key[1]}: {right.get(key)} from {name}, {windows.get(key)} from {other}")
    return found


def from_table(features, table, key):
    rows = features.execute(f"SELECT {key}, {', '.join(COLUMNS)} FROM {table}")
    return keyed((row[0], row[1:]) for row in rows)


def from_lines(path, key):
    with open(path, encoding="utf-8") as file:
        lines = [json.loads(line) for line in file]
    return keyed((line[key], [line[column] for column in COLUMNS]) for line in lines)


def keyed(rows):
    """Windows by key and start. One that is there twice would hide the other, and is an error."""
    result = {}
    for key, (start, end, *figures) in rows:
        window = (key, instant(start))
        if window in result:
            fail(f"window {window} is there twice", "a key has one window of each start", "look at what made it")
        # Numbers are compared as they are: 0.5 and 0.5000000000000001 are two.
        result[window] = (window[1], instant(end), *figures)
    return result


def instant(text):
    """RFC 3339 as streams write it, or a time without a zone, which is UTC, as SQL does."""
    return datetime.fromisoformat(text).replace(tzinfo=None).isoformat()


main()
