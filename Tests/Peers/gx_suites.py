"""Runs real Great Expectations and Martlet over the same tables, and compares everything that they say.

1. Tables with nulls, NaN, ties, dates, text, no rows and nothing but nulls are checked by suites with every one of the
   60 expectations, at every result format: over pandas beside `--semantics pandas`, and over SQLite, the SQL database
   that Great Expectations brings along, beside `--semantics sql`. Success, exceptions, counts, percentages, values,
   places and observed values have to agree.
2. Suites written by Great Expectations are read and written by Martlet without a byte of difference, and what Martlet
   writes is read by Great Expectations; converting to 0.18 and back changes nothing.
3. What Great Expectations refuses to build, Martlet refuses, and the other way round.

What differs for a reason stands in KNOWN with the reason; all else fails. Chance is seeded.

usage: gx_suites.py MARTLET [--seed N] [--rounds N] [--verbose]    (great_expectations is a package of this Python)
"""

import argparse
import collections
import datetime
import json
import logging
import math
import os
import random
import subprocess
import sys
import tempfile
import warnings
from pathlib import Path

os.environ["TQDM_DISABLE"] = "1"
warnings.filterwarnings("ignore")
logging.disable(logging.CRITICAL)

import great_expectations as gx  # noqa: E402
import pandas as pd  # noqa: E402
import pyarrow as pa  # noqa: E402
import pyarrow.parquet as pq  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from great_expectations.core.expectation_suite import ExpectationSuite, expectationSuiteSchema  # noqa: E402
from great_expectations.expectations.registry import get_expectation_impl  # noqa: E402

NAN = float("nan")


# --- Tables -----------------------------------------------------------------------------------------------------------


def maybe(chance, share, values):
    return [None if chance.random() < share else value for value in values]


def base_table(chance, rows):
    day = datetime.datetime(2024, 1, 1)
    texts = ["alpha", "beta", "Beta", "gamma delta", "", "x_1", "x%2", "ab", "über", "2024-01-05"]
    a = [chance.randint(0, 9) for _ in range(rows)]
    b = [chance.choice([value, value + chance.randint(-2, 2)]) for value in a]
    return pa.table(
        {
            "id": pa.array(range(1, rows + 1), pa.int64()),
            "n": pa.array([chance.randint(-5, 20) for _ in range(rows)], pa.int64()),
            "x": pa.array([round(chance.gauss(10, 4), 3) for _ in range(rows)], pa.float64()),
            "xn": pa.array(maybe(chance, 0.2, [round(chance.gauss(0, 1), 2) for _ in range(rows)]), pa.float64()),
            "t": pa.array([chance.choice(texts) for _ in range(rows)], pa.string()),
            "tn": pa.array(maybe(chance, 0.25, [chance.choice(texts[:5]) for _ in range(rows)]), pa.string()),
            "empty": pa.array([None] * rows, pa.float64()),
            "day": pa.array(maybe(chance, 0.1, [day + datetime.timedelta(days=chance.randint(0, 40)) for _ in range(rows)]), pa.timestamp("us")),
            "iso": pa.array(maybe(chance, 0.1, [chance.choice(["2024-01-05", "2024-13-05", "2024-1-5", "soon", " 2024-02-01"]) for _ in range(rows)]), pa.string()),
            "js": pa.array(maybe(chance, 0.1, [chance.choice(['{"a": 1}', "[1, 2]", '{"a": "b"}', "3"]) for _ in range(rows)]), pa.string()),
            "broken": pa.array([chance.choice(['{"a": 1}', "{", "nope"]) for _ in range(rows)], pa.string()),
            "a": pa.array(maybe(chance, 0.15, a), pa.float64()),
            "b": pa.array(maybe(chance, 0.15, b), pa.float64()),
            "c": pa.array(maybe(chance, 0.15, [chance.choice([value, 3]) for value in a]), pa.float64()),
            "up": pa.array(sorted(chance.randint(0, rows) for _ in range(rows)), pa.int64()),
            "down": pa.array(maybe(chance, 0.2, [float(rows - i) for i in range(rows)]), pa.float64()),
        }
    )


def tables(chance):
    full = base_table(chance, 60)
    return {"full": full, "small": base_table(chance, 5), "one": base_table(chance, 1), "empty": full.slice(0, 0)}


def nan_table(chance):
    values = [1.0, NAN, 3.5, None, NAN, 2.0, 2.0, None, 7.25, -1.0]
    return pa.table(
        {
            "id": pa.array(range(10), pa.int64()),
            "x": pa.array(values, pa.float64()),
            "y": pa.array([1.0, 2.0, NAN, None, NAN, 1.0, 3.0, 4.0, 7.25, -1.0], pa.float64()),
            "t": pa.array(["a", "b", None, "a", "c", "a", "b", None, "d", "d"], pa.string()),
        }
    )


# --- Expectations -----------------------------------------------------------------------------------------------------


