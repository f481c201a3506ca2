import ArgumentParser
import Foundation
import Glibc
import MartletCore

/// Text that does not stand on the command line, because the shell would keep it in its history.
enum InputText {
    /// What standard input holds, without a line break at its end; asked for without an echo on a terminal.
    ///
    /// - Throws: ``MartletError`` MT1016 when it is too long, MT1002 when it is not UTF-8.
    static func fromStandardInput(_ prompt: String, limit: Int = Limits.settingBytes) throws(MartletError) -> String {
        let isTerminal = isatty(STDIN_FILENO) == 1
        var before = termios()
        if isTerminal {
            Output.talkRaw("\(prompt): ")
            tcgetattr(STDIN_FILENO, &before)
            var silent = before
            silent.c_lflag &= ~tcflag_t(ECHO)
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent)
        }
        defer {
            if isTerminal {
                tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
                Output.talkRaw("\n")
            }
        }
        // On a terminal a line is all; a pipe is read to its end.
        return try read(STDIN_FILENO, shownAs: "standard input", limit: limit) { bytes in
            isTerminal && bytes.last == UInt8(ascii: "\n")
        }
    }

    /// What the file at `path` holds, without a line break at its end; `-` is standard input.
    ///
    /// - Throws: ``MartletError`` MT1001 when it cannot be read, MT1016 when it is too long, MT1002 when it is not UTF-8.
    static func fromFile(_ path: String, limit: Int = Limits.settingBytes) throws(MartletError) -> String {
        if path == "-" { return try fromStandardInput("value", limit: limit) }
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw MartletError(
                .fileUnreadable,
                "cannot read \(path)",
                reason: String(cString: strerror(errno)),
                remedy: "check the path and its permissions"
            )
        }
        defer { close(descriptor) }
        return try read(descriptor, shownAs: path, limit: limit) { _ in false }
    }

    private static func read(
        _ descriptor: Int32,
        shownAs name: String,
        limit: Int,
        isAll: ([UInt8]) -> Bool
    ) throws(MartletError) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while !isAll(bytes) {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 {
                throw MartletError(
                    .fileUnreadable,
                    "cannot read \(name)",
                    reason: String(cString: strerror(errno)),
                    remedy: "check what it is"
                )
            }
            if count == 0 { break }
            bytes += buffer[..<count]
            if bytes.count > limit + 2 {
                throw MartletError(
                    .limitExceeded,
                    "\(name) holds more than \(limit >> 10) KiB",
                    remedy: "keep large texts in files, and their paths in settings"
                )
            }
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw MartletError(.syntaxInvalid, "\(name) is not UTF-8", remedy: "convert it, or encode it as base64")
        }
        return text
    }
}

/// A new file of exported settings that only its owner may read.
enum ExportFile {
    /// - Throws: ``MartletError`` MT1021 when the file exists, MT8005 when it cannot be written.
    static func write(_ text: String, to path: String) throws(MartletError) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        if descriptor < 0, errno == EEXIST {
            throw MartletError(.fileExists, "\(path) exists", remedy: "name another file, or move that one away")
        }
        if descriptor < 0 {
            throw MartletError(
                .fileUnwritable,
                "cannot write \(path)",
                reason: String(cString: strerror(errno)),
                remedy: "make the folder writable, or name another file"
            )
        }
        Output.write(text + "\n", to: descriptor)
        close(descriptor)
    }
}

/// What an import does with a name that is taken.
enum ExistingAction: String, ExpressibleByArgument, CaseIterable {
    case overwrite, skip, fail
}

/// Turns words of the command line into names.
enum NameArgument {
    /// - Throws: ``MartletError`` MT1006 for a word that breaks the rules.
    static func read<Name: TypedID>(_ word: String, as type: Name.Type = Name.self) throws(MartletError) -> Name {
        do throws(InvalidID) {
            return try Name(validating: word)
        } catch {
            throw MartletError(.nameInvalid, error.description, remedy: "write another name")
        }
    }

    /// Refuses names that do not exist, before anything is deleted.
    ///
    /// - Throws: ``MartletError`` with `code` for the first that is not among `known`.
    static func check(_ names: [String], among known: [String], _ noun: String, _ code: ErrorCode) throws(MartletError)
    {
        for name in names where !known.contains(name) { throw unknown(name, among: known, noun, code) }
    }

    /// The error for a name that does not exist.
    static func unknown(_ name: String, among known: [String], _ noun: String, _ code: ErrorCode) -> MartletError {
        MartletError(
            code,
            "there is no \(noun) \"\(name)\"",
            remedy: NearestName.of(name, among: known).map { "did you mean \($0)?" } ?? "see `martlet \(noun)s list`"
        )
    }
}

/// Reads files of settings to import: a JSON object by name.
enum ImportFile {
    /// The members of the object in the file.
    ///
    /// - Throws: ``MartletError`` MT1002 when it is no JSON object, and what reading it throws.
    static func members(_ path: String) throws(MartletError) -> [(name: String, value: JSONValue)] {
        let text = try InputText.fromFile(path, limit: Limits.settingsFileBytes)
        guard let value = JSONValue(checkedText: text), case .object(let members) = value else {
            throw MartletError(
                .syntaxInvalid,
                "\(path) is not a JSON object",
                remedy: "write {\"name\": ...}, as `export` does"
            )
        }
        return members.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
