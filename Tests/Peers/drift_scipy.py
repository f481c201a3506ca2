"""Compares drift reports with SciPy: every distance, statistic and p-value of columns of many shapes and sizes.

1. Over the bins that a report tells, PSI, Jensen-Shannon, L-infinity, Hellinger, total variation and chi-squared are
   computed anew; p-values of the chi-squared test, of Kolmogorov-Smirnov and of Fisher's test are SciPy's.
2. Where a report calls its distances exact, Kolmogorov-Smirnov and Wasserstein of the raw data must be the same; where it
   does not, the true Kolmogorov-Smirnov distance must lie between its bounds.
3. Adjusted p-values are those of Benjamini and Hochberg, and every verdict follows from the rule in the report.

usage: drift_scipy.py MARTLET    (scipy is a package of this Python)
"""

import csv
import json
import math
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.spatial.distance import jensenshannon
from scipy.special import kolmogorov

MARTLET = sys.argv[1]
checked = 0


def close(ours, theirs, what, relative=1e-6, absolute=1e-9):
    global checked
    checked += 1
    ours, theirs = float(ours), float(theirs)
    if math.isinf(ours) and math.isinf(theirs):
        return
    if abs(ours - theirs) > max(absolute, relative * abs(theirs)):
        raise SystemExit(f"{what}: {ours} here, {theirs} in SciPy")


def drift(folder, left, right, *options):
    """Writes both sides as CSV and gives the report."""
    for name, columns in (("left", left), ("right", right)):
        with open(folder / f"{name}.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(zip(*[["" if value is None else value for value in column] for column in columns.values()]))
    command = [MARTLET, "quality", "drift", "--reference", "left.csv", "--data", "right.csv", "--json", *options]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stderr)
    report = json.loads(done.stdout)
    if (done.returncode == 1) != report["drifted"]:
        raise SystemExit("the exit code is not what the report says")
    return report


def check_bins(aspect, name):
    """The distances over the bins of an aspect."""
    bins = [b for b in aspect["bins"] if b["kind"] not in ("null", "not_finite")]
    r = np.array([b["reference"] for b in bins], float)
    d = np.array([b["data"] for b in bins], float)
    measures = aspect["measures"]
    p, q = r / r.sum(), d / d.sum()
    ps, qs = np.maximum(r, 0.5) / r.sum(), np.maximum(d, 0.5) / d.sum()
    close(measures["psi"], ((qs - ps) * np.log(qs / ps)).sum(), f"{name} psi")
    close(measures["jensen_shannon"], jensenshannon(p, q, base=2), f"{name} js", absolute=1e-7)
    close(measures["l_infinity"], abs(p - q).max(), f"{name} linf")
    close(measures["total_variation"], abs(p - q).sum() / 2, f"{name} tv")
    close(measures["hellinger"], np.sqrt(((np.sqrt(p) - np.sqrt(q)) ** 2).sum() / 2), f"{name} hellinger")
    chi = measures["chi_squared"]
    if chi.get("statistic") is None:
        if chi["bins"] == 2 and len(bins) == 2:
            close(chi["p_value"], stats.fisher_exact([[r[0], r[1]], [d[0], d[1]]])[1], f"{name} fisher")
    else:
        close(chi["p_value"], stats.chi2.sf(chi["statistic"], chi["degrees"]), f"{name} chi² p")
        if chi["bins"] == len(bins):
            theirs = stats.chi2_contingency(np.array([r, d]), correction=False)
            close(chi["statistic"], theirs.statistic, f"{name} chi²")
            close(chi["degrees"], theirs.dof, f"{name} degrees")


