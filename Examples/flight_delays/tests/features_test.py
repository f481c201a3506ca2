"""Holds sql/features.sql to its rule: nothing that was not known when a flight was judged may reach its features.

    python tests/features_test.py FOLDER      # needs the Python package duckdb; FOLDER holds the raw CSV files

Three kinds of check. *The future does not matter*: for several instants, every fact that became known after the
instant is replaced with another; features of the flights judged until then must not change by a single bit, while
those of later flights must, or the check would prove nothing. *Brute force*: for some flights, every figure is
counted again by plain comparison of times, without running totals and ASOF JOIN. *The check itself*: a
features.sql with a hole in it must be caught.
"""

import random
import sys
import unittest
from pathlib import Path

import duckdb

SQL = Path(__file__).resolve().parent.parent / "sql"
RAW = Path(sys.argv[-1]).resolve()
KEY = "scheduled_at, carrier, flight, origin"
HORIZONS = [15, 60, 720]


def cleaned():
    connection = duckdb.connect()
    for table in ["flights", "weather", "planes"]:
        path = str(RAW / f"{table}.csv").replace("'", "''")
        connection.execute(f"CREATE VIEW raw_{table} AS FROM read_csv('{path}')")
    connection.execute((SQL / "clean.sql").read_text())
    return connection


def features_sql(horizon):
    query = (SQL / "features.sql").read_text().replace("{{ params.horizon_minutes }}", str(horizon))
    return query.rstrip().rstrip(";")


def change_what_follows(connection, instant):
    """Replaces every delay and every weather hour that became known after `instant`; what was known stays."""
    connection.execute("SELECT setseed(0.5)")
    connection.execute(
        """
        UPDATE flights SET
            dep_delay = greatest(
                CAST(random() * 300 AS INTEGER) - 20,
                -- Still not known at the instant, and not before: or the past would have been changed.
                date_diff('minute', scheduled_at, $instant) + 1
            )
        WHERE greatest(departed_at, scheduled_at) > $instant
        """,
        {"instant": instant},
    )
    connection.execute("UPDATE flights SET departed_at = scheduled_at + to_minutes(dep_delay)")
    connection.execute(
        "UPDATE weather SET temp = 200 * random(), humid = 100 * random(), wind_speed = 99 * random(), "
        "precip = random(), pressure = 900 + 99 * random(), visib = random() WHERE known_at > $instant",
        {"instant": instant},
    )


def rows_that_changed(instant, horizon, query):
    """How many flights judged until `instant`, and how many judged later, have other features afterwards."""
    connection = cleaned()
    connection.execute(f"CREATE TABLE before AS SELECT * EXCLUDE (late) FROM ({query})")
    change_what_follows(connection, instant)
    connection.execute(f"CREATE TABLE after AS SELECT * EXCLUDE (late) FROM ({query})")
    lines = [
        connection.execute(
            f"SELECT count(*) FROM ((FROM before WHERE {which}) EXCEPT ALL (FROM after WHERE {which}))",
            {"instant": instant},
        ).fetchone()[0]
        for which in ["decided_at <= $instant", "decided_at > $instant"]
    ]
    judged = connection.execute("SELECT count(*) FROM before WHERE decided_at <= ?", [instant]).fetchone()[0]
    return judged, *lines


