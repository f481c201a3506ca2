/// The advice about a run as one web page that needs nothing else: its style and pictures are in it, and no script.
package struct AdvicePage: Sendable {
    private let advice: RunAdvice

    /// The page of this advice.
    package init(_ advice: RunAdvice) { self.advice = advice }

    /// The page.
    package var html: String {
        let app = advice.application
        let title = Self.escape(app.name.isEmpty ? app.id : app.name)
        return """
            <!doctype html>
            <html lang="en"><head><meta charset="utf-8">
            <meta name="viewport" content="width=device-width,initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
            <title>\(title) - Spark advice</title><style>\(Self.style)</style></head><body><main>
            <p class="kind">Spark advice</p><h1>\(title)</h1>
            <p class="soft">\(Self.escape(app.id)) · Spark \(Self.escape(app.sparkVersion)) · \(Self.escape(app.shape.text))\
            \(app.isComplete ? "" : " · the log does not tell its end")</p>
            \(figures)
            <h2>Findings</h2>
            \(findings)
            <h2>Slots used</h2>
            \(AdviceCharts.timeline(advice))
            <h2>With fewer or more \(app.shape.isLocal ? "cores" : "executors")</h2>
            \(AdviceCharts.curve(advice))
            <p class="soft">Simulated from the recorded tasks. The simulation of the run as it was is off by \
            \(AdviceText.share(advice.curve.error)); with endless slots the run would take \
            \(AdviceText.time(advice.curve.floor)).</p>
            <h2>Stages</h2>
            \(AdviceCharts.stages(advice))
            \(stages)
            \(logNotes)
            </main></body></html>

            """
    }

    private var figures: String {
        let app = advice.application
        let values = [
            ("time", AdviceText.time(app.wall)), ("slots used", AdviceText.share(app.utilisation)),
            ("driver alone", AdviceText.time(app.driverTime)), ("before the first job", AdviceText.time(app.startup)),
            ("jobs", AdviceText.count(app.jobs)), ("tasks", AdviceText.count(app.tasks)),
            ("read", AdviceText.bytes(app.inputBytes)), ("shuffled", AdviceText.bytes(app.shuffleBytes)),
            ("spilled", AdviceText.bytes(app.spilledBytes)), ("written", AdviceText.bytes(app.outputBytes)),
        ]
        return "<dl class=\"figures\">" + values.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" }.joined() + "</dl>"
    }

    private var findings: String {
        guard !advice.findings.isEmpty else { return "<p class=\"notice\">✓ Nothing stands out in this run.</p>" }
        return advice.findings.map { finding in
            var html =
                "<section class=\"finding \(finding.severity.rawValue)\"><h3><span class=\"badge\">"
                + "\(RunAdviceText.mark(finding.severity)) \(finding.severity.rawValue)</span> "
                + "\(Self.escape(finding.title))</h3><p>\(Self.escape(finding.explanation))</p>"
            if let effect = finding.effect {
                html +=
                    "<p><b>Simulated:</b> \(AdviceText.time(effect.wallBefore)) → \(AdviceText.time(effect.wallAfter)), "
                    + "\(AdviceText.decimal(effect.coreHoursBefore)) → \(AdviceText.decimal(effect.coreHoursAfter)) "
                    + "core-hours</p>"
            }
            if !finding.patches.isEmpty {
                html += "<table><thead><tr><th>Setting</th><th>Was</th><th>Set</th><th>Why</th></tr></thead><tbody>"
                for patch in finding.patches {
                    html +=
                        "<tr><td><code>\(Self.escape(patch.key))</code></td><td>\(Self.escape(patch.from))</td>"
                        + "<td><b>\(Self.escape(patch.to))</b></td><td>\(Self.escape(patch.reason))</td></tr>"
                }
                html += "</tbody></table>"
            }
            if !finding.advice.isEmpty {
                html += "<ul>" + finding.advice.map { "<li>\(Self.escape($0))</li>" }.joined() + "</ul>"
            }
            html +=
                "<details><summary>Evidence, confidence \(finding.confidence.rawValue)</summary><dl class=\"facts\">"
            for item in finding.evidence {
                html += "<div><dt>\(Self.escape(item.name))</dt><dd>\(Self.escape(item.text))</dd></div>"
            }
            return html + "</dl></details></section>"
        }
        .joined(separator: "\n")
    }

    private var stages: String {
        var html =
            "<div class=\"scroll\"><table class=\"numbers\"><thead><tr><th>Stage</th><th>Name</th><th>Tasks</th>"
            + "<th>Time</th><th>Median</th><th>Longest</th><th>Input</th><th>Shuffled in</th><th>Shuffled out</th>"
            + "<th>Spilled</th><th>GC</th></tr></thead><tbody>"
        for stage in advice.stages {
            let attempt = stage.attempt > 0 ? ".\(stage.attempt)" : ""
            let failed = stage.failed > 0 ? " (\(stage.failed) ✕)" : ""
            html +=
                "<tr><td>\(stage.isCritical ? "◆ " : "")\(stage.id)\(attempt)</td><td>\(Self.escape(stage.name))</td>"
            for cell in [
                AdviceText.count(stage.tasks) + failed, AdviceText.time(stage.span), AdviceText.time(stage.median),
                AdviceText.time(stage.longest), RunAdviceText.size(stage.inputBytes),
                RunAdviceText.size(stage.shuffleReadBytes), RunAdviceText.size(stage.shuffleWriteBytes),
                RunAdviceText.size(stage.spilledBytes), AdviceText.share(stage.gcShare),
            ] { html += "<td>\(cell)</td>" }
            html += "</tr>"
        }
        html += "</tbody></table></div><p class=\"soft\">◆ on the critical path"
        if advice.stagesLeftOut > 0 {
            html += "; \(AdviceText.plural(advice.stagesLeftOut, "shorter stage")) not shown"
        }
        return html + "</p>"
    }

    private var logNotes: String {
        let notes = RunAdviceText(advice).logNotes
        guard !notes.isEmpty else { return "" }
        return "<h2>About the log</h2><ul>" + notes.map { "<li>\(Self.escape($0))</li>" }.joined() + "</ul>"
    }

    /// Text that is safe between tags and in attributes.
    static func escape(_ text: String) -> String {
        var result = ""
        for character in text.unicodeScalars {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default:
                // Control characters are not allowed in a page.
                if character.value >= 0x20 || character == "\n" { result.unicodeScalars.append(character) }
            }
        }
        return result
    }

    private static let style = """
        :root{color-scheme:light dark;--bg:#fff;--panel:#f7f7f5;--text:#1d2328;--soft:#5a646d;--edge:#e2e4e2;\
        --accent:#0b5cad;--warn:#8a5a00;--bad:#b3330c;--two:#d98e04}
        @media(prefers-color-scheme:dark){:root{--bg:#14181b;--panel:#1b2024;--text:#e3e6e8;--soft:#9aa5ad;\
        --edge:#2c3338;--accent:#7db7f0;--warn:#e8b44f;--bad:#ff8d66;--two:#e8b44f}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--bg);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,\
        "DejaVu Sans",sans-serif}
        main{max-width:1100px;margin:0 auto;padding:24px}
        h1{font-size:25px;margin:0}h2{font-size:17px;margin:34px 0 8px}h3{font-size:15px;margin:0 0 4px}
        p{margin:6px 0;max-width:80ch}.kind,.soft,dt,th{color:var(--soft)}.kind,.soft{font-size:13px}
        .figures{display:flex;flex-wrap:wrap;gap:10px 34px;margin:18px 0}
        .figures div{display:flex;flex-direction:column-reverse}.figures dt{font-size:13px}
        .figures dd{margin:0;font-size:21px;font-weight:600;font-variant-numeric:tabular-nums}
        .facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:6px 24px;margin:8px 0}
        .facts dt{font-size:13px}.facts dd{margin:0;overflow-wrap:anywhere}
        .finding,.notice{border-left:3px solid var(--edge);background:var(--panel);padding:10px 14px;margin:10px 0;\
        border-radius:0 6px 6px 0}
        .finding.critical,.finding.high{border-color:var(--bad)}.finding.moderate{border-color:var(--warn)}
        .critical .badge,.high .badge{color:var(--bad)}.moderate .badge{color:var(--warn)}
        .badge{font-size:13px;border:1px solid currentColor;border-radius:10px;padding:0 8px;margin-right:4px}
        table{border-collapse:collapse;width:100%;font-size:14px;font-variant-numeric:tabular-nums}
        th{text-align:left;font-weight:500;font-size:13px}th,td{padding:5px 16px 5px 0;border-bottom:1px solid var(--edge);\
        vertical-align:top;overflow-wrap:anywhere}
        .numbers td:nth-child(n+3),.numbers th:nth-child(n+3){text-align:right;white-space:nowrap}
        .scroll{overflow-x:auto}code{font-size:13px}summary{cursor:pointer;color:var(--soft);font-size:14px}
        svg{display:block;width:100%;height:auto;margin:6px 0}svg text{font-size:11px;fill:var(--soft)}
        .area{fill:var(--accent);fill-opacity:.75}.line{fill:none;stroke:var(--accent);stroke-width:2}
        .second{fill:none;stroke:var(--two);stroke-width:2;stroke-dasharray:5 3}.grid{stroke:var(--edge)}
        .dot{fill:var(--accent)}.bar{fill:var(--accent);fill-opacity:.45}.bar.critical{fill-opacity:.95}
        @media print{details{display:block}}
        """
}