def check_cumulative(aspect, left, right, name):
    """Distances of numbers, beside those of the raw data."""
    ours = aspect["cumulative"]
    n, m = len(left), len(right)
    true = stats.ks_2samp(left, right, method="asymp")
    size = math.sqrt(n * m / (n + m))
    ks = ours["kolmogorov_smirnov"]
    close(ours["p_value"], kolmogorov((size + 0.12 + 0.11 / size) * ks), f"{name} KS p", absolute=1e-12)
    if ours["exact"]:
        close(ks, true.statistic, f"{name} KS")
        close(ours["wasserstein"], stats.wasserstein_distance(left, right), f"{name} W1")
        if n >= 50 and true.pvalue > 1e-6:
            close(ours["p_value"], true.pvalue, f"{name} KS p beside SciPy's", relative=0.06)
    else:
        if not ks - 1e-12 <= true.statistic <= ours["kolmogorov_smirnov_at_most"] + 1e-12:
            raise SystemExit(f"{name}: KS {true.statistic} is not within {ours}")
        close(ours["wasserstein"], stats.wasserstein_distance(left, right), f"{name} W1", relative=0.15, absolute=0.03)


def check(report, left, right):
    tested = []
    for column in report["columns"]:
        name = column["name"]
        for aspect in column["aspects"]:
            if aspect.get("p_value") is None:
                continue
            tested.append(aspect)
            if aspect["aspect"] == "values":
                check_bins(aspect, name)
                if aspect.get("cumulative"):
                    sides = [np.array([v for v in side[name] if v is not None], float) for side in (left, right)]
                    check_cumulative(aspect, *sides, name)
                    better = min(aspect["measures"]["chi_squared"]["p_value"], aspect["cumulative"]["p_value"])
                    close(aspect["p_value"], min(1, 2 * better), f"{name} p")
            elif aspect["aspect"] == "missing":
                table = [[b["reference"] for b in aspect["bins"]], [b["data"] for b in aspect["bins"]]]
                expected = stats.contingency.expected_freq(table)
                if expected.min() >= 5:
                    theirs = stats.chi2_contingency(table, correction=False).pvalue
                else:
                    theirs = stats.fisher_exact(table)[1]
                close(aspect["p_value"], theirs, f"{name} missing p")
    adjusted = stats.false_discovery_control([a["p_value"] for a in tested])
    rule = report["rule"]
    for aspect, value in zip(tested, adjusted):
        close(aspect["adjusted_p_value"], value, "adjusted p")
        alarm = aspect["effect"] >= aspect["threshold"] and value < rule["alpha"]
        if alarm != aspect["alarm"]:
            raise SystemExit(f"the verdict does not follow from the rule: {aspect}")


def columns(rng, rows, shift):
    """Columns of many shapes; with a shift each is another distribution."""
    normal = rng.normal(size=rows) + shift
    return {
        "normal": normal.tolist(),
        "whole": rng.poisson(3 + 2 * shift, rows).tolist(),
        "tail": np.exp(rng.normal(size=rows) * (1 + shift)).tolist(),
        "spike": np.where(rng.random(rows) < 0.3 + shift / 4, 0.0, rng.normal(size=rows)).tolist(),
        "colour": rng.choice(["red", "green", "blue", "grey"], rows, p=[0.4 - shift / 5, 0.3, 0.2, 0.1 + shift / 5]).tolist(),
        "city": [f"c{value}" for value in rng.zipf(1.5, rows) % 300],
        "missing": [None if rng.random() < 0.1 + shift / 5 else 1.0 + (value % 7) for value in range(rows)],
    }


with tempfile.TemporaryDirectory() as folder:
    folder = Path(folder)
    for seed, (n, m, shift) in enumerate(
        [(60, 60, 0), (60, 500, 0.5), (400, 300, 0), (1_000, 1_000, 0.3), (3_000, 800, 0), (20_000, 15_000, 0.1)]
    ):
        rng = np.random.default_rng(seed)
        left, right = columns(rng, n, 0), columns(rng, m, shift)
        options = ["--bins", "50"] if seed % 2 else []
        report = drift(folder, left, right, *options)
        check(report, left, right)
        found = [column["name"] for column in report["columns"] if column["drifted"]]
        if shift == 0 and found:
            raise SystemExit(f"the same distributions drift: {found}")
        print(f"{n} and {m} rows, shift {shift}: {', '.join(found) or 'no drift'}")

print(f"{checked} numbers agree")
