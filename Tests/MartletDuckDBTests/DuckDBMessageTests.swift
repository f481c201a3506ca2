import Testing

@testable import MartletDuckDB

struct DuckDBMessageTests {
    @Test func understandsJSONBehindAPrefix() {
        let message = DuckDBMessage(
            #"""
            Binder Error: {"exception_type":"Binder","exception_message":"Referenced column \"aa\" not found\nmore",
            "name":"aa","location":"[25,2]","position":"25","candidates":"a","error_subtype":"COLUMN_NOT_FOUND"}
            """#
        )
        #expect(message.type == "Binder")
        #expect(message.text == "Referenced column \"aa\" not found\nmore")
        #expect(message.position == 25)
        #expect(message.length == 2)
        #expect(message.unknownTable == nil)
    }

    @Test func understandsJSONOfOlderVersions() {
        let message = DuckDBMessage(
            #"{"exception_type":"Catalog","exception_message":"no","position":"9","error_subtype":"MISSING_ENTRY","#
                + #""type":"Table","name":"t"}"#
        )
        #expect(message.position == 9)
        #expect(message.length == nil)
        #expect(message.unknownTable == "t")
    }

    @Test(arguments: ["Binder Error: plain", "a { b", #"IO Error: {"path": 3}"#])
    func keepsPlainText(text: String) {
        let message = DuckDBMessage(text)
        #expect(message.type.isEmpty)
        #expect(message.text == text)
    }

    @Test func findsThePlaceInCharacters() throws {
        let place = try #require(ScriptPlace(in: "a\n\t'é', nosuch(1)\nz", byte: 9, length: 9))
        #expect((place.line, place.column, place.length) == (2, 7, 9))
        #expect(place.excerpt(firstLine: 10) == ["11 | \t'é', nosuch(1)", "   | \t     ^^^^^^^^^"])
    }

    @Test func findsThePlaceAtTheEnd() throws {
        let place = try #require(ScriptPlace(in: "select (", byte: 8, length: 0))
        #expect((place.line, place.column, place.length) == (1, 9, 1))
        #expect(ScriptPlace(in: "select (", byte: 9, length: 1) == nil)
        #expect(ScriptPlace(in: "", byte: -1, length: 1) == nil)
    }

    @Test func cutsLongLinesAroundThePlace() throws {
        let line = String(repeating: "x", count: 300) + " bad " + String(repeating: "y", count: 300)
        let place = try #require(ScriptPlace(in: line, byte: 301, length: 3))
        let excerpt = place.excerpt(firstLine: 1)
        #expect(excerpt[0].hasPrefix("1 | ...xxx"))
        #expect(excerpt[0].hasSuffix("yyy..."))
        let caret = try #require(excerpt[1].firstIndex(of: "^"))
        let offset = excerpt[1].distance(from: excerpt[1].startIndex, to: caret)
        #expect(excerpt[0].dropFirst(offset).hasPrefix("bad"))
        #expect(excerpt[1].hasSuffix(" ^^^"))
    }
}
