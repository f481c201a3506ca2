"""Made series with injected faults: families to develop with, and others that are kept for the last look.

Each series has times (seconds), values (NaN is missing) and events: half-open ranges of rows that are faults.
The held-out families share no code for their normal behaviour with the development ones.
"""

import numpy as np

MINUTE, HOUR, DAY = 60, 3600, 86400
START = 1_735_689_600  # 2025-01-01


class Series:
    def __init__(self, family, times, values):
        self.family, self.times, self.values = family, np.asarray(times, float), np.asarray(values, float)
        self.events = []  # (first row, row after the last, kind)

    def grid(self):
        return len(self.values)


def ar(rng, n, phi, sigma, heavy=None):
    noise = rng.standard_t(heavy, n) if heavy else rng.standard_normal(n)
    out, x = np.empty(n), 0.0
    for i in range(n):
        x = phi * x + sigma * noise[i]
        out[i] = x
    return out


def clock(n, step, start=START):
    return start + step * np.arange(n)


def bump(phase, centre, width):
    d = np.minimum(np.abs(phase - centre), 1 - np.abs(phase - centre))
    return np.exp(-0.5 * (d / width) ** 2)


# MARK: Development families

def daily_rows(rng):
    n = int(rng.integers(90, 400))
    t = clock(n, DAY)
    week = np.exp(rng.normal(0, 0.25, 7))
    day = np.arange(n) % 7
    growth = np.exp(np.arange(n) * rng.uniform(-0.0005, 0.002))
    x = rng.uniform(1e3, 1e6) * growth * week[day] * np.exp(rng.normal(0, rng.uniform(0.02, 0.08), n))
    return Series("daily_rows", t, np.round(x))


def cpu(rng):
    n = 4032
    t = clock(n, 5 * MINUTE)
    base = rng.uniform(5, 50)
    x = base + ar(rng, n, rng.uniform(0.2, 0.9), rng.uniform(0.3, 3))
    for start in np.flatnonzero(rng.random(n) < rng.uniform(0, 0.01)):
        length = int(rng.integers(1, 4))
        x[start:start + length] += rng.exponential(base * 0.4)
    return Series("cpu", t, np.clip(x, 0, 100))


def requests(rng):
    n = 4032
    t = clock(n, 5 * MINUTE)
    phase = (t % DAY) / DAY
    level = rng.uniform(20, 500) * (0.25 + bump(phase, rng.uniform(0.4, 0.7), rng.uniform(0.08, 0.2)))
    shape = rng.uniform(5, 60)
    x = rng.poisson(level * rng.gamma(shape, 1 / shape, n))
    return Series("requests", t, x)


