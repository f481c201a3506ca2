internal import Foundation
public import MartletCore
public import MartletLake
internal import Synchronization

/// Adds objects to a lake: see ``Lake/write(_:)-(_)``.
///
/// Safe to use from several threads.
///
/// Objects gather in memory and are written in packs, while the next pack is filled.
public final class LakeWriter: ObjectWriter {
    let lake: Lake
    let state = Mutex(State())
    // Packs being written; a pack that finds no room here waits, and with it whoever adds.
    private let slots = DispatchSemaphore(value: Limits.packsInFlight)
    private let sealing = DispatchGroup()

    struct State {
        var builder: PackBuilder?
        /// Packs being written.
        var sealing: [PackBuilder] = []
        /// Memory of packs that are written: the kernel takes as long to clear new memory as hashing takes.
        var spare: [MappedBuffer] = []
        /// Packs whose objects this writer relies on, which collectors see by their time.
        var relied: Set<ObjectID> = []
        var packs: [ObjectID] = []
        var failure: MartletError?
        var totals = LakeWriteTotals()
    }

    init(lake: Lake) { self.lake = lake }

    /// What was added so far.
    public var totals: LakeWriteTotals { state.withLock { $0.totals } }

    /// Adds an object unless there is one with these bytes.
    ///
    /// - Returns: its id.
    /// - Throws: ``MartletError`` MT3032 when it is above ``Limits/lakeObjectBytes``; MT8004 or MT8005 when it cannot be
    ///   written.
    public func put(_ bytes: [UInt8], as kind: ObjectKind) throws(MartletError) -> ObjectID {
        let id = ObjectID(hashing: bytes)
        if has(id) { return id }
        var failure: MartletError?
        bytes.withUnsafeBytes { bytes in
            do throws(MartletError) {
                try CompressorPool.with { compressor throws(MartletError) in
                    try add(id, bytes, as: kind, compressor)
                }
            } catch { failure = error }
        }
        if let failure { throw failure }
        return id
    }

    /// The bytes of the object, checked against its id.
    ///
    /// - Throws: ``MartletError`` MT3030 when there is none, MT3031 when what is stored does not have this id.
    public func object(_ id: ObjectID) throws(MartletError) -> [UInt8] {
        let pending = state.withLock { state -> [UInt8]? in
            for builder in state.sealing + [state.builder].compactMap(\.self) {
                if let (record, stored) = builder.stored(id) { return record.unpacked(stored) }
            }
            return nil
        }
        if let pending { return pending }
        return try lake.objects.object(id)
    }

    /// Whether the object is there, so that it need not be added; it stays there until this writer ends.
    func has(_ id: ObjectID) -> Bool {
        if state.withLock({ $0.contains(id) }) { return true }
        if let place = lake.objects.current.find(id) {
            switch rely(on: place.pack) {
            case .kept: return !lake.objects.isKnownDamaged(id)
            case .unsure: return false
            case .gone: break
            }
            // Its pack was replaced by another, or collected.
            if let place = lake.objects.reload().find(id), case .kept = rely(on: place.pack) { return true }
        }
        return false
    }

    private enum Reliance {
        case kept
        case gone
        case unsure
    }

    /// Tells collectors that an object of the pack is wanted, by making the pack look new.
    ///
    /// A collector looks at these times when it is alone, so it sees every pack that a writer relied on before; and a pack
    /// that it has removed is not found here. See ``Lake/collect(_:)``.
    private func rely(on pack: PackFile) -> Reliance {
        if state.withLock({ $0.relied.contains(pack.name) }) { return .kept }
        if utimensat(AT_FDCWD, pack.path, nil, 0) != 0 { return errno == ENOENT ? .gone : .unsure }
        state.withLock { _ = $0.relied.insert(pack.name) }
        return .kept
    }

    /// Adds an object that is not there, unless another thread has just done so.
    ///
    /// - Throws: ``MartletError`` MT3032, MT8004 or MT8005.
    func add(
        _ id: ObjectID,
        _ bytes: UnsafeRawBufferPointer,
        as kind: ObjectKind,
        _ compressor: Compressor
    ) throws(MartletError) {
        guard bytes.count <= Limits.lakeObjectBytes else {
            throw MartletError(
                .objectTooLarge,
                "an object of \(bytes.count) bytes is larger than the lake takes",
                reason: "the limit is \(Limits.lakeObjectBytes) bytes",
                remedy: "add it as a file, which is split"
            )
        }
        let compressed = compressor.compressed(bytes)
        try append(
            id,
            kind: kind.rawValue,
            codec: compressed == nil ? .plain : .zstd,
            rawBytes: bytes.count,
            stored: compressed ?? bytes
        )
    }

    /// Adds an object as it is stored, unless this writer has added it.
    ///
    /// - Throws: ``MartletError`` MT8004 or MT8005.
    func append(
        _ id: ObjectID,
        kind: UInt8,
        codec: PackRecord.Codec,
        rawBytes: Int,
        stored: UnsafeRawBufferPointer
    ) throws(MartletError) {
        let full = try state.withLock { state throws(MartletError) -> PackBuilder? in
            if let failure = state.failure { throw failure }
            if state.contains(id) { return nil }
            let builder: PackBuilder
            if let current = state.builder {
                builder = current
            } else {
                builder = try PackBuilder(in: state.spare.popLast())
                state.builder = builder
            }
            builder.append(id, kind: kind, codec: codec, rawBytes: rawBytes, stored: stored)
            state.totals.count(rawBytes: rawBytes, storedBytes: stored.count + PackFormat.recordHeaderBytes)
            guard builder.isFull else { return nil }
            state.builder = nil
            state.sealing.append(builder)
            return builder
        }
        if let full { sealAside(full) }
    }

    private func sealAside(_ builder: PackBuilder) {
        slots.wait()
        sealing.enter()
        let thread = Thread { [self] in
            seal(builder)
            slots.signal()
            sealing.leave()
        }
        thread.name = "pack"
        thread.start()
    }

    private func seal(_ builder: PackBuilder) {
        do throws(MartletError) {
            let name = try builder.seal(into: lake.packFolder).name
            // Found in the store before it is gone from here, so that no reader misses it.
            lake.objects.add(name)
            state.withLock { state in
                state.packs.append(name)
                state.relied.insert(name)
                state.sealing.removeAll { $0 === builder }
                // Whoever reads from it does so under this lock.
                state.spare.append(builder.memory)
            }
        } catch {
            state.withLock { $0.failure = $0.failure ?? error }
        }
    }

    /// Writes what is left, and waits until all is durable.
    func finish() throws(MartletError) {
        let last = state.withLock { state -> PackBuilder? in
            defer { state.builder = nil }
            if let builder = state.builder { state.sealing.append(builder) }
            return state.builder
        }
        if let last { seal(last) }
        sealing.wait()
        let (failure, packs) = state.withLock { ($0.failure, $0.packs) }
        if let failure { throw failure }
        guard !packs.isEmpty else { return }
        try Folder.sync(lake.packFolder)
        lake.tidy()
    }

    /// Waits for the packs being written, and forgets the rest.
    func abandon() {
        sealing.wait()
        state.withLock { state in
            state.builder = nil
            state.sealing = []
        }
    }
}

extension LakeWriter.State {
    func contains(_ id: ObjectID) -> Bool {
        builder?.contains(id) == true || sealing.contains { $0.contains(id) }
    }
}
