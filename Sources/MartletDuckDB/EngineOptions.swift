import MartletCore

extension SQLTransform.Settings {
    /// The options of a database that keeps to the settings.
    var options: [(name: String, value: String)] {
        var options = [
            // Nothing is ever fetched from the network unless a script says so with INSTALL.
            (name: "autoinstall_known_extensions", value: "false"),
            (name: "autoload_known_extensions", value: "false"),
        ]
        if let memoryLimitBytes { options.append(("memory_limit", "\(memoryLimitBytes)B")) }
        if let threads { options.append(("threads", "\(threads)")) }
        if let temporaryDirectory { options.append(("temp_directory", temporaryDirectory)) }
        return options
    }
}
