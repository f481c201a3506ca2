import MartletCore
internal import OrderedCollections

/// Reads a `dvc.yaml` and writes its templates out.
struct DVCPipelineReader {
    private let file: String
    private let read: (String) -> [UInt8]?
    private var remarks: [String] = []

    init(file: String, read: @escaping (String) -> [UInt8]?) {
        self.file = file
        self.read = read
    }

    mutating func pipeline(_ value: DVCValue) throws(MartletError) -> ([DVCPipeline.Stage], [String]) {
        guard let top = value.map else { throw .invalidDVCFile(file, reason: "it is not a mapping") }
        for key in top.keys.compactMap(\.text) where ["artifacts", "datasets", "plots"].contains(key) {
            remarks.append("\(key) at the top of \(file)")
        }
        var template = DVCTemplate(file: file)
        if read(DVCPipeline.defaultParams) != nil { try load(.text(DVCPipeline.defaultParams), into: &template) }
        for item in value["vars"]?.list ?? [] { try load(item, into: &template) }
        var stages: [DVCPipeline.Stage] = []
        for (name, definition) in value["stages"]?.map ?? [:] {
            guard let name = DVCOutput.string(name), definition.map != nil else {
                throw .invalidDVCFile(file, reason: "a stage is not a mapping")
            }
            stages += try expand(name, definition, template)
        }
        return (stages, remarks)
    }

    /// Takes in an item of `vars`: a mapping, `file` or `file:key,key`.
    private mutating func load(_ item: DVCValue, into template: inout DVCTemplate) throws(MartletError) {
        guard let text = item.text else { return template.merge(item) }
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        guard let path = parts.first else { return }
        guard [".yaml", ".yml", ".json"].contains(where: path.hasSuffix) else {
            remarks.append("values of \(path): only YAML and JSON are read")
            return
        }
        guard let bytes = read(path) else {
            throw .invalidDVCFile(file, reason: "\(path), named in vars, is not there")
        }
        let values = try DVCYAMLReader.value(of: bytes, file: path)
        guard parts.count > 1 else { return template.merge(values) }
        for key in parts[1].split(separator: ",").map(String.init) {
            guard let value = values[key] else { throw .invalidDVCFile(file, reason: "\(path) has no \(key)") }
            template.merge(.map([(key, value)]))
        }
    }

    private mutating func expand(
        _ name: String,
        _ definition: DVCValue,
        _ template: DVCTemplate
    ) throws(MartletError) -> [DVCPipeline.Stage] {
        if let matrix = definition["matrix"] {
            var body = definition
            body["matrix"] = nil
            var stages: [DVCPipeline.Stage] = []
            for (key, item) in try combinations(template.resolve(matrix, key: "matrix")) {
                stages.append(try stage("\(name)@\(key)", body, template.with([("key", .text(key)), ("item", item)])))
            }
            return stages
        }
        guard let list = definition["foreach"] else { return [try stage(name, definition, template)] }
        guard let body = definition["do"] else { throw .invalidDVCFile(file, reason: "\(name) has foreach but no do") }
        var stages: [DVCPipeline.Stage] = []
        switch try template.resolve(list, key: "foreach") {
        case .map(let map):
            for (key, item) in map {
                let key = DVCTemplate.text(of: key)
                stages.append(try stage("\(name)@\(key)", body, template.with([("item", item), ("key", .text(key))])))
            }
        case .list(let items):
            let isNested = items.contains { $0.list != nil || $0.map != nil }
            for (index, item) in items.enumerated() {
                let key = isNested ? String(index) : DVCTemplate.text(of: item)
                stages.append(try stage("\(name)@\(key)", body, template.with([("item", item)])))
            }
        default: throw .invalidDVCFile(file, reason: "foreach of \(name) is neither a list nor a mapping")
        }
        return stages
    }

    /// Every choice of one element of each list, the last list turning fastest.
    private func combinations(_ matrix: DVCValue) throws(MartletError) -> [(key: String, item: DVCValue)] {
        var found: [(parts: [String], item: DVCValue)] = [([], .emptyMap)]
        for (name, elements) in matrix.map ?? [:] {
            let name = DVCTemplate.text(of: name)
            guard let elements = elements.list else {
                throw .invalidDVCFile(file, reason: "\(name) of a matrix is no list")
            }
            guard found.count * elements.count <= Limits.stepsPerPipeline else {
                throw .invalidDVCFile(file, reason: "a matrix makes more than \(Limits.stepsPerPipeline) stages")
            }
            found = found.flatMap { earlier in
                elements.enumerated().map { index, element in
                    var item = earlier.item
                    item[name] = element
                    let isNested = element.list != nil || element.map != nil
                    return (earlier.parts + [isNested ? "\(name)\(index)" : DVCTemplate.text(of: element)], item)
                }
            }
        }
        return found.map { ($0.parts.joined(separator: "-"), $0.item) }
    }

    private mutating func stage(
        _ name: String,
        _ definition: DVCValue,
        _ template: DVCTemplate
    ) throws(MartletError) -> DVCPipeline.Stage {
        var template = template
        for item in definition["vars"]?.list ?? [] { try load(item, into: &template) }
        func resolved(_ key: String) throws(MartletError) -> DVCValue {
            try template.resolve(definition[key] ?? .null, key: key)
        }
        let command = try resolved("cmd")
        let commands = (command.list ?? [command]).filter { !$0.isFalsy }.map(DVCTemplate.text)
        guard !commands.isEmpty else { throw .invalidDVCFile(file, reason: "\(name) has no cmd") }
        var stage = DVCPipeline.Stage(
            name: name,
            commands: commands,
            workingFolder: try resolved("wdir").text ?? ".",
            deps: (try resolved("deps").list ?? []).map(Self.path),
            params: Self.params(try resolved("params").list ?? []),
            outs: [],
            summary: try resolved("desc").text,
            isFrozen: try resolved("frozen").boolean ?? false,
            alwaysChanges: try resolved("always_changed").boolean ?? false
        )
        for (key, role) in [("outs", DVCPipeline.Out.Role.data), ("metrics", .metric), ("plots", .plot)] {
            stage.outs += (try resolved(key).list ?? []).map { Self.out($0, role) }
        }
        return stage
    }

    /// The path of an item: itself, or the only key of a mapping.
    private static func path(_ item: DVCValue) -> String {
        DVCTemplate.text(of: item.map?.keys.first ?? item)
    }

    private static func out(_ item: DVCValue, _ role: DVCPipeline.Out.Role) -> DVCPipeline.Out {
        let options = item.map?.values.first ?? .null
        return DVCPipeline.Out(
            path: path(item),
            role: role,
            isCached: options["cache"]?.boolean ?? true,
            persists: options["persist"]?.boolean ?? false
        )
    }

    private static func params(_ items: [DVCValue]) -> [DVCPipeline.Params] {
        var params: [DVCPipeline.Params] = []
        func add(_ file: String, _ keys: [String]) {
            if let index = params.firstIndex(where: { $0.file == file }) {
                params[index].keys += keys
            } else {
                params.append(DVCPipeline.Params(file: file, keys: keys))
            }
        }
        for item in items {
            if let map = item.map {
                for (file, keys) in map { add(DVCTemplate.text(of: file), (keys.list ?? []).map(DVCTemplate.text)) }
            } else {
                add(DVCPipeline.defaultParams, [DVCTemplate.text(of: item)])
            }
        }
        return params
    }
}
