import MartletCore

/// The pipelines that are decided on.
enum Graph {
    /// Layers of steps, each step after up to three of the layer before.
    static func layers(_ count: Int, width: Int) -> PipelineManifest {
        let steps = (0..<count).flatMap { layer in
            (0..<width).map { place in
                let before = Set([place, (place + 1) % width, (place + 7) % width]).sorted()
                let after = layer == 0 ? [] : before.map { name(layer - 1, $0) }
                return StepManifest(
                    id: name(layer, place),
                    action: .command(CommandAction(shell: "true")),
                    after: after
                )
            }
        }
        return PipelineManifest(pipeline: PipelineID(trusted: "layers"), steps: steps)
    }

    private static func name(_ layer: Int, _ place: Int) -> StepID { StepID(trusted: "l\(layer)_\(place)") }

    /// What the log of a run of `manifest` begins with.
    static func created(_ manifest: PipelineManifest) -> RunCreated {
        RunCreated(
            pipeline: manifest.pipeline,
            manifestHash: "layers",
            params: [:],
            program: nil,
            projectRoot: "/",
            martletVersion: "bench",
            slots: 1_000
        )
    }
}
