import Foundation
import MartletCore

/// The states of sources that runs under way have been given.
///
/// Bounded by the runs that are active: ``forget(_:in:)`` is called when one ends. Pins are also kept in the run's folder,
/// so that another process that goes on with the run reads the same.
actor SourcePins {
    /// A source as a run reads it.
    struct Pin: Codable, Sendable {
        /// The version, on the run's branch.
        var version: DatasetVersion
        /// Where its files are.
        var path: String
        /// What the file system said of them; nil for files that only this run has.
        var stamp: String?
    }

    private var pins: [RunID: [DatasetID: Task<Result<Pin?, MartletError>, Never>]] = [:]

    /// The pin of a source; `make` is called for the first who asks, and again after it failed.
    func pin(
        _ dataset: DatasetID,
        of run: RunID,
        in folder: String,
        make: @escaping @Sendable () async throws(MartletError) -> Pin?
    ) async throws(MartletError) -> Pin? {
        if let task = pins[run]?[dataset] { return try await task.value.get() }
        let task = Task<Result<Pin?, MartletError>, Never> {
            if let kept = Self.kept(dataset, in: folder) { return .success(kept) }
            do throws(MartletError) {
                let pin = try await make()
                if let pin { try Self.keep(pin, in: folder) }
                return .success(pin)
            } catch {
                return .failure(error)
            }
        }
        pins[run, default: [:]][dataset] = task
        let result = await task.value
        switch result {
        case .success(.some): break
        default: pins[run]?[dataset] = nil
        }
        return try result.get()
    }

    /// Drops the pins of a run that has ended: one of its steps that is run again reads what is there then.
    func forget(_ run: RunID, in folder: String) {
        pins[run] = nil
        try? FileManager.default.removeItem(atPath: "\(folder)/pins")
    }

    private static func kept(_ dataset: DatasetID, in folder: String) -> Pin? {
        guard let bytes = FileManager.default.contents(atPath: path(of: dataset, in: folder)) else { return nil }
        return try? JSONText.decode(Pin.self, from: bytes)
    }

    private static func keep(_ pin: Pin, in folder: String) throws(MartletError) {
        try FileSystem.makeFolder("\(folder)/pins")
        let path = path(of: pin.version.dataset, in: folder)
        do {
            try JSONText.data(pin).write(to: URL(fileURLWithPath: path), options: .atomic)
        } catch {
            throw MartletError(.fileUnwritable, "cannot write \(path)", remedy: "check the disk and its permissions")
        }
    }

    private static func path(of dataset: DatasetID, in folder: String) -> String {
        "\(folder)/pins/\(dataset.rawValue.replacing("/", with: "%2F")).json"
    }
}
