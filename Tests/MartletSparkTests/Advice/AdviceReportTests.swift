import Foundation
import MartletCore
import Testing

@testable import MartletSpark

@Suite struct AdviceReportTests {
    @Test func textSaysWhatToDo() throws {
        let advice = SparkAdvisor.advise(try SparkFixture.read("skew"))
        let lines = RunAdviceText(advice, width: 90).lines
        #expect(lines.contains { $0.hasPrefix("! high: stage 1") || $0.hasPrefix("‼ critical: stage 1") })
        #expect(lines.contains { $0.contains("◂ as it was") })
        #expect(lines.contains { $0.contains("█") && $0.contains("┤") })
        #expect(lines.contains { $0.contains("simulated: ") })
        // The table of stages is as wide as it is; everything else keeps to the width.
        let words = lines.prefix { !$0.hasPrefix("slots used") }.dropFirst(3)
        #expect(words.allSatisfy { $0.count <= 90 })
    }

    @Test(arguments: ["skew", "clean", "cluster", "smallfiles", "tiny"])
    func jsonComesBack(_ name: String) throws {
        let advice = SparkAdvisor.advise(try SparkFixture.read(name))
        #expect(try JSONText.decode(RunAdvice.self, from: JSONText.encode(advice)) == advice)
    }

    /// Names from a log cannot become markup, and the page fetches and runs nothing.
    @Test func thePageIsSafeAndWhole() throws {
        var log = SyntheticLog()
        log.job([[.init(milliseconds: 40_000), .init(milliseconds: 10)]])
        let bad = #"<script>alert(1)</script>&\"'"#
        let lines = log.ended().map {
            $0.replacingOccurrences(of: #""App Name":"job""#, with: #""App Name":"\#(bad)""#)
                .replacingOccurrences(of: "save at job.py", with: "<img src=x onerror=y>")
        }
        let page = AdvicePage(SparkAdvisor.advise(try SparkFixture.read(lines: lines))).html
        #expect(!page.contains("<script"))
        #expect(!page.contains("<img"))
        #expect(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;&quot;&#39;"))
        #expect(!page.contains("http:") && !page.contains("https:"))
        #expect(page.contains("default-src 'none'"))
        for tag in ["svg", "table", "main", "section", "details", "dl", "div"] {
            #expect(
                page.components(separatedBy: "<\(tag)").count == page.components(separatedBy: "</\(tag)>").count,
                "\(tag)"
            )
        }
    }

    private static let times: [(milliseconds: Int, text: String)] = [
        (0, "0 ms"), (999, "999 ms"), (1000, "1 s"), (12_340, "12.3 s"), (60_000, "1 m 00 s"), (3_599_600, "1 h 00 m"),
        (7_500_000, "2 h 05 m"),
    ]

    @Test(arguments: times)
    func time(_ milliseconds: Int, _ text: String) { #expect(AdviceText.time(milliseconds) == text) }

    private static let numbers: [(value: Double, text: String)] = [
        (0, "0"), (1.25, "1.3"), (0.04, "0.040"), (0.0004, "0"), (-2.5, "-2.5"), (100, "100"), (1234.5, "1,235"),
        (.nan, "-"), (.infinity, "-"),
    ]

    @Test(arguments: numbers)
    func number(_ value: Double, _ text: String) { #expect(AdviceText.decimal(value) == text) }
}
