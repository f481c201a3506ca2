import MartletCore

// The settings of topics, their partitions, and the start of their logs.
extension Broker {
    private static var topicResource: Int8 { 2 }
    private static var brokerResource: Int8 { 4 }

    func describeConfigs(_ request: DescribeConfigsRequest, _ reply: Reply) {
        reply.send(DescribeConfigsResponse(results: request.resources.map(describe)))
    }

    private func describe(_ asked: DescribeConfigsRequest.Resource) -> DescribeConfigsResponse.Result {
        var result = DescribeConfigsResponse.Result(
            resourceType: asked.resourceType,
            resourceName: asked.resourceName,
            configs: []
        )
        switch asked.resourceType {
        case Self.topicResource:
            guard let topic = topics[asked.resourceName] else {
                result.errorCode = .unknownTopicOrPartition
                return result
            }
            for key in TopicSettings.keys where asked.configurationKeys?.contains(key.name) ?? true {
                let isOwn = topic.settings.values[key.name] != nil
                result.configs.append(
                    DescribeConfigsResponse.Config(
                        name: key.name,
                        value: topic.settings[key.name],
                        readOnly: false,
                        configSource: isOwn ? 1 : 5,
                        isSensitive: false,
                        synonyms: []
                    )
                )
            }
        case Self.brokerResource:
            guard asked.resourceName == "\(BrokerSettings.nodeID)" || asked.resourceName.isEmpty else {
                result.errorCode = .invalidRequest
                return result
            }
        default: result.errorCode = .invalidRequest
        }
        return result
    }

    func alterConfigs(_ request: AlterConfigsRequest, _ reply: Reply) {
        let responses = request.resources.map { asked in
            let (error, message) = alter(asked.resourceType, asked.resourceName, request.validateOnly) { settings in
                // What is not named goes back to its default.
                settings = TopicSettings()
                for config in asked.configs {
                    if let problem = Self.set(config.name, config.value, in: &settings) { return problem }
                }
                return nil
            }
            return AlterConfigsResponse.ResourceResponse(
                errorCode: error,
                errorMessage: message,
                resourceType: asked.resourceType,
                resourceName: asked.resourceName
            )
        }
        reply.send(AlterConfigsResponse(responses: responses))
    }

    func changeConfigs(_ request: IncrementalAlterConfigsRequest, _ reply: Reply) {
        let responses = request.resources.map { asked in
            let (error, message) = alter(asked.resourceType, asked.resourceName, request.validateOnly) { settings in
                for config in asked.configs {
                    if let problem = Self.change(config, in: &settings) { return problem }
                }
                return nil
            }
            return IncrementalAlterConfigsResponse.ResourceResponse(
                errorCode: error,
                errorMessage: message,
                resourceType: asked.resourceType,
                resourceName: asked.resourceName
            )
        }
        reply.send(IncrementalAlterConfigsResponse(responses: responses))
    }

    private static func set(_ name: String, _ value: String?, in settings: inout TopicSettings) -> String? {
        if let value, let problem = TopicSettings.problem(name, value) { return problem }
        settings.set(name, value)
        return nil
    }

    private static func change(
        _ config: IncrementalAlterConfigsRequest.Config,
        in settings: inout TopicSettings
    ) -> String? {
        let current = TopicSettings.list(settings[config.name])
        let given = TopicSettings.list(config.value ?? "")
        switch config.configOperation {
        case 0: return set(config.name, config.value, in: &settings)
        case 1: return set(config.name, nil, in: &settings)
        case 2:
            let all = current + given.filter { !current.contains($0) }
            return set(config.name, all.joined(separator: ","), in: &settings)
        case 3:
            return set(config.name, current.filter { !given.contains($0) }.joined(separator: ","), in: &settings)
        default: return "there is no operation \(config.configOperation)"
        }
    }

    /// Changes the settings of a topic as `change` says, which gives what is wrong.
    private func alter(
        _ type: Int8,
        _ name: String,
        _ onlyCheck: Bool,
        _ change: (inout TopicSettings) -> String?
    ) -> (KafkaError, String?) {
        guard type == Self.topicResource else {
            return (.invalidRequest, "Only the settings of topics can be changed.")
        }
        guard let topic = topics[name] else { return (.unknownTopicOrPartition, nil) }
        var changed = topic.settings
        if let problem = change(&changed) { return (.invalidConfig, problem) }
        if onlyCheck { return (.none, nil) }
        let old = topic.record
        topic.record.settings = changed.values
        do throws(LogError) { try writeList() } catch {
            topic.record = old
            return (KafkaError(error), error.reason)
        }
        topic.settings = changed
        for partition in topic.partitions { partition.log.configuration = changed.log(flush: settings.flush) }
        return (.none, nil)
    }

    func createPartitions(_ request: CreatePartitionsRequest, _ reply: Reply) {
        let results = request.topics.map { asked -> CreatePartitionsResponse.Result in
            var result = CreatePartitionsResponse.Result(name: asked.name)
            guard let topic = topics[asked.name] else {
                result.errorCode = .unknownTopicOrPartition
                return result
            }
            guard Int(asked.count) > topic.partitions.count, Int(asked.count) <= Limits.brokerPartitions else {
                result.errorCode = .invalidPartitions
                result.errorMessage = "Topic has \(topic.partitions.count) partitions, and can only get more."
                return result
            }
            if request.validateOnly { return result }
            do throws(LogError) { try grow(topic, to: Int(asked.count)) } catch {
                result.errorCode = KafkaError(error)
                result.errorMessage = error.reason
            }
            return result
        }
        reply.send(CreatePartitionsResponse(results: results))
    }

    func deleteRecords(_ request: DeleteRecordsRequest, _ reply: Reply) {
        var hasChanged = false
        var response = DeleteRecordsResponse(topics: [])
        for topic in request.topics {
            let partitions = topic.partitions.map { delete($0, of: topic.name) }
            hasChanged = hasChanged || partitions.contains { $0.errorCode == .none }
            response.topics.append(DeleteRecordsResponse.Topic(name: topic.name, partitions: partitions))
        }
        do throws(LogError) {
            // Where a log starts has to last before anybody is told.
            if hasChanged { try writeCheckpoints() }
        } catch {
            for topic in response.topics.indices {
                for index in response.topics[topic].partitions.indices {
                    response.topics[topic].partitions[index].errorCode = KafkaError(error)
                }
            }
        }
        reply.send(response)
    }

    private func delete(
        _ asked: DeleteRecordsRequest.Partition,
        of topic: String
    ) -> DeleteRecordsResponse.Partition {
        var answer = DeleteRecordsResponse.Partition(partitionIndex: asked.partitionIndex)
        guard let partition = partition(TopicPartition(topic, asked.partitionIndex)) else {
            answer.errorCode = .unknownTopicOrPartition
            return answer
        }
        do throws(LogError) {
            answer.lowWatermark = try partition.log.deleteRecords(before: asked.offset)
        } catch {
            answer.errorCode = KafkaError(error)
        }
        return answer
    }

    /// Keeps how far the logs last, so that a start after a crash has little to go through.
    func writeCheckpoints() throws(LogError) {
        try folder?.writeCheckpoints(topics.values.flatMap(\.partitions).map { ($0.name, $0.log) })
    }
}