class FeaturesTest(unittest.TestCase):
    def instants(self):
        days = cleaned().execute("SELECT DISTINCT CAST(scheduled_at AS DATE) FROM flights ORDER BY 1").fetchall()
        chosen = [days[len(days) * part // 10][0] for part in (2, 5, 8)]
        # Afternoons in New York, with flights in the air and others running late.
        return [f"{day} {hour}" for day, hour in zip(chosen, ["19:30:00", "20:17:00", "22:00:00"])]

    def test_the_future_does_not_matter(self):
        for instant in self.instants():
            for horizon in HORIZONS:
                with self.subTest(instant=instant, horizon=horizon):
                    judged, past, future = rows_that_changed(instant, horizon, features_sql(horizon))
                    self.assertGreater(judged, 0)
                    self.assertEqual(past, 0)
                    self.assertGreater(future, 0)

    def test_a_hole_is_caught(self):
        holes = {
            # Delays known at the scheduled time, before they have happened.
            "greatest(departed_at, scheduled_at) AS known_at": "scheduled_at - INTERVAL 2 HOUR AS known_at",
            # Weather of the hour that has just begun to be measured.
            "j.decided_at >= w.known_at": "j.decided_at >= w.known_at - INTERVAL 1 HOUR",
        }
        for right, wrong in holes.items():
            with self.subTest(hole=wrong):
                query = features_sql(60)
                self.assertIn(right, query)
                query = query.replace(right, wrong)
                caught = any(rows_that_changed(instant, 60, query)[1] > 0 for instant in self.instants())
                self.assertTrue(caught)

    def test_brute_force(self):
        connection = cleaned()
        known = "greatest(o.departed_at, o.scheduled_at)"
        for horizon in HORIZONS:
            connection.execute(f"CREATE OR REPLACE TABLE features AS {features_sql(horizon)}")
            everything = connection.execute(f"SELECT * FROM features ORDER BY {KEY}")
            columns = [column[0] for column in everything.description]
            rows = random.Random(horizon).sample(everything.fetchall(), 40)
            for row in (dict(zip(columns, row)) for row in rows):
                with self.subTest(horizon=horizon, flight=[str(row[name]) for name in KEY.split(", ")]):
                    self.check_one(connection, row, known)

    def check_one(self, connection, row, known):
        def count(where):
            return connection.execute(
                f"""
                SELECT count(*), coalesce(sum(CAST(o.dep_delay >= 15 AS INTEGER)), 0),
                       coalesce(sum(least(greatest(o.dep_delay, 0), 180)), 0)
                FROM flights AS o
                WHERE {known} <= $decided_at AND ({where})
                """,
                {"decided_at": row["decided_at"]},
            ).fetchone()

        lately = f"{known} > $decided_at - INTERVAL 3 HOUR"
        departed, late, _ = count("true")
        network = late / departed if departed else None
        self.same(row["network_late"], network)
        for name, where in {
            "carrier_late": f"carrier = '{row['carrier']}'",
            "dest_late": f"dest = '{row['dest']}'",
            "hour_late": f"origin = '{row['origin']}' AND local_hour = {row['hour']}",
        }.items():
            departed, late, _ = count(where)
            self.same(row[name], None if network is None else (late + 20 * network) / (departed + 20))

        ever = count(f"origin = '{row['origin']}'")[0]
        departed, late, delay = count(f"origin = '{row['origin']}' AND {lately}")
        self.same(row["origin_departed_lately"], departed if ever else None)
        self.same(row["origin_late_lately"], late / departed if departed else None)
        self.same(row["origin_delay_lately"], delay / departed if departed else None)
        departed, late, _ = count(f"origin = '{row['origin']}' AND carrier = '{row['carrier']}' AND {lately}")
        self.same(row["carrier_late_lately"], late / departed if departed else None)

        weather = connection.execute(
            "SELECT temp, humid, wind_speed, precip, pressure, visib FROM weather "
            "WHERE origin = ? AND known_at <= ? AND known_at > ? - INTERVAL 6 HOUR ORDER BY known_at DESC LIMIT 1",
            [row["origin"], row["decided_at"], row["decided_at"]],
        ).fetchone()
        for name, value in zip(["temp", "humid", "wind_speed", "precip", "pressure", "visib"], weather or [None] * 6):
            self.same(row[name], value)

    def same(self, found, expected):
        if expected is None or found is None:
            self.assertEqual(found, expected)
        else:
            self.assertAlmostEqual(found, float(expected), places=9)

    def test_one_row_per_flight_and_no_flight_lost(self):
        connection = cleaned()
        flights = connection.execute("SELECT count(*) FROM flights").fetchone()
        rows = connection.execute(f"SELECT count(DISTINCT ({KEY})) FROM ({features_sql(60)})").fetchone()
        self.assertEqual(rows, flights)


if __name__ == "__main__":
    if len(sys.argv) < 2 or not RAW.is_dir():
        sys.exit("usage: python tests/features_test.py FOLDER")
    unittest.main(argv=sys.argv[:1], verbosity=2)
