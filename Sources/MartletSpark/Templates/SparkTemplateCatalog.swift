package import MartletCore

/// The templates that come with Martlet.
package enum SparkTemplateCatalog {
    /// The template of that name; `-` may stand for `_`.
    ///
    /// - Throws: ``MartletError`` MT7040 when there is none.
    package static func template(named name: String) throws(MartletError) -> SparkTemplate {
        if let template = all.first(where: { $0.name == SparkTemplate.plain(name) }) { return template }
        throw MartletError(
            .sparkTemplateUnknown,
            "there is no template \"\(name)\"",
            remedy: NearestName.of(name, among: all.map(\.name)).map { "did you mean \($0)?" }
                ?? "`martlet spark template list` shows all"
        )
    }
}
