"""Writes the evaluation for people: report.html, one file without links to anything, and summary.txt."""

import csv
import json
from html import escape

from protocol import input_path, output_path

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

# The calibration chart: a square of SIZE units inside a frame with room for the labels.
SIZE, LEFT, TOP, BAR = 320, 52, 12, 72


def main():
    evaluation = json.loads(input_path("evaluation").read_text(encoding="utf-8"))
    with open(input_path("airlines"), encoding="utf-8", newline="") as file:
        names = {row["carrier"]: row["name"] for row in csv.DictReader(file)}
    output_path("report").write_text(page(evaluation, names), encoding="utf-8")
    text = summary(evaluation)
    output_path("summary").write_text(text, encoding="utf-8")
    print(text, end="")


# --- text


def summary(e):
    c = e["confusion"]
    lines = [
        "Will this flight leave 15 minutes late or more?",
        "",
        f"  trained on   {months(1, e['test_from_month'] - 1):<9} {e['train_rows']:>9,} flights"
        f"   {e['train_late_share']:6.1%} late",
        f"  judged on    {months(e['test_from_month'], 12):<9} {e['test_rows']:>9,} flights"
        f"   {e['test_late_share']:6.1%} late, none of them seen in training",
        "",
        f"  AUC          {e['auc']:.4f}      0.5 is a coin, 1 is an oracle",
        f"  Brier score  {e['brier']:.4f}      {e['brier_of_base_rate']:.4f} for always saying the base rate;"
        " less is better",
        f"  calibration  {e['calibration_error']:.4f}      mean distance of what was said from what happened",
        "",
        f"  flagged at {c['threshold']:.0%} or more    was late   was not",
        f"    yes                {c['true_positive']:>10,}{c['false_positive']:>10,}"
        f"   {share(c['true_positive'], c['true_positive'] + c['false_positive'])} of the flagged were late",
        f"    no                 {c['false_negative']:>10,}{c['true_negative']:>10,}"
        f"   {share(c['true_positive'], c['true_positive'] + c['false_negative'])} of the late were flagged",
        "",
        "  said         happened     flights",
    ]
    for bin in e["calibration"]:
        lines.append(f"  {bin['predicted']:6.1%}       {bin['observed']:6.1%}     {bin['flights']:>9,}")
    return "\n".join(lines) + "\n"


def months(first, last):
    return MONTHS[first - 1] if first == last else f"{MONTHS[first - 1]} - {MONTHS[last - 1]}"


def share(part, whole):
    return f"{part / whole:.1%}" if whole else "-"


# --- page


def page(e, names):
    skill = 1 - e["brier"] / e["brier_of_base_rate"]
    c = e["confusion"]
    cards = [
        ("AUC", f"{e['auc']:.3f}", "how often a late flight is ranked above a punctual one"),
        ("Brier score", f"{e['brier']:.3f}", f"{skill:+.0%} better than the base rate alone"),
        ("Calibration error", f"{e['calibration_error']:.3f}", "what was said against what happened"),
        ("Flights judged", f"{e['test_rows']:,}", f"{e['test_late_share']:.1%} of them left late"),
    ]
    return TEMPLATE.format(
        style=STYLE,
        split=escape(
            f"Trained on {months(1, e['test_from_month'] - 1)} 2013 ({e['train_rows']:,} flights), judged on "
            f"{months(e['test_from_month'], 12)} ({e['test_rows']:,} flights), none of them seen in training."
        ),
        cards="".join(
            f"<li><span>{escape(title)}</span><strong>{escape(figure)}</strong><small>{escape(note)}</small></li>"
            for title, figure, note in cards
        ),
        chart=calibration_chart(e["calibration"]),
        calibration=table(
            ["said", "happened", "flights"],
            [[f"{b['predicted']:.1%}", f"{b['observed']:.1%}", f"{b['flights']:,}"] for b in e["calibration"]],
        ),
        threshold=f"{c['threshold']:.0%}",
        confusion=table(
            ["", "was late", "was not"],
            [
                ["flagged", f"{c['true_positive']:,}", f"{c['false_positive']:,}"],
                ["not flagged", f"{c['false_negative']:,}", f"{c['true_negative']:,}"],
            ],
        ),
        precision=share(c["true_positive"], c["true_positive"] + c["false_positive"]),
        recall=share(c["true_positive"], c["true_positive"] + c["false_negative"]),
        months=table(
            ["month", "flights", "said", "happened", "AUC"],
            [[MONTHS[row["month"] - 1], *figures(row)] for row in e["by_month"]],
        ),
        carriers=table(
            ["carrier", "flights", "said", "happened", "AUC"],
            [
                [names.get(row["carrier"], row["carrier"]), *figures(row)]
                for row in sorted(e["by_carrier"], key=lambda row: -row["flights"])
            ],
        ),
        versions=escape(", ".join(f"{name} {version}" for name, version in e["versions"].items())),
    )


def figures(row):
    auc = "–" if row["auc"] is None else f"{row['auc']:.3f}"
    return [f"{row['flights']:,}", f"{row['predicted']:.1%}", f"{row['observed']:.1%}", auc]


def table(head, rows):
    """A table whose first column is a heading and whose others are numbers."""
    heads = "".join(f'<th scope="col">{escape(cell)}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>' + "".join(f"<td>{escape(cell)}</td>" for cell in row[1:]) + "</tr>"
        for row in rows
    )
    return f'<div class="scroll"><table><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table></div>'


