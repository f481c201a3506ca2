import Foundation
public import MartletCore
public import MartletScheduling

/// The fixtures of a test, where steps can read them.
public struct FixtureShelf: Sendable {
    /// Those that stand for datasets.
    public private(set) var datasets: [DatasetID: PlacedFixture] = [:]
    /// Those that stand for outputs of stubbed steps.
    public private(set) var outputs: [InstanceID: [PortName: PlacedFixture]] = [:]

    private let folder: String
    private var count = 0

    /// Places the fixtures of `setup`; those that are written in the test itself become files in `folder`.
    ///
    /// - Throws: ``MartletError`` MT1001 for a fixture without a file, MT8004 or MT8005 when none can be written.
    public init(_ setup: TestSetup, for manifest: PipelineManifest, in folder: String) throws(MartletError) {
        self.folder = folder
        for (dataset, fixture) in setup.fixtures.sorted(by: { $0.key < $1.key }) {
            let declared = manifest.format(of: dataset)
            datasets[dataset] = try place(fixture, as: dataset.rawValue, declared)
        }
        for (instance, stub) in setup.stubs.sorted(by: { $0.key < $1.key }) {
            for (name, fixture) in stub.outputs.sorted(by: { $0.key < $1.key }) {
                let declared = manifest.step(instance.step)?.outputs.first { $0.name == name }?.format
                outputs[instance, default: [:]][name] = try place(fixture, as: "\(instance).\(name)", declared)
            }
        }
    }

    /// The file that stands for an output of an instance; one of the instance comes before one of the step, and both
    /// before one of the dataset.
    func fixture(for output: OutputSpec, of instance: InstanceID) -> PlacedFixture? {
        outputs[instance]?[output.name] ?? outputs[InstanceID(instance.step)]?[output.name] ?? datasets[output.dataset]
    }

    private mutating func place(
        _ fixture: Fixture,
        as name: String,
        _ declared: DatasetFormat?
    ) throws(MartletError) -> PlacedFixture {
        switch fixture {
        case .file(let path):
            guard FileManager.default.fileExists(atPath: path) else {
                throw MartletError(
                    .fileUnreadable,
                    "there is no file \(path), the fixture of \(name)",
                    remedy: "create it, or correct the path"
                )
            }
            return PlacedFixture(path: path, format: DatasetFormat(fileName: path) ?? declared)
        case .text(let text, let format):
            return try write(text, format ?? declared, name)
        case .rows(let rows, let format):
            // Rows cannot be written as Parquet here; whoever reads them is told what they are.
            let format = format ?? (declared == .jsonl ? .jsonl : .csv)
            return try write(rows.text(format), format, name)
        }
    }

    private mutating func write(
        _ text: String,
        _ format: DatasetFormat?,
        _ name: String
    ) throws(MartletError) -> PlacedFixture {
        count += 1
        let ending = format.map { ".\($0.rawValue)" } ?? ""
        let path = "\(folder)/\(count)-\(name.split(separator: "/").last ?? "")\(ending)"
        try FileSystem.makeFolder(folder)
        try FileSystem.create(path, Array(text.utf8))
        return PlacedFixture(path: path, format: format)
    }
}

extension PipelineManifest {
    /// The format that the pipeline declares for a dataset.
    fileprivate func format(of dataset: DatasetID) -> DatasetFormat? {
        sources.first { $0.dataset == dataset }?.format
            ?? steps.lazy.flatMap(\.outputs).first { $0.dataset == dataset }?.format
    }
}
