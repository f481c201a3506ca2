import MartletCore
import MartletLake
import Synchronization

/// Counts how often objects are read.
final class CountingReader: ObjectReader {
    private let objects: any ObjectReader
    private let count = Mutex(0)

    init(_ objects: any ObjectReader) { self.objects = objects }

    var reads: Int { count.withLock(\.self) }

    func object(_ id: ObjectID) throws(MartletError) -> [UInt8] {
        count.withLock { $0 += 1 }
        return try objects.object(id)
    }
}

/// Counts how often objects are read, and lets writing through.
final class CountingWriter: ObjectWriter {
    private let objects: any ObjectWriter
    private let reader: CountingReader

    init(_ objects: any ObjectWriter) {
        self.objects = objects
        reader = CountingReader(objects)
    }

    var reads: Int { reader.reads }

    func object(_ id: ObjectID) throws(MartletError) -> [UInt8] { try reader.object(id) }

    func put(_ bytes: [UInt8], as kind: ObjectKind) throws(MartletError) -> ObjectID {
        try objects.put(bytes, as: kind)
    }
}
