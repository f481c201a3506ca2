"""Compares `martlet schedule next` with croniter, which Airflow reads cron expressions with.

In UTC the times must be croniter's. In zones they must be those of Airflow's rule for the days on which the clocks are
set, written out below over croniter's naive times. Cases are drawn from a seed, so that a failure can be repeated.

usage: cron_croniter.py MARTLET [--cases N] [--seed N]
"""

import argparse
import json
import random
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from croniter import croniter, CroniterError

# Zones whose rules in these years are settled; some change at midnight, by half an hour or by a day.
ZONES = {
    "America/New_York": range(2008, 2025),
    "Europe/Zurich": range(2000, 2025),
    "Australia/Lord_Howe": range(2010, 2025),
    "America/Santiago": range(2005, 2009),
    "America/Sao_Paulo": range(2009, 2018),
    "Pacific/Chatham": range(2009, 2024),
    "Asia/Kathmandu": range(2000, 2024),
    "Pacific/Apia": range(2011, 2012),
    "Europe/Dublin": range(2000, 2024),
}
MONTHS = "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC".split()
DAYS = "SUN MON TUE WED THU FRI SAT".split()


def field(rng, low, high, names=()):
    """A field of one of the many shapes there are."""

    def value():
        number = rng.randint(low, high)
        return rng.choice([names[number - low], str(number)]) if names and number - low < len(names) else str(number)

    def item():
        shape = rng.random()
        if shape < 0.45:
            return value()
        if shape < 0.65:
            return f"*/{rng.randint(1, high + 2)}"
        if shape < 0.75:
            return f"{value()}/{rng.randint(1, high)}"
        first, second = value(), value()
        step = f"/{rng.randint(1, 9)}" if rng.random() < 0.4 else ""
        return f"{first}-{second}{step}"

    if rng.random() < 0.35:
        return "*"
    return ",".join(item() for _ in range(rng.choice([1, 1, 1, 2, 3])))


def expression(rng):
    """An expression of five, six or seven fields."""
    day, weekday = field(rng, 1, 31), field(rng, 0, 7, DAYS)
    shape = rng.random()
    if shape < 0.05:
        day, weekday = rng.choice(["L", "15W", "W1", "31W", "L,15", "20-L"]), "*"
    elif shape < 0.10:
        day, weekday = "*", rng.choice(["5#3", "L5", "MON#1", "2#5", "L0", "1#2,5#4", "MON-FRI#1"])
    elif shape < 0.12:
        day, weekday = rng.choice(["13", "1-7", "?"]), rng.choice(["5#2", "MON#1", "L3"])
    elif shape < 0.14:
        day, weekday = "15W", rng.choice(["1-5", "?"])
    elif shape < 0.25:
        day, weekday = "?", weekday
    elif shape < 0.55:
        day, weekday = rng.choice([(day, "*"), ("*", weekday), ("*", "*")])
    month = "*" if rng.random() < 0.5 else field(rng, 1, 12, MONTHS)
    fields = [field(rng, 0, 59), field(rng, 0, 23), day, month, weekday]
    if rng.random() < 0.15:
        fields.append(field(rng, 0, 59))
        if rng.random() < 0.5:
            fields.append(rng.choice(["*", "2020-2030", "*/3", "2024,2028", "2019/4", "2010-2024"]))
    return " ".join(fields)


def martlet(program, text, zone, after, count):
    """The times that Martlet gives, or the code of its error."""
    command = [program, "schedule", "next", text, "--timezone", zone, "--count", str(count), "--json"]
    command += ["--after", after.strftime("%Y-%m-%dT%H:%M:%SZ")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    answer = json.loads(done.stdout)
    if done.returncode != 0:
        return answer["errors"][0]["code"]
    return [datetime.strptime(tick["run_after"], "%Y-%m-%dT%H:%M:%S.%fZ") for tick in answer]


def in_utc(text, after, count):
    """The times that croniter gives."""
    cron = croniter(text, after, ret_type=datetime)
    return [cron.get_next() for _ in range(count)]


def by_airflows_rule(text, zone, after, count):
    """Airflow's rule: look on the clock on the wall; then add the time that passes, or put the time back in the zone."""
    place = ZoneInfo(zone)
    covers_every_hour = croniter.expand(text)[0][1] == ["*"]

    def local(instant):
        return instant.replace(tzinfo=timezone.utc).astimezone(place).replace(tzinfo=None)

    def instant(time):
        # The second of two; of none, the time moved forward by the gap: both lie at one of the offsets around.
        early = time.replace(tzinfo=place, fold=0).utcoffset()
        late = time.replace(tzinfo=place, fold=1).utcoffset()
        return time - (late if late < early else early)

    ticks = []
    while len(ticks) < count:
        wall = local(after)
        following = croniter(text, wall, ret_type=datetime).get_next()
        after = after + (following - wall) if covers_every_hour else instant(following)
        ticks.append(after)
    return ticks


def draw(rng):
    """A case: an expression, a zone, an instant and a count."""
    text = expression(rng)
    if rng.random() < 0.5:
        start = datetime(2000, 1, 1) + timedelta(seconds=rng.randrange(86400 * 366 * 30))
        return text, "UTC", start, 12
    zone = rng.choice(list(ZONES))
    place = ZoneInfo(zone)
    # A day or so before the clocks are set, where there is such a day.
    year = rng.choice(ZONES[zone])
    moments = [datetime(year, 1, 1) + timedelta(hours=hour) for hour in range(0, 365 * 24)]
    offsets = [moment.replace(tzinfo=timezone.utc).astimezone(place).utcoffset() for moment in moments]
    changes = [moments[i] for i in range(1, len(moments)) if offsets[i] != offsets[i - 1]]
    anchor = rng.choice(changes) if changes and rng.random() < 0.9 else rng.choice(moments)
    return text, zone, anchor - timedelta(minutes=rng.randrange(26 * 60, 50 * 60)), 40


def compare(program, case):
    """What is wrong with a case, or None."""
    text, zone, after, count = case
    try:
        expected = in_utc(text, after, count) if zone == "UTC" else by_airflows_rule(text, zone, after, count)
    except (CroniterError, OverflowError) as error:
        expected = type(error).__name__
    found = martlet(program, text, zone, after, count)
    if isinstance(expected, str):
        # Fewer times than asked for end croniter with an error; ours are those there are.
        return None if isinstance(found, str) or len(found) < count else f"{case}: croniter {expected}, martlet {found[:3]}"
    if found == expected:
        return None
    if isinstance(found, str):
        return f"{case}: croniter {expected[:3]}, martlet {found}"
    first = next((i for i, pair in enumerate(zip(found, expected)) if pair[0] != pair[1]), min(len(found), len(expected)))
    return f"{case}: time {first} is {found[first:first + 2]}, croniter {expected[first:first + 2]}"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("martlet")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    cases = [draw(rng) for _ in range(options.cases)]
    with ThreadPoolExecutor(2) as pool:
        complaints = [text for text in pool.map(lambda case: compare(options.martlet, case), cases) if text]
    print("\n".join(complaints[:40]))
    print(f"{len(cases) - len(complaints)} of {len(cases)} cases agree with croniter (seed {options.seed})")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
