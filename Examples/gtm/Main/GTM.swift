import GTMCommandLine

/// The program `gtm`: everything that it does is in `GTMCommandLine`, where tests reach it.
@main struct GTM {
    static func main() async {
        let code = await CommandLineTool.runProcess(arguments: Array(CommandLine.arguments.dropFirst()))
        Terminal.leave(code)
    }
}
