package import MartletCore

/// Looks up the names of an expression and fits its types.
package struct ExpressionChecker {
    /// The columns that may be named.
    let fields: [StreamField]
    private let places: [String: Int]

    /// A checker for expressions over these columns.
    package init(_ fields: [StreamField]) {
        self.fields = fields
        places = Dictionary(fields.enumerated().map { ($1.name, $0) }) { first, _ in first }
    }

    /// Reads and checks `text`.
    ///
    /// - Throws: ``ExpressionFault`` where it cannot be read or its types do not fit.
    package func compile(_ text: String) throws(ExpressionFault) -> TypedExpression {
        try check(StreamExpressionParser.parse(text))
    }

    /// The typed form of an expression.
    ///
    /// - Throws: ``ExpressionFault`` for unknown names and types that do not fit.
    package func check(_ expression: StreamExpression) throws(ExpressionFault) -> TypedExpression {
        switch expression.node {
        case .literal(let value):
            return TypedExpression(node: .literal(value), kind: value.type.map { .value($0) } ?? .null)
        case .interval(let length): return TypedExpression(node: .literal(.integer(length)), kind: .interval)
        case .column(let name): return try column(name, expression.offset)
        case .negated(let inner):
            let zero = StreamExpression(node: .literal(.integer(0)), offset: inner.offset)
            return try arithmetic(zero, .subtract, inner, expression.offset, isSign: true)
        case .not(let inner): return boolean(.not(try condition(inner)))
        case .and(let left, let right): return boolean(.and(try condition(left), try condition(right)))
        case .or(let left, let right): return boolean(.or(try condition(left), try condition(right)))
        case .arithmetic(let left, let operation, let right):
            return try arithmetic(left, operation, right, expression.offset)
        case .comparison(let left, let comparison, let right):
            let fitted = try alike([left, right], "compared")
            return boolean(.comparison(fitted[0], comparison, fitted[1]))
        case .isNull(let inner): return boolean(.isNull(try check(inner)))
        case .oneOf(let subject, let list):
            let fitted = try alike([subject] + list, "compared")
            return boolean(.oneOf(fitted[0], Array(fitted.dropFirst())))
        case .like(let text, let pattern): return try call("like", [text, pattern], expression.offset)
        case .choice(let branches, let otherwise): return try choice(branches, otherwise, expression.offset)
        case .cast(let inner, let type): return try cast(inner, type)
        case .call(let name, let arguments): return try call(name, arguments, expression.offset)
        }
    }

    private func boolean(_ node: TypedExpression.Node) -> TypedExpression {
        TypedExpression(node: node, kind: .value(.boolean))
    }

    private func fault(_ offset: Int, _ reason: String, _ remedy: String? = nil) -> ExpressionFault {
        ExpressionFault(offset, reason, remedy: remedy, isReadable: true)
    }

    private func column(_ name: String, _ offset: Int) throws(ExpressionFault) -> TypedExpression {
        // As written first, then as SQL does, without regard to case when only one is meant.
        let alike = fields.indices.filter { fields[$0].name.lowercased() == name.lowercased() }
        guard let place = places[name] ?? (alike.count == 1 ? alike[0] : nil) else {
            let near = NearestName.of(name, among: fields.map(\.name))
            let all = fields.prefix(20).map(\.name).joined(separator: ", ")
            throw fault(offset, "there is no column \(name)", near.map { "did you mean \($0)?" } ?? "there are \(all)")
        }
        return TypedExpression(node: .column(place), kind: .value(fields[place].type))
    }

    /// A part that has to be true or false.
    private func condition(_ part: StreamExpression) throws(ExpressionFault) -> TypedExpression {
        let typed = try check(part)
        switch typed.kind {
        case .value(.boolean): return typed
        case .null: return boolean(.literal(.null))
        default: throw fault(part.offset, "a condition is expected, and this is of type \(typed.kind.name)")
        }
    }

    /// The parts made one type.
    private func alike(_ parts: [StreamExpression], _ verb: String) throws(ExpressionFault) -> [TypedExpression] {
        var typed = [TypedExpression]()
        for part in parts { typed.append(try check(part)) }
        var common = TypedExpression.Kind.null
        for (index, part) in typed.enumerated() where part.kind != .null {
            switch (common, part.kind) {
            case (.null, let kind): common = kind
            case (.value(.integer), .value(.double)), (.value(.double), .value(.integer)): common = .value(.double)
            case (.value(.timestamp), .value(.text)), (.value(.text), .value(.timestamp)):
                common = .value(.timestamp)
            case (let left, let right) where left == right: continue
            case (let left, let right):
                let reason = "\(left.name) and \(right.name) cannot be \(verb)"
                throw fault(parts[index].offset, reason, "use cast(... as \(left.name))")
            }
        }
        for (index, part) in typed.enumerated() { typed[index] = try fit(part, common, parts[index].offset) }
        return typed
    }

    /// A part as `kind`: whole numbers become fractions, literal texts instants, a bare null anything.
    private func fit(
        _ part: TypedExpression,
        _ kind: TypedExpression.Kind,
        _ offset: Int
    ) throws(ExpressionFault) -> TypedExpression {
        switch (part.kind, kind) {
        case (.null, _): return TypedExpression(node: .literal(.null), kind: kind)
        case (.value(.integer), .value(.double)):
            return TypedExpression(node: .cast(part, .double), kind: kind)
        case (.value(.text), .value(.timestamp)):
            guard case .literal(.text(let text)) = part.node, let time = ExpressionCasts.timestamp(text) else {
                let remedy = "write an instant such as timestamp '2026-01-02 03:04:05', or cast(... as timestamp)"
                throw fault(offset, "text cannot stand for an instant here", remedy)
            }
            return TypedExpression(node: .literal(.timestamp(time)), kind: kind)
        default: return part
        }
    }

    private func choice(
        _ branches: [StreamExpression.Branch],
        _ otherwise: StreamExpression?,
        _ offset: Int
    ) throws(ExpressionFault) -> TypedExpression {
        let last = otherwise ?? StreamExpression(node: .literal(.null), offset: offset)
        let values = try alike(branches.map(\.value) + [last], "the results of one CASE")
        var typed = [TypedExpression.Branch]()
        for (branch, value) in zip(branches, values) {
            typed.append(TypedExpression.Branch(condition: try condition(branch.condition), value: value))
        }
        let other = values[values.count - 1]
        return TypedExpression(node: .choice(typed, otherwise: other), kind: other.kind)
    }

    private func cast(_ inner: StreamExpression, _ type: StreamType) throws(ExpressionFault) -> TypedExpression {
        let typed = try check(inner)
        if case .null = typed.kind { return TypedExpression(node: .literal(.null), kind: .value(type)) }
        guard case .value(let from) = typed.kind, ExpressionCasts.isPossible(from, to: type) else {
            let remedy = type == .integer || type == .double ? "use epoch(...) or seconds(...)" : nil
            throw fault(inner.offset, "\(typed.kind.name) cannot be made \(type.rawValue)", remedy)
        }
        return TypedExpression(node: .cast(typed, type), kind: .value(type))
    }

    private func arithmetic(
        _ left: StreamExpression,
        _ operation: StreamExpression.Arithmetic,
        _ right: StreamExpression,
        _ offset: Int,
        isSign: Bool = false
    ) throws(ExpressionFault) -> TypedExpression {
        let (first, second) = (try check(left), try check(right))
        func integers(_ kind: TypedExpression.Kind) -> TypedExpression {
            TypedExpression(node: .integers(first, operation, second), kind: kind)
        }
        switch (first.kind, operation, second.kind) {
        case (.value(.timestamp), .add, .interval), (.value(.timestamp), .subtract, .interval),
            (.interval, .add, .value(.timestamp)):
            return integers(.value(.timestamp))
        case (.value(.timestamp), .subtract, .value(.timestamp)), (.interval, .add, .interval),
            (.interval, .subtract, .interval), (.interval, .multiply, .value(.integer)),
            (.value(.integer), .multiply, .interval), (.interval, .divideWhole, .value(.integer)):
            return integers(.interval)
        case (.value(.integer), .subtract, .interval) where isSign: return integers(.interval)
        case (.interval, .divide, .interval):
            return TypedExpression(node: .doubles(widen(first), .divide, widen(second)), kind: .value(.double))
        default: break
        }
        for (part, place) in [(first, left), (second, right)] where part.kind != .null {
            guard case .value(let type) = part.kind, type.isNumber else {
                let reason = "\(first.kind.name) \(operation.rawValue) \(second.kind.name) has no meaning"
                throw fault(isSign ? offset : place.offset, isSign ? "the sign of a \(part.kind.name)" : reason)
            }
        }
        let isWhole = first.kind != .value(.double) && second.kind != .value(.double)
        if isWhole, operation != .divide {
            let (low, high) = (nullable(first, .integer), nullable(second, .integer))
            return TypedExpression(node: .integers(low, operation, high), kind: .value(.integer))
        }
        return TypedExpression(node: .doubles(widen(first), operation, widen(second)), kind: .value(.double))
    }

    private func nullable(_ part: TypedExpression, _ type: StreamType) -> TypedExpression {
        part.kind == .null ? TypedExpression(node: .literal(.null), kind: .value(type)) : part
    }

    private func widen(_ part: TypedExpression) -> TypedExpression {
        if part.kind == .value(.double) { return part }
        if part.kind == .null { return nullable(part, .double) }
        return TypedExpression(node: .cast(part, .double), kind: .value(.double))
    }

    private func call(
        _ name: String,
        _ arguments: [StreamExpression],
        _ offset: Int
    ) throws(ExpressionFault) -> TypedExpression {
        let aliases = ["substr": "substring", "ceiling": "ceil", "char_length": "length", "pow": "power"]
        guard let function = ExpressionFunction(rawValue: aliases[name] ?? name) else {
            let near = NearestName.of(name, among: ExpressionFunction.allCases.map(\.rawValue))
            throw fault(offset, "there is no function \(name)", near.map { "did you mean \($0)?" })
        }
        guard function.arity.contains(arguments.count) else {
            let range = function.arity
            let wanted = range.lowerBound == range.upperBound ? "\(range.lowerBound)" : "\(range.lowerBound) or more"
            throw fault(offset, "\(name) takes \(wanted) arguments, and here are \(arguments.count)")
        }
        switch function {
        case .coalesce, .nullif, .least, .greatest:
            let fitted = try alike(arguments, "mixed")
            return TypedExpression(node: .call(function, fitted), kind: fitted.first?.kind ?? .null)
        default: break
        }
        let wanted = function.parameters(arguments.count)
        var typed = [TypedExpression]()
        for (index, argument) in arguments.enumerated() {
            typed.append(try fitted(argument, wanted[index], name, index))
        }
        if function == .dateTrunc, case .literal(.text(let unit)) = typed[0].node,
            !ExpressionFunction.units.contains(unit.lowercased())
        {
            let near = NearestName.of(unit, among: ExpressionFunction.units)
            throw fault(arguments[0].offset, "\(unit) is not a unit", near.map { "did you mean \($0)?" })
        }
        return TypedExpression(node: .call(function, typed), kind: .value(function.result(of: typed.first?.type)))
    }

    /// An argument as a function wants it.
    private func fitted(
        _ argument: StreamExpression,
        _ wanted: ExpressionFunction.Parameter,
        _ name: String,
        _ index: Int
    ) throws(ExpressionFault) -> TypedExpression {
        let typed = try check(argument)
        switch (wanted, typed.kind) {
        case (.number, .value(.integer)), (.number, .value(.double)), (.interval, .interval): return typed
        case (.double, .value(.integer)): return widen(typed)
        case (.of(let type), .value(let own)) where type == own: return typed
        case (.double, .value(.double)): return typed
        case (.number, .null): return nullable(typed, .double)
        case (_, .null): return nullable(typed, wanted.type)
        case (.of(.timestamp), .value(.text)): return try fit(typed, .value(.timestamp), argument.offset)
        default:
            let reason = "argument \(index + 1) of \(name) is \(wanted.name), and this is of type \(typed.kind.name)"
            throw fault(argument.offset, reason)
        }
    }
}
