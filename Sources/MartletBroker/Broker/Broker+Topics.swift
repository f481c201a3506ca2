import Foundation
import MartletCore

// Topics come, go, and are found again after a restart.
extension Broker {
    /// Reads what an earlier process left, and recovers its logs.
    ///
    /// - Throws: ``LogError`` 56 when a file cannot be read.
    func load() throws(LogError) {
        let folder = try LogFolder(
            settings.folder,
            files: files,
            newClusterID: settings.makeID(),
            processID: ProcessInfo.processInfo.processIdentifier
        )
        self.folder = folder
        for record in try readList() {
            guard let id = TopicID(record.id) else { continue }
            var topicSettings = TopicSettings()
            for (name, value) in record.settings { topicSettings.set(name, value) }
            let partitions = try (0..<record.partitions).map { index throws(LogError) in
                try openPartition(record.name, index, topicSettings)
            }
            topics[record.name] = Topic(record: record, id: id, settings: topicSettings, partitions: partitions)
        }
        // Folders whose topic was being made or deleted when the process ended.
        for (name, topicID) in try folder.partitions() where topics[name.topic]?.record.id != topicID {
            try folder.deletePartition(name, tag: settings.makeID())
        }
        try loadCoordinators()
    }

    private func loadCoordinators() throws(LogError) {
        do throws(MartletError) {
            let (store, recovery) = try CoordinatorStore<AnyJournalFile, Int>.open(
                journalFile,
                state: CoordinatorState(),
                now: now
            )
            self.store = store
            for ending in recovery.endings { finish(ending) }
        } catch {
            throw .storage(error)
        }
    }

    private static var listName: String { "topics.json" }

    private func readList() throws(LogError) -> [TopicRecord] {
        guard let bytes = try files.contents(of: Self.listName, in: settings.folder, limit: Limits.topicListBytes)
        else {
            return []
        }
        guard let list = try? JSONDecoder().decode(TopicList.self, from: Data(bytes)), list.version == 1 else {
            let path = "\(settings.folder)/\(Self.listName)"
            throw .storage(StorageFault.damaged(path, "it is not a list of topics"))
        }
        return list.topics
    }

    func writeList() throws(LogError) {
        let list = TopicList(topics: topics.values.map(\.record).sorted { $0.name < $1.name })
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        guard let data = try? encoder.encode(list) else { return }
        try files.replace(Self.listName, in: settings.folder, with: Array(data))
    }

    private func usableFolder() throws(LogError) -> LogFolder {
        guard let folder else { throw StorageFault.noSegment(settings.folder) }
        return folder
    }

    private func openPartition(
        _ topic: String,
        _ index: Int,
        _ topicSettings: TopicSettings
    ) throws(LogError) -> Partition {
        let configuration = topicSettings.log(flush: settings.flush)
        let name = PartitionName(topic, Int32(index))
        return Partition(name: name, log: try usableFolder().openLog(name, configuration: configuration, at: now).log)
    }

    /// Makes a topic.
    ///
    /// - Throws: ``LogError`` 56 when the disk fails, 44 when there would be too many partitions.
    @discardableResult
    func makeTopic(_ name: String, partitions: Int, settings topicSettings: TopicSettings) throws(LogError) -> Topic {
        let (high, low) = settings.random()
        let id = TopicID(high: high, low: low)
        let record = TopicRecord(name: name, id: id.description, partitions: 0, settings: topicSettings.values)
        let topic = Topic(record: record, id: id, settings: topicSettings, partitions: [])
        try grow(topic, to: partitions)
        return topic
    }

    private func checkRoom(for partitions: Int) throws(LogError) {
        let count = topics.values.reduce(0) { $0 + $1.partitions.count }
        guard partitions <= settings.partitionLimit - count else {
            throw LogError(44, "there are \(count) partitions, and \(settings.partitionLimit) are allowed")
        }
    }

    /// Gives a topic more partitions; with the first ones it begins to exist.
    ///
    /// First their folders last, then the list of topics has them: what is not in the list is removed at the next start.
    func grow(_ topic: Topic, to count: Int) throws(LogError) {
        try checkRoom(for: count - topic.partitions.count)
        let name = topic.record.name
        let folder = try usableFolder()
        let old = topic.record
        let known = topics[name]
        let added = try (topic.partitions.count..<count).map { index throws(LogError) in
            let partition = PartitionName(name, Int32(index))
            try folder.createPartition(partition, topicID: topic.record.id)
            return try openPartition(name, index, topic.settings)
        }
        topic.record.partitions = count
        topics[name] = topic
        do throws(LogError) { try writeList() } catch {
            topic.record = old
            topics[name] = known
            throw error
        }
        topic.partitions += added
    }

