import Foundation
import MartletCore

// What an attempt reads: always the state that the run was given, whatever happens to files meanwhile.
extension RunData {
    func read(_ input: AttemptInput, of work: AttemptWork, base: ObjectID?) async throws(MartletError) -> ReadInput {
        switch input.origin {
        case .nowhere:
            return ReadInput(name: input.name, path: input.path, versions: [])
        case .source(let source):
            let pin = try await pin(source, of: work)
            return ReadInput(name: input.name, path: pin?.path ?? input.path, versions: pin.map { [$0.version] } ?? [])
        case .written(let outputs):
            return try await read(outputs, as: input, of: work)
        }
    }

    private func read(
        _ outputs: [(index: Int?, output: DatasetOutput)],
        as input: AttemptInput,
        of work: AttemptWork
    ) async throws(MartletError) -> ReadInput {
        let folder = "\(AttemptLayout(root: work.launch.directory).inputs)/\(input.name)"
        let isGathered = input.path == folder
        var parts: [(index: Int, path: String)] = []
        var versions: [DatasetVersion] = []
        for (index, output) in outputs {
            let target = isGathered ? "\(folder).parts/\(index ?? 0)" : folder
            parts.append((index ?? 0, try await place(output, part: index, into: target)))
            if let commit = output.commit, let digest = output.digest {
                versions.append(DatasetVersion(dataset: output.dataset, commit: commit, digest: digest))
            }
        }
        if versions.count < outputs.count { versions = [] }
        if isGathered { try GatheredFolder(path: folder, parts: parts).make() }
        return ReadInput(name: input.name, path: isGathered ? folder : parts.first?.path ?? "", versions: versions)
    }

    /// The path of what a step wrote: where it wrote it, or checked out into `folder` if that was changed or is gone.
    private func place(
        _ output: DatasetOutput,
        part: Int?,
        into folder: String
    ) async throws(MartletError) -> String {
        guard let commit = output.commit else { return output.path }
        if let stamp = output.stamp, await lake.stamp(of: output.path) == stamp { return output.path }
        return try await lake.checkOut(output.dataset, part: part, at: commit, into: folder)
    }

    /// The state of a source that the run was given when the first of its steps asked.
    private func pin(_ source: SourceSpec, of work: AttemptWork) async throws(MartletError) -> SourcePins.Pin? {
        let pin = try await pins.pin(source.dataset, of: work.run, in: work.runFolder) { () throws(MartletError) in
            if let reference = source.lakeReference {
                return try await self.pin(source, at: reference, of: work)
            }
            return try await self.pin(file: source, of: work)
        }
        guard let pin else { return nil }
        let stamp = await lake.stamp(of: pin.path)
        if let stamp, stamp == pin.stamp || source.lakeReference != nil { return pin }
        // Somebody has written to it since; the run goes on with what it began with.
        var kept = pin
        kept.path = try await lake.checkOut(
            source.dataset,
            part: nil,
            at: pin.version.commit,
            into: sourceFolder(source.dataset, of: work)
        )
        return kept
    }

    private func pin(file source: SourceSpec, of work: AttemptWork) async throws(MartletError) -> SourcePins.Pin? {
        let project = work.launch.context.project
        let path = source.path.hasPrefix("/") ? source.path : "\(project)/\(source.path)"
        // One that is not there is the launcher's to complain about.
        guard let stamp = await lake.stamp(of: path) else { return nil }
        let writing = LakeWriting(dataset: source.dataset, source: .path(path), format: source.format)
        let version = try await commit(writing, "Read \(source.path)", of: work)
        return SourcePins.Pin(version: version, path: path, stamp: stamp)
    }

    private func pin(
        _ source: SourceSpec,
        at reference: String,
        of work: AttemptWork
    ) async throws(MartletError) -> SourcePins.Pin? {
        let commit = try await lake.commit(named: reference)
        let writing = LakeWriting(dataset: source.dataset, source: .commit(commit), format: source.format)
        let version = try await self.commit(writing, "Read \(source.dataset) of \(reference)", of: work)
        let folder = sourceFolder(source.dataset, of: work)
        let path = try await lake.checkOut(source.dataset, part: nil, at: version.commit, into: folder)
        return SourcePins.Pin(version: version, path: path, stamp: nil)
    }

    private func commit(
        _ writing: LakeWriting,
        _ message: String,
        of work: AttemptWork
    ) async throws(MartletError) -> DatasetVersion {
        let origin = RunOrigin(
            id: work.run,
            pipeline: work.launch.context.pipeline,
            code: CodeVersion(manifest: work.manifestHash)
        )
        let done = try await lake.commit([writing], to: work.run, message: message, origin: origin, at: time.now)
        return DatasetVersion(dataset: writing.dataset, commit: done.head, digest: done.datasets[0].digest)
    }

    /// One folder for all steps of the run.
    private func sourceFolder(_ dataset: DatasetID, of work: AttemptWork) -> String {
        "\(work.runFolder)/sources/\(dataset)"
    }
}

extension AttemptWork {
    /// The folder of the run, in which that of the attempt is.
    fileprivate var runFolder: String {
        let parts = launch.directory.components(separatedBy: "/steps/")
        return parts.count > 1 ? parts.dropLast().joined(separator: "/steps/") : launch.directory
    }
}

extension SourceSpec {
    /// The state of the lake that the source is taken from, in `lake:main`; nil for one that is a file.
    var lakeReference: String? { path.hasPrefix("lake:") ? String(path.dropFirst(5)) : nil }
}
