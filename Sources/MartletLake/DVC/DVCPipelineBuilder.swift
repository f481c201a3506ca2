import MartletCore
internal import OrderedCollections

/// Makes the manifest of a pipeline from DVC's stages.
struct DVCPipelineBuilder {
    private let pipeline: DVCPipeline
    private let folder: String
    private let tracked: Set<String>
    private let read: (String) -> [UInt8]?
    private(set) var remarks: [String] = []
    private var sources: [(String, DVCValue)] = []
    private var parameters: OrderedDictionary<String, DVCValue> = [:]
    /// What stages make, by path below the root.
    private var made: Set<String> = []

    init(_ pipeline: DVCPipeline, folder: String, tracked: [String], params: @escaping (String) -> [UInt8]?) {
        self.pipeline = pipeline
        self.folder = folder
        self.tracked = Set(tracked)
        read = params
    }

    mutating func manifest(name: String) -> DVCValue {
        for stage in pipeline.stages {
            for out in stage.outs { if let path = path(out.path, of: stage) { made.insert(path) } }
        }
        var ids: Set<String> = []
        var steps: [DVCValue] = []
        for stage in pipeline.stages {
            var id = DVCPipelineManifest.word(stage.name)
            while !ids.insert(id).inserted { id += "-" }
            if id != stage.name { remarks.append("stage \(stage.name) became step \(id)") }
            steps.append(step(stage, id: id))
        }
        var top: [(String, DVCValue)] = [("pipeline", .text(name))]
        if !parameters.isEmpty { top.append(("params", .map(parameters.map { ($0.key, $0.value) }))) }
        if !sources.isEmpty { top.append(("sources", .map(sources))) }
        return .map(top + [("steps", .list(steps))])
    }

    private mutating func step(_ stage: DVCPipeline.Stage, id: String) -> DVCValue {
        var command = stage.commands.joined(separator: "\n")
        if stage.commands.count > 1 { command = "set -e\n" + command }
        if command.contains("{{") { remarks.append("step \(id): {{ in its command means something to Martlet") }
        var aliases: Set<String> = []
        var (inputs, outputs): ([(String, DVCValue)], [(String, DVCValue)]) = ([], [])
        for dep in stage.deps {
            guard let path = path(dep, of: stage), made.contains(path) || tracked.contains(path) else { continue }
            guard let dataset = DatasetID(rawValue: path) else {
                remarks.append("step \(id): \(dep) cannot name a dataset, so the step does not wait for it")
                continue
            }
            let alias = alias(for: path, in: &aliases)
            inputs.append((alias, .text(dataset.rawValue)))
            if !made.contains(path), !sources.contains(where: { $0.0 == path }) { sources.append((path, .text(path))) }
            if !Self.replace(dep, with: "{{ inputs.\(alias) }}", in: &command) {
                remarks.append("step \(id): the command does not name \(dep); it reads it from the project's folder")
            }
        }
        for out in stage.outs {
            guard let path = path(out.path, of: stage), let dataset = DatasetID(rawValue: path) else {
                remarks.append("step \(id): \(out.path) cannot name a dataset, so it is no output")
                continue
            }
            let alias = alias(for: path, in: &aliases)
            outputs.append((alias, .text(dataset.rawValue)))
            if !Self.replace(out.path, with: "{{ outputs.\(alias) }}", in: &command) {
                remarks.append("step \(id): the command does not name \(out.path); a copy of it is the output")
                command += "\ncp -R \"\(out.path)\" {{ outputs.\(alias) }}"
            }
            if out.persists { remarks.append("step \(id): \(out.path) is not there when the step starts (persist)") }
        }
        add(stage.params, of: stage, id: id)
        if stage.isFrozen { remarks.append("step \(id) is frozen in DVC; here it runs") }
        var entries: [(String, DVCValue)] = [("id", .text(id))]
        if let summary = stage.summary { entries.append(("description", .text(summary))) }
        entries.append(("command", .text(command)))
        if let place = Self.normalized([folder, stage.workingFolder]), !place.isEmpty {
            entries.append(("working_directory", .text(place)))
        }
        if !inputs.isEmpty { entries.append(("inputs", .map(inputs))) }
        if !outputs.isEmpty { entries.append(("outputs", .map(outputs))) }
        return .map(entries)
    }

    private mutating func add(_ params: [DVCPipeline.Params], of stage: DVCPipeline.Stage, id: String) {
        for group in params {
            guard !group.keys.isEmpty else {
                remarks.append("step \(id) depends on all of \(group.file); its values are no parameters")
                continue
            }
            let values = path(group.file, of: stage).flatMap(read).flatMap {
                try? DVCYAMLReader.value(of: $0, file: group.file)
            }
            for key in group.keys {
                let name = DVCPipelineManifest.word(key).replacing("-", with: "_")
                var value = values ?? .null
                for part in key.split(separator: ".") { value = value[String(part)] ?? .null }
                let type: String? =
                    switch value {
                    case .integer: "integer"
                    case .number: "number"
                    case .boolean: "boolean"
                    case .text: "string"
                    default: nil
                    }
                guard let type, PortName.objection(to: name) == nil else {
                    remarks.append("step \(id): parameter \(key) of \(group.file) is no number, text or truth value")
                    continue
                }
                let note = "\(key) of \(group.file); commands read it there"
                parameters[name] = .map([("type", .text(type)), ("default", value), ("description", .text(note))])
            }
        }
    }

    private func path(_ path: String, of stage: DVCPipeline.Stage) -> String? {
        path.contains("://") ? nil : Self.normalized([folder, stage.workingFolder, path])
    }

    private func alias(for path: String, in taken: inout Set<String>) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        var alias = DVCPipelineManifest.word(name).replacing("-", with: "_")
        if alias.utf8.first.map({ (48...57).contains($0) }) ?? true { alias = "_" + alias }
        while !taken.insert(alias).inserted { alias += "_" }
        return alias
    }

    /// Replaces a path where it stands as a word of a command, or at the start of one.
    private static func replace(_ path: String, with template: String, in command: inout String) -> Bool {
        var (result, rest, found) = ("", command[...], false)
        while let range = rest.firstRange(of: path) {
            let before = range.lowerBound == rest.startIndex ? result.last : rest[rest.index(before: range.lowerBound)]
            let after = range.upperBound == rest.endIndex ? nil : rest[range.upperBound]
            let starts = before.map { " \n\t='\"<>(:;&|".contains($0) } ?? true
            let ends = after.map { " \n\t'\"<>);&|/:,".contains($0) } ?? true
            result += rest[..<range.lowerBound]
            result += starts && ends ? template : path
            found = found || starts && ends
            rest = rest[range.upperBound...]
        }
        command = result + rest
        return found
    }

    /// A path without `.` and `..`; nil when it leads out of the root.
    private static func normalized(_ parts: [String]) -> String? {
        var names: [Substring] = []
        for name in parts.flatMap({ $0.split(separator: "/") }) where name != "." {
            if name == ".." {
                guard names.popLast() != nil else { return nil }
            } else {
                names.append(name)
            }
        }
        return names.joined(separator: "/")
    }
}
