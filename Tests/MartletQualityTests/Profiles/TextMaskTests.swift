import Testing

@testable import MartletQuality

@Suite struct TextMaskTests {
    @Test(arguments: [
        ("", ""), ("FR-1907", "AA-9999"), ("de 2024", "aa 9999"), ("Ärger", "xaaaa"), ("a\tb", "a a"),
        ("2024-02-29T10:00:00Z", "9999-99-99A99:99:99A"), ("x@y.org", "a@a.aaa"), ("٣٤", "xx"),
        ("abcdefgh", "aaaaaaaa"), ("abcdefghi", "a⁺"), ("1234567890", "9⁺"), ("----------", "----------"),
        ("漢字", "xx"), ("👍🏽", "👍🏽"),
    ])
    func masks(text: String, mask: String) {
        #expect(TextMask.of(text) == mask)
    }

    @Test func longTextIsCut() {
        #expect(TextMask.of(String(repeating: "a b", count: 100)).count <= 65)
        #expect(TextMask.of(String(repeating: "a", count: 100)) == "a⁺…")
    }
}
