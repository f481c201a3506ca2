import Glibc

/// What a disk asks for the least that a durable run needs of it.
struct Disk {
    /// A folder on the disk.
    let folder: String

    /// Samples appending a page to a file and waiting until it is on the disk.
    func flush() throws(BenchProblem) -> Sample {
        let file = open("\(folder)/flushed", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        defer { close(file) }
        let page = [UInt8](repeating: 0x6d, count: 4_096)
        return try timed { write(file, page, page.count) == page.count && fdatasync(file) == 0 }
    }

    /// Samples making a folder.
    func makeFolder() throws(BenchProblem) -> Sample {
        let path = "\(folder)/\(MeasuredProcess.read(CLOCK_REALTIME).components)"
        return try timed { mkdir(path, 0o755) == 0 }
    }

    private func timed(_ body: () -> Bool) throws(BenchProblem) -> Sample {
        let clock = ContinuousClock()
        let began = clock.now
        guard body() else { throw BenchProblem("cannot write in \(folder)", remedy: "choose another --scratch") }
        return Sample(wall: began.duration(to: clock.now), ownCPU: .zero)
    }
}
