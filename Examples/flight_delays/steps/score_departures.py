"""Answers each departure with the chance that it is 15 minutes late or more, as known at its scheduled departure.

    python3 steps/score_departures.py FEATURES.db <events >answers

A trigger runs it: a line of JSON for each event comes on standard input, and one goes back for each, in order. Of an
event only the timetable is used (carrier, airport, scheduled time, hour); what happened then is not looked at. The
features are the newest windows of its carrier and of its airport that had ended by the scheduled departure; what is
older than six hours says nothing.

The model is a logistic regression over three figures, fitted once to January to June 2013 by maximum likelihood; its
coefficients stand below. On July to December its AUC is 0.731.
"""

import json
import math
import sqlite3
import sys
import time
from datetime import datetime, timedelta, timezone

INTERCEPT, CARRIER, AIRPORT, HOUR = -3.17, 2.67, 3.48, 0.043
# Shares are pulled towards that of January to June, as if five more flights had gone like it: one flight is no trend.
BASE, WEIGHT = 0.2327, 5
STALE = timedelta(hours=6)
# How long the streams that make the features may be behind the events. Longer, and this program ends; whoever runs it
# starts it again, and asks again.
PATIENCE = 20.0

TABLES = ["carrier_delays", "airport_delays"]
WINDOWS = {
    "carrier": "SELECT window_end, flights, late_flights FROM carrier_delays WHERE carrier = ? AND window_end <= ? "
    "ORDER BY window_start DESC LIMIT 1",
    "airport": "SELECT window_end, flights, late_flights FROM airport_delays WHERE origin = ? AND window_end <= ? "
    "ORDER BY window_start DESC LIMIT 1",
}


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: score_departures.py FEATURES.db")
    features = None
    for line in sys.stdin:
        event = json.loads(line)
        try:
            flight = timetable(event["value"])
        except (KeyError, TypeError, ValueError) as problem:
            print(json.dumps({"error": f"not a departure: {problem!r}"}), flush=True)
            continue
        features = features or wait_until(lambda: opened(sys.argv[1]), "there is no database of features yet")
        wait_until(lambda: has_read(features, event), f"no features yet for offset {event['offset']}")
        print(json.dumps(answer(features, flight)), flush=True)


def timetable(value):
    """What was known of a flight long before it left."""
    return {
        "carrier": str(value["carrier"]),
        "flight": int(value["flight"]),
        "origin": str(value["origin"]),
        "scheduled_at": datetime.fromisoformat(value["scheduled_at"]).astimezone(timezone.utc),
        "local_hour": int(value["local_hour"]),
    }


def answer(features, flight):
    at = flight["scheduled_at"]
    carrier = latest(features, "carrier", flight["carrier"], at)
    airport = latest(features, "airport", flight["origin"], at)
    odds = INTERCEPT + CARRIER * share(carrier) + AIRPORT * share(airport) + HOUR * flight["local_hour"]
    result = {**flight, "scheduled_at": text(at), "probability": round(1 / (1 + math.exp(-odds)), 6)}
    for name, window in [("carrier", carrier), ("airport", airport)]:
        end, flights, late = window or (None, 0, 0)
        result[f"{name}_window_end"] = end
        result[f"{name}_flights"] = flights
        result[f"{name}_late_flights"] = late
    return result


def latest(features, name, key, at):
    """The newest window of a key that had ended by `at`, as (end, flights, late flights); None if that is too old."""
    row = features.execute(WINDOWS[name], (key, text(at))).fetchone()
    return row if row and datetime.fromisoformat(row[0]) > at - STALE else None


def share(window):
    _, flights, late = window or (None, 0, 0)
    return (late + WEIGHT * BASE) / (flights + WEIGHT)


def text(instant):
    """As the streams write bounds of windows, so that texts compare as times do."""
    return instant.strftime("%Y-%m-%dT%H:%M:%SZ")


def wait_until(found, otherwise):
    """What `found` gives, once that is something."""
    patience = time.monotonic() + PATIENCE
    while not (result := found()):
        if time.monotonic() > patience:
            sys.exit(f"{otherwise}: the streams that make them are behind, or do not run")
        time.sleep(0.05)
    return result


def opened(path):
    """The database; None until both tables are there. `rw` makes no new one, and lets the last to close it tidy up."""
    try:
        features = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=10)
        for table in TABLES:
            features.execute(f"SELECT 1 FROM {table} LIMIT 1")
        return features
    except sqlite3.OperationalError:
        return None


def has_read(features, event, read={}):
    """Whether both streams have read this very event; `read` keeps how far they were when last asked.

    A departure is known no earlier than it was scheduled. So when a stream has read it, all windows that end by its
    scheduled time are done and in the database: the answer is the same however far the streams were behind.
    """
    place = (event["topic"], event["partition"])
    if read.get(place, 0) <= event["offset"]:
        read[place] = min(next_offset(features, table, place) for table in TABLES)
    return read[place] > event["offset"]


def next_offset(features, table, place):
    """Where the stream that fills a table goes on to read: all before it is in the table."""
    row = features.execute("SELECT offsets FROM martlet_streams WHERE results = ?", (table,)).fetchone()
    offsets = json.loads(row[0]) if row else []
    return next((at["offset"] for at in offsets if (at["topic"], at["partition"]) == place), 0)


main()
