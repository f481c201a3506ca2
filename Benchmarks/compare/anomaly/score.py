"""How well verdicts fit events: recall of events, precision of episodes, false alarms per 1,000 rows."""

import numpy as np


def score(series, flags, episodes):
    """`flags`: anomalous rows; `episodes`: their numbers, 0 where there is none."""
    n = len(flags)
    slack = max(2, n // 400)
    near = np.zeros(n, bool)
    found = {}
    hits = 0
    for first, end, kind in series.events:
        near[max(0, first - slack):end + slack] = True
        hit = bool(flags[first:end + slack].any())
        hits += hit
        found.setdefault(kind, []).append(hit)
    names = np.unique(episodes[flags])
    true = sum(bool((near & flags & (episodes == name)).any()) for name in names)
    return {
        "events": len(series.events), "hits": hits, "episodes": len(names), "true": true,
        "false": len(names) - true, "false_rows": int((flags & ~near).sum()), "rows": n, "kinds": found,
    }


def summary(results):
    total = {k: sum(r[k] for r in results) for k in ("events", "hits", "episodes", "true", "false", "false_rows", "rows")}
    recall = total["hits"] / max(1, total["events"])
    precision = total["true"] / max(1, total["episodes"])
    return {
        "recall": recall, "precision": precision, "f1": 2 * recall * precision / max(1e-9, recall + precision),
        "false_per_1000": 1000 * total["false"] / max(1, total["rows"]),
        "false_rows_per_1000": 1000 * total["false_rows"] / max(1, total["rows"]),
    }
