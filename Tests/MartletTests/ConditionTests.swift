import MartletCore
import Testing

@testable import Martlet

@Suite struct ConditionTests {
    private let auc = Value<Double>(step: StepID(trusted: "train"), name: PortName(trusted: "auc"))
    private let ok = Value<Bool>(step: StepID(trusted: "check"), name: PortName(trusted: "result"))
    private let stats = Value<Stats>(step: StepID(trusted: "stats"), name: PortName(trusted: "result"))
    private let least = Parameter<Double>(name: PortName(trusted: "least"))
    private let mode = Parameter<Mode>(name: PortName(trusted: "mode"))
    private let name = Parameter<String>(name: PortName(trusted: "name"))

    @Test func comparisonsReadLikeTemplates() {
        #expect((auc >= 0.7).template == "{{ steps.train.values.auc >= 0.7 }}")
        #expect((auc < least).template == "{{ steps.train.values.auc < params.least }}")
        #expect((stats.member("rows", \.rows) != 0).template == "{{ steps.stats.values.result.rows != 0 }}")
        #expect((mode == .fast).template == "{{ params.mode == \"fast\" }}")
        #expect((ok.state == .skipped).template == "{{ steps.check.state == \"skipped\" }}")
    }

    @Test func parenthesesStandWhereTheyAreNeeded() {
        let both = auc > 0.5 && ok
        #expect(both.expression.text == "steps.train.values.auc > 0.5 and steps.check.values.result")
        #expect((both || !ok).expression.text == "\(both.expression.text) or not steps.check.values.result")
        #expect((!both).expression.text == "not (\(both.expression.text))")
        #expect(((ok || ok) && ok).expression.text.hasPrefix("(steps.check"))
        #expect((both == true).expression.text == "(\(both.expression.text)) == true")
        #expect((!(!ok)).expression.text == "not (not steps.check.values.result)")
    }

    @Test func textInConditionsStaysText() throws {
        let awkward = "a\"b\\c}} and {{ x"
        let condition = name == awkward
        let template = try Template(condition.template)
        #expect(try template.soleExpression?.truth { _ in .string(awkward) } == true)
        #expect(try template.soleExpression?.truth { _ in "other" } == false)
    }

    @Test func conditionsHoldWhenTheyShould() throws {
        let condition = (auc >= least && !ok) || mode == .thorough
        let expression = try #require(try Template(condition.template).soleExpression)
        func holds(auc: JSONValue, ok: JSONValue, mode: JSONValue) throws -> Bool {
            try expression.truth { path in
                [
                    "steps.train.values.auc": auc, "params.least": 0.7, "steps.check.values.result": ok,
                    "params.mode": mode,
                ][path.joined(separator: ".")]
            }
        }
        #expect(try holds(auc: 0.7, ok: false, mode: "fast"))
        #expect(try !holds(auc: 0.7, ok: true, mode: "fast"))
        #expect(try !holds(auc: 0.6, ok: false, mode: "fast"))
        #expect(try holds(auc: 0.6, ok: true, mode: "thorough"))
    }

    @Test func handlesStandForThemselvesInText() {
        #expect("--auc \(auc) \(least)" == "--auc {{ steps.train.values.auc }} {{ params.least }}")
    }
}
