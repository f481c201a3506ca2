import CRdkafka
package import MartletCore

extension KafkaAdmin {
    /// What has a configuration.
    package enum Resource: Hashable, Sendable {
        case topic(String)
        case broker(Int)

        var kind: Int32 {
            switch self {
            case .topic: RDK_RESOURCE_TOPIC
            case .broker: RDK_RESOURCE_BROKER
            }
        }

        var name: String {
            switch self {
            case .topic(let name): name
            case .broker(let number): "\(number)"
            }
        }
    }

    /// One setting of a resource.
    package struct Setting: Hashable, Sendable {
        /// Its value; nil when it is secret or not set.
        package var value: String?
        /// Whether nobody set it.
        package var isDefault: Bool
        /// Whether it cannot be changed.
        package var isReadOnly: Bool
    }

    /// A change of a setting.
    package enum Change: Hashable, Sendable {
        case set(String)
        /// Back to the default.
        case delete
        /// Adds to a list.
        case append(String)
        /// Removes from a list.
        case subtract(String)

        // KIP-339.
        fileprivate var operation: Int32 {
            switch self {
            case .set: 0
            case .delete: 1
            case .append: 2
            case .subtract: 3
            }
        }

        fileprivate var value: String? {
            switch self {
            case .set(let value), .append(let value), .subtract(let value): value
            case .delete: nil
            }
        }
    }

    /// The configuration of a resource.
    ///
    /// - Throws: ``StreamError``.
    package func configuration(of resource: Resource) async throws(StreamError) -> [String: Setting] {
        try await request("cannot read the configuration of \(resource.name)") { call throws(StreamError) in
            let api = call.api
            var requests: [OpaquePointer?] = [api.ConfigResource_new(resource.kind, resource.name)]
            defer { for request in requests { api.ConfigResource_destroy(request) } }
            let event = try call.answer { api.DescribeConfigs(call.client, &requests, 1, call.options, $0) }
            var settings = [String: Setting]()
            for found in AdminCall.list({ api.DescribeConfigs_result_resources(event.pointer, $0) }) {
                try call.checkResource(found)
                for entry in AdminCall.list({ api.ConfigResource_configs(found, $0) }) {
                    let isSecret = api.ConfigEntry_is_sensitive(entry) > 0
                    let value = api.ConfigEntry_value(entry).map { call.library.text($0) }
                    settings[call.library.text(api.ConfigEntry_name(entry))] = Setting(
                        value: isSecret ? nil : value,
                        isDefault: api.ConfigEntry_is_default(entry) > 0,
                        isReadOnly: api.ConfigEntry_is_read_only(entry) > 0
                    )
                }
            }
            return settings
        }
    }

    /// Replaces all settings of a resource: those that are not named go back to their defaults.
    ///
    /// - Throws: ``StreamError``.
    package func replaceConfiguration(
        of resource: Resource,
        with settings: [String: String]
    ) async throws(StreamError) {
        try await request("cannot change the configuration of \(resource.name)") { call throws(StreamError) in
            let api = call.api
            var requests: [OpaquePointer?] = [api.ConfigResource_new(resource.kind, resource.name)]
            defer { for request in requests { api.ConfigResource_destroy(request) } }
            for (name, value) in settings {
                try call.library.check(api.ConfigResource_set_config(requests[0], name, value), call.what)
            }
            let event = try call.answer { api.AlterConfigs(call.client, &requests, 1, call.options, $0) }
            for found in AdminCall.list({ api.AlterConfigs_result_resources(event.pointer, $0) }) {
                try call.checkResource(found)
            }
        }
    }

    /// Changes single settings of a resource and leaves the others.
    ///
    /// - Throws: ``StreamError``; with librdkafka before 2.2, which cannot do that, always.
    package func changeConfiguration(
        of resource: Resource,
        _ changes: [String: Change]
    ) async throws(StreamError) {
        try await request("cannot change the configuration of \(resource.name)") { call throws(StreamError) in
            let api = call.api
            guard let add = api.ConfigResource_add_incremental_config, let alter = api.IncrementalAlterConfigs,
                let results = api.IncrementalAlterConfigs_result_resources
            else {
                throw StreamError(
                    .refused,
                    MartletError(
                        .streamRequestRefused,
                        call.what,
                        reason: "librdkafka \(call.library.version) cannot change single settings",
                        remedy: "set MARTLET_RDKAFKA to the path of a librdkafka of version 2.2 or newer"
                    )
                )
            }
            var requests: [OpaquePointer?] = [api.ConfigResource_new(resource.kind, resource.name)]
            defer { for request in requests { api.ConfigResource_destroy(request) } }
            for (name, change) in changes {
                try call.library.check(add(requests[0], name, change.operation, change.value), call.what)
            }
            let event = try call.answer { alter(call.client, &requests, 1, call.options, $0) }
            for found in AdminCall.list({ results(event.pointer, $0) }) { try call.checkResource(found) }
        }
    }
}

extension AdminCall {
    /// Throws what is wrong with a resource.
    fileprivate func checkResource(_ resource: OpaquePointer) throws(StreamError) {
        let code = api.ConfigResource_error(resource)
        guard code != RDK_CODE_NONE else { return }
        throw library.error(code, what, text: library.text(api.ConfigResource_error_string(resource)))
    }
}