def column_cases(chance, numbers, texts, dates):
    """Expectations of columns: type and arguments."""
    number = lambda: chance.choice(numbers)  # noqa: E731
    text = lambda: chance.choice(texts)  # noqa: E731
    low = lambda: round(chance.uniform(-3, 8), 2)  # noqa: E731
    any_column = lambda: chance.choice(numbers + texts)  # noqa: E731
    mostly = lambda: chance.choice([{}, {}, {"mostly": chance.choice([0, 0.3, 0.5, 0.75, 0.9, 1])}])  # noqa: E731

    def bounds(whole=False):
        least = chance.randint(-2, 6) if whole else low()
        most = least + chance.choice([0, 1, 3, 8, 15])
        made = chance.choice([{"min_value": least}, {"max_value": most}, {"min_value": least, "max_value": most}])
        if chance.random() < 0.3:
            made["strict_min"] = True
        if chance.random() < 0.3:
            made["strict_max"] = True
        return made

    some_texts = ["alpha", "beta", "gamma delta", ""]
    some_numbers = [0, 1, 2, 3, 5, 8, 13]
    regexes = ["^[a-z]+$", "a", "[0-9]", "^$", "b.t", "(?i)BETA"]
    likes = ["a%", "%a", "%", "_e%", "x!_%", "%\\_%"]
    c = "expect_column_"
    yield c + "values_to_be_between", {"column": number(), **bounds(), **mostly()}
    if dates:
        yield c + "values_to_be_between", {"column": "day", "min_value": "2024-01-10", **mostly()}
        yield c + "max_to_be_between", {"column": "day", "max_value": "2024-02-05"}
    yield c + "values_to_be_in_set", {"column": text(), "value_set": chance.sample(some_texts, 2), **mostly()}
    yield c + "values_to_be_in_set", {"column": number(), "value_set": chance.sample(some_numbers, 4), **mostly()}
    yield c + "values_to_be_in_set", {"column": text(), "value_set": []}
    yield c + "values_to_not_be_in_set", {"column": text(), "value_set": chance.sample(some_texts, 2), **mostly()}
    yield c + "values_to_not_be_in_set", {"column": any_column(), "value_set": []}
    yield c + "values_to_be_null", {"column": any_column(), **mostly()}
    yield c + "values_to_not_be_null", {"column": any_column(), **mostly()}
    yield c + "values_to_be_unique", {"column": any_column(), **mostly()}
    yield c + "values_to_match_regex", {"column": text(), "regex": chance.choice(regexes), **mostly()}
    yield c + "values_to_not_match_regex", {"column": text(), "regex": chance.choice(regexes), **mostly()}
    yield c + "values_to_match_regex_list", {
        "column": text(), "regex_list": chance.sample(regexes, 2), "match_on": chance.choice(["any", "all"]), **mostly()
    }
    yield c + "values_to_not_match_regex_list", {"column": text(), "regex_list": chance.sample(regexes, 2), **mostly()}
    yield c + "values_to_match_like_pattern", {"column": text(), "like_pattern": chance.choice(likes), **mostly()}
    yield c + "values_to_not_match_like_pattern", {"column": text(), "like_pattern": "x!_%", "escape": "!", **mostly()}
    yield c + "values_to_match_like_pattern_list", {
        "column": text(), "like_pattern_list": chance.sample(likes, 2), "match_on": chance.choice(["any", "all"])
    }
    yield c + "values_to_not_match_like_pattern_list", {"column": text(), "like_pattern_list": chance.sample(likes, 2)}
    yield c + "value_lengths_to_be_between", {"column": text(), **bounds(whole=True), **mostly()}
    yield c + "value_lengths_to_equal", {"column": text(), "value": chance.choice([0, 4, 5]), **mostly()}
    yield c + "value_z_scores_to_be_less_than", {
        "column": number(), "threshold": chance.choice([0.5, 1, 2]), "double_sided": chance.choice([True, False]), **mostly()
    }
    yield c + "values_to_not_be_outliers", {"column": number(), "method": "iqr", "multiplier": chance.choice([0.2, 0.5, 1.5])}
    yield c + "values_to_not_be_outliers", {"column": number(), "method": "std", "multiplier": chance.choice([0.5, 1, 2])}
    yield c + "values_to_be_increasing", {"column": chance.choice(["up", "id", "x", "down"]) if dates else "x", **mostly()}
    yield c + "values_to_be_decreasing", {"column": chance.choice(["down", "id"]) if dates else "x", "strictly": True}
    if dates:
        yield c + "values_to_match_strftime_format", {"column": "iso", "strftime_format": "%Y-%m-%d", **mostly()}
        yield c + "values_to_be_dateutil_parseable", {"column": "iso", **mostly()}
        yield c + "values_to_be_json_parseable", {"column": chance.choice(["js", "broken"]), **mostly()}
        yield c + "values_to_match_json_schema", {"column": "js", "json_schema": {"type": "object", "required": ["a"]}}
    for name in ["min", "max", "mean", "median", "stdev", "sum"]:
        yield c + name + "_to_be_between", {"column": number(), **bounds()}
    yield c + "mean_to_be_between", {"column": number()}
    yield c + "unique_value_count_to_be_between", {"column": any_column(), **bounds(whole=True)}
    yield c + "proportion_of_unique_values_to_be_between", {"column": any_column(), "min_value": round(chance.random(), 2)}
    yield c + "proportion_of_non_null_values_to_be_between", {"column": any_column(), "min_value": round(chance.random(), 2)}
    for relation in ["be_in_set", "contain_set", "equal_set"]:
        yield c + "distinct_values_to_" + relation, {"column": text(), "value_set": chance.sample(some_texts, 3)}
        yield c + "distinct_values_to_" + relation, {"column": number(), "value_set": chance.sample(some_numbers, 3)}
    yield c + "most_common_value_to_be_in_set", {
        "column": any_column(), "value_set": some_texts + some_numbers, "ties_okay": chance.choice([True, False])
    }
    yield c + "quantile_values_to_be_between", {
        "column": number(),
        "quantile_ranges": {"quantiles": [0.05, 0.25, 0.5, 0.9], "value_ranges": [[None, 10], [-5, 9], [low(), 15], [0, None]]},
    }
    yield c + "kl_divergence_to_be_less_than", {
        "column": "t",
        "partition_object": {"values": ["alpha", "beta", "a", "b"], "weights": [0.25, 0.25, 0.25, 0.25]},
        "threshold": chance.choice([0.1, 5]), "tail_weight_holdout": chance.choice([0, 0.1]),
        "internal_weight_holdout": chance.choice([0, 0.1]),
    }
    yield c + "kl_divergence_to_be_less_than", {
        "column": number(),
        "partition_object": {"bins": [-10, 0, 5, 10, 30], "weights": [0.25, 0.25, 0.25, 0.25]},
        "threshold": 2, "tail_weight_holdout": chance.choice([0, 0.05]),
    }


