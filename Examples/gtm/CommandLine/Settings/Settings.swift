import GTMAdapterKit
import GTMCore
import GTMIntercom

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Everything that a command is told besides its words: variables, `.env`, `gtm.json`, the clock.
struct Settings: Sendable {
    /// The variables; real ones win over those of `.env`.
    var variables: [String: String]
    /// What `gtm.json` says, or the defaults.
    var project: ProjectFile
    /// The moment set by `GTM_NOW`; `nil` where the system's clock counts.
    var fixedNow: Date?
    /// The files that were read.
    var files: [String]
    /// The working directory.
    var directory: String

    /// Reads the settings of a working directory.
    ///
    /// - Parameters:
    ///   - environment: The process's variables.
    ///   - directory: The working directory.
    ///   - directives: The folder of directives that was named; `nil` leaves it to `GTM_DIRECTIVES`.
    /// - Throws: ``SettingsError``.
    init(environment: [String: String], directory: String, directives: String? = nil) throws(SettingsError) {
        variables = environment
        project = ProjectFile()
        files = []
        self.directory = directory
        if let bytes = try Self.contents(of: ".env", in: directory) {
            files.append(".env")
            let own = try DotEnv.parse(String(decoding: bytes, as: UTF8.self))
            variables.merge(own) { real, _ in real }
        }
        let folder = directives ?? variables["GTM_DIRECTIVES"].flatMap { JSONValue.string($0).text }
        let book = try folder.map { folder throws(SettingsError) in try Self.rules(in: folder, of: directory) }
        project = ProjectFile(book ?? .standard)
        if let bytes = try Self.contents(of: "gtm.json", in: directory) {
            files.append("gtm.json")
            project = try ProjectFile(bytes, book: book ?? .standard)
        }
        fixedNow = try Self.moment(variables["GTM_NOW"])
    }

    /// The rules of a folder of directives: every file in it that ends in `.md`.
    private static func rules(in folder: String, of directory: String) throws(SettingsError) -> RuleBook {
        let path = folder.hasPrefix("/") ? folder : directory + "/" + folder
        let name = Sanitized(folder).text
        // Whatever keeps it from being listed: it is no folder that can be read.
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path))?.filter { $0.hasSuffix(".md") }
            .sorted()
        guard let names, !names.isEmpty else {
            throw SettingsError(
                file: name, message: "holds no directives; expected a folder with files such as revenue.md")
        }
        var texts: [DirectiveText] = []
        for file in names {
            guard let text = try contents(of: file, in: path) else { continue }
            texts.append(DirectiveText(file: "\(name)/\(file)", text: text))
        }
        do throws(DirectiveError) {
            return try RuleBook(directives: texts)
        } catch {
            throw SettingsError(file: error.file, line: error.line, message: Sanitized(error.detail).text)
        }
    }

    private static func moment(_ text: String?) throws(SettingsError) -> Date? {
        guard let text = text.flatMap({ JSONValue.string($0).text }) else { return nil }
        let moment: Date
        do {
            moment = try Timestamp.parse(text)
        } catch {
            throw SettingsError(
                file: "GTM_NOW",
                message: "is \(quoted(text)); expected a time such as 2026-11-20T08:00:00Z or 2026-11-20")
        }
        guard moments.contains(moment) else {
            throw SettingsError(
                file: "GTM_NOW", message: "is \(quoted(text)); expected a time from 1970-01-01 to 8999-12-31")
        }
        return moment
    }

    /// What `GTM_NOW` may be: from 1970 on, up to the year 9000, so that there is a calendar before and behind.
    private static let moments = Date(timeIntervalSince1970: 0)..<Date(timeIntervalSince1970: 221_845_392_000)

    /// The bytes of a file; `nil` where there is none.
    private static func contents(of name: String, in directory: String) throws(SettingsError) -> [UInt8]? {
        let path = directory + "/" + name
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        do {
            return [UInt8](try Data(contentsOf: URL(filePath: path)))
        } catch {
            throw SettingsError(file: name, message: "cannot be read; expected a file that you may read")
        }
    }

    // MARK: What follows from them

    /// The sources, in order: those of `gtm.json`, else one Intercom workspace.
    var sources: [ProjectFile.Source] { project.sources ?? [ProjectFile.Source(vendor: "intercom")] }

    /// The folder of the store.
    ///
    /// - Parameter invocation: What was said; its option wins over `GTM_STORE`.
    /// - Throws: ``UsageError`` or ``SettingsError`` that names whichever cannot be used.
    func storeLocation(_ invocation: Invocation) throws -> StoreLocation {
        let (option, variable) = (invocation.values["store"], variables["GTM_STORE"])
        do throws(WrongValue) {
            return try StoreLocation(option: option, variable: variable, directory: directory)
        } catch {
            let wrong = "is \(quoted(option ?? variable ?? "")); expected \(error.expected)"
            guard option != nil else { throw SettingsError(file: "GTM_STORE", message: wrong) }
            throw UsageError("--store \(wrong)", command: invocation.command.name)
        }
    }

    /// How customers are compared and scored.
    var engineConfiguration: GTMEngine.Configuration {
        var configuration = GTMEngine.Configuration()
        _ = configuration.apply(project.book)
        configuration.policy = project.policy
        configuration.profile = project.profile
        configuration.rates = project.exchangeRates
        configuration.conversationRules.competitors += project.competitors
        configuration.reportingCurrency = project.reportingCurrency
        configuration.staleAfter = .seconds(project.staleAfterDays * 86_400)
        return configuration
    }

    /// The configuration of one source's adapter.
    ///
    /// - Throws: ``SettingsError`` where the key is missing or the server's address is none.
    func intercom(_ source: ProjectFile.Source) throws(SettingsError) -> IntercomConfiguration {
        var own = variables
        own["INTERCOM_API_KEY"] = variables[source.keyVariable]
        guard let key = own["INTERCOM_API_KEY"], !key.allSatisfy(\.isWhitespace) else {
            throw SettingsError(
                file: "\(source.id)",
                message: "\(source.keyVariable) is not set; expected an Intercom access token in the environment or in "
                    + ".env (Intercom: Settings, Integrations, Developer Hub, your app, Authentication)")
        }
        do {
            var configuration = try IntercomConfiguration(environment: own, account: source.account)
            if own["INTERCOM_BASE_URL"].flatMap({ JSONValue.string($0).text }) == nil {
                configuration.base = Self.regions[source.region]?.base ?? configuration.base
            }
            configuration.defaultCurrency = source.currency
            return configuration
        } catch let error as IntercomConfigurationError {
            throw SettingsError(
                file: "\(source.id)", message: error.description.replacing("INTERCOM_API_KEY", with: source.keyVariable)
            )
        } catch {
            throw SettingsError(file: "\(source.id)", message: "the configuration cannot be used")
        }
    }

    private static let regions: [String: IntercomConfiguration.Region] = ["us": .us, "eu": .eu, "au": .au]
}
