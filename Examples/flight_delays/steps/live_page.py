"""Writes page.html, one file without links to anything: delays as they became known, and what was said of each flight.

    live_page.py FEATURES.db      # the database that the streams fill
"""

import csv
import json
import sqlite3
import sys
from datetime import datetime, timedelta
from html import escape

from markup import STYLE, calibration_chart, table
from protocol import input_path, output_path, param, value

# Classes of delay in minutes, each up to its bound; the last is open.
BOUNDS = [0, 15, 30, 60, 120]
CLASSES = ["early or on time", "to 15 min", "to 30", "to 60", "to 120", "more"]
# A chart has at most so many columns; with more hours than that, a column stands for several.
COLUMNS = 400
WIDTH, LABEL = 960, 150


def main():
    features = sqlite3.connect(f"file:{sys.argv[1]}?mode=rw", uri=True)
    carriers = windows(features, "carrier", "carrier_delays")
    airports = windows(features, "origin", "airport_delays")
    comparison = lines("comparison")
    scored = lines("scored")
    with open(input_path("airlines"), encoding="utf-8", newline="") as file:
        names = {row["carrier"]: row["name"] for row in csv.DictReader(file)}
    figures = judge(scored)
    output_path("page").write_text(page(carriers, airports, comparison, scored, names, figures), encoding="utf-8")
    value("departures", len(scored))
    for name in ["auc", "brier", "brier_of_base_rate"]:
        if figures[name] is not None:
            value(name, round(figures[name], 4))
    print(
        f"{len(scored):,} departures scored, AUC {number(figures['auc'])}, Brier score {number(figures['brier'])} "
        f"({number(figures['brier_of_base_rate'])} for always saying the share that was late)"
    )