def table_cases(chance, rows, names):
    pairs = ["a", "b", "c", "n", "x"]
    several = ["a", "b", "c"]
    ignore_pair = lambda: {"ignore_row_if": chance.choice(["both_values_are_missing", "either_value_is_missing", "neither"])}  # noqa: E731
    ignore = lambda: {"ignore_row_if": chance.choice(["all_values_are_missing", "any_value_is_missing", "never"])}  # noqa: E731
    mostly = lambda: chance.choice([{}, {"mostly": chance.choice([0.2, 0.6, 0.95])}])  # noqa: E731
    if "a" in names:
        for _ in range(2):
            a, b = chance.sample(pairs, 2)
            yield "expect_column_pair_values_a_to_be_greater_than_b", {
                "column_A": a, "column_B": b, "or_equal": chance.choice([True, False]), **ignore_pair(), **mostly()
            }
            yield "expect_column_pair_values_to_be_equal", {"column_A": "a", "column_B": chance.choice(["b", "c"]), **ignore_pair(), **mostly()}
            yield "expect_column_pair_values_to_be_in_set", {
                "column_A": "a", "column_B": "b", "value_pairs_set": [[i, i] for i in range(8)], **ignore_pair(), **mostly()
            }
            yield "expect_compound_columns_to_be_unique", {"column_list": chance.sample(several + ["n"], 2), **ignore(), **mostly()}
            yield "expect_multicolumn_sum_to_equal", {"column_list": several, "sum_total": chance.choice([9, 12]), **ignore(), **mostly()}
            yield "expect_multicolumn_values_to_be_equal", {"column_list": chance.sample(several, 2), **ignore(), **mostly()}
            yield "expect_select_column_values_to_be_unique_within_record", {"column_list": several, **ignore(), **mostly()}
    yield "expect_column_to_exist", {"column": "x"}
    yield "expect_column_to_exist", {"column": "nope"}
    yield "expect_column_to_exist", {"column": "x", "column_index": names.index("x")}
    yield "expect_column_to_exist", {"column": "x", "column_index": 1}
    yield "expect_table_column_count_to_be_between", {"min_value": 2, "max_value": chance.choice([3, 40])}
    yield "expect_table_column_count_to_equal", {"value": chance.choice([3, len(names)])}
    yield "expect_table_columns_to_match_ordered_list", {"column_list": names}
    yield "expect_table_columns_to_match_ordered_list", {"column_list": names[1:2] + names[:1] + names[2:] + ["more"]}
    yield "expect_table_columns_to_match_set", {"column_set": list(reversed(names))}
    yield "expect_table_columns_to_match_set", {"column_set": names[1:] + ["more"]}
    yield "expect_table_columns_to_match_set", {"column_set": names[1:], "exact_match": False}
    yield "expect_table_row_count_to_be_between", {"min_value": chance.choice([0, 10]), "max_value": chance.choice([20, 100])}
    yield "expect_table_row_count_to_be_between", {"min_value": rows, "strict_min": True}
    yield "expect_table_row_count_to_equal", {"value": chance.choice([rows, rows + 1])}
    yield "expect_column_values_to_be_between", {"column": "x", "min_value": 5, "max_value": 1}
    yield "expect_column_mean_to_be_between", {"column": "nope", "min_value": 5}
    yield "expect_column_values_to_not_be_null", {"column": "nope"}


