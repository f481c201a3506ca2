"""The feature table as the model sees it: the one place that says which columns go in, and how."""

import duckdb
import numpy as np

# `month` is a column of the table but not of the model: the months it is judged on do not occur in its training, so
# what it learnt about the others could only mislead. `network_late` is a trend over the year, and out for the same
# reason.
NUMBERS = [
    "weekday", "hour", "distance", "plane_age", "seats",
    "carrier_late", "dest_late", "hour_late",
    "origin_departed_lately", "origin_late_lately", "origin_delay_lately", "carrier_late_lately",
    "temp", "humid", "wind_speed", "precip", "pressure", "visib",
]  # fmt: skip
CATEGORIES = ["carrier", "origin"]
ORDER = "scheduled_at, carrier, flight, origin"


def read(path, where):
    """The rows of the feature table for which `where` holds, as arrays by column; in a fixed order."""
    columns = ", ".join(["month", "scheduled_at", "flight", "dest", "late", *NUMBERS, *CATEGORIES])
    with duckdb.connect() as connection:
        query = f"SELECT {columns} FROM read_parquet(?) WHERE {where} ORDER BY {ORDER}"
        return connection.execute(query, [str(path)]).fetchnumpy()


def levels(rows):
    """The values of each category that occur in `rows`, sorted; a model keeps those of its training."""
    return {name: sorted(set(map(str, rows[name]))) for name in CATEGORIES}


def matrix(rows, known):
    """One line of numbers per row. What is missing, or a category not among the `known` ones, is NaN."""
    columns = [np.ma.filled(np.ma.asarray(rows[name]).astype(np.float64), np.nan) for name in NUMBERS]
    for name in CATEGORIES:
        code = {level: float(number) for number, level in enumerate(known[name])}
        columns.append(np.array([code.get(str(level), np.nan) for level in rows[name]]))
    return np.column_stack(columns)


def labels(rows):
    return np.asarray(rows["late"]).astype(np.int8)
