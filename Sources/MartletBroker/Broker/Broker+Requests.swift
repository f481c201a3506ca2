extension Broker {
    /// Reads the body of a request and does what it says.
    func handle(_ request: IncomingRequest) {
        // Its client asks again after the next start.
        guard !isEnding, isAllowed(request) else { return }
        requests[request.api, default: 0] += 1
        do throws(WireError) {
            try dispatch(request)
        } catch {
            notice(
                .badRequest,
                "\(request.connection.peer) (\(request.header.clientID ?? "no name")) sent \(request.api.name)"
                    + " \(request.header.apiVersion) that cannot be read: \(error)"
            )
            // What cannot be read cannot be answered either.
            Reply(request, errors).close()
        }
    }

    private func dispatch(_ request: IncomingRequest) throws(WireError) {
        let reply = Reply(request, errors)
        switch request.api {
        case .produce: produce(try request.read(), reply)
        case .fetch: fetch(try request.read(), reply)
        case .listOffsets: listOffsets(try request.read(), reply)
        case .metadata: metadata(try request.read(), reply)
        case .apiVersions: apiVersions(try request.read(), reply)
        case .createTopics: createTopics(try request.read(), reply)
        case .deleteTopics: deleteTopics(try request.read(), reply)
        case .initProducerID: initProducerID(try request.read(), reply)
        case .addPartitionsToTxn: addPartitions(try request.read(), reply)
        case .addOffsetsToTxn: addOffsets(try request.read(), reply)
        case .endTxn: endTransaction(try request.read(), reply)
        case .txnOffsetCommit: commitOffsetsInTransaction(try request.read(), reply)
        case .findCoordinator: findCoordinator(try request.read(), reply)
        case .joinGroup: joinGroup(try request.read(), reply)
        case .syncGroup: syncGroup(try request.read(), reply)
        case .heartbeat: heartbeat(try request.read(), reply)
        case .leaveGroup: leaveGroup(try request.read(), reply)
        case .offsetCommit: commitOffsets(try request.read(), reply)
        case .offsetFetch: fetchOffsets(try request.read(), reply)
        case .offsetDelete: deleteOffsets(try request.read(), reply)
        case .describeGroups: describeGroups(try request.read(), reply)
        case .listGroups: listGroups(try request.read(), reply)
        case .deleteGroups: deleteGroups(try request.read(), reply)
        case .describeCluster: describeCluster(try request.read(), reply)
        case .offsetForLeaderEpoch: leaderEpochs(try request.read(), reply)
        case .describeConfigs: describeConfigs(try request.read(), reply)
        case .alterConfigs: alterConfigs(try request.read(), reply)
        case .incrementalAlterConfigs: changeConfigs(try request.read(), reply)
        case .createPartitions: createPartitions(try request.read(), reply)
        case .deleteRecords: deleteRecords(try request.read(), reply)
        case .saslHandshake: handshake(try request.read(), reply)
        case .saslAuthenticate: authenticate(try request.read(), reply)
        }
    }
}

extension IncomingRequest {
    /// The body as a message.
    ///
    /// - Throws: ``WireError`` when it is none.
    func read<Request: WireRequest>() throws(WireError) -> Request {
        var reader = body
        return try Request.decode(&reader, version: header.apiVersion)
    }
}
