/// A text of the project file that may refer to settings: `{{ vars.slack_url }}`, `{{ connections.mail.password }}`,
/// `{{ env.PAGERDUTY_KEY }}`.
///
/// The values are looked up when they are needed, and are never kept.
public struct SettingText: Hashable, Sendable {
    /// The words that a name may begin with.
    public static let roots = ["vars", "connections", "env"]

    /// What was written.
    public let source: String
    private let template: Template

    /// Reads the text.
    ///
    /// - Throws: ``MartletError`` MT5056 for a template that cannot be read, or refers to something else.
    public init(_ source: String) throws(MartletError) {
        self.source = source
        do throws(TemplateError) {
            template = try Template(source)
        } catch {
            throw MartletError(
                .receiverSecret,
                "\"\(source)\" cannot be read",
                reason: error.reason,
                remedy: "write {{ vars.NAME }}, {{ connections.ID.password }} or {{ env.NAME }}"
            )
        }
        for (path, _) in template.names where path.count < 2 || !Self.roots.contains(path[0]) {
            throw MartletError(
                .receiverSecret,
                "\"\(source)\" refers to \(path.joined(separator: "."))",
                reason: "a notifier knows only variables, connections and the environment",
                remedy: "write {{ vars.NAME }}, {{ connections.ID.password }} or {{ env.NAME }}"
            )
        }
    }

    /// The names it refers to.
    public var names: [[String]] { template.names.map(\.path) }

    /// Whether it refers to any setting.
    public var isReference: Bool { !template.names.isEmpty }

    /// The text with the values that `lookup` finds.
    ///
    /// - Throws: ``MartletError`` MT5056 when one is not found.
    public func text(_ lookup: ([String]) -> JSONValue?) throws(MartletError) -> String {
        do throws(TemplateError) {
            return try template.render(.none, lookup).text
        } catch {
            throw MartletError(
                .receiverSecret,
                "\"\(source)\" has no value",
                reason: error.reason,
                remedy: "set it with `martlet variables set` or `martlet connections set`, or in the environment"
            )
        }
    }
}
