import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Every number that Martlet can show has a page, and no page is of a number that is gone.
@Suite(.tags(.machine)) struct ErrorPageTests {
    private static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    @Test func codesAndPagesMatch() throws {
        let folder = Self.root.appendingPathComponent("Sources/MartletCore/Errors")
        let declaration = try Regex(#"static let (\w+) = ErrorCode\((\d{4})\)"#)
        var codes: [String: String] = [:]
        for file in try FileManager.default.contentsOfDirectory(atPath: folder.path) where file.hasSuffix(".swift") {
            let text = try String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8)
            for match in text.matches(of: declaration) {
                let code = "MT\(match.output[2].substring ?? "")"
                #expect(codes[code] == nil, "\(code) is used twice")
                codes[code] = String(match.output[1].substring ?? "")
            }
        }
        #expect(codes.count > 40)
        let pages = try FileManager.default.contentsOfDirectory(
            atPath: Self.root.appendingPathComponent("Docs/errors").path
        ).filter { $0.hasPrefix("MT") }.map { String($0.dropLast(3)) }
        #expect(Set(pages).subtracting(codes.keys).isEmpty, "pages without a code")
        #expect(Set(codes.keys).subtracting(pages).isEmpty, "codes without a page")
    }
}
