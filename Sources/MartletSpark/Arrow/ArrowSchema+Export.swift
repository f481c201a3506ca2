package import CArrow
import Foundation

/// Owns what a `carrow_schema` points to, and goes when that is released.
private final class SchemaNode {
    let format: UnsafeMutablePointer<CChar>?
    let name: UnsafeMutablePointer<CChar>?
    let children: UnsafeMutableBufferPointer<UnsafeMutablePointer<carrow_schema>?>

    init(format: String, name: String, fields: [ArrowField]) {
        self.format = strdup(format)
        self.name = strdup(name)
        children = .allocate(capacity: fields.count)
        for (index, field) in fields.enumerated() {
            let child = UnsafeMutablePointer<carrow_schema>.allocate(capacity: 1)
            field.export(to: child)
            children.initializeElement(at: index, to: child)
        }
    }

    deinit {
        for case let child? in children {
            // One that was moved elsewhere has no release any more.
            child.pointee.release?(child)
            child.deallocate()
        }
        children.deallocate()
        free(format)
        free(name)
    }

    /// Fills `target`, which then owns this object.
    func move(to target: UnsafeMutablePointer<carrow_schema>, flags: Int64) {
        var schema = carrow_schema()
        schema.format = UnsafePointer(format)
        schema.name = UnsafePointer(name)
        schema.flags = flags
        schema.n_children = Int64(children.count)
        schema.children = children.isEmpty ? nil : children.baseAddress
        schema.private_data = Unmanaged.passRetained(self).toOpaque()
        schema.release = { target in
            guard let target, let data = target.pointee.private_data else { return }
            target.pointee.release = nil
            target.pointee.private_data = nil
            Unmanaged<SchemaNode>.fromOpaque(data).release()
        }
        target.initialize(to: schema)
    }
}

extension ArrowSchema {
    /// Exports the schema by the C data interface: as that of a struct of its columns.
    ///
    /// - Parameter target: memory for the struct, which its owner has to release.
    package func export(to target: UnsafeMutablePointer<carrow_schema>) {
        SchemaNode(format: "+s", name: "", fields: fields).move(to: target, flags: 0)
    }
}

extension ArrowField {
    /// Exports the field by the C data interface.
    func export(to target: UnsafeMutablePointer<carrow_schema>) {
        var flags = isNullable ? Int64(CARROW_NULLABLE) : 0
        if case .map(_, _, _, true) = type { flags |= Int64(CARROW_MAP_KEYS_SORTED) }
        SchemaNode(format: type.format, name: name, fields: type.parts).move(to: target, flags: flags)
    }
}

extension ArrowType {
    /// The fields of which a value consists.
    var parts: [ArrowField] {
        switch self {
        case .list(let element, _): [element]
        case .structure(let members): members
        case .map(let key, let value, let entries, _):
            [ArrowField(entries, .structure([key, value]), isNullable: false)]
        default: []
        }
    }

    /// The type in the letters of the C data interface.
    var format: String {
        switch self {
        case .null: return "n"
        case .boolean: return "b"
        case .integer(let bits, let isSigned):
            let letter = [8: "c", 16: "s", 32: "i", 64: "l"][bits] ?? "l"
            return isSigned ? letter : letter.uppercased()
        case .float: return "f"
        case .double: return "g"
        case .decimal(let precision, let scale): return "d:\(precision),\(scale)"
        case .utf8(let isLarge): return isLarge ? "U" : "u"
        case .binary(let isLarge): return isLarge ? "Z" : "z"
        case .date: return "tdD"
        case .dateMilliseconds: return "tdm"
        case .time(let unit): return "tt\(unit.letter)"
        case .timestamp(let unit, let zone): return "ts\(unit.letter):\(zone ?? "")"
        case .duration(let unit): return "tD\(unit.letter)"
        case .interval(.yearMonth): return "tiM"
        case .interval(.dayTime): return "tiD"
        case .interval(.monthDayNano): return "tin"
        case .list(_, let isLarge): return isLarge ? "+L" : "+l"
        case .structure: return "+s"
        case .map: return "+m"
        }
    }
}

extension ArrowTimeUnit {
    /// The unit's letter in the C data interface.
    fileprivate var letter: String {
        switch self {
        case .second: "s"
        case .millisecond: "m"
        case .microsecond: "u"
        case .nanosecond: "n"
        }
    }
}
