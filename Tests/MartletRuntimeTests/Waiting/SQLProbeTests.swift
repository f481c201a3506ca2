import Foundation
import MartletCore
import MartletTestKit
import Testing

@testable import MartletRuntime

@Suite struct SQLProbeTests {
    let scratch: Scratch

    init() throws { scratch = try Scratch() }

    private func look(_ content: String?, _ statement: String = "SELECT * FROM t") async throws -> WaitResult {
        var request = waitRequest(.sql(SQLWait(statement: statement)), project: scratch.path)
        let path = "\(scratch.path)/t.csv"
        if let content { try FileSystem.create(path, Array(content.utf8)) }
        request.context.inputs["t"] = .init(dataset: DatasetID(trusted: "t"), path: path, format: .csv)
        return await SQLProbe { _ in FakeQueryEngine() }.probe(request)
    }

    @Test(arguments: [
        ("n\n1\n", true), ("n\n0\n", false), ("n\n", false), ("n,m\n0,1\n", false), ("n,m\n1,0\n", true),
        ("\"a\nb\",m\n\"x,\"\"y\"\"\",0\n", true), ("n\nfalse\ntrue\n", false), ("n\r\n5\r\n", true),
    ])
    func theFirstCellDecides(content: String, holds: Bool) async throws {
        #expect(try await look(content).isSatisfied == holds)
    }

    @Test(arguments: [
        ("a\n\"x \"\"y\"\" z\",2\n", String?.some("x \"y\" z")), ("a\n\"\"\"\"\n", "\""), ("a\n\n", ""), ("a\n", nil),
        ("", nil), ("a\nlast", "last"), ("a\n\"in\nside\"\n", "in\nside"), ("a\n,x\n", ""),
    ])
    func cellsAreReadAsTheyWereWritten(text: String, cell: String?) {
        #expect(SQLProbe.firstCell(ofRow: 1, in: text.utf8) == cell)
    }

    @Test func anInputThatIsNotThereIsNoError() async throws {
        guard case .notYet = try await look(nil) else {
            Issue.record("a missing input is an error")
            return
        }
    }

    @Test func aStatementThatIsWrongFailsForGood() async throws {
        guard case .failed(let error, retryable: false) = try await look("n\n1\n", "SELEKT") else {
            Issue.record("it was run")
            return
        }
        #expect(error.code == .sqlInvalid)
    }

    @Test func nothingIsLeftBehind() async throws {
        _ = try await look("n\n1\n")
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(scratch.path)/work").isEmpty)
    }
}
