import Foundation
import Glibc

/// What the kernel tells of a process that runs.
struct ProcessReading {
    let process: pid_t

    /// Time on the processors of all its threads and none of its children, to the nanosecond.
    var ownCPU: Duration {
        var clock = clockid_t()
        guard clock_getcpuclockid(process, &clock) == 0 else { return .zero }
        return MeasuredProcess.read(clock)
    }

    /// Resident memory in bytes: all of it, what only the process has, and what of files; and the most there was.
    var memory: (resident: Int, own: Int, files: Int, peak: Int) {
        let text = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        var fields: [Substring: Int] = [:]
        for line in text.split(separator: "\n") where line.hasSuffix(" kB") {
            let parts = line.split(whereSeparator: { $0 == ":" || $0 == " " || $0 == "\t" })
            fields[parts[0]] = Int(parts[1])
        }
        func bytes(_ name: Substring) -> Int { (fields[name] ?? 0) << 10 }
        return (bytes("VmRSS"), bytes("RssAnon"), bytes("RssFile"), bytes("VmHWM"))
    }
}
