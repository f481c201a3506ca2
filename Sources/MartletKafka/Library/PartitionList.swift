import CRdkafka
import Foundation
import MartletCore

/// Owns a list of partitions.
struct PartitionList: ~Copyable {
    let library: KafkaLibrary
    let pointer: UnsafeMutablePointer<rdk_partition_list>

    /// A copy of a list that belongs to someone else; nil when there is none.
    init?(copying list: UnsafePointer<rdk_partition_list>?, _ library: KafkaLibrary) {
        guard let list, let copy = library.api.topic_partition_list_copy(list) else { return nil }
        self.library = library
        pointer = copy
    }

    /// A list of partitions without offsets.
    init(_ partitions: some Collection<TopicPartition>, _ library: KafkaLibrary) throws(StreamError) {
        try self.init(capacity: partitions.count, library)
        for partition in partitions { add(partition, offset: Int64(RDK_OFFSET_INVALID)) }
    }

    /// A list of topics, for a subscription.
    init(topics: [String], _ library: KafkaLibrary) throws(StreamError) {
        try self.init(capacity: topics.count, library)
        for topic in topics { add(TopicPartition(topic, -1), offset: Int64(RDK_OFFSET_INVALID)) }
    }

    /// A list of partitions with offsets, or timestamps.
    init(_ offsets: [TopicPartition: Int64], _ library: KafkaLibrary) throws(StreamError) {
        try self.init(capacity: offsets.count, library)
        for (partition, offset) in offsets { add(partition, offset: offset) }
    }

    /// A list of offsets with metadata, to commit.
    init(_ offsets: [TopicPartition: CommittedOffset], _ library: KafkaLibrary) throws(StreamError) {
        try self.init(capacity: offsets.count, library)
        for (partition, committed) in offsets {
            guard let element = add(partition, offset: committed.offset), !committed.metadata.isEmpty else { continue }
            // The list releases it with C's free.
            element.pointee.metadata = UnsafeMutableRawPointer(Self.duplicate(committed.metadata))
            element.pointee.metadata_size = committed.metadata.utf8.count
        }
    }

    private init(capacity: Int, _ library: KafkaLibrary) throws(StreamError) {
        guard let list = library.api.topic_partition_list_new(Int32(clamping: capacity)) else {
            throw StreamError(.fatal, MartletError(.streamClientFailed, "out of memory"))
        }
        self.library = library
        pointer = list
    }

    deinit { library.api.topic_partition_list_destroy(pointer) }

    @discardableResult
    private func add(_ partition: TopicPartition, offset: Int64) -> UnsafeMutablePointer<rdk_partition>? {
        let element = library.api.topic_partition_list_add(pointer, partition.topic, partition.partition)
        element?.pointee.offset = offset
        return element
    }

    /// The elements.
    var elements: UnsafeMutableBufferPointer<rdk_partition> { Self.elements(of: pointer) }

    /// The partitions.
    var partitions: Set<TopicPartition> { Set(elements.map { Self.partition($0) }) }

    /// Throws the first error of a partition.
    func check(_ what: String) throws(StreamError) {
        for element in elements where element.err != RDK_CODE_NONE {
            throw library.error(element.err, "\(what) \(Self.partition(element))")
        }
    }

    /// The elements of a list that belongs to someone else.
    static func elements(of list: UnsafePointer<rdk_partition_list>?) -> UnsafeMutableBufferPointer<rdk_partition> {
        guard let list else { return UnsafeMutableBufferPointer(start: nil, count: 0) }
        return UnsafeMutableBufferPointer(start: list.pointee.elements, count: max(Int(list.pointee.count), 0))
    }

    /// The partition that an element is about.
    static func partition(_ element: rdk_partition) -> TopicPartition {
        TopicPartition(element.topic.map { String(cString: $0) } ?? "", element.partition)
    }

    /// The offset and metadata of an element; nil when it has none.
    static func committed(_ element: rdk_partition) -> CommittedOffset? {
        guard element.offset >= 0 else { return nil }
        let metadata = UnsafeRawBufferPointer(start: element.metadata, count: element.metadata_size)
        return CommittedOffset(element.offset, metadata: String(decoding: metadata, as: UTF8.self))
    }

    private static func duplicate(_ text: String) -> UnsafeMutablePointer<CChar>? { strdup(text) }
}
