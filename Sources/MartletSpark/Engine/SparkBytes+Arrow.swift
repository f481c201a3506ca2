extension SparkBytes {
    /// The bytes as Arrow takes them.
    ///
    /// A copy: within a message of gRPC they begin at any address, and columns are read as numbers in place. Copying is
    /// several times as fast as anything else that is done with them.
    package var arrow: ArrowBytes {
        withUnsafeBytes { bytes in
            let memory = ArrowMemory(byteCount: bytes.count)
            memory.bytes.copyMemory(from: bytes)
            return ArrowBytes(unsafe: UnsafeRawBufferPointer(memory.bytes), owner: memory)
        }
    }
}
