import MartletCore
import MartletScheduling
import MartletTestKit
import Testing

@Suite(.tags(.machine)) struct RowTableTests {
    private func table(_ csv: String) throws -> RowTable { try RowTable(csv: csv.utf8) }

    @Test(
        arguments: [
            ("a,b\n1,2\n", [["1", "2"]]),
            ("a,b\r\n1,2", [["1", "2"]]),
            ("a,b\n\"x,y\",\"say \"\"hi\"\"\"\n", [["x,y", "say \"hi\""]]),
            ("a,b\n\"two\nlines\",\n\n", [["two\nlines", ""]]),
            ("a,b\n,\n", [["", ""]]),
            ("a,b\nit\"s,2\n", [["it\"s", "2"]]),
            ("a,b\n", []),
        ] as [(String, [[String]])]
    )
    func csvIsReadAsItIsWritten(text: String, rows: [[String]]) throws {
        let table = try table(text)
        #expect(table.columns == ["a", "b"])
        #expect(table.rows == rows)
    }

    @Test(arguments: ["", "a,b\n1\n", "a,b\n\"open\n"]) func brokenCSVIsRefused(text: String) {
        let error = #expect(throws: MartletError.self) { try self.table(text) }
        #expect(error?.code == .rowsUnreadable)
    }

    @Test func jsonLinesAreATable() throws {
        let table = try RowTable(jsonLines: "{\"b\":1,\"a\":\"x\"}\n\n{\"c\":null}\n".utf8)
        #expect(table == RowTable(columns: ["a", "b", "c"], rows: [["x", "1", ""], ["", "", ""]]))
        #expect(throws: MartletError.self) { try RowTable(jsonLines: "[1]\n".utf8) }
    }

    @Test(arguments: [
        // One number however it is written; text stays text.
        ("a,b\n1,x\n", "b,a\nx,1.0\n", true),
        ("a,b\n1,x\n2,y\n", "a,b\n2,y\n1,x\n", true),
        ("a,b\n1,x\n1,x\n", "a,b\n1,x\n", false),
        ("a,b\n01x,x\n", "a,b\n1x,x\n", false),
        ("a,b\n-0.0,x\n", "a,b\n0,x\n", true),
        ("a,b\n1,x\n", "a,b,c\n1,x,2\n", false),
        ("a,b\n9007199254740993,x\n", "a,b\n9007199254740993,x\n", true),
        ("a,b\n900719925474099300,x\n", "a,b\n900719925474099301,x\n", false),
    ])
    func tablesDifferByWhatTheyHold(left: String, right: String, isSame: Bool) throws {
        #expect(try table(left).difference(from: table(right)).isEmpty == isSame)
        #expect(try table(right).difference(from: table(left)).isEmpty == isSame)
    }

    @Test func partsOfATableAreFoundInIt() throws {
        let whole = try table("a,b,c\n1,x,p\n2,y,q\n2,y,r\n")
        #expect(try whole.missing(table("b,a\ny,2\n")).isEmpty)
        #expect(try whole.missing(table("b,a\ny,2\ny,2\n")).isEmpty)
        // As often as it is expected.
        #expect(try whole.missing(table("a\n1\n1\n")).missing == [["1"]])
        #expect(try whole.missing(table("z\n1\n")).missingColumns == ["z"])
    }

    @Test func rowsOfAFixtureBecomeText() {
        let rows = FixtureRows([
            [(column: "b", value: 1), (column: "a", value: "x,\"y\"")],
            [(column: "c", value: nil), (column: "a", value: "")],
        ])
        #expect(rows.columns == ["b", "a", "c"])
        #expect(rows.text(.csv) == "b,a,c\n1,\"x,\"\"y\"\"\",\n,,\n")
        #expect(rows.text(.jsonl) == "{\"a\":\"x,\\\"y\\\"\",\"b\":1,\"c\":null}\n{\"a\":\"\",\"b\":null,\"c\":null}\n")
        #expect(RowTable(rows).rows == [["1", "x,\"y\"", ""], ["", "", ""]])
        #expect(FixtureRows([["b": 1, "a": 2]]).columns == ["a", "b"])
    }

    /// What is written as CSV is read back as it was, whatever it holds.
    @Test(arguments: 0..<20) func csvComesBack(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let letters = Array("ab,\"\n\r\t é'\\")
        let rows = (0..<Int.random(in: 0...6, using: &generator)).map { _ in
            (0..<3).map { _ in
                String(
                    (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                        letters[Int.random(in: 0..<letters.count, using: &generator)]
                    }
                )
            }
        }
        let fixture = FixtureRows(rows.map { [("x", .string($0[0])), ("y", .string($0[1])), ("z", .string($0[2]))] })
        if rows.isEmpty { return }
        #expect(try RowTable(csv: fixture.text(.csv).utf8).rows == rows)
    }
}
