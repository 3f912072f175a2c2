import GTMCore

extension CommandLineTool {
    /// `gtm health`.
    func health(_ invocation: Invocation) async throws -> ExitCode {
        switch invocation.operands.first ?? "" {
        case "what-if": return try await whatIf(invocation)
        case "profiles": return try profiles(invocation)
        case let other:
            let hint = nearest(to: other, among: ["what-if", "profiles"]).map { "; did you mean \($0)?" } ?? ""
            throw UsageError(
                "\(quoted(other)) is nothing to ask of health; expected what-if or profiles\(hint)",
                command: invocation.command.name)
        }
    }

    private func whatIf(_ invocation: Invocation) async throws -> ExitCode {
        let limit = try invocation.number(
            "limit", in: CustomersRequest.limits, otherwise: CustomersRequest.usualLimit)
        let settings = try settings(invocation)
        let known = settings.project.book.profiles
        guard let path = invocation.operands.dropFirst().first else {
            throw UsageError(
                "gtm health what-if lacks FILE; expected a directive, a profile as JSON, or " + Self.names(known),
                command: invocation.command.name)
        }
        let profile = try profile(of: path, known, invocation)
        let whatIf = try await withWorkspace(invocation, settings, for: .reading) { workspace in
            try await workspace.engine(now: clock(settings)).whatIf(profile, by: Workspace.actor)
        }
        let output = console.output
        output.write(
            invocation.has("json")
                ? WhatIfDocument.line(whatIf, limit: limit, currency: settings.project.reportingCurrency)
                : WhatIfView.text(
                    whatIf, limit: limit, width: output.width, palette: output.palette))
        return .done
    }

    /// The profile that is to be tried out.
    private func profile(
        of path: String, _ known: [HealthProfile], _ invocation: Invocation
    ) throws -> HealthProfile {
        if invocation.values["profile"] == nil, let profile = known.first(where: { $0.name == path }) {
            return profile
        }
        let name = Sanitized(path).text
        let text = try contents(
            of: path, name, kind: "Markdown or JSON", orElse: ", or \(Self.names(known))")
        let profiles: [HealthProfile]
        do {
            profiles = try HealthProfile.profiles(inDirective: text, file: name)
        } catch {
            throw Failure(Sanitized(error.description).text)
        }
        let wanted = invocation.values["profile"]
        let fitting = profiles.filter { wanted == nil || $0.name == wanted }
        if fitting.count == 1 { return fitting[0] }
        guard !profiles.isEmpty else {
            throw Failure("\(name) holds no profile; expected a block that begins with ```json health-profile")
        }
        if let wanted {
            throw Failure("\(name) holds no profile \(quoted(wanted)); expected \(Self.names(profiles))")
        }
        throw Failure("\(name) holds \(profiles.count) profiles; expected --profile with \(Self.names(profiles))")
    }

    private static func names(_ profiles: [HealthProfile]) -> String {
        let names = profiles.map { Sanitized($0.name).text }
        return names.count > 1 ? names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "") : names[0]
    }

    private func profiles(_ invocation: Invocation) throws -> ExitCode {
        if let extra = invocation.operands.dropFirst().first {
            throw UsageError(
                "\(quoted(extra)) is too much for gtm health profiles; expected options alone",
                command: invocation.command.name)
        }
        let project = try settings(invocation).project
        let inUse = project.profile
        let output = console.output
        guard !invocation.has("json") else {
            let documents = project.book.profiles.map { profile -> JSONValue in
                var object = profile.document.object ?? JSONObject()
                object["in_use"] = .bool(profile == inUse)
                return .object(object)
            }
            output.write(JSONWriter.text(["profiles": .array(documents)]) + "\n")
            return .done
        }
        for profile in project.book.profiles {
            let bands = profile.bands.map { "\(PlainWords.status($0.status)) from \($0.from)" }
            let weights = profile.components.map { "\($0.name) \($0.weight)" }
            let mark = profile == inUse ? output.palette.dim("  in use") : ""
            output.write(output.palette.bold(profile.title) + mark + "\n")
            for line in [bands, weights].map({ $0.joined(separator: " · ") }) {
                for part in TextWidth.wrapped(line, to: max(10, output.width - 2)) { output.write("  \(part)\n") }
            }
        }
        return .done
    }
}