def taxi(rng):
    n = 48 * int(rng.integers(40, 200))
    t = clock(n, 30 * MINUTE)
    phase, day = (t % DAY) / DAY, ((t // DAY) % 7).astype(int)
    weekend = day >= 5
    x = np.where(weekend, 0.5 + bump(phase, 0.0, 0.15) + bump(phase, 0.8, 0.15),
                 0.4 + bump(phase, 0.36, 0.05) + 1.2 * bump(phase, 0.8, 0.12))
    x = rng.uniform(5e3, 2e4) * x * np.exp(ar(rng, n, 0.9, 0.02))
    return Series("taxi", t, np.round(x))


def temperature(rng):
    n = 7000
    t = clock(n, HOUR)
    x = 70 + 3 * np.sin(2 * np.pi * t / DAY) + 4 * np.sin(2 * np.pi * t / (200 * DAY)) + ar(rng, n, 0.97, 0.6)
    return Series("temperature", t, x)


def zeros(rng):
    n = 4000
    t = clock(n, 5 * MINUTE)
    x = np.where(rng.random(n) < rng.uniform(0.01, 0.2), rng.gamma(1.5, rng.uniform(1, 30), n), 0)
    return Series("zeros", t, np.round(x, 1))


def steps(rng):
    n = 4032
    t = clock(n, 5 * MINUTE)
    x = np.full(n, rng.uniform(20, 60))
    for start in np.sort(rng.integers(0, n, int(rng.integers(1, 5)))):
        x[start:] += rng.normal(0, 1.0)
    x += rng.normal(0, rng.uniform(0.3, 1), n)
    return Series("steps", t, x)


def sines(rng):
    n = 1440
    t = clock(n, HOUR, 1)
    k = np.arange(n)
    x = k * rng.uniform(-1, 2) + rng.uniform(100, 2000)
    for period in (12, 24, 168):
        x = x + rng.uniform(50, 300) * np.sin(2 * np.pi * k / period + rng.uniform(0, 6))
    return Series("sines", t, x + rng.normal(0, rng.uniform(3, 30), n))


def cost(rng):
    n = 1600
    t = clock(n, HOUR) + rng.integers(0, 600, n)
    x = 0.1 * np.exp(rng.normal(0, 0.25, n)) * (1 + 0.2 * np.sin(2 * np.pi * t / DAY))
    burst = rng.random(n) < 0.004
    x[burst] *= rng.uniform(1.5, 3, burst.sum())
    return Series("cost", t, x)


def machine(rng):
    n = 10000
    t = clock(n, 5 * MINUTE)
    x = 85 + 8 * np.tanh(ar(rng, n, 0.997, 0.1)) + ar(rng, n, 0.7, 0.5)
    return Series("machine", t, x)


def mentions(rng):
    n = 10000
    t = clock(n, 5 * MINUTE)
    phase = (t % DAY) / DAY
    level = rng.uniform(5, 80) * (0.2 + bump(phase, 0.7, 0.15))
    burst = np.zeros(n)
    for start in np.flatnonzero(rng.random(n) < 0.002):
        length = min(n - start, 24)
        burst[start:start + length] += rng.pareto(2.5) * np.exp(-np.arange(length) / rng.uniform(2, 6))
    x = rng.poisson(level * (1 + burst) * rng.gamma(4, 0.25, n))
    return Series("mentions", t, x)


# MARK: Held-out families

def closing(rng):
    """Daily, nothing at weekends, more at a month's end."""
    n = int(rng.integers(150, 500))
    t = clock(n, DAY)
    day = ((t // DAY) % 7).astype(int)
    x = rng.uniform(5e3, 5e5) * np.where(day >= 5, 0.02, 1) * (1 + 0.15 * (np.arange(n) % 30 >= 28))
    return Series("closing", t, np.round(x * rng.gamma(300, 1 / 300, n)))


def leak(rng):
    """Memory that grows and is collected at irregular times."""
    n = 6000
    x, level = np.empty(n), 200.0
    for i in range(n):
        level += rng.gamma(2, 1.5)
        if level > 800 + rng.normal(0, 40):
            level = 200 + rng.normal(0, 20)
        x[i] = level
    return Series("leak", clock(n, MINUTE), x + rng.normal(0, 4, n))


def latency(rng):
    """Gamma-like milliseconds whose scale follows the time of day."""
    n = 5000
    t = clock(n, 10 * MINUTE)
    load = 1 + 0.5 * np.maximum(0, np.sin(2 * np.pi * t / DAY))
    return Series("latency", t, rng.uniform(20, 90) * load * rng.gamma(12, 1 / 12, n))


def batch(rng):
    """A job that runs at fixed hours: a square wave over a low floor."""
    n = 24 * 4 * int(rng.integers(20, 60))
    t = clock(n, 15 * MINUTE)
    hour = (t % DAY) / HOUR
    first = rng.integers(0, 20)
    on = (hour >= first) & (hour < first + 3)
    return Series("batch", t, np.where(on, 70, 8) + rng.laplace(0, 1.5, n))


def telegraph(rng):
    """Two levels, switched at random."""
    n = 5000
    state = np.cumsum(rng.random(n) < 0.004) % 2
    return Series("telegraph", clock(n, 5 * MINUTE), 30 + 12 * state + rng.normal(0, 1, n))


def adoption(rng):
    """Logistic growth of a daily count."""
    n = int(rng.integers(200, 700))
    k = np.arange(n)
    level = 2e3 + 5e4 / (1 + np.exp(-(k - n / 2) / (n / 12)))
    return Series("adoption", clock(n, DAY), rng.negative_binomial(60, 60 / (60 + level)))


def amplitude(rng):
    """A season whose amplitude wanders, at a period that no calendar has."""
    n, period = 3000, int(rng.integers(30, 90))
    k = np.arange(n)
    swing = 10 * np.exp(np.cumsum(rng.normal(0, 0.01, n)) * 0.5)
    return Series("amplitude", k + 1.0, 100 + swing * np.sin(2 * np.pi * k / period) + rng.normal(0, 1, n))


def wandering(rng):
    """A random walk with heavy-tailed increments."""
    n = 4000
    return Series("wandering", clock(n, HOUR), 1000 + np.cumsum(rng.standard_t(4, n)))


def traffic(rng):
    """Speeds at irregular times, slower in the rush hours of working days."""
    n = 2500
    t = START + np.cumsum(rng.integers(3, 25, n) * MINUTE)
    phase, day = (t % DAY) / DAY, ((t // DAY) % 7).astype(int)
    slow = np.where(day < 5, 25 * bump(phase, 0.34, 0.04) + 30 * bump(phase, 0.73, 0.05), 0)
    return Series("traffic", t, np.round(70 - slow * rng.uniform(0.6, 1.2, n) + rng.normal(0, 4, n)))


def nulls(rng):
    """A rate of missing values, mostly next to nothing, once a day."""
    n = int(rng.integers(120, 400))
    return Series("nulls", clock(n, DAY), rng.binomial(5000, rng.beta(1, 400, n)) / 5000)


def errors(rng):
    """Counts of errors: few, and clustered."""
    n = 6000
    rate = 0.3 * np.exp(ar(rng, n, 0.95, 0.25))
    return Series("errors", clock(n, 5 * MINUTE), rng.poisson(rate))


def durations(rng):
    """Seconds that a nightly job takes, growing with its data."""
    n = int(rng.integers(100, 400))
    x = (300 + np.arange(n) * rng.uniform(0, 1.5)) * np.exp(np.abs(rng.normal(0, 0.12, n)))
    return Series("durations", clock(n, DAY), x)


DEVELOPMENT = [daily_rows, cpu, requests, taxi, temperature, zeros, steps, sines, cost, machine, mentions]
HELD_OUT = [closing, leak, latency, batch, telegraph, adoption, amplitude, wandering, traffic, nulls, errors, durations]


# MARK: Faults

def spread(x):
    """Of the series and of its steps: what a fault has to be seen against."""
    return max(np.nanstd(x), 1e-9), max(np.nanmedian(np.abs(np.diff(x))) * 1.48, np.nanstd(np.diff(x)) * 0.5, 1e-9)


def inject(series, rng, count=None):
    """Puts faults of different kinds into the later 75 % of a series, apart from one another."""
    x, n = series.values, len(series.values)
    count = count or max(1, min(4, n // 400 + 1))
    whole, step = spread(x)
    low_is_zero = np.nanmin(x) >= 0
    slots = np.linspace(0.25 * n, 0.97 * n, count + 1).astype(int)
    for first, end in zip(slots[:-1], slots[1:]):
        room = end - first
        at = int(rng.integers(first, first + max(1, room // 3)))
        kinds = ["spike", "spikes", "shift", "stuck", "noisy", "context"]
        level = np.nanmedian(x[max(0, at - 50):at])
        if low_is_zero and level > 4 * step:
            kinds += ["drop", "drop", "duplicate", "duplicate"]
        if n > 1000:
            kinds += ["drift"]
        if np.mean(np.diff(x) == 0) > 0.2:
            kinds.remove("stuck")
        kind = str(rng.choice(kinds))
        sign = 1 if low_is_zero and level < 2 * whole else rng.choice([-1, 1])
        big = rng.uniform(5, 12) * step + rng.uniform(0.5, 2) * whole
        length = int(np.clip(rng.integers(3, max(4, n // 80)), 3, max(4, room // 3)))
        if kind == "spike":
            length = 1
            x[at] += sign * big
        elif kind == "spikes":
            length = int(rng.integers(2, 6))
            x[at:at + length] += sign * big * rng.uniform(0.7, 1.3, length)
        elif kind == "shift":
            x[at:] += sign * big
            length = min(room // 2, max(10, n // 50))
        elif kind == "drop":
            x[at:at + length] *= 1 - rng.uniform(0.3, 1) if rng.random() < 0.5 else 0
        elif kind == "duplicate":
            length = min(length, 3)
            x[at:at + length] *= 2
        elif kind == "drift":
            length = min(room // 2, max(50, n // 20))
            x[at:at + length] += sign * big * np.linspace(0, 1.5, length)
        elif kind == "stuck":
            length = max(length, 12)
            length = min(length, max(12, room // 2))
            x[at:at + length] = x[at]
        elif kind == "noisy":
            length = max(length, 15)
            x[at:at + length] += rng.normal(0, 4 * step, len(x[at:at + length]))
        elif kind == "context":
            length = max(length, 20)
            x[at:at + length] = np.nanmedian(x[:at]) + rng.normal(0, 0.3 * step, len(x[at:at + length]))
        if low_is_zero:
            np.clip(x, 0, None, out=x)
        series.events.append((at, min(n, at + length), kind))
    return series


def make(families, seeds, faults=True):
    result = []
    for family in families:
        for seed in seeds:
            rng = np.random.default_rng([seed, sum(map(ord, family.__name__))])
            series = family(rng)
            result.append(inject(series, rng) if faults else series)
    return result
