import CArrow
import MartletCore
import Testing

@testable import MartletSpark

@Suite("Arrow data is exported by the C data interface")
struct ArrowExportTests {
    private final class Owner {
        let memory: ArrowMemory
        init(_ bytes: [UInt8]) {
            memory = ArrowMemory(byteCount: bytes.count)
            memory.bytes.copyBytes(from: bytes)
        }
    }

    private func batch(_ name: String, _ owner: Owner) throws -> ArrowBatch {
        try ArrowStreamReader.read(ArrowBytes(unsafe: UnsafeRawBufferPointer(owner.memory.bytes), owner: owner))
            .batches[0]
    }

    private func withArray(_ body: (UnsafeMutablePointer<carrow_array>) throws -> Void) rethrows {
        let array = UnsafeMutablePointer<carrow_array>.allocate(capacity: 1)
        defer { array.deallocate() }
        try body(array)
    }

    @Test("The bytes live until the batch is released, and not longer", arguments: ["flat", "nested", "many-zstd"])
    func release(name: String) throws {
        let bytes = try ArrowFixture.bytes(name)
        var owner: Owner? = Owner(bytes)
        weak let seen = owner
        try withArray { array in
            if let owner { try batch(name, owner).export(to: array) }
            owner = nil
            #expect(seen != nil)
            array.pointee.release?(array)
            #expect(array.pointee.release == nil && array.pointee.private_data == nil)
            // What was released has nothing to call; one who kept the function does no harm.
            array.pointee.release?(array)
        }
        #expect(seen == nil)
    }

    @Test("A part that was moved out keeps the bytes by itself")
    func moved() throws {
        let bytes = try ArrowFixture.bytes("nested")
        var owner: Owner? = Owner(bytes)
        weak let seen = owner
        try withArray { array in
            if let owner { try batch("nested", owner).export(to: array) }
            owner = nil
            let child = try #require(array.pointee.children?[2])
            var part = child.pointee
            child.pointee.release = nil
            array.pointee.release?(array)
            #expect(seen != nil)
            #expect(part.length == 4 && part.null_count == 1 && part.n_children == 2)
            #expect(part.children[0]?.pointee.buffers[1]?.load(as: Int32.self) == 1)
            withUnsafeMutablePointer(to: &part) { $0.pointee.release?($0) }
        }
        #expect(seen == nil)
    }

    @Test("Schemas have the letters that pyarrow exports")
    func formats() throws {
        let schema = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("flat"))).schema
        // From pyarrow's own export of the same schema, read back with ctypes.
        #expect(
            schema.fields.map(\.type.format) == [
                "b", "c", "s", "i", "l", "C", "S", "I", "L", "f", "g", "u", "U", "z", "Z", "d:10,2", "d:38,0",
                "d:38,36",
                "tdD", "tdm", "tts", "ttm", "ttu", "ttn", "tsu:Europe/Berlin", "tsu:", "tss:UTC", "tsm:", "tsn:", "tDu",
                "tin", "n",
            ]
        )
        let target = UnsafeMutablePointer<carrow_schema>.allocate(capacity: 1)
        defer { target.deallocate() }
        let nested = try ArrowStreamReader.read(ArrowBytes(ArrowFixture.bytes("nested"))).schema
        nested.export(to: target)
        #expect(target.pointee.n_children == 9)
        let map = try #require(target.pointee.children?[3])
        #expect(map.pointee.format.map { String(cString: $0) } == "+m")
        #expect(map.pointee.children?[0]?.pointee.name.map { String(cString: $0) } == "entries")
        #expect(map.pointee.children?[0]?.pointee.n_children == 2)
        #expect(map.pointee.flags == 2 && map.pointee.children?[0]?.pointee.children?[0]?.pointee.flags == 0)
        target.pointee.release?(target)
        #expect(target.pointee.release == nil)
    }
}
