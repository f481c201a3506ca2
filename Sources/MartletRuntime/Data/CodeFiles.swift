import Foundation
import Glibc
import MartletCore

/// The files that a step's code is in: those that the step names, else those that its action points at.
struct CodeFiles {
    /// The files by their names below the project, each once.
    let paths: [(name: String, path: String)]

    /// Files of code in one step; more are not looked at, and the step says so.
    private static let limit = 2_000

    /// - Throws: ``MartletError`` MT1016 when there are too many files.
    init(of work: AttemptWork) throws(MartletError) {
        let root = work.launch.context.project
        let step = work.launch.step
        var found: Set<String> = []
        if let patterns = step.cache?.code {
            for pattern in patterns { found.formUnion(Self.files(matching: pattern, below: root)) }
        } else {
            switch step.action {
            case .python(let action):
                found.formUnion(Self.files(ofScript: Self.absolute(action.script, root)))
            case .spark(let action):
                if let script = action.script { found.formUnion(Self.files(ofScript: Self.absolute(script, root))) }
                for file in [action.jar].compactMap(\.self) + action.jars + action.pythonFiles + action.files
                where Self.isFile(Self.absolute(file, root)) {
                    found.insert(Self.absolute(file, root))
                }
            case .command(let action):
                let folder = step.workingDirectory.map { $0.hasPrefix("/") ? $0 : "\(root)/\($0)" } ?? root
                for word in Self.words(of: action) {
                    let path = word.hasPrefix("/") ? word : "\(folder)/\(word)"
                    if path.hasPrefix(root), Self.isFile(path) { found.insert(path) }
                }
            default:
                break
            }
        }
        if found.count > Self.limit {
            throw MartletError(
                .limitExceeded,
                "its code may be in more than \(Self.limit) files",
                remedy: "name those that matter under cache: { code: [...] }"
            )
        }
        paths = found.sorted().map { path in
            (path.hasPrefix(root + "/") ? String(path.dropFirst(root.count + 1)) : path, path)
        }
    }

    /// Words of a line that may be files; quotes and signs that end a word in a shell count as blanks.
    private static func words(of action: CommandAction) -> [String] {
        if let arguments = action.arguments { return arguments }
        return (action.shell ?? "").split { " \t\n\"'`;|&<>()$={}".contains($0) }.map(String.init)
    }

    /// A script, and what it can import: that lies beside it or below.
    private static func files(ofScript script: String) -> Set<String> {
        let folder = (script as NSString).deletingLastPathComponent
        return Set(files(below: folder) { $0.hasSuffix(".py") }).union([script])
    }

    private static func absolute(_ path: String, _ root: String) -> String {
        path.hasPrefix("/") ? path : "\(root)/\(path)"
    }

    private static func isFile(_ path: String) -> Bool {
        var info = stat()
        return stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFREG
    }

    private static func files(matching pattern: String, below root: String) -> Set<String> {
        let path = "\(root)/\(pattern)"
        if isFile(path) { return [path] }
        let form = NamePattern(pattern)
        let isFolder = (try? FileManager.default.contentsOfDirectory(atPath: path)) != nil
        if isFolder { return files(below: path) { _ in true } }
        return files(below: root) { form.matches($0) }
    }

    /// The files below `folder` whose names from there `fits` wants; nothing hidden, no caches of Python.
    private static func files(below folder: String, where fits: (String) -> Bool) -> Set<String> {
        var found: Set<String> = []
        guard let names = FileManager.default.enumerator(atPath: folder) else { return found }
        while let name = names.nextObject() as? String {
            let last = (name as NSString).lastPathComponent
            if last.hasPrefix(".") || last == "__pycache__" || last == "node_modules" {
                names.skipDescendants()
            } else if fits(name), isFile("\(folder)/\(name)") {
                found.insert("\(folder)/\(name)")
                if found.count > limit { break }
            }
        }
        return found
    }
}
