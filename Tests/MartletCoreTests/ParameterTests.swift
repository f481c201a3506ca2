import MartletCore
import Testing

@Suite struct ParameterTests {
    private func spec(_ json: String) throws -> ParameterSpec {
        try JSONText.decode(ParameterSpec.self, from: "{\"name\":\"x\",\(json)}")
    }

    @Test(
        arguments: [
            (#""type":"integer""#, "5", 5), (#""type":"integer""#, "-5", -5), (#""type":"number""#, "1.5", 1.5),
            (#""type":"number""#, "2", 2), (#""type":"boolean""#, "true", true), (#""type":"string""#, "012", "012"),
            (#""type":"integer","minimum":1,"maximum":12"#, "12", 12),
            (#""type":"number","multiple_of":0.1"#, "0.3", 0.3),
            (#""type":"string","pattern":"^a+$""#, "aaa", "aaa"), (#""type":"number","enum":[1,2.5]"#, "1.0", 1.0),
            (#""type":"string","min_length":2,"max_length":2"#, "日本", "日本"),
        ] as [(String, String, JSONValue)]
    )
    func accepts(definition: String, text: String, expected: JSONValue) throws {
        #expect(try spec(definition).parse(text) == expected)
    }

    @Test(arguments: [
        (#""type":"integer""#, "1.5"), (#""type":"integer""#, ""), (#""type":"integer""#, "99999999999999999999"),
        (#""type":"number""#, "nan"), (#""type":"number""#, "inf"), (#""type":"boolean""#, "yes"),
        (#""type":"integer","minimum":1"#, "0"), (#""type":"integer","maximum":1"#, "2"),
        (#""type":"number","exclusive_minimum":1"#, "1"), (#""type":"number","exclusive_maximum":1"#, "1"),
        (#""type":"integer","multiple_of":5"#, "7"), (#""type":"string","min_length":2"#, "a"),
        (#""type":"string","max_length":2"#, "abc"), (#""type":"string","pattern":"^a$""#, "b"),
        (#""type":"string","enum":["a"]"#, "b"),
    ])
    func refuses(definition: String, text: String) throws {
        let spec = try spec(definition)
        let error = #expect(throws: MartletError.self) { try spec.parse(text) }
        #expect(error?.code == .parameterValueInvalid)
        #expect(error?.remedy?.isEmpty == false)
    }

    @Test(arguments: [
        #""type":"string","minimum":1"#, #""type":"integer","pattern":"a""#,
        #""type":"integer","minimum":2,"maximum":1"#,
        #""type":"string","min_length":2,"max_length":1"#, #""type":"number","multiple_of":0"#,
        #""type":"string","pattern":"(""#, #""type":"string","enum":[]"#, #""type":"integer","default":"a""#,
        #""type":"integer","default":0,"minimum":1"#,
    ])
    func contradictionsAreSeen(definition: String) throws {
        #expect(try spec(definition).objectionToDefinition != nil)
    }

    @Test func resolving() throws {
        let params = [try spec(#""type":"integer","default":1"#)]
        let step = StepManifest(id: StepID(trusted: "a"), action: .command(CommandAction(shell: "true")))
        let manifest = PipelineManifest(pipeline: PipelineID(trusted: "p"), params: params, steps: [step])
        #expect(try manifest.resolveParameters([:]) == ["x": 1])
        #expect(try manifest.resolveParameters(["x": 2]) == ["x": 2])
        #expect(throws: MartletError.self) { try manifest.resolveParameters(["y": 2]) }
        #expect(throws: MartletError.self) { try manifest.resolveParameters(["x": "a"]) }
    }
}
