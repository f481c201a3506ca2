"""The thirty checks, once, as Great Expectations writes them; each side says the same in its own words."""

NAMES = [
    "trip_id", "vendor_id", "pickup_at", "dropoff_at", "passenger_count", "trip_distance", "store_flag", "pickup_zone",
    "dropoff_zone", "payment_type", "fare", "tax", "tip", "tolls", "zone_name", "surcharge", "rate_code", "total",
    "driver", "day",
]
NOT_NULL = ["trip_id", "vendor_id", "pickup_at", "dropoff_at", "fare", "driver", "day"]
RANGES = {
    "vendor_id": (1, 3), "passenger_count": (0, 9), "trip_distance": (0, 100), "fare": (0, 500), "tip": (0, 200),
    "tolls": (0, 100), "total": (0, 700), "pickup_zone": (1, 265),
}
PAYMENTS = [1, 2, 3, 4, 5, 6]
FLAGS = ["Y", "N"]
RATES = [1, 2, 3, 4, 5, 6]
DRIVER = "^d[0-9]{6}$"
LENGTHS = (6, 20)
FARE_MEAN = (40, 46)
DISTANCE_STDEV = (5, 6.5)
TOTAL_MAX = (50, 150)
QUANTILES = {0.25: (20, 26), 0.5: (40, 46), 0.95: (70, 82)}
DRIVERS = (1, 20_000)
MOSTLY = 0.9


def rows_between(rows):
    return rows // 2, rows * 2


def suite(rows):
    """The suite of thirty expectations for a table of about `rows` rows."""
    low, high = rows_between(rows)

    def column(type, name, **arguments):
        return {"type": f"expect_column_{type}", "kwargs": {"column": name, **arguments}, "meta": {}}

    def between(bounds):
        return {"min_value": bounds[0], "max_value": bounds[1]}

    expectations = [
        {"type": "expect_table_row_count_to_be_between", "kwargs": {"min_value": low, "max_value": high}, "meta": {}},
        {"type": "expect_table_column_count_to_equal", "kwargs": {"value": len(NAMES)}, "meta": {}},
        *(column("values_to_not_be_null", name) for name in NOT_NULL),
        column("values_to_be_unique", "trip_id"),
        *(column("values_to_be_between", name, **between(bounds)) for name, bounds in RANGES.items()),
        column("values_to_be_in_set", "payment_type", value_set=PAYMENTS),
        column("values_to_be_in_set", "store_flag", value_set=FLAGS),
        column("values_to_be_in_set", "rate_code", value_set=RATES),
        column("values_to_match_regex", "driver", regex=DRIVER),
        column("value_lengths_to_be_between", "zone_name", **between(LENGTHS)),
        column("mean_to_be_between", "fare", **between(FARE_MEAN)),
        column("stdev_to_be_between", "trip_distance", **between(DISTANCE_STDEV)),
        column("max_to_be_between", "total", **between(TOTAL_MAX)),
        column("quantile_values_to_be_between", "fare", quantile_ranges={
            "quantiles": list(QUANTILES), "value_ranges": [list(bounds) for bounds in QUANTILES.values()]}),
        column("unique_value_count_to_be_between", "driver", **between(DRIVERS)),
        {"type": "expect_column_pair_values_a_to_be_greater_than_b",
         "kwargs": {"column_A": "dropoff_at", "column_B": "pickup_at"}, "meta": {}},
        column("values_to_not_be_null", "passenger_count", mostly=MOSTLY),
    ]
    return {"name": "trips", "expectations": expectations, "meta": {"great_expectations_version": "1.24.1"}}


def footer_suite(rows):
    """Those of the thirty that Parquet footers answer."""
    whole = suite(rows)
    kept = [e for e in whole["expectations"] if any(word in e["type"] for word in
            ("row_count", "column_count", "not_be_null", "column_values_to_be_between", "max_to_be"))]
    return {**whole, "expectations": kept}


def wide_suite(columns, count):
    """`count` checks over `columns` columns of small whole numbers."""
    expectations = []
    kinds = [("values_to_not_be_null", {}), ("values_to_be_between", {"min_value": 0, "max_value": 999}),
             ("mean_to_be_between", {"min_value": 400, "max_value": 600})]
    for index in range(count):
        type, arguments = kinds[index // columns % len(kinds)]
        expectations.append({"type": f"expect_column_{type}", "kwargs": {"column": f"c{index % columns}", **arguments},
                             "meta": {}})
    return {"name": "wide", "expectations": expectations, "meta": {"great_expectations_version": "1.24.1"}}
