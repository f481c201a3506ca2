import ArgumentParser
import Foundation
import MartletCore
import MartletLake
import MartletLakeStore
import MartletRuntime

/// Options of every command of the lake.
struct LakeOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false

    @OptionGroup var project: ProjectOptions

    /// The project's lake, which is made when there is none.
    func open() throws -> LakeSession { try LakeSession(project.workspace(), directory: project.directory) }
}

/// The lake of a project, as commands use it.
struct LakeSession {
    let workspace: Workspace
    let lake: Lake
    let tree: WorkingTree
    /// The folder that the user is in.
    let directory: String

    init(_ workspace: Workspace, directory: String) throws {
        self.workspace = workspace
        self.directory = directory
        lake = try Lake.open(workspace.layout.lake)
        tree = try WorkingTree(root: workspace.layout.root, lake: lake)
    }

    /// Who works here, and now.
    var author: WorkAuthor {
        WorkAuthor(name: "\(workspace.userName)@\(Workspace.hostName)", time: SystemTime().now)
    }

    /// The key that a path on the command line stands for.
    func key(_ argument: String) throws(MartletError) -> [UInt8] {
        try tree.key(RawArguments.bytes(of: argument), from: directory)
    }

    /// The keys of several paths.
    func keys(_ arguments: [String]) throws(MartletError) -> [[UInt8]] {
        var keys: [[UInt8]] = []
        for argument in arguments { keys.append(try key(argument)) }
        return keys
    }

    /// The path of a file as seen from the project's folder, given as text that is not looked up.
    func path(_ argument: some StringProtocol) throws(MartletError) -> [UInt8] {
        let bytes = RawArguments.bytes(of: String(argument))
        let trimmed = bytes.split(separator: 0x2f).filter { !$0.elementsEqual([0x2e]) }.joined(separator: [0x2f])
        return Array(trimmed)
    }

    /// Reads a name of a branch.
    func branch(_ text: String) throws(MartletError) -> BranchName { try NameArgument.read(text) }
}

/// Arguments as the system gave them: Swift's are text, and names of files need not be.
enum RawArguments {
    private static let byText: [String: [UInt8]] = {
        var all: [String: [UInt8]] = [:]
        for index in 0..<Int(CommandLine.argc) {
            guard let argument = CommandLine.unsafeArgv[index] else { continue }
            let bytes = Array(UnsafeRawBufferPointer(start: argument, count: strlen(argument)))
            let text = String(decoding: bytes, as: UTF8.self)
            if !text.utf8.elementsEqual(bytes) { all[text] = bytes }
        }
        return all
    }()

    /// The bytes of an argument, or of what follows a colon in one, as in `REF:PATH`.
    static func bytes(of text: String) -> [UInt8] {
        if let bytes = byText[text] { return bytes }
        for (whole, bytes) in byText where whole.hasSuffix(":" + text) {
            guard let colon = bytes.firstIndex(of: 0x3a) else { continue }
            return Array(bytes[(colon + 1)...])
        }
        return Array(text.utf8)
    }
}
