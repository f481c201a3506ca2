import Foundation
import Testing

/// Files that hold what a test expects; `MARTLET_UPDATE_GOLDENS=1 swift test` writes them anew.
enum Golden {
    static let folder = scenarios.appending(path: "sdk")

    static let scenarios = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scenarios")

    /// Expects `text` to be what the file `name` holds.
    static func expect(_ text: String, equals name: String, _ place: Testing.SourceLocation = #_sourceLocation) throws {
        let file = folder.appending(path: name)
        if ProcessInfo.processInfo.environment["MARTLET_UPDATE_GOLDENS"] != nil {
            try Data(text.utf8).write(to: file)
        }
        let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
        #expect(text == expected, sourceLocation: place)
    }
}
