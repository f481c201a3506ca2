import CArrow
import Foundation

/// A stream of Arrow's C stream interface that takes its batches from a pipe; for as long as this object lives.
///
/// `@unchecked Sendable`: the memory that the pointers name is filled here, and then belongs to DuckDB, which calls the
/// functions on one thread at a time.
final class ArrowSource: @unchecked Sendable {
    let stream: UnsafeMutablePointer<carrow_stream>
    private let schema: UnsafeMutablePointer<carrow_schema>
    private let pipe: ArrowPipe

    init(schema export: ArrowSchemaExport, pipe: ArrowPipe) {
        self.pipe = pipe
        schema = .allocate(capacity: 1)
        schema.initialize(to: carrow_schema())
        stream = .allocate(capacity: 1)
        stream.initialize(to: carrow_stream())
        export(schema)

        stream.pointee.private_data = Unmanaged.passUnretained(self).toOpaque()
        stream.pointee.get_schema = { stream, target in
            guard let source = ArrowSource.of(stream), let target else { return EINVAL }
            // DuckDB forgets to release one of those that it asks for, so that none of them owns anything: all share
            // the parts of the one that goes with this object.
            target.initialize(to: source.schema.pointee)
            target.pointee.private_data = nil
            target.pointee.release = { $0?.pointee.release = nil }
            return 0
        }
        stream.pointee.get_next = { stream, target in
            guard let source = ArrowSource.of(stream), let target else { return EINVAL }
            return source.pipe.next(target)
        }
        stream.pointee.get_last_error = { stream in ArrowSource.of(stream)?.pipe.failure }
        // This object is no part of what is released.
        stream.pointee.release = { $0?.pointee.release = nil }
    }

    deinit {
        schema.pointee.release?(schema)
        schema.deallocate()
        stream.deallocate()
    }

    private static func of(_ stream: UnsafeMutablePointer<carrow_stream>?) -> ArrowSource? {
        guard let data = stream?.pointee.private_data else { return nil }
        return Unmanaged<ArrowSource>.fromOpaque(data).takeUnretainedValue()
    }
}