def lines(name):
    with open(input_path(name), encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def windows(features, key, name):
    """(key, start, end, flights, mean delay) of each window, in order."""
    query = f"SELECT {key}, window_start, window_end, flights, mean_delay FROM {name} ORDER BY 1, 2"
    return [(k, instant(start), instant(end), n, mean) for k, start, end, n, mean in features.execute(query)]


def instant(text):
    return datetime.fromisoformat(text).replace(tzinfo=None)


# --- how good the scores are


def judge(scored):
    """AUC, Brier score and calibration; None where there is nothing to judge by."""
    count, late = len(scored), sum(row["late"] for row in scored)
    share = late / count if count else None
    return {
        "share": share,
        "auc": auc(scored) if 0 < late < count else None,
        "brier": sum((row["probability"] - row["late"]) ** 2 for row in scored) / count if count else None,
        "brier_of_base_rate": share * (1 - share) if count else None,
        "buckets": buckets(scored),
    }


def auc(scored):
    """How often a late departure has a higher chance than a punctual one; a tie is half."""
    ordered = sorted(scored, key=lambda row: row["probability"])
    late = sum(row["late"] for row in ordered)
    ranks, at = 0.0, 0
    while at < len(ordered):
        end = at
        while end < len(ordered) and ordered[end]["probability"] == ordered[at]["probability"]:
            end += 1
        # All of a tie have the mean of their ranks, which are counted from 1.
        ranks += (at + 1 + end) / 2 * sum(row["late"] for row in ordered[at:end])
        at = end
    return (ranks - late * (late + 1) / 2) / (late * (len(ordered) - late))


def buckets(scored):
    """Of the departures given a chance of 30 to 40 %, what share was late? Empty buckets are left out."""
    found = {}
    for row in scored:
        found.setdefault(min(int(row["probability"] * 10), 9), []).append(row)
    return [
        {
            "from": bucket / 10,
            "to": (bucket + 1) / 10,
            "flights": len(rows),
            "predicted": sum(row["probability"] for row in rows) / len(rows),
            "observed": sum(row["late"] for row in rows) / len(rows),
        }
        for bucket, rows in sorted(found.items())
    ]


# --- page


def page(carriers, airports, comparison, scored, names, figures):
    events = comparison[0]["flights"]
    aside = sum(row["rejected"] for row in comparison)
    cards = [
        ("Departures replayed", f"{events:,}", f"each scored once; {percent(figures['share'])} left late"),
        ("Windows", f"{len(carriers) + len(airports):,}", f"{len(carriers):,} carriers', {len(airports):,} airports'"),
        ("Late or unreadable events", f"{aside:,}", "put aside, and not counted in a window"),
        ("AUC of the scores", number(figures["auc"]), "how often a late flight is ranked above a punctual one"),
    ]
    highest = sorted(scored, key=lambda row: (-row["probability"], row["scheduled_at"], row["carrier"], row["flight"]))
    return TEMPLATE.format(
        style=STYLE + MORE_STYLE,
        title=f"{day(param('from_day'))} to {day(param('to_day'))} 2013",
        cards="".join(
            f"<li><span>{escape(title)}</span><strong>{escape(figure)}</strong><small>{escape(note)}</small></li>"
            for title, figure, note in cards
        ),
        legend=legend(),
        heat=heat_map(carriers, names),
        lines=line_charts(airports),
        agree=table(
            ["windows of", "over the topic", "over the table", "in plain SQL", ""],
            [
                [
                    f"{row['kind']}s",
                    *(f"{row['windows'][way]:,}" for way in ["topic", "table", "SQL"]),
                    "the same, row by row",
                ]
                for row in comparison
            ],
        ),
        chart=calibration_chart(figures["buckets"]) if figures["buckets"] else "",
        calibration=table(
            ["said", "happened", "flights"],
            [[percent(b["predicted"]), percent(b["observed"]), f"{b['flights']:,}"] for b in figures["buckets"]],
        ),
        brier=number(figures["brier"]),
        base=number(figures["brier_of_base_rate"]),
        highest=table(
            ["flight", "due (UTC)", "carrier just before", "airport just before", "chance", "left"],
            [
                [
                    f"{row['carrier']} {row['flight']}, {row['origin']} to {row['dest']}",
                    f"{instant(row['scheduled_at']):%d %b %H:%M}",
                    late_of(row, "carrier"),
                    late_of(row, "airport"),
                    percent(row["probability"]),
                    "late" if row["late"] else "in time",
                ]
                for row in highest[:12]
            ],
        ),
    )


def late_of(row, name):
    flights = row[f"{name}_flights"]
    return f"{row[f'{name}_late_flights']} of {flights} late" if flights else "nothing known"


def number(figure):
    return "–" if figure is None else f"{figure:.3f}"


def percent(share):
    return "–" if share is None else f"{share:.0%}"


def day(text):
    date = datetime.fromisoformat(text)
    return f"{date.day} {date:%B}"


# --- charts


class Hours:
    """The columns of a chart: hours, or several of them, of the days on which there is anything."""

    def __init__(self, instants):
        self.days = sorted({at.date() for at in instants})
        self.place = {date: number for number, date in enumerate(self.days)}
        self.step = next(step for step in [1, 2, 3, 6, 12, 24] if step == 24 or len(self.days) * 24 / step <= COLUMNS)
        self.count = max(len(self.days) * 24 // self.step, 1)
        self.width = (WIDTH - LABEL) / self.count

    def column(self, at):
        return (self.place[at.date()] * 24 + at.hour) // self.step

    def x(self, column):
        return LABEL + column * self.width

    def axis(self, top, bottom):
        """A line at the beginning of each day, with its name where there is room."""
        parts, free = [], 0.0
        for number, date in enumerate(self.days):
            x = self.x(number * 24 / self.step)
            if x >= free:
                parts.append(f'<line class="grid" x1="{x:.1f}" y1="{top}" x2="{x:.1f}" y2="{bottom + 5}"/>')
                if x + 70 <= WIDTH:
                    parts.append(f'<text x="{x + 3:.1f}" y="{bottom + 14}">{date:%a} {date.day} {date:%b}</text>')
                free = x + 70
        return "".join(parts)


def heat_map(found, names):
    """A row for each carrier, the busiest first; a column for each hour; the darker, the later its flights left."""
    if not found:
        return ""
    flights = {}
    for key, _, _, count, _ in found:
        flights[key] = flights.get(key, 0) + count
    rows = sorted(flights, key=lambda key: (-flights[key], key))
    hours = Hours([start for _, start, _, _, _ in found])
    sums = {}
    for key, start, _, count, mean in found:
        cell = sums.setdefault((key, hours.column(start)), [0, 0.0, start])
        cell[0] += count
        cell[1] += mean * count
    height, gap = 17, 3
    parts = [hours.axis(0, len(rows) * (height + gap))]
    for number, key in enumerate(rows):
        y = number * (height + gap)
        name = names.get(key, key).removesuffix(" Inc.").removesuffix(" Co.").removesuffix(" Corporation")
        parts.append(f'<text class="axis" x="0" y="{y + 13}">{escape(name)}</text>')
        for column in range(hours.count):
            if (key, column) not in sums:
                continue
            count, total, start = sums[key, column]
            mean = total / count
            tip = f"{key}, {start:%d %b %H:%M}: {count} flights, {mean:+.0f} min"
            parts.append(
                f'<rect class="d{degree(mean)}" x="{hours.x(column):.1f}" y="{y}" '
                f'width="{max(hours.width - 0.4, 0.8):.1f}" height="{height}"><title>{escape(tip)}</title></rect>'
            )
    label = "Mean delay of each carrier's departures, hour by hour"
    size = f"0 0 {WIDTH} {len(rows) * (height + gap) + 20}"
    return f'<svg class="wide" viewBox="{size}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def degree(mean):
    return sum(mean > bound for bound in BOUNDS)


def legend():
    return "".join(
        f'<li><svg viewBox="0 0 12 12"><rect class="d{number}" width="12" height="12"/></svg>{text}</li>'
        for number, text in enumerate(CLASSES)
    )


def line_charts(found):
    """For each airport the mean delay of three hours, at the time at which it was known; all to one scale."""
    if not found:
        return ""
    hours = Hours([end for _, _, end, _, _ in found])
    top = max(60, *(mean for *_, mean in found))
    bottom = min(0, *(mean for *_, mean in found))
    height, parts, y0 = 110, [], 0

    def y(mean):
        return y0 + 10 + (top - mean) / (top - bottom) * (height - 20)

    for airport in sorted({key for key, *_ in found}):
        step = next(step for step in [30, 60, 120, 240, 480, 960] if step == 960 or top / step <= 4)
        for tick in range(0, int(top) + 1, step):
            parts.append(f'<line class="grid" x1="{LABEL}" y1="{y(tick):.1f}" x2="{WIDTH}" y2="{y(tick):.1f}"/>')
            parts.append(f'<text x="{LABEL - 8}" y="{y(tick) + 4:.1f}" text-anchor="end">{tick} min</text>')
        parts.append(f'<text class="axis" x="0" y="{y0 + height / 2:.1f}">{escape(airport)}</text>')
        for piece in pieces([window for window in found if window[0] == airport]):
            points = " ".join(
                f"{hours.x(hours.place[end.date()] * 24 / hours.step + end.hour / hours.step):.1f},{y(mean):.1f}"
                for _, _, end, _, mean in piece
            )
            parts.append(f'<polyline class="curve" points="{points}"/>')
        y0 += height
    label = "Mean delay at each airport over the last three hours"
    return (
        f'<svg class="wide" viewBox="0 0 {WIDTH} {y0 + 20}" role="img" aria-label="{label}">'
        + hours.axis(0, y0)
        + "".join(parts)
        + "</svg>"
    )


def pieces(found):
    """Parts without a gap: windows that follow each other by an hour."""
    result = []
    for window in found:
        if not result or window[2] - result[-1][-1][2] > timedelta(hours=1):
            result.append([])
        result[-1].append(window)
    return result


MORE_STYLE = """
:root { --d0: #d5e8e4; --d1: #fdf0c4; --d2: #fbcf7b; --d3: #f19a4a; --d4: #d85c2b; --d5: #8f2016; }
@media (prefers-color-scheme: dark) {
  :root { --d0: #24423f; --d1: #5b5230; --d2: #8a6a2a; --d3: #bd742b; --d4: #df6a3c; --d5: #ff9a86; } }
.d0 { fill: var(--d0); } .d1 { fill: var(--d1); } .d2 { fill: var(--d2); } .d3 { fill: var(--d3); }
.d4 { fill: var(--d4); } .d5 { fill: var(--d5); }
svg.wide { max-width: none; min-width: 720px; }
.curve { stroke-width: 1.8; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 20px; list-style: none; margin: 0 0 12px; padding: 0;
  color: var(--quiet); font-size: 13px; }
.legend svg { display: inline-block; width: 12px; margin-right: 6px; vertical-align: -1px; }
"""

TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Flight delays, live</title>
<style>{style}</style>
</head>
<body>
<h1>Departures out of New York, as they became known</h1>
<p class="quiet">{title}, replayed as events. Times are UTC; New York was four hours behind in summer, five in
winter.</p>
<ul class="cards">{cards}</ul>

<h2>How late each carrier left</h2>
<p>The mean delay of the departures that became known in each hour, the busiest carrier first. Where nothing left,
there is no window.</p>
<ul class="legend">{legend}</ul>
<div class="scroll">{heat}</div>

<h2>How late flights left each airport</h2>
<p>The mean delay over three hours, anew every hour, drawn at the hour in which it was known.</p>
<div class="scroll">{lines}</div>

<h2>Three ways, one answer</h2>
<p>The streams over the topic, the same definitions over the stored table, and plain SQL that knows nothing of streams.
This page is written only when all three agree to the last bit.</p>
{agree}

<h2>Can the scores be believed?</h2>
<p>When a flight was due, a program looked up the newest windows of its carrier and its airport that had ended by then,
and said how likely it was to leave 15 minutes late or more. On the dashed line, what it said is what happened. The
Brier score is {brier}, and {base} for always saying the share that was late; less is better.</p>
<div class="two"><div>{chart}</div><div>{calibration}</div></div>

<h2>The highest chances</h2>
{highest}

<footer>An event is a departure; its time is when the flight had left, and no earlier than it was scheduled. The
carrier's figure is of the last hour that was over, the airport's of the last three; what is older than six hours says
nothing. Flights that were cancelled are left out.</footer>
</body>
</html>
"""

main()