def calibration_chart(bins):
    """Said against happened, over how many flights were told each chance."""

    def x(share):
        return LEFT + share * SIZE

    def y(share):
        return TOP + (1 - share) * SIZE

    parts = []
    for tick in range(0, 11, 2):
        at = tick / 10
        parts.append(f'<line class="grid" x1="{x(at):.1f}" y1="{TOP}" x2="{x(at):.1f}" y2="{TOP + SIZE}"/>')
        parts.append(f'<line class="grid" x1="{LEFT}" y1="{y(at):.1f}" x2="{LEFT + SIZE}" y2="{y(at):.1f}"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(at) + 4:.1f}" text-anchor="end">{at:.0%}</text>')
        parts.append(f'<text x="{x(at):.1f}" y="{TOP + SIZE + BAR + 34}" text-anchor="middle">{at:.0%}</text>')
    parts.append(f'<line class="ideal" x1="{x(0)}" y1="{y(0)}" x2="{x(1)}" y2="{y(1)}"/>')

    # The bars below the square share its horizontal axis.
    floor = TOP + SIZE + 14 + BAR
    most = max(bin["flights"] for bin in bins)
    for bin in bins:
        height = max(1.0, BAR * bin["flights"] / most)
        parts.append(
            f'<rect class="bar" x="{x(bin["from"]) + 2:.1f}" y="{floor - height:.1f}" '
            f'width="{SIZE * (bin["to"] - bin["from"]) - 4:.1f}" height="{height:.1f}"><title>{tip(bin)}</title></rect>'
        )
    points = [(x(bin["predicted"]), y(bin["observed"])) for bin in bins]
    parts.append('<polyline class="curve" points="' + " ".join(f"{a:.1f},{b:.1f}" for a, b in points) + '"/>')
    for (a, b), bin in zip(points, bins):
        parts.append(f'<circle class="dot" cx="{a:.1f}" cy="{b:.1f}" r="4.5"><title>{tip(bin)}</title></circle>')
    parts.append(
        f'<text class="axis" x="{LEFT + SIZE / 2}" y="{TOP + SIZE + BAR + 54}" text-anchor="middle">'
        "chance the model gave; bars: how many flights got it</text>"
    )
    middle = TOP + SIZE / 2
    parts.append(
        f'<text class="axis" x="12" y="{middle}" text-anchor="middle" transform="rotate(-90 12 {middle})">'
        "share that was late</text>"
    )
    label = "Calibration: the share of late flights against the chance that the model gave them"
    return (
        f'<svg viewBox="0 0 {LEFT + SIZE + 20} {TOP + SIZE + BAR + 62}" role="img" aria-label="{label}">'
        + "".join(parts)
        + "</svg>"
    )


def tip(bin):
    return f"{bin['flights']:,} flights: said {bin['predicted']:.1%}, happened {bin['observed']:.1%}"


STYLE = """
:root { color-scheme: light dark; --ink: #16202b; --quiet: #5b6875; --line: #dde3e9; --paper: #fff; --card: #f6f8fa;
  --accent: #0b6bcb; --soft: #bcd8f5; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6ebf0; --quiet: #95a3b1; --line: #2c3742; --paper: #12181f; --card: #1a222b; --accent: #5aa9f5;
    --soft: #25486b; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1040px; padding: 40px 24px 64px; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, sans-serif; font-variant-numeric: tabular-nums; }
h1 { font-size: 28px; line-height: 1.2; margin: 0 0 8px; letter-spacing: -.01em; }
h2 { font-size: 17px; margin: 40px 0 8px; }
p { margin: 0 0 16px; max-width: 72ch; }
.quiet, small, footer { color: var(--quiet); }
.cards { display: grid; grid-template-columns: repeat(auto-fit, minmax(200px, 1fr)); gap: 16px; list-style: none;
  margin: 24px 0 0; padding: 0; }
.cards li { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 16px; }
.cards span, .cards small { display: block; }
.cards strong { display: block; font-size: 32px; line-height: 1.25; font-weight: 600; }
.two { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 8px 40px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
th, td { padding: 5px 0 5px 16px; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child { padding-left: 0; text-align: left; white-space: normal; }
th { font-weight: 400; } thead th { color: var(--quiet); font-size: 13px; }
svg { width: 100%; max-width: 480px; display: block; }
svg text { fill: var(--quiet); font-size: 11px; } svg text.axis { fill: var(--ink); font-size: 12px; }
.grid { stroke: var(--line); } .ideal { stroke: var(--quiet); stroke-dasharray: 4 4; }
.curve { fill: none; stroke: var(--accent); stroke-width: 2.5; stroke-linejoin: round; }
.dot { fill: var(--accent); stroke: var(--paper); stroke-width: 1.5; } .bar { fill: var(--soft); }
footer { margin-top: 48px; border-top: 1px solid var(--line); padding-top: 16px; font-size: 13px; }
@media print { body { padding: 0; } h2 { break-after: avoid; } }
"""

TEMPLATE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Flight delays: evaluation</title>
<style>{style}</style>
</head>
<body>
<h1>Will this flight leave 15 minutes late or more?</h1>
<p class="quiet">{split}</p>
<ul class="cards">{cards}</ul>

<h2>Can its chances be believed?</h2>
<p>Of the flights that were given a chance of 30 %, about 30 % should have left late. On the dashed line, that is
exactly what happened.</p>
<div class="two"><div>{chart}</div><div>{calibration}</div></div>

<div class="two">
<section>
<h2>If every chance of {threshold} or more raised a flag</h2>
{confusion}
<p class="quiet">{precision} of the flagged flights were late; {recall} of the late flights were flagged.</p>
</section>
<section>
<h2>By month</h2>
{months}
</section>
</div>

<h2>By carrier</h2>
{carriers}

<footer>A flight is judged before its scheduled departure, from its timetable entry and from what was known by then:
departures that had already happened, and weather hours that were over. Flights that were cancelled are left out, so
the chance is that of a late departure if the flight departs. Made with {versions}.</footer>
</body>
</html>
"""

main()
