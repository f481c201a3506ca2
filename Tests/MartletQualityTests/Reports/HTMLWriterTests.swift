import Foundation
import MartletCore
import Testing

@testable import MartletQuality

@Suite("HTML")
struct HTMLWriterTests {
    @Test(
        "takes words from outside for words only",
        arguments: [
            ("plain", "plain"),
            ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
            ("a & b", "a &amp; b"),
            ("&lt;", "&amp;lt;"),
            (#"" onmouseover="x"#, "&quot; onmouseover=&quot;x"),
            ("' onclick='x", "&#39; onclick=&#39;x"),
            ("nul\u{0}esc\u{1b}del\u{7f}", "nul\u{FFFD}esc\u{FFFD}del\u{FFFD}"),
            ("tab\tline\n", "tab\tline\n"),
            ("Größe ✓ 数", "Größe ✓ 数"),
            ("", ""),
        ]
    )
    func escaping(words: String, expected: String) {
        var writer = HTMLWriter()
        writer.text(words)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test(
        "numbers have at most one digit after the point",
        arguments: [
            (0, "0"), (1, "1"), (1.25, "1.3"), (-0.04, "0"), (-1.5, "-1.5"), (99.96, "100"), (Double.nan, "0"),
            (.infinity, "0"), (1e300, "0"),
        ]
    )
    func numbers(value: Double, expected: String) {
        var writer = HTMLWriter()
        writer.number(value)
        #expect(String(decoding: writer.bytes, as: UTF8.self) == expected)
    }

    @Test("links are relative to where the page stands")
    func links() {
        #expect(HTMLLinks(from: "index.html").href(.page("suites/a.html")) == "suites/a.html")
        #expect(HTMLLinks(from: "suites/a.html").href(.page("index.html")) == "../index.html")
        #expect(HTMLLinks(from: "validations/a/b.html").href(.page("x.html", anchor: "y")) == "../../x.html#y")
        #expect(HTMLLinks(from: "a/b.html").href(.section("y")) == "#y")
    }

    @Test("the policy names the script that pages have")
    func policy() {
        // Computed with `openssl dgst -sha256 -binary | base64` it has 44 characters.
        #expect(ReportHTML.policy.contains("script-src 'sha256-"))
        #expect(ReportHTML.policy.hasPrefix("default-src 'none'"))
    }
}