def conditions(chance):
    comparison = lambda column, operator, value: {  # noqa: E731
        "type": "comparison", "column": {"name": column}, "operator": operator, "parameter": value
    }
    return [
        {"row_condition": comparison("n", ">", 3)},
        {"row_condition": comparison("n", "<=", 10)},
        {"row_condition": comparison("t", "!=", "alpha")},
        {"row_condition": comparison("t", "IN", ["alpha", "beta"])},
        {"row_condition": comparison("n", "NOT_IN", [1, 2, 3])},
        {"row_condition": {"type": "nullity", "column": {"name": "tn"}, "is_null": chance.choice([True, False])}},
        {"row_condition": {"type": "and", "conditions": [comparison("n", ">", 0), comparison("x", "<", 12.5)]}},
        {
            "row_condition": {
                "type": "or",
                "conditions": [
                    comparison("t", "==", "beta"),
                    {"type": "and", "conditions": [comparison("n", ">", 5), comparison("n", "<", 15)]},
                ],
            }
        },
        {"row_condition": 'col("n") >= 5', "condition_parser": "great_expectations"},
        {"row_condition": 'col("tn").notnull()', "condition_parser": "great_expectations"},
    ]


def suite_cases(chance, name, table):
    names = table.column_names
    rows = table.num_rows
    if name == "nan":
        cases = list(column_cases(chance, ["x", "y"], ["t"], False)) + list(table_cases(chance, rows, names))
        return cases + [("expect_column_values_to_be_in_type_list", {"column": "x", "type_list": ["float64", "DOUBLE"]})]
    cases = list(column_cases(chance, ["n", "x", "xn", "empty", "a"], ["t", "tn"], True))
    cases += list(table_cases(chance, rows, names))
    # The same again, each for some of the rows.
    unconditional = {"expect_column_to_exist", "expect_column_type_to_be"}
    for type_, kwargs in list(column_cases(chance, ["n", "x", "xn"], ["t", "tn"], True)) + list(table_cases(chance, rows, names)):
        if "table_column" in type_ or type_ in unconditional:
            continue
        cases.append((type_, {**kwargs, **chance.choice(conditions(chance))}))
    return cases


TYPES = {
    "pandas": [
        ("expect_column_values_to_be_of_type", {"column": "x", "type_": "float64"}),
        ("expect_column_values_to_be_of_type", {"column": "n", "type_": "int64"}),
        ("expect_column_values_to_be_of_type", {"column": "n", "type_": "float64"}),
        ("expect_column_values_to_be_of_type", {"column": "t", "type_": "str"}),
        ("expect_column_values_to_be_in_type_list", {"column": "n", "type_list": ["int64", "float64"]}),
        ("expect_column_type_to_be", {"column": "x", "type_": "float64"}),
    ],
    "sql": [
        ("expect_column_values_to_be_of_type", {"column": "x", "type_": "DOUBLE"}),
        ("expect_column_values_to_be_of_type", {"column": "n", "type_": "BIGINT"}),
        ("expect_column_values_to_be_in_type_list", {"column": "t", "type_list": ["VARCHAR", "TEXT"]}),
    ],
}

FORMATS = [
    {"result_format": "BOOLEAN_ONLY"},
    {"result_format": "BASIC"},
    {"result_format": "SUMMARY"},
    {"result_format": "COMPLETE"},
    {"result_format": "COMPLETE", "unexpected_index_column_names": ["id"]},
    {"result_format": "SUMMARY", "partial_unexpected_count": 3},
    {"result_format": "COMPLETE", "include_unexpected_rows": True, "unexpected_index_column_names": ["id"]},
]


# --- Peers ------------------------------------------------------------------------------------------------------------


class Peer:
    """Great Expectations over pandas and over SQLite."""

    def __init__(self, folder):
        self.context = gx.get_context(mode="ephemeral")
        self.context.variables.progress_bars = {"globally": False}
        self.folder = folder
        self.pandas = self.context.data_sources.add_pandas("p")
        self.count = 0

    def suite(self, cases):
        self.count += 1
        suite = ExpectationSuite(name=f"s{self.count}")
        for type_, kwargs in cases:
            suite.add_expectation(get_expectation_impl(type_)(**kwargs))
        return self.context.suites.add(suite)

    def pandas_batch(self, name, path):
        asset = self.pandas.add_dataframe_asset(name)
        return asset.add_batch_definition_whole_dataframe("b"), {"dataframe": pd.read_parquet(path)}

    def sqlite_batch(self, name, table):
        path = self.folder / f"{name}.sqlite"
        engine = sa.create_engine(f"sqlite:///{path}")
        table.to_pandas().to_sql(name, engine, index=False)
        engine.dispose()
        source = self.context.data_sources.add_sqlite(f"lite_{name}", connection_string=f"sqlite:///{path}")
        return source.add_table_asset(name, table_name=name).add_batch_definition_whole_table("b"), None

    def run(self, suite, batch, parameters, result_format):
        # Not through a validation definition, whose store fails on the values of NumPy that some results hold.
        result = batch.get_batch(parameters).validate(suite, result_format=result_format)
        # What it calls JSON still holds values of NumPy.
        document = json.loads(json.dumps(result.to_json_dict(), default=lambda value: value.item() if hasattr(value, "item") else str(value)))
        return {item["expectation_config"]["id"]: item for item in document["results"]}


