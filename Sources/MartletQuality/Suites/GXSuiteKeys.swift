/// Names of the members of suites and expectations, which differ between the two shapes of Great Expectations.
struct GXSuiteKeys {
    let name: String
    let suiteID: String
    let parameters: String
    let type: String
    let expectationID: String
    /// Whether notes, descriptions and severities are members of their own.
    let hasWords: Bool

    static func of(_ shape: SuiteShape) -> GXSuiteKeys {
        switch shape {
        case .zero18:
            GXSuiteKeys(
                name: "expectation_suite_name",
                suiteID: "ge_cloud_id",
                parameters: "evaluation_parameters",
                type: "expectation_type",
                expectationID: "ge_cloud_id",
                hasWords: false
            )
        case .one, .short:
            GXSuiteKeys(
                name: "name",
                suiteID: "id",
                parameters: "suite_parameters",
                type: "type",
                expectationID: "id",
                hasWords: true
            )
        }
    }
}
