import Foundation
import Glibc
import MartletBroker
import MartletCore
import MartletRuntime

/// The file that says who may use a log server.
struct UsersFile {
    /// Where it is; absolute.
    let path: String

    init(_ path: String) { self.path = path }

    /// Who is in it.
    ///
    /// - Throws: ``MartletError`` MT6019 when it is not there or is no list of users.
    func read() throws(MartletError) -> BrokerUsers {
        guard let content = FileManager.default.contents(atPath: path) else {
            throw MartletError(
                .streamSecurityUnusable,
                "the file of users \(path) cannot be read",
                remedy: "make it with `martlet stream users add NAME`"
            )
        }
        return try BrokerUsers(Array(content), path: path, secret: Self.random(32))
    }

    /// Changes who is in it; only its owner can read it.
    ///
    /// - Throws: ``MartletError`` of the file, and what `change` throws.
    func change(_ change: (inout BrokerUsers) throws -> Void) throws {
        let isThere = FileManager.default.fileExists(atPath: path)
        var users = isThere ? try read() : BrokerUsers(secret: Self.random(32))
        try change(&users)
        try FileSystem.makeFolder((path as NSString).deletingLastPathComponent)
        let before = umask(0o077)
        defer { umask(before) }
        try FileSystem.write(users.content, to: path)
    }

    /// So many random bytes.
    static func random(_ count: Int) -> [UInt8] { (0..<count).map { _ in UInt8.random(in: 0...255) } }
}