def martlet_run(martlet, suite_path, data_path, semantics, result_format):
    command = [martlet, "quality", "run", str(suite_path), "--data", str(data_path), "--semantics", semantics, "--json"]
    command += ["--result-format", result_format["result_format"]]
    for column in result_format.get("unexpected_index_column_names", []):
        command += ["--index-column", column]
    if "partial_unexpected_count" in result_format:
        command += ["--partial-count", str(result_format["partial_unexpected_count"])]
    if result_format.get("include_unexpected_rows"):
        command += ["--include-rows"]
    process = subprocess.run(command, capture_output=True, text=True, cwd=suite_path.parent)
    if process.returncode not in (0, 1):
        raise SystemExit(f"exit code {process.returncode}: {' '.join(command)}\n{process.stderr}")
    document = json.loads(process.stdout, parse_constant=lambda text: sys.exit(f"not JSON: {text}"))
    if (process.returncode == 0) != document["success"]:
        raise SystemExit("the exit code and the result disagree")
    return {item["expectation_config"]["id"]: item for item in document["results"]}


# --- Comparison -------------------------------------------------------------------------------------------------------


def raised(info):
    if "raised_exception" in info:
        return info["raised_exception"]
    return any(value.get("raised_exception") for value in info.values() if isinstance(value, dict))


def equal(left, right):
    if isinstance(left, bool) or isinstance(right, bool):
        return left == right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        if math.isnan(left) or math.isnan(right):
            return math.isnan(left) and math.isnan(right)
        return left == right or math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12)
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, str) and isinstance(right, str):
        # SQLite keeps instants as text of another form.
        plain = lambda text: text.replace(" ", "T").removesuffix(".000000").removesuffix("T00:00:00")  # noqa: E731
        return left == right or plain(left) == plain(right)
    return left == right


def narrowed(left, right, place=""):
    """The innermost place at which two values differ."""
    if isinstance(left, dict) and isinstance(right, dict) and left.keys() == right.keys():
        for key in left:
            if not equal(left[key], right[key]):
                return narrowed(left[key], right[key], f"{place}.{key}")
    if isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
        for index, (first, second) in enumerate(zip(left, right)):
            if not equal(first, second):
                return narrowed(first, second, f"{place}[{index}]")
    return place, left, right


def finite(value):
    if value == "NaT" or isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {key: finite(item) for key, item in value.items()}
    return [finite(item) for item in value] if isinstance(value, list) else value


def same_results(theirs, ours, semantics):
    """The first member that differs, or nothing."""
    theirs, ours = finite(dict(theirs)), dict(ours)
    ours.pop("non_finite", None)
    for ignored in ["unexpected_index_query"]:
        theirs.pop(ignored, None)
        ours.pop(ignored, None)
    if semantics == "sql" and theirs.get("unexpected_count", 0) is None:
        theirs["unexpected_count"] = 0  # of an empty table
        if theirs.get("unexpected_percent") is None:
            ours["unexpected_percent"] = None
    for key in sorted(theirs.keys() | ours.keys()):
        if key not in theirs or key not in ours:
            return f"{key} only in {'theirs' if key in theirs else 'ours'}", theirs, ours
        if not equal(theirs[key], ours[key]):
            left, right = theirs[key], ours[key]
            # No order is promised of rows that SQL finds, and Python's sets have none that means anything.
            if (semantics == "sql" or key == "partial_missing_list") and isinstance(left, list) and isinstance(right, list) and len(left) == len(right):
                order = lambda items: sorted(items, key=lambda item: json.dumps(item, sort_keys=True, default=str))  # noqa: E731
                if equal(order(left), order(right)):
                    continue
            return key, theirs, ours
    return None


