extension Benchmark {
    /// What one durable commit costs at least on the scratch folder's disk; every run makes some.
    static func disk(_ scratch: ScratchFolder) -> Benchmark {
        let path = "\(scratch.path)/flushed"
        return Benchmark(
            parts: [Part(name: .subject) { try DiskFlush.sample(path) }],
            rows: { samples in
                [Row("disk, one page appended and flushed", .seconds, samples[.subject]?.wall)].compactMap(\.self)
            }
        )
    }
}
