import Foundation
import MartletCore
import Testing

@testable import Martlet

private struct Flight: Codable, Equatable, CSVContent {
    enum Origin: String, Codable {
        case jfk = "JFK"
        case ewr = "EWR"
    }
    var number: Int
    var origin: Origin
    var delay: Double?
    var late: Bool
    var note: String
}

@Suite struct DatasetFileTests {
    private func file<Content: DatasetContent>(
        _ text: String,
        _ content: Content.Type,
        _ format: DatasetFormat? = nil,
        body: (DatasetFile<Content>) throws -> Void
    ) async throws {
        try await withFolder { folder in
            let path = folder.appending(path: "data").path(percentEncoded: false)
            try Data(text.utf8).write(to: URL(filePath: path))
            try body(DatasetFile(name: PortName(trusted: "data"), dataset("some/data", path, format)))
        }
    }

    @Test func csvRowsAreDecodedByTheirHeader() async throws {
        let text = "\u{FEFF}number,note,origin,late,delay\r\n1,\"a, \"\"b\"\"\nc\",JFK,true,2.5\r\n\r\n2,,EWR,false,"
        try await file(text, Flight.self) { file in
            #expect(file.format == .csv)
            let rows = try file.rows()
            #expect(
                rows == [
                    Flight(number: 1, origin: .jfk, delay: 2.5, late: true, note: "a, \"b\"\nc"),
                    Flight(number: 2, origin: .ewr, delay: nil, late: false, note: ""),
                ]
            )
        }
    }

    @Test func csvErrorsPointAtTheirLine() async throws {
        try await file("number,note,origin,late\n1,\"x\ny\",JFK,true\ntwo,,JFK,true\n", Flight.self) { file in
            let error = #expect(throws: MartletError.self) { try file.rows() }
            #expect(error?.code == .syntaxInvalid)
            #expect(error?.location?.line == 4)
            #expect(error?.cause?.contains("two") == true)
        }
        try await file("number\n1\n", Flight.self) { file in
            let error = #expect(throws: MartletError.self) { try file.rows() }
            #expect(error?.cause?.contains("no such column") == true)
        }
    }

    @Test func jsonLinesAreDecoded() async throws {
        try await file("{\"name\":\"a\",\"score\":1}\n\n{\"name\":\"b\",\"score\":2}\n", Top.self) { file in
            let rows = try file.rows()
            #expect(rows == [Top(name: "a", score: 1), Top(name: "b", score: 2)])
        }
        try await file("{\"name\":\"a\",\"score\":1}\n{}\n", Top.self) { file in
            let error = #expect(throws: MartletError.self) { try file.rows() }
            #expect(error?.location?.line == 2)
        }
    }

    @Test func filesThatHaveNoRowsSaySo() async throws {
        try await file("PAR1", Features.self) { file in
            #expect(throws: MartletError.self) { try file.rows(as: Top.self) }
        }
        try await file("text", Model.self) { file in
            let text = try file.text()
            #expect(text == "text")
            let error = #expect(throws: MartletError.self) { try file.rows(as: Top.self) }
            #expect(error?.reason == "its format is not known")
        }
        let gone = DatasetFile<Top>(name: PortName(trusted: "x"), dataset("x", "/nowhere/at/all"))
        let error = #expect(throws: MartletError.self) { try gone.rows() }
        #expect(error?.code == .fileUnreadable)
    }

    @Test func theFormatGivenWinsOverThatOfTheContent() async throws {
        try await file("name,score\na,1\n", Top.self, .csv) { file in
            let rows = try file.rows()
            #expect(rows == [Top(name: "a", score: 1)])
        }
    }
}