# Differences that have a reason: (semantics, type or None, test of both results) -> reason.
KNOWN = [
    (
        "pandas",
        {"expect_column_values_to_be_between", "expect_column_max_to_be_between"},
        lambda kwargs, theirs, ours, table: any(
            f"Cannot compare {kind} with datetime.date" in json.dumps(theirs["exception_info"])
            for kind in ["Timestamp", "NaT"]
        ),
        "over pandas Great Expectations cannot compare dates with instants; Martlet can",
    ),
    (
        "sql",
        None,
        lambda kwargs, theirs, ours, table: "FROM expression, such as a Table" in json.dumps(theirs["exception_info"]),
        "Great Expectations does not make some checks over some of a table's rows with this SQLAlchemy",
    ),
    (
        "sql",
        {f"expect_column_pair_values_{name}" for name in ["a_to_be_greater_than_b", "to_be_equal", "to_be_in_set"]},
        lambda kwargs, theirs, ours, table: "row_condition" in kwargs and theirs["result"] == {},
        "asked for nothing but verdicts Great Expectations counts pairs in all rows, whatever the row condition; else it fails",
    ),
    (
        "sql",
        {f"expect_column_distinct_values_to_{name}" for name in ["be_in_set", "contain_set", "equal_set"]},
        lambda kwargs, theirs, ours, table: theirs["success"] == ours["success"]
        and theirs["result"].get("unexpected_count") == ours["result"].get("unexpected_count")
        and (ours["result"].get("unexpected_count") or 0) > len(ours["result"].get("partial_unexpected_list") or []),
        "which of many distinct values are told first is left to the database",
    ),
    (
        "sql",
        {"expect_column_values_to_be_of_type", "expect_column_values_to_be_in_type_list"},
        lambda kwargs, theirs, ours, table: True,
        "SQLite has names of types of its own",
    ),
    (
        None,
        None,
        lambda kwargs, theirs, ours, table: any(
            text in json.dumps(theirs["exception_info"])
            for text in ["is not JSON serializable", "Invalid result values were found"]
        ),
        "Great Expectations cannot write its own result as JSON",
    ),
]


def known(semantics, type_, kwargs, theirs, ours, table):
    for where, types, test, reason in KNOWN:
        if where in (None, semantics) and (types is None or type_ in types) and test(kwargs, theirs, ours, table):
            return reason
    return None


class Report:
    def __init__(self, verbose):
        self.verbose = verbose
        self.compared = collections.Counter()
        self.skipped = collections.Counter()
        self.known = collections.Counter()
        self.failures = []

    def fail(self, text):
        self.failures.append(text)
        if self.verbose:
            print(text, flush=True)

    def end(self):
        print(f"{sum(self.compared.values())} results of {len(self.compared)} types compared")
        for reason, count in self.known.most_common():
            print(f"  differs for a reason, {count} times: {reason}")
        for reason, count in self.skipped.most_common():
            print(f"  not compared, {count} times: {reason}")
        if self.failures:
            print(f"{len(self.failures)} differences")
            if not self.verbose:
                print("\n".join(self.failures[:40]))
            raise SystemExit(1)
        print("no differences")


def compare_runs(martlet, peer, folder, chance, rounds, report):
    for turn in range(rounds):
        made = dict(tables(chance))
        made["nan"] = nan_table(chance)
        for name, table in made.items():
            path = folder / f"{name}{turn}.parquet"
            pq.write_table(table, path)
            for semantics in ["pandas", "sql"]:
                if name == "nan" and semantics == "sql":
                    continue  # SQLite has no NaN.
                cases = suite_cases(chance, name, table)
                if name != "nan":
                    cases += TYPES[semantics]
                suite = peer.suite(cases)
                suite_path = folder / f"suite_{name}_{semantics}{turn}.json"
                suite_path.write_text(json.dumps(suite.to_json_dict()))
                if semantics == "pandas":
                    batch, parameters = peer.pandas_batch(f"{name}{turn}", path)
                else:
                    batch, parameters = peer.sqlite_batch(f"{name}{turn}", table)
                for result_format in FORMATS if name in ("full", "nan") else FORMATS[2:4]:
                    theirs = peer.run(suite, batch, parameters, result_format)
                    ours = martlet_run(martlet, suite_path, path, semantics, result_format)
                    compare(theirs, ours, semantics, name, result_format, table, report)


def compare(theirs, ours, semantics, name, result_format, table, report):
    for key, left in theirs.items():
        right = ours[key]
        config = left["expectation_config"]
        type_, kwargs = config["type"], dict(config["kwargs"])
        kwargs.pop("batch_id", None)
        left_raised, right_raised = raised(left["exception_info"]), raised(right["exception_info"])
        if left_raised and "No provider found" in json.dumps(left["exception_info"]):
            report.skipped[f"Great Expectations has no {type_} over {semantics if semantics == 'pandas' else 'SQLite'}"] += 1
            continue
        place = f"[{semantics}/{name}/{json.dumps(result_format)}] {type_} {json.dumps(kwargs)}"
        reason = known(semantics, type_, kwargs, left, right, table)
        if reason:
            report.known[reason] += 1
            continue
        report.compared[type_] += 1
        if left_raised != right_raised:
            which = "theirs" if left_raised else "ours"
            info = left["exception_info"] if left_raised else right["exception_info"]
            message = info.get("exception_message") or next(iter(info.values()))["exception_message"]
            other = right if left_raised else left
            report.fail(f"{place}\n    raised only in {which}: {message[:300]}; other {other['success']} {json.dumps(other['result'])[:200]}")
        elif left["success"] != right["success"]:
            report.fail(f"{place}\n    success {left['success']} in theirs: {json.dumps(left['result'])[:300]}\n    ours: {json.dumps(right['result'])[:300]}")
        else:
            difference = same_results(left["result"], right["result"], semantics)
            if difference:
                member, a, b = difference
                part = member.split(" ")[0]
                where, a, b = narrowed(a.get(part), b.get(part))
                report.fail(f"{place}\n    {member}{where}\n    theirs {json.dumps(a)[:300]}\n    ours   {json.dumps(b)[:300]}")


