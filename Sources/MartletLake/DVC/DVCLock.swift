public import MartletCore
internal import OrderedCollections

/// A `dvc.lock`: what the stages of a `dvc.yaml` last read and made.
public struct DVCLock: Hashable, Sendable {
    /// Everything the file says.
    public private(set) var value: DVCValue
    /// The stages, in the file's order.
    public private(set) var stages: [Stage]

    /// A stage as it last ran.
    public struct Stage: Hashable, Sendable {
        /// Its name; with `@item` for one of several that a template makes.
        public var name: String
        /// The command, or several.
        public var command: DVCValue
        /// What it read.
        public var deps: [DVCOutput]
        /// The values of parameters by file, as a mapping of mappings; empty without parameters.
        public var params: DVCValue
        /// What it made, metrics and plots included.
        public var outs: [DVCOutput]

        /// A stage.
        public init(
            name: String,
            command: DVCValue,
            deps: [DVCOutput] = [],
            params: DVCValue = .emptyMap,
            outs: [DVCOutput] = []
        ) {
            self.name = name
            self.command = command
            self.deps = deps
            self.params = params
            self.outs = outs
        }

        /// The stage in DVC's order: paths by code points, `params.yaml` before other files, keys sorted at the top only.
        public var value: DVCValue {
            var entries: [(String, DVCValue)] = [("cmd", command)]
            if !deps.isEmpty { entries.append(("deps", Self.list(deps))) }
            if let params = params.map, !params.isEmpty {
                var files: [(String, DVCValue)] = []
                for (file, values) in params {
                    guard let file = file.text, let values = values.map else { continue }
                    let sorted = values.sorted {
                        Self.name($0.key).utf8.lexicographicallyPrecedes(Self.name($1.key).utf8)
                    }
                    files.append(
                        (file, .map(OrderedDictionary(uniqueKeysWithValues: sorted.map { ($0.key, $0.value) })))
                    )
                }
                files.sort { left, right in
                    let isDefault = (left.0 == DVCPipeline.defaultParams, right.0 == DVCPipeline.defaultParams)
                    return isDefault.0 != isDefault.1
                        ? isDefault.0 : left.0.utf8.lexicographicallyPrecedes(right.0.utf8)
                }
                entries.append(("params", .map(files)))
            }
            if !outs.isEmpty { entries.append(("outs", Self.list(outs))) }
            return .map(entries)
        }

        private static func list(_ outs: [DVCOutput]) -> DVCValue {
            .list(outs.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map(\.lockValue))
        }

        private static func name(_ key: DVCValue) -> String { DVCOutput.string(key) ?? "" }
    }

    /// A file without stages.
    public init() {
        value = .map([("schema", .text("2.0")), ("stages", .emptyMap)])
        stages = []
    }

    /// Reads a file, of this schema or of the first, in which the stages stood at the top.
    ///
    /// - Throws: `MartletError` MT3070 when it is not what DVC writes.
    public init(_ bytes: [UInt8], file: String) throws(MartletError) {
        value = try DVCYAMLReader.value(of: bytes, file: file)
        guard let top = value.map else { throw .invalidDVCFile(file, reason: "it is not a mapping") }
        stages = []
        let table = value["schema"] == nil ? top : value["stages"]?.map ?? [:]
        for (name, stage) in table {
            guard let name = DVCOutput.string(name), stage.map != nil else {
                throw .invalidDVCFile(file, reason: "a stage is not a mapping")
            }
            var read = Stage(name: name, command: stage["cmd"] ?? .null, params: stage["params"] ?? .emptyMap)
            for entry in stage["deps"]?.list ?? [] { read.deps.append(try DVCOutput(entry, file: file)) }
            for entry in stage["outs"]?.list ?? [] { read.outs.append(try DVCOutput(entry, file: file)) }
            stages.append(read)
        }
    }

    /// The bytes of the file.
    public var text: String { DVCYAMLWriter.text(of: value) }

    /// Replaces the stage of that name, or adds it at the end.
    public mutating func set(_ stage: Stage) {
        if let index = stages.firstIndex(where: { $0.name == stage.name }) {
            stages[index] = stage
        } else {
            stages.append(stage)
        }
        var table = value["stages"] ?? .emptyMap
        table[stage.name] = stage.value
        value["stages"] = table
    }

    /// Changes what an out of a stage is said to be; its other keys stay.
    public mutating func update(_ out: DVCOutput, ofStage name: String) {
        guard let stage = stages.firstIndex(where: { $0.name == name }),
            let place = stages[stage].outs.firstIndex(where: { $0.path.utf8.elementsEqual(out.path.utf8) })
        else { return }
        stages[stage].outs[place] = out
        let isFirstSchema = value["schema"] == nil
        guard var table = isFirstSchema ? value : value["stages"], var entry = table[name],
            var outs = entry["outs"]?.list
        else { return }
        for index in outs.indices
        where outs[index]["path"].flatMap(DVCOutput.string)?.utf8.elementsEqual(out.path.utf8) == true {
            outs[index] = outs[index].updated(to: out.lockValue, keeping: DVCFile.contentKeys)
        }
        entry["outs"] = .list(outs)
        table[name] = entry
        if isFirstSchema { value = table } else { value["stages"] = table }
    }
}
