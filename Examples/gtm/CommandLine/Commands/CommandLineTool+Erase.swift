import GTMCore

extension CommandLineTool {
    /// `gtm erase`.
    func erase(_ invocation: Invocation) async throws -> ExitCode {
        let key = try invocation.operand(0, ValueText.key)
        guard invocation.has("yes") else {
            throw UsageError(
                "erasing \(quoted(key.description)) cannot be undone; expected --yes with it",
                command: invocation.command.name)
        }
        let settings = try settings(invocation)
        let clock = clock(settings)
        return try await withWorkspace(invocation, settings, for: .changing) { workspace in
            // Who was erased before is told so.
            _ = try await workspace.store.customer(key, at: .latest, by: Workspace.actor)
            guard let erasure = try await workspace.engine(now: clock).erase(key, by: Workspace.actor) else {
                throw Failure.noCustomer(key)
            }
            // What was stored before is in the journal until that is written anew.
            var isPurged = false
            var failure: String?
            if let store = workspace.store as? FileStore, !invocation.has("keep-files") {
                do {
                    try await store.compact()
                    isPurged = true
                } catch let error as StoreError {
                    failure = error.detail
                }
            }
            console.output.write(
                invocation.has("json")
                    ? ErasureView.line(erasure, of: key, isPurged: isPurged)
                    : ErasureView.text(erasure, of: key, isPurged: isPurged))
            guard let failure else { return .done }
            console.note(Sanitized("the files could not be written anew: \(failure)").text)
            return .incomplete
        }
    }
}
