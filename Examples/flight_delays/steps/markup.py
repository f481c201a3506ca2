"""What the pages of this example have in common: their style, tables, and the calibration chart."""

from html import escape

# The calibration chart: a square of SIZE units inside a frame with room for the labels.
SIZE, LEFT, TOP, BAR = 320, 52, 12, 72


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
