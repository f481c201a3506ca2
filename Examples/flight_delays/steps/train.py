"""Trains gradient-boosted trees on the months before `test_from_month`."""

import os
import pickle
import platform

# Read when scikit-learn loads its threads. They would otherwise wait for each other by spinning, and on a machine that
# has other work to do a training of five seconds took more than a minute.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier

from protocol import fail, input_path, metric, output_path, param, progress, value
from table import CATEGORIES, NUMBERS, labels, levels, matrix, read


def main():
    test_from = int(param("test_from_month"))
    progress(0, 3, "reading features")
    rows = read(input_path("features"), f"month < {test_from}")
    late = labels(rows)
    metric("rows_in.features", len(late))
    if len(set(late.tolist())) < 2:
        fail(
            f"there is nothing to learn from the months before {test_from}",
            f"their {len(late)} rows do not hold both late and punctual flights",
            "choose a later `-p test_from_month=...`, or a source with more flights",
        )

    progress(1, 3, f"training on {len(late):,} flights")
    known = levels(rows)
    # No early stopping: it would hold out a random part of the past, and days that look alike on both sides of that
    # split would tell it to go on too long. The sizes below are modest enough without it.
    model = HistGradientBoostingClassifier(
        max_iter=150,
        learning_rate=0.05,
        min_samples_leaf=100,
        early_stopping=False,
        categorical_features=list(range(len(NUMBERS), len(NUMBERS) + len(CATEGORIES))),
        random_state=int(param("seed")),
    )
    model.fit(matrix(rows, known), late)

    progress(2, 3, "saving")
    bundle = {
        "model": model,
        "levels": known,
        "train_rows": len(late),
        "train_late_share": float(late.mean()),
        "test_from_month": test_from,
        "versions": {"python": platform.python_version(), "scikit-learn": sklearn.__version__},
    }
    with open(output_path("model"), "wb") as file:
        pickle.dump(bundle, file)
    value("train_rows", bundle["train_rows"])
    value("train_late_share", round(bundle["train_late_share"], 4))
    progress(3, 3, "done")
    print(f"trained on {len(late):,} flights, {late.mean():.1%} of them late")


main()
