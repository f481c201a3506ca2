import Foundation
import MartletCore
import MartletTestKit
import Testing

/// Maps, groups, setups and short circuits, run by the built program.
@Suite(.tags(.endToEnd)) struct MapTests {
    /// The lines that steps of `pipeline` added to the file `lines`, sorted, once it ran to `state`.
    private func lines(_ pipeline: String, state: JSONValue = "success") async throws -> [String] {
        let project = try TestProject(["p": pipeline])
        let run = try await project.martlet("run", "p", "--json")
        #expect(try run.json["state"] == state, "\(run.talk)")
        return project.read("lines").split(separator: "\n").map(String.init).sorted()
    }

    @Test func instancesGetItemsAndReadersGetAllTheyMade() async throws {
        let found = try await lines(
            #"""
            steps:
              - id: list
                command: echo '{"type":"value","name":"cities","value":["bern","basel"]}' >> $MARTLET_MESSAGES
                values: [cities]
              - id: fetch
                map: { over: "{{ steps.list.values.cities }}", label: "city {{ item }}" }
                command: |
                  echo "{{ item }} {{ map.index }} of {{ map.count }} {{ map.label }}" > {{ outputs.city }}
                  echo '{"type":"value","name":"n","value":{{ map.index }}}' >> $MARTLET_MESSAGES
                outputs: { city: cities/raw.txt }
              - id: report
                command: |
                  cat {{ inputs.cities }}/*.txt >> lines
                  echo "{{ steps.fetch.values.n }} {{ steps.fetch.state }}" >> lines
                inputs: { cities: cities/raw.txt }
            """#
        )
        #expect(found == ["[0,1] success", "basel 1 of 2 city basel", "bern 0 of 2 city bern"])
    }

    @Test(arguments: [#"["solo"]"#, #"["solo","duo"]"#])
    func withinAMappedGroupStepsSeeTheirOwnIndex(list: String) async throws {
        let found = try await lines(
            #"""
            groups:
              - id: each
                map: \#(list)
            steps:
              - id: make
                group: each
                command: |
                  echo "file of {{ item }}" > {{ outputs.file }}
                  echo '{"type":"value","name":"v","value":{{ map.index }}}' >> $MARTLET_MESSAGES
                outputs: { file: some/file.txt }
              - id: use
                group: each
                command: echo "{{ item }} $(cat {{ inputs.file }}) {{ steps.make.values.v }}" >> lines
                inputs: { file: some/file.txt }
              - id: all
                command: echo "{{ steps.make.values.v }}" >> lines
                after: [each]
            """#
        )
        let expected =
            list.contains("duo")
            ? ["[0,1]", "duo file of duo 1", "solo file of solo 0"] : ["[0]", "solo file of solo 0"]
        #expect(found == expected)
    }

    @Test func filesProductsFiltersAndConditionsMakeItems() async throws {
        let found = try await lines(
            #"""
            steps:
              - id: days
                command: mkdir {{ outputs.days }}; for day in 2 1 3; do echo "$day" > {{ outputs.days }}/$day.csv; done
                outputs: { days: days/raw }
              - id: load
                map: { files: days/raw, pattern: "[13].csv" }
                inputs: { days: days/raw }
                command: echo "never" >> lines
              - id: read
                map: { files: days/raw, pattern: "?.csv", filter: "{{ item.name != '2.csv' }}" }
                inputs: { days: days/raw }
                command: echo "{{ map.index }} {{ item.name }} $(cat {{ item.path }})" >> lines
              - id: grid
                map: { over: { rate: [0.1, 1], depth: [3, 5] } }
                when: "{{ item.depth > 3 }}"
                command: echo "grid {{ item.rate }} {{ item.depth }}" >> lines
              - id: pairs
                map: { over: { a: [x, y], b: [1, 2] }, combine: zip }
                command: echo "pair {{ item.a }}{{ item.b }}" >> lines
            """#
        )
        #expect(found == ["0 1.csv 1", "1 3.csv 3", "grid 0.1 5", "grid 1 5", "pair x1", "pair y2"])
    }

    @Test func teardownsRunHoweverTheWorkCameOut() async throws {
        let found = try await lines(
            """
            groups: [{ id: work, after: [create] }]
            defaults: { trigger_rule: none_failed }
            steps:
              - { id: create, setup: true, command: echo create >> lines }
              - { id: fail, group: work, command: exit 1 }
              - { id: other, group: work, command: echo other >> lines }
              - { id: delete, teardown: [create], after: [work], command: echo delete >> lines }
              - { id: gate, short_circuit: "{{ run.kind == 'never' }}" }
              - { id: skipped, after: [gate], trigger_rule: all_done, command: echo skipped >> lines }
            """,
            state: "failed"
        )
        #expect(found == ["create", "delete", "other"])
    }
}