    func createTopics(_ request: CreateTopicsRequest, _ reply: Reply) {
        var seen: Set<String> = []
        let answers = request.topics.map { asked -> CreateTopicsResponse.Topic in
            let isRepeated = !seen.insert(asked.name).inserted
            return create(asked, isRepeated: isRepeated, onlyCheck: request.validateOnly)
        }
        reply.send(CreateTopicsResponse(topics: answers))
    }

    private func create(
        _ asked: CreateTopicsRequest.Topic,
        isRepeated: Bool,
        onlyCheck: Bool
    ) -> CreateTopicsResponse.Topic {
        func refused(_ error: KafkaError, _ message: String) -> CreateTopicsResponse.Topic {
            CreateTopicsResponse.Topic(name: asked.name, errorCode: error, errorMessage: message)
        }
        if isRepeated { return refused(.invalidRequest, "The topic is named twice.") }
        if let problem = TopicName.problem(asked.name) {
            return refused(.invalidTopic, "The topic's name \(problem).")
        }
        if topics[asked.name] != nil { return refused(.topicAlreadyExists, "Topic '\(asked.name)' already exists.") }
        var count = asked.assignments.isEmpty ? Int(asked.numPartitions) : asked.assignments.count
        if count == -1 { count = settings.defaultPartitions }
        guard (1...Limits.brokerPartitions).contains(count) else {
            return refused(.invalidPartitions, "Number of partitions must be larger than 0.")
        }
        guard asked.replicationFactor == -1 || asked.replicationFactor == 1 else {
            return refused(.invalidReplicationFactor, "There is one broker, so that there can be one replica only.")
        }
        var topicSettings = TopicSettings()
        for config in asked.configs {
            if let value = config.value {
                if let problem = TopicSettings.problem(config.name, value) { return refused(.invalidConfig, problem) }
            }
            topicSettings.set(config.name, config.value)
        }
        var answer = CreateTopicsResponse.Topic(name: asked.name)
        answer.numPartitions = Int32(count)
        answer.replicationFactor = 1
        answer.configs = []
        if onlyCheck { return answer }
        do throws(LogError) {
            answer.topicID = try makeTopic(asked.name, partitions: count, settings: topicSettings).id
        } catch {
            return refused(KafkaError(error), error.reason)
        }
        return answer
    }

    func deleteTopics(_ request: DeleteTopicsRequest, _ reply: Reply) {
        let answers = request.topics.map { asked -> DeleteTopicsResponse.Topic in
            let topic = asked.name.map { topics[$0] } ?? topics.values.first { $0.id == asked.topicID }
            guard let topic else {
                let error: KafkaError = asked.name == nil ? .unknownTopicID : .unknownTopicOrPartition
                return DeleteTopicsResponse.Topic(name: asked.name, topicID: asked.topicID, errorCode: error)
            }
            var answer = DeleteTopicsResponse.Topic(name: topic.record.name, topicID: topic.id)
            do throws(LogError) { try remove(topic) } catch {
                answer.errorCode = KafkaError(error)
                answer.errorMessage = error.reason
            }
            return answer
        }
        reply.send(DeleteTopicsResponse(responses: answers))
    }

    private func remove(_ topic: Topic) throws(LogError) {
        let name = topic.record.name
        topics[name] = nil
        do throws(LogError) { try writeList() } catch {
            topics[name] = topic
            throw error
        }
        for partition in topic.partitions {
            partition.isGone = true
            for wait in partition.waiting.values { answer(wait) }
            for waiting in partition.unflushed { waiting.done(false) }
            partition.unflushed = []
            // What stays here is found at the next start, as the list does not have it.
            try? folder?.deletePartition(partition.name, tag: topic.id.description)
        }
        // Positions of a topic that is gone mislead its successor of the same name.
        keep(coordinators.groups.deleteOffsets(ofTopic: name))
    }
}

extension TopicSettings {
    /// The settings of the log of each partition.
    func log(flush: LogConfiguration.FlushPolicy) -> LogConfiguration {
        func limit(_ name: String) -> Int64? { Int64(self[name]).flatMap { $0 < 0 ? nil : $0 } }
        return LogConfiguration(
            flush: flush,
            timestampType: self["message.timestamp.type"] == "LogAppendTime" ? .logAppendTime : .createTime,
            segmentBytes: Int(limit("segment.bytes") ?? 1 << 30),
            segmentMilliseconds: limit("segment.ms") ?? 7 * 86_400_000,
            retentionMilliseconds: limit("retention.ms"),
            retentionBytes: limit("retention.bytes").map { Int($0) },
            tombstoneMilliseconds: limit("delete.retention.ms") ?? 86_400_000,
            compactionLagMilliseconds: limit("min.compaction.lag.ms") ?? 0
        )
    }
}