# --- Suites there and back --------------------------------------------------------------------------------------------


def compare_suites(martlet, peer, folder, chance, report):
    def convert(path, form, *more):
        command = [martlet, "quality", "suite", "convert", str(path), "--to", form, *more]
        process = subprocess.run(command, capture_output=True, text=True, cwd=folder)
        if process.returncode:
            raise SystemExit(f"{' '.join(command)}\n{process.stderr}")
        return process.stdout

    for turn in range(3):
        table = base_table(chance, 20)
        suite = peer.suite(suite_cases(chance, "full", table) + TYPES["pandas"])
        suite.meta["owner"] = {"team": "ünïcode ✓", "level": 3, "share": 0.0}
        suite.notes = ["one", "two"]
        for index, expectation in enumerate(suite.expectations):
            if index % 3 == 0:
                expectation.meta = {"why": ["a", 1, 1.0, None, 1e-7, 1e22]}
            if index % 4 == 0:
                expectation.severity = chance.choice(["info", "warning", "critical"])
            if index % 5 == 0:
                expectation.notes = "because"
        text = expectationSuiteSchema.dumps(suite, indent=2, sort_keys=True)
        path = folder / f"there{turn}.json"
        path.write_text(text)
        report.compared["suites there and back"] += 1
        if convert(path, "1") != text + "\n":
            report.fail("a suite of Great Expectations is written differently")
        # To 0.18 and back; what is filled in by a reader may be there afterwards, nothing else.
        old = folder / f"old{turn}.json"
        old.write_text(convert(path, "0.18"))
        back = json.loads(convert(old, "1"))
        for left, right in zip(json.loads(text)["expectations"], back["expectations"]):
            left["kwargs"].pop("condition_parser", None)
            right["kwargs"].pop("condition_parser", None)
            if left != right:
                report.fail(f"0.18 and back: {json.dumps(left)} became {json.dumps(right)}")
        short = folder / f"short{turn}.yaml"
        short.write_text(convert(path, "short"))
        again = json.loads(convert(short, "1"))
        strip = lambda items: sorted(  # noqa: E731
            json.dumps({k: v for k, v in item.items() if k not in ("severity", "meta") or v not in ("critical", {})}, sort_keys=True)
            for item in items
        )
        if strip(json.loads(text)["expectations"]) != strip(again["expectations"]):
            wrong = set(strip(json.loads(text)["expectations"])) ^ set(strip(again["expectations"]))
            report.fail("the short form and back: " + " <> ".join(sorted(wrong)[:2]))
        loaded = ExpectationSuite(**{**again, "name": f"again{turn}", "id": None})
        if len(loaded.expectations) != len(suite.expectations):
            report.fail("Great Expectations does not read all that Martlet wrote")


# --- What is refused --------------------------------------------------------------------------------------------------


