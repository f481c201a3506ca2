import Foundation

extension Benchmark {
    /// What the scratch folder's disk asks for, whoever uses it: every step takes some of both.
    static func disk(_ scratch: ScratchFolder) throws -> Benchmark {
        let disk = Disk(folder: scratch.place(of: "disk"))
        try FileManager.default.createDirectory(atPath: disk.folder, withIntermediateDirectories: true)
        return Benchmark(
            parts: [
                Part(name: .variation("flush")) { try disk.flush() },
                Part(name: .variation("folder")) { try disk.makeFolder() },
            ],
            rows: { samples in
                [
                    Row("disk, a page appended and flushed", .seconds, samples[.variation("flush")]?.wall),
                    Row("disk, a folder made", .seconds, samples[.variation("folder")]?.wall),
                ].compactMap(\.self)
            }
        )
    }
}
