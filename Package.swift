// swift-tools-version: 6.2
import PackageDescription

let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"), .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .enableUpcomingFeature("InferIsolatedConformances"), .strictMemorySafety(),
    .treatAllWarnings(as: .error), .treatWarning("DeprecatedDeclaration", as: .warning),
]

// The tests of whole programs gain nothing from optimisation, and Swift 6.3's optimiser breaks off over some of them.
let plainInRelease: [SwiftSetting] = settings + [.unsafeFlags(["-Onone"], .when(configuration: .release))]

let package = Package(
    name: "GTMCore",
    platforms: [.macOS(.v15)],
    products: [
        .library(name: "GTMCore", targets: ["GTMCore"]),
        .library(name: "GTMAdapterKit", targets: ["GTMAdapterKit"]),
        .library(name: "GTMIntercom", targets: ["GTMIntercom"]),
        .library(name: "GTMSimulator", targets: ["GTMSimulator"]),
        .library(name: "GTMTestKit", targets: ["GTMTestKit"]),
        .executable(name: "gtm", targets: ["gtm"]),
    ],
    targets: [
        .target(name: "GTMCore", swiftSettings: settings),
        .target(name: "GTMAdapterKit", dependencies: ["GTMCore"], swiftSettings: settings),
        .target(
            name: "GTMIntercom", dependencies: ["GTMAdapterKit", "GTMCore"], path: "Sources/Adapters/Intercom",
            swiftSettings: settings),
        .target(name: "GTMSimulator", dependencies: ["GTMAdapterKit", "GTMCore"], swiftSettings: settings),
        .target(name: "GTMTestKit", dependencies: ["GTMCore"], swiftSettings: settings),
        .target(
            name: "GTMCommandLine", dependencies: ["GTMIntercom", "GTMSimulator", "GTMAdapterKit", "GTMCore"],
            path: "Examples/gtm/CommandLine", swiftSettings: settings),
        .executableTarget(
            name: "gtm", dependencies: ["GTMCommandLine"], path: "Examples/gtm/Main", swiftSettings: settings),
        .executableTarget(
            name: "gtm-bench", dependencies: ["GTMSimulator", "GTMIntercom", "GTMCore"], path: "Examples/Benchmarks",
            swiftSettings: settings),
        .executableTarget(
            name: "store-torture", dependencies: ["GTMCore"], path: "Examples/StoreTorture", swiftSettings: settings),
        .executableTarget(
            name: "QuickStart", dependencies: ["GTMIntercom", "GTMAdapterKit", "GTMCore"], path: "Examples/QuickStart",
            swiftSettings: settings),
        .executableTarget(
            name: "CoreOnly", dependencies: ["GTMCore"], path: "Examples/CoreOnly", swiftSettings: settings),
        .testTarget(name: "GTMAdapterKitTests", dependencies: ["GTMAdapterKit", "GTMCore"], swiftSettings: settings),
        .testTarget(
            name: "GTMCommandLineTests",
            dependencies: ["gtm", "GTMCommandLine", "GTMSimulator", "GTMAdapterKit", "GTMCore"],
            swiftSettings: settings),
        .testTarget(
            name: "GTMCoreTests", dependencies: ["GTMCore"], exclude: ["Files/Fixtures", "Fixtures"],
            swiftSettings: settings),
        .testTarget(
            name: "GTMIntercomTests", dependencies: ["GTMIntercom", "GTMAdapterKit", "GTMCore"],
            exclude: ["Fixtures"], swiftSettings: settings),
        .testTarget(
            name: "GTMSimulatorTests", dependencies: ["GTMSimulator", "GTMAdapterKit", "GTMCore"],
            swiftSettings: plainInRelease),
        .testTarget(name: "GTMTestKitTests", dependencies: ["GTMTestKit", "GTMCore"], swiftSettings: settings),
        .testTarget(
            name: "MainJobTests",
            dependencies: ["GTMSimulator", "GTMIntercom", "GTMAdapterKit", "GTMCore"], swiftSettings: settings),
    ],
    swiftLanguageModes: [.v6]
)