def refusals():
    between, in_set = "expect_column_values_to_be_between", "expect_column_values_to_be_in_set"
    for value in [5, 5.5, "5", "2020-1-1", "2020-01-01T10:00", "2020-01-01 10:00:00Z", "abc", "", True, [1], "  5 ", "1e3", "2020-02-30"]:
        yield between, {"column": "x", "min_value": value}
    for value in [0, 1, 0.5, "0.9", True, None, -0.1, 1.5, "x"]:
        yield between, {"column": "x", "min_value": 1, "mostly": value}
    for value in ["yes", "maybe", 1, 2, "TRUE", None]:
        yield between, {"column": "x", "min_value": 1, "strict_min": value}
    yield between, {"column": "x"}
    yield between, {"column": 5, "min_value": 1}
    yield between, {"min_value": 1}
    yield between, {"column": "x", "min_value": 1, "more": 2}
    for value in [[1, 2], [], None, "abc", 5]:
        yield in_set, {"column": "x", "value_set": value}
        yield "expect_column_distinct_values_to_be_in_set", {"column": "x", "value_set": value}
        yield "expect_column_most_common_value_to_be_in_set", {"column": "x", "value_set": value}
    for value in [1.7, "2", "2.5", None]:
        yield "expect_column_value_lengths_to_be_between", {"column": "x", "min_value": value}
        yield "expect_table_row_count_to_equal", {"value": value}
    yield "expect_table_row_count_to_be_between", {"min_value": 3, "max_value": 1}
    yield "expect_table_row_count_to_be_between", {}
    yield "expect_table_column_count_to_be_between", {"min_value": 3, "max_value": 1}
    yield "expect_column_kl_divergence_to_be_less_than", {"column": "x", "tail_weight_holdout": 2}
    for pairs in [[[1, 2]], [[1]], [[1, None]], None]:
        yield "expect_column_pair_values_to_be_in_set", {"column_A": "a", "column_B": "b", "value_pairs_set": pairs}
    for word in ["neither", "never", None]:
        yield "expect_column_pair_values_to_be_equal", {"column_A": "a", "column_B": "b", "ignore_row_if": word}
    for columns in [["a"], ["a", "a"], "ab", [], None]:
        yield "expect_compound_columns_to_be_unique", {"column_list": columns}
        yield "expect_multicolumn_sum_to_equal", {"column_list": columns, "sum_total": 5}
    yield "expect_multicolumn_sum_to_equal", {"column_list": ["a", "b"], "sum_total": None}
    for format_ in ["%Y-%m-%d", "%Q", "%Y%", "", "%Y%Y", "%d/%m/%y %H:%M:%S.%f", "%G-%V", "%G-%V-%u", "%e", "%D", "%%"]:
        yield "expect_column_values_to_match_strftime_format", {"column": "x", "strftime_format": format_}
    for escape in ["!", "ab", "", None]:
        yield "expect_column_values_to_match_like_pattern", {"column": "x", "like_pattern": "a", "escape": escape}
    for list_ in [["a"], [], "a", [5]]:
        yield "expect_column_values_to_match_regex_list", {"column": "x", "regex_list": list_}
        yield "expect_column_values_to_match_like_pattern_list", {"column": "x", "like_pattern_list": list_}
    for multiplier in [0, -1, 2.5]:
        yield "expect_column_values_to_not_be_outliers", {"column": "x", "multiplier": multiplier}
    yield "expect_column_values_to_not_be_outliers", {"column": "x", "method": "mad"}
    yield "expect_column_value_z_scores_to_be_less_than", {"column": "x", "threshold": 3}
    yield "expect_column_value_z_scores_to_be_less_than", {"column": "x", "threshold": 3, "double_sided": True}
    for query in ["SELECT * FROM {batch}", "SELECT {batch", "SELECT }", "SELECT '{{}}' FROM {batch}", "SELECT 1"]:
        yield "unexpected_rows_expectation", {"unexpected_rows_query": query}
    for set_ in [["a"], None, "ab"]:
        yield "expect_table_columns_to_match_set", {"column_set": set_}
    null = "expect_column_values_to_be_null"
    for condition in [
        {"row_condition": "x > 5"}, {"row_condition": "x > 5", "condition_parser": "pandas"},
        {"row_condition": 'col("x") > 5', "condition_parser": "great_expectations"},
        {"row_condition": "bogus", "condition_parser": "great_expectations"},
        {"row_condition": "bogus", "condition_parser": "bogus"},
        {"row_condition": {"type": "bogus"}},
        {"row_condition": {"type": "comparison", "column": {"name": "x"}, "operator": "~", "parameter": 1}},
        {"row_condition": {"type": "comparison", "column": {"name": "x"}, "operator": "IN", "parameter": [1, "a"]}},
        {"row_condition": {"type": "comparison", "column": {"name": "x"}, "operator": "IN", "parameter": 5}},
        {"row_condition": {"type": "comparison", "column": {"name": "x"}, "operator": "==", "parameter": None}},
    ]:
        yield null, {"column": "x", **condition}


def compare_refusals(martlet, folder, report):
    for index, (type_, kwargs) in enumerate(refusals()):
        try:
            get_expectation_impl(type_)(**kwargs)
            theirs = True
        except Exception:
            theirs = False
        path = folder / f"refused{index}.json"
        path.write_text(json.dumps({"name": "r", "expectations": [{"type": type_, "kwargs": kwargs}], "meta": {}}))
        process = subprocess.run([martlet, "quality", "suite", "check", str(path)], capture_output=True, text=True, cwd=folder)
        report.compared["refusals"] += 1
        if process.returncode not in (0, 2) or (process.returncode == 0) != theirs:
            report.fail(f"{type_} {json.dumps(kwargs)}: {'taken' if theirs else 'refused'} by theirs, exit code {process.returncode} here {process.stderr.strip()[:200]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("martlet")
    parser.add_argument("--seed", type=int, default=20260102)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--verbose", action="store_true")
    parser.add_argument("--only", choices=["runs", "suites", "refusals"])
    arguments = parser.parse_args()
    martlet = str(Path(arguments.martlet).resolve())
    chance = random.Random(arguments.seed)
    report = Report(arguments.verbose)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        peer = Peer(folder)
        if arguments.only in (None, "refusals"):
            compare_refusals(martlet, folder, report)
        if arguments.only in (None, "suites"):
            compare_suites(martlet, peer, folder, chance, report)
        if arguments.only in (None, "runs"):
            compare_runs(martlet, peer, folder, chance, arguments.rounds, report)
    report.end()


if __name__ == "__main__":
    main()
