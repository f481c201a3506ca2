import Foundation
import Glibc

/// Results go to standard output, talk to standard error.
enum Output {
    static func result(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func talk(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func talkRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    /// How many characters a line of standard output has; nil when it is no terminal.
    static var width: Int? {
        var size = winsize()
        return ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 10 ? Int(size.ws_col) : nil
    }

    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        _ = text.withUTF8 { write(UnsafeRawBufferPointer($0), to: descriptor) }
    }

    /// Writes all of `bytes`; false when no one reads any more.
    static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
            if count < 0, errno != EINTR { return false }
            rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
        }
        return true
    }
}
