import MartletCore
import MartletTestKit
import Testing

/// Names of settings in templates are checked before anything runs.
@Suite(.tags(.machine)) struct SettingNamesTests {
    private func problems(_ template: String, when: String? = nil) -> [String] {
        var step = StepManifest(
            id: StepID(trusted: "s"),
            action: .command(CommandAction(arguments: ["echo", template])),
            when: when
        )
        step.variables = [VariableName(trusted: "region"), VariableName(trusted: "etl.conf")]
        step.connections = [ConnectionID(trusted: "wh")]
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), steps: [step])
        return ManifestValidator.problems(in: manifest).map(\.error.description)
    }

    @Test(arguments: [
        "{{ vars.region }}", "{{ vars.etl.conf.rows }}", "{{ connections.wh.host }}", "{{ connections.wh.extra.a.b }}",
        "{{ connections.wh.uri }}",
    ])
    func whatIsAskedForIsFine(_ template: String) { #expect(problems(template).isEmpty, "\(problems(template))") }

    @Test(arguments: [
        ("{{ vars.regoin }}", "did you mean region?"), ("{{ vars.other_thing }}", "variables: [other_thing]"),
        ("{{ vars }}", "needs a name"), ("{{ connections.other.host }}", "connections: [other]"),
        ("{{ connections.wh }}", "not a field"), ("{{ connections.wh.hots }}", "did you mean host?"),
    ])
    func whatIsNotIsTold(_ template: String, _ expected: String) {
        let found = problems(template)
        #expect(found.count == 1 && found[0].contains(expected), "\(found)")
    }

    @Test func conditionsKnowNoSettings() {
        let found = problems("x", when: "{{ vars.region == 'eu' }}")
        #expect(found.count == 1 && found[0].contains("not known yet"), "\(found)")
    }
}
