import MartletCore
import MartletLake
import Testing

struct CommitRecordTests {
    @Test func recordsSurviveTheirStorage() throws {
        let root = ObjectID(hashing: Array("tree".utf8))
        let record = CommitRecord(
            parents: [ObjectID(hashing: [1]), ObjectID(hashing: [2])],
            root: root,
            author: "ada@engine",
            time: Timestamp(seconds: 1_700_000_000),
            message: "Publish",
            run: RunOrigin(
                id: RunID(trusted: "flights-20261123T060000Z-abc123"),
                pipeline: PipelineID(trusted: "flights"),
                step: InstanceID(StepID(trusted: "train"), 3),
                attempt: 2,
                code: CodeVersion(manifest: "m", git: "abc", isClean: false),
                params: ["rate": .number(0.5)],
                environment: root,
                inputs: [DatasetVersion(dataset: DatasetID(trusted: "a/b"), commit: root, digest: root)],
                verdicts: [RunOrigin.Verdict(check: "rows", state: "passed")]
            ),
            metadata: ["why": "because"]
        )
        let bytes = record.encoded
        #expect(try CommitRecord(encoded: bytes, id: ObjectID(hashing: bytes)) == record)
        #expect(record.encoded == bytes)
    }

    @Test func otherObjectsAreNoCommits() {
        for text in ["", "martlet commit 1\n", "martlet commit 1\n{}", "{}"] {
            #expect(throws: MartletError.self) { try CommitRecord(encoded: Array(text.utf8), id: .zero) }
        }
    }
}
