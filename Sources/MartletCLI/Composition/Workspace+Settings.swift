import Foundation
import MartletCore
import MartletRuntime

extension Workspace {
    /// The keys that this project's secrets are sealed with.
    var secretKeys: SecretKeySource {
        SecretKeySource(environment: ProcessInfo.processInfo.environment, projectFile: layout.secretKey)
    }

    /// Variables and connections over `store`.
    func vault(over store: any SettingsStore) -> SettingsVault { SettingsVault(store: store, keys: secretKeys) }

    /// Finds settings in the environment and in `store`.
    func settingsResolver(over store: any SettingsStore) -> SettingsResolver {
        SettingsResolver(
            environment: SettingsEnvironment(ProcessInfo.processInfo.environment),
            vault: vault(over: store)
        )
    }
}

/// The settings of a project, open for one command.
struct OpenSettings {
    let store: any SettingsStore
    let vault: SettingsVault
    let resolver: SettingsResolver
}

extension ProjectOptions {
    /// Opens the project's settings for `body`, and closes them after it.
    func withSettings<Value>(_ body: (OpenSettings) async throws -> Value) async throws -> Value {
        let workspace = try workspace()
        let store = try workspace.openStore()
        let settings = OpenSettings(
            store: store,
            vault: workspace.vault(over: store),
            resolver: workspace.settingsResolver(over: store)
        )
        do {
            let value = try await body(settings)
            await store.close()
            return value
        } catch {
            await store.close()
            throw error
        }
    }
}
