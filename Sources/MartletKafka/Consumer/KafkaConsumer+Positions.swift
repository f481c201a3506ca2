import CRdkafka
package import MartletCore

extension KafkaConsumer {
    package func commit(_ offsets: [TopicPartition: CommittedOffset]) async throws(StreamError) {
        guard !offsets.isEmpty else { return }
        try await desk.perform { (loop: ConsumerLoop, answer: @escaping PendingCommits.Answer) in
            if loop.isClosing { return answer(.failure(.closed)) }
            let expires = ContinuousClock.now + .milliseconds(Limits.kafkaRequestMilliseconds)
            let number = loop.commits.add(expires: expires, answer)
            do throws(StreamError) {
                let library = loop.handle.library
                let list = try PartitionList(offsets, library)
                let opaque = UnsafeMutableRawPointer(bitPattern: number)
                let code = loop.api.commit_queue(loop.handle.pointer, list.pointer, loop.replies.pointer, nil, opaque)
                try library.check(code, "cannot commit offsets")
            } catch {
                loop.commits.fail(number, error)
            }
        }
    }

    package func committed(
        _ partitions: Set<TopicPartition>
    ) async throws(StreamError) -> [TopicPartition: CommittedOffset] {
        let desk = desk
        return try await handle.blocking { handle throws(StreamError) in
            let list = try PartitionList(partitions, handle.library)
            // Nobody answers once the consumer is closed: asked in ever longer pieces, it is found out soon.
            var wait = 1_000
            while true {
                if desk.isEnding { throw .closed }
                let code = handle.api.committed(handle.pointer, list.pointer, Int32(wait))
                if code == RDK_CODE_NONE { break }
                wait *= 2
                guard code == KafkaCode.timedOut, wait < Limits.kafkaRequestMilliseconds else {
                    throw handle.library.error(code, "cannot read committed offsets")
                }
            }
            try list.check("cannot read the committed offset of")
            var found = [TopicPartition: CommittedOffset]()
            for element in list.elements { found[PartitionList.partition(element)] = PartitionList.committed(element) }
            return found
        }
    }

    /// The partitions that it has, with the offset after the last record told of each; nil before the first.
    ///
    /// - Throws: ``StreamError``.
    package func positions() async throws(StreamError) -> [TopicPartition: Int64?] {
        try await onThread { loop throws(StreamError) in
            Dictionary(uniqueKeysWithValues: loop.assigned.map { ($0, loop.nextOffsets[$0]) })
        }
    }

    package func pause(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            let wanted = partitions.subtracting(loop.paused)
            try loop.checkAssigned(partitions, "pause")
            guard !wanted.isEmpty else { return }
            let list = try PartitionList(wanted, loop.handle.library)
            try loop.handle.library.check(loop.api.pause_partitions(loop.handle.pointer, list.pointer), "cannot pause")
            try list.check("cannot pause")
            loop.paused.formUnion(wanted)
        }
    }

    package func resume(_ partitions: Set<TopicPartition>) async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            // librdkafka before 2.4 reads records again when a partition is resumed that was not paused.
            let wanted = partitions.intersection(loop.paused)
            try loop.checkAssigned(partitions, "resume")
            guard !wanted.isEmpty else { return }
            let list = try PartitionList(wanted, loop.handle.library)
            try loop.handle.library.check(
                loop.api.resume_partitions(loop.handle.pointer, list.pointer),
                "cannot resume"
            )
            try list.check("cannot resume")
            loop.paused.subtract(wanted)
            // These versions may also begin before the last record told.
            guard loop.handle.library.version < KafkaVersion(2, 4) else { return }
            for partition in wanted { loop.floors[partition] = loop.nextOffsets[partition] }
        }
    }

    package func seek(to offsets: [TopicPartition: Int64]) async throws(StreamError) {
        try await onThread { loop throws(StreamError) in
            let library = loop.handle.library
            try loop.checkAssigned(Set(offsets.keys), "seek in")
            guard !offsets.isEmpty else { return }
            let list = try PartitionList(offsets, library)
            // librdkafka before 2.1 takes the time for microseconds.
            let unit: Int32 = library.version < KafkaVersion(2, 1) ? 1_000 : 1
            let wait = Int32(Limits.kafkaSeekMilliseconds) * unit
            for partition in offsets.keys {
                loop.nextOffsets[partition] = nil
                loop.floors[partition] = nil
            }
            loop.forget(Set(offsets.keys))
            try library.check(loop.api.seek_partitions(loop.handle.pointer, list.pointer, wait), "cannot seek")
            try list.check("cannot seek in")
        }
    }

    /// The offsets that a partition holds.
    ///
    /// - Throws: ``StreamError``.
    package func offsets(of partition: TopicPartition) async throws(StreamError) -> OffsetRange {
        try await handle.blocking { handle throws(StreamError) in try handle.offsets(of: partition) }
    }

    package func groupToken() async throws(StreamError) -> ConsumerGroupToken {
        // The library answers at once while the consumer lives, and never after that: not beside its thread.
        try await onThread { loop throws(StreamError) in
            let handle = loop.handle
            let what = "cannot tell which member of the group this is"
            guard let metadata = handle.api.consumer_group_metadata(handle.pointer) else {
                throw StreamError(.refused, MartletError(.streamClientMisused, what, reason: "it has no group"))
            }
            defer { handle.api.consumer_group_metadata_destroy(metadata) }
            var bytes: UnsafeMutableRawPointer?
            var size = 0
            try handle.library.check(handle.api.consumer_group_metadata_write(metadata, &bytes, &size), what)
            defer { handle.api.mem_free(nil, bytes) }
            return ConsumerGroupToken(bytes: Array(UnsafeRawBufferPointer(start: bytes, count: size)))
        }
    }
}

