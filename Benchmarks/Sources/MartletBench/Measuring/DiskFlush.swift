import Glibc

/// The price of durability on a disk: appending a page to a file and waiting until it is on the disk.
enum DiskFlush {
    /// Takes one sample of a page appended to the file at `path`.
    ///
    /// - Throws: ``BenchProblem`` when the file cannot be written.
    static func sample(_ path: String) throws(BenchProblem) -> Sample {
        let file = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        defer { close(file) }
        let page = [UInt8](repeating: 0x6d, count: 4_096)
        let clock = ContinuousClock()
        let began = clock.now
        guard write(file, page, page.count) == page.count, fdatasync(file) == 0 else {
            throw BenchProblem("cannot write \(path)", remedy: "choose another place with --scratch")
        }
        return Sample(wall: began.duration(to: clock.now), ownCPU: .zero)
    }
}
