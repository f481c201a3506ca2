/// A record batch where it lies in memory; valid as long as the bytes are.
package struct RecordBatchView {
    /// The header, read once.
    package let header: RecordBatchHeader
    /// The whole batch, header and records.
    package let bytes: UnsafeRawBufferPointer

    /// The batch that the bytes begin with; nil when they are not as long as it says.
    ///
    /// Its checksum is not looked at.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard let header = RecordBatchHeader(bytes), header.isPlausible, header.totalBytes <= bytes.count else {
            return nil
        }
        self.header = header
        self.bytes = bytes.slice(0, header.totalBytes)
    }

    /// Whether the checksum is that of the bytes.
    package var isIntact: Bool {
        header.crc == Checksum.crc32c(bytes.slice(RecordBatchHeader.checkedFrom, bytes.count))
    }

    /// The records as they are stored, perhaps compressed.
    package var storedRecords: UnsafeRawBufferPointer { bytes.slice(RecordBatchHeader.byteCount, bytes.count) }

    /// The records one after the other.
    ///
    /// What is returned is valid until the decompressor is used again.
    ///
    /// - Throws: ``LogError`` 2 when the bytes are not what the codec writes, 10 when they become more than the limit,
    ///   76 when the codec is unknown.
    package func records(using decompressor: BatchDecompressor) throws(LogError) -> RecordReader {
        guard let codec = header.attributes.codec else {
            throw .unsupportedCompression("codec \(header.attributes.rawValue & BatchAttributes.codecs) is unknown")
        }
        let plain = try decompressor.decompress(storedRecords, codec)
        return RecordReader(header: header, records: plain)
    }
}
