"""Writes the evaluation for people: report.html, one file without links to anything, and summary.txt."""

import csv
import json
from html import escape

from markup import STYLE, calibration_chart, table
from protocol import input_path, output_path

MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


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
