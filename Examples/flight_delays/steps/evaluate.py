"""Judges the model on the months from `test_from_month` on, none of which it has seen.

Ends as failed when the AUC is below `min_auc`. What it measured is in the log in any case.
"""

import json
import os
import pickle

# Read when scikit-learn loads its threads. They would otherwise wait for each other by spinning, and on a machine that
# has other work to do a training of five seconds took more than a minute.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import duckdb
import numpy as np
from sklearn.metrics import brier_score_loss, log_loss, roc_auc_score

from protocol import fail, input_path, metric, output_path, param, progress, value
from table import labels, matrix, read

THRESHOLD = 0.5
BINS = 10


def main():
    progress(0, 3, "reading")
    # A pickle runs code when it is read; this one was written by the step before, in this run.
    with open(input_path("model"), "rb") as file:
        bundle = pickle.load(file)
    # The split is the model's own, so that it can never be judged on a month it was trained on.
    rows = read(input_path("features"), f"month >= {int(bundle['test_from_month'])}")
    late = labels(rows)
    metric("rows_in.features", len(late))
    if len(set(late.tolist())) < 2:
        fail(
            f"the months from {bundle['test_from_month']} on cannot be used to judge a model",
            f"their {len(late)} rows do not hold both late and punctual flights",
            "choose an earlier `-p test_from_month=...`, or a source with more flights",
        )

    progress(1, 3, f"predicting {len(late):,} flights")
    chance = bundle["model"].predict_proba(matrix(rows, bundle["levels"]))[:, 1]
    evaluation = measure(rows, late, chance, bundle)

    progress(2, 3, "saving")
    output_path("evaluation").write_text(json.dumps(evaluation) + "\n", encoding="utf-8")
    save_predictions(rows, late, chance, output_path("predictions"))
    metric("rows_out.predictions", len(late))
    for name in ["auc", "brier", "brier_of_base_rate", "calibration_error"]:
        value(name, round(evaluation[name], 4))
    value("test_rows", len(late))
    progress(3, 3, "done")

    floor = float(param("min_auc"))
    print(
        f"AUC {evaluation['auc']:.4f} (at least {floor} wanted), Brier {evaluation['brier']:.4f} "
        f"(the base rate alone: {evaluation['brier_of_base_rate']:.4f}), {len(late):,} flights"
    )
    # Written so that a NaN fails as well.
    if not evaluation["auc"] >= floor:
        fail(
            f"the model is not good enough: AUC {evaluation['auc']:.4f} is below {floor}",
            f"min_auc is {floor}; measured on {len(late):,} flights that the model had not seen",
            "improve the features or the model, or accept less with `-p min_auc=...`",
        )


def measure(rows, late, chance, bundle):
    flagged = chance >= THRESHOLD
    happened = late == 1
    calibration = calibration_table(happened, chance)
    return {
        "auc": float(roc_auc_score(late, chance)),
        "brier": float(brier_score_loss(late, chance)),
        # The yardstick: always saying the share of late flights in the training months.
        "brier_of_base_rate": float(brier_score_loss(late, np.full(len(late), bundle["train_late_share"]))),
        "log_loss": float(log_loss(late, chance)),
        "calibration_error": sum(bin["flights"] * abs(bin["predicted"] - bin["observed"]) for bin in calibration)
        / len(late),
        "calibration": calibration,
        "confusion": {
            "threshold": THRESHOLD,
            "true_positive": int((flagged & happened).sum()),
            "false_positive": int((flagged & ~happened).sum()),
            "false_negative": int((~flagged & happened).sum()),
            "true_negative": int((~flagged & ~happened).sum()),
        },
        "by_month": [
            {"month": int(month), **part(late, chance, rows["month"] == month)} for month in np.unique(rows["month"])
        ],
        "by_carrier": [
            {"carrier": str(carrier), **part(late, chance, rows["carrier"] == carrier)}
            for carrier in sorted(set(rows["carrier"]))
        ],
        "train_rows": bundle["train_rows"],
        "train_late_share": bundle["train_late_share"],
        "test_rows": len(late),
        "test_late_share": float(happened.mean()),
        "test_from_month": bundle["test_from_month"],
        "versions": bundle["versions"],
    }


def calibration_table(happened, chance):
    """Of the flights given a chance of 30 to 40 %, what share was late? Bins of equal width; empty ones left out."""
    number = np.minimum((chance * BINS).astype(int), BINS - 1)
    return [
        {
            "from": bin / BINS,
            "to": (bin + 1) / BINS,
            "flights": int((number == bin).sum()),
            "predicted": float(chance[number == bin].mean()),
            "observed": float(happened[number == bin].mean()),
        }
        for bin in range(BINS)
        if (number == bin).any()
    ]


def part(late, chance, chosen):
    """The figures of some of the flights; no AUC where all of them went the same way."""
    chosen = np.asarray(chosen)
    mixed = len(set(late[chosen].tolist())) == 2
    return {
        "flights": int(chosen.sum()),
        "predicted": float(chance[chosen].mean()),
        "observed": float(late[chosen].mean()),
        "auc": float(roc_auc_score(late[chosen], chance[chosen])) if mixed else None,
    }


def save_predictions(rows, late, chance, path):
    predictions = {  # noqa: F841 (DuckDB finds it by its name)
        **{name: rows[name] for name in ["scheduled_at", "carrier", "flight", "origin", "dest"]},
        "chance": chance,
        "late": late == 1,
    }
    with duckdb.connect() as connection:
        quoted = str(path).replace("'", "''")
        connection.execute(f"COPY (FROM predictions) TO '{quoted}' (FORMAT parquet)")


main()
