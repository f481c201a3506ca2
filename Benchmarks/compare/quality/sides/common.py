"""What the sides in Python share: how they answer."""

import json
import os
import sys
import time

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import checks  # noqa: E402

# The names of the thirty, in the order of the suite.
ORDER = [
    "rows", "columns", *(f"not null {name}" for name in checks.NOT_NULL), "unique",
    *(f"range {name}" for name in checks.RANGES), "payment", "flag", "rate", "driver", "length", "mean", "stdev", "max",
    "quantiles", "drivers", "pair", "mostly passenger_count",
]


def answer(found, started):
    """Prints the verdicts in order, and how long the checking itself took."""
    print(json.dumps({"verdicts": [bool(found[name]) for name in ORDER], "seconds": time.perf_counter() - started}))
