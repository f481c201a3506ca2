import MartletCore
import Testing

@testable import MartletCLI

/// The place of each `@` of a value is that of an `@` in the source, in the same order.
@Suite struct ScalarPlacesTests {
    @Test(arguments: [
        "k: a @ b @",
        "k: &anchor !!str a @ plain",
        "k: plain @\n  folded @\n\n  after a blank @\n  @ first",
        "k: 'it''s @ and ''@'' '",
        "k: 'two @\n  lines @\n\n\n  @'",
        "k: \"\\t@ \\u00e9@ \\U0001F600@ \\x41@ \\\\@ \\\"@\"",
        "k: \"joined @\\\n    @ folded @\n    @\"",
        "k: |\n  line @\n\n    deeper @\n  été @\n",
        "k: |2-  # comment\n    two more @\n  @\n",
        "k: |+\n\n\n  @ after blanks\n\n",
        "k: >\n  folded @\n  @ more\n\n  paragraph @\n    kept @\n    kept @\n  back @\n",
        "k: >-\n\n  @ after a blank\n  @\n",
        "k: >-\r\n  windows @\r\n  @ lines\r\n",
        "k: |\r\n  windows @\r\n  @ lines\r\n",
        "- - k: [x, 'a @', \"b @\"]",
        "k: \"été @\"",
        "k: 日本 @ x * @",
        "k: a*b @ *",
    ])
    func findsEveryCharacter(text: String) throws {
        let source = try SourceText(file: "x", content: Array(text.utf8))
        let diagnostics = Diagnostics(source)
        let root = try #require(YAMLReader.read(diagnostics))
        #expect(diagnostics.errors.isEmpty)
        var found: [TextPosition] = []
        collect(root, source, &found)
        let expected = source.bytes.indices.filter { source.bytes[$0] == UInt8(ascii: "@") }.map(source.position)
        #expect(found == expected)
    }

    private func collect(_ node: YAMLNode, _ source: SourceText, _ found: inout [TextPosition]) {
        switch node.content {
        case .scalar(let scalar):
            for (offset, byte) in scalar.text.utf8.enumerated() where byte == UInt8(ascii: "@") {
                found.append(ScalarPlaces.position(of: offset, in: scalar, at: node.position, source: source))
            }
        case .list(let elements): for element in elements { collect(element, source, &found) }
        case .map(let entries): for entry in entries { collect(entry.value, source, &found) }
        case .invalid: break
        }
    }

    @Test func positionsAndOffsetsAreInverse() throws {
        let source = try SourceText(file: "x", content: Array("a\r\nété\n\u{2028}x\r日本\u{85}y".utf8))
        for offset in source.bytes.indices where source.bytes[offset] & 0xC0 != 0x80 {
            #expect(source.offset(of: source.position(of: offset)) == offset)
        }
        #expect(String(decoding: source.line(2), as: UTF8.self) == "été")
    }
}
