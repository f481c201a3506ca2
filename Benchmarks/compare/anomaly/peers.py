"""Simple detectors as others have them, on their own defaults; each flags rows of one series."""

import numpy as np


def three_sigma(x, season, start=24):
    """Mean and deviation of all values so far; further than three deviations is an anomaly."""
    flags = np.zeros(len(x), bool)
    n, mean, square = 0, 0.0, 0.0
    for i, value in enumerate(x):
        if np.isnan(value):
            continue
        if n >= start and abs(value - mean) > 3 * np.sqrt(square / n):
            flags[i] = True
        n += 1
        step = value - mean
        mean += step / n
        square += step * (value - mean)
    return flags


def online_normal(x, season, start_share=0.1):
    """Deequ's OnlineNormal: the point tested enters the mean and deviation before it is tested; anomalies leave again."""
    flags = np.zeros(len(x), bool)
    n, mean, square = 0, 0.0, 0.0
    skip = int(len(x) * start_share)
    for i, value in enumerate(x):
        if np.isnan(value):
            continue
        before = (n, mean, square)
        n += 1
        step = value - mean
        mean += step / n
        square += step * (value - mean)
        deviation = np.sqrt(square / n)
        if i >= skip and not mean - 3 * deviation <= value <= mean + 3 * deviation:
            flags[i] = True
            n, mean, square = before
    return flags


def holt_winters(x, season, share=0.25):
    """Additive Holt-Winters with the true period, fitted on the first quarter by a coarse search, 1.96 deviations of
    the absolute residuals as Deequ has it, and run on over the rest."""
    flags = np.zeros(len(x), bool)
    x = np.where(np.isnan(x), np.nanmean(x), x)
    period = season if season and len(x) * share >= 2 * season else 1
    train = max(2 * period + 2, int(len(x) * share))

    def run(alpha, beta, gamma, upto):
        level, trend = x[:period].mean(), 0.0
        if period > 1:
            trend = (x[period:2 * period].mean() - level) / period
        seasonal = list(x[:period] - level) if period > 1 else [0.0]
        errors = np.zeros(upto)
        for i in range(period, upto):
            s = seasonal[i % period]
            forecast = level + trend + s
            errors[i] = x[i] - forecast
            last = level
            level = alpha * (x[i] - s) + (1 - alpha) * (level + trend)
            trend = beta * (level - last) + (1 - beta) * trend
            if period > 1:
                seasonal[i % period] = gamma * (x[i] - level) + (1 - gamma) * s
        return errors

    best = min(
        ((a, b, g) for a in (0.1, 0.3, 0.6) for b in (0.0, 0.05) for g in (0.1, 0.3)),
        key=lambda p: np.square(run(*p, train)[2 * period:]).sum(),
    )
    errors = run(*best, len(x))
    flags[train:] = np.abs(errors[train:]) > 1.96 * np.abs(errors[2 * period:train]).std()
    return flags


PEERS = {"3 sigma": three_sigma, "OnlineNormal": online_normal, "Holt-Winters": holt_winters}


def episodes(flags, gap=24):
    """Numbers rows that are flagged within `gap` of one another alike, so that all are counted by the same measure."""
    numbers, number, last = np.zeros(len(flags), int), 0, -gap - 1
    for i in np.flatnonzero(flags):
        if i - last > gap:
            number += 1
        numbers[i], last = number, i
    return numbers