extension ConsumerLoop {
    /// Throws for a partition that the consumer does not have.
    func checkAssigned(_ partitions: Set<TopicPartition>, _ verb: String) throws(StreamError) {
        guard let other = partitions.subtracting(assigned).min() else { return }
        throw StreamError(
            .refused,
            MartletError(
                .streamClientMisused,
                "cannot \(verb) \(other)",
                reason: "the consumer does not have that partition",
                remedy: "look at what it was assigned"
            )
        )
    }
}

extension ClientHandle {
    /// Asks the partition's leader for the offsets that it holds.
    func offsets(of partition: TopicPartition) throws(StreamError) -> OffsetRange {
        var low: Int64 = 0
        var high: Int64 = 0
        let wait = Int32(Limits.kafkaRequestMilliseconds)
        let code = api.query_watermark_offsets(pointer, partition.topic, partition.partition, &low, &high, wait)
        try library.check(code, "cannot read the offsets of \(partition)")
        return OffsetRange(low: low, high: high)
    }

    /// Asks the partitions' leaders for the first offsets at or after times.
    func offsets(atTimes times: [TopicPartition: Int64]) throws(StreamError) -> [TopicPartition: Int64?] {
        guard !times.isEmpty else { return [:] }
        let list = try PartitionList(times, library)
        let wait = Int32(Limits.kafkaRequestMilliseconds)
        try library.check(api.offsets_for_times(pointer, list.pointer, wait), "cannot look up times")
        try list.check("cannot look up a time in")
        var found = [TopicPartition: Int64?]()
        for element in list.elements {
            found.updateValue(element.offset >= 0 ? element.offset : nil, forKey: PartitionList.partition(element))
        }
        return found
    }

    /// Asks for the partitions of a topic.
    ///
    /// Asks for all topics: a broker may make a topic that is asked for by name.
    func partitions(of topic: String) throws(StreamError) -> [TopicPartition] {
        try withTopics("cannot read about topic \(topic)") { topics throws(StreamError) in
            let found = topics.first { $0.name.map { String(cString: $0) } == topic }
            guard let found, found.err != 3 else { return [] }
            try library.check(found.err, "cannot read about topic \(topic)")
            return UnsafeBufferPointer(start: found.partitions, count: Int(found.partition_count))
                .map { TopicPartition(topic, $0.id) }.sorted()
        }
    }

    /// Asks for all topics.
    func withTopics<Value>(
        _ what: String,
        _ body: (UnsafeBufferPointer<rdk_metadata_topic>) throws(StreamError) -> Value
    ) throws(StreamError) -> Value {
        var metadata: UnsafePointer<rdk_metadata>?
        let wait = Int32(Limits.kafkaRequestMilliseconds)
        try library.check(api.metadata(pointer, 1, nil, &metadata, wait), what)
        defer { if let metadata { api.metadata_destroy(metadata) } }
        let count = Int(metadata?.pointee.topic_count ?? 0)
        return try body(UnsafeBufferPointer(start: metadata?.pointee.topics, count: count))
    }
}
