import Foundation
import Glibc

/// Results go to standard output, talk to standard error.
enum Output {
    static func result(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
    static func talk(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
    static func talkRaw(_ text: String) { write(text, to: STDERR_FILENO) }

    static func write(_ text: String, to descriptor: Int32) {
        var text = text
        text.withUTF8 { bytes in
            var rest = UnsafeRawBufferPointer(bytes)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno != EINTR { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[max(0, count)...])
            }
        }
    }
}
