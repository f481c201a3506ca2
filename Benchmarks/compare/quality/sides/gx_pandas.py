"""Great Expectations on pandas."""

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")

import great_expectations as gx
import pandas
from common import checks

path, rows, level = sys.argv[1], int(sys.argv[2]), sys.argv[3]
started = time.perf_counter()
context = gx.get_context(mode="ephemeral")
context.variables.progress_bars = {"globally": False}
table = pandas.read_parquet(path)
batch = context.data_sources.add_pandas("data").add_dataframe_asset("trips").add_batch_definition_whole_dataframe("all")
suite = gx.ExpectationSuite(name="trips")
for expectation in checks.suite(rows)["expectations"]:
    suite.add_expectation(gx.expectations.core.__dict__[
        "".join(word.capitalize() for word in expectation["type"].split("_"))](**expectation["kwargs"]))
result = batch.get_batch({"dataframe": table}).validate(suite, result_format=level)
by_check = {}
for each in result.results:
    config = each.expectation_config
    kwargs = {name: value for name, value in config.kwargs.items() if name != "batch_id"}
    key = (config.type, kwargs.get("column") or kwargs.get("column_A"), "mostly" in kwargs)
    by_check.setdefault(key, []).append(each.success)
verdicts = []
for expectation in checks.suite(rows)["expectations"]:
    kwargs = expectation["kwargs"]
    key = (expectation["type"], kwargs.get("column") or kwargs.get("column_A"), "mostly" in kwargs)
    verdicts.append(bool(by_check[key][0]))
print(json.dumps({"verdicts": verdicts, "seconds": time.perf_counter() - started}))
