import GTMCore

/// A program that links GTMCore alone. That it loads neither Foundation nor ICU nor a network library is checked on it.
@main struct CoreOnly {
    static func main() throws {
        let document = try JSONReader.read(Array(#"{"email": " Ada@Northwind.TEST ", "plan": 299}"#.utf8))
        let email = try EmailAddress(document.value["email"]?.string ?? "")
        let price = document.value["plan"]?.exactDecimal.flatMap { Money(majorUnits: $0, currency: .usd) }
        print(email, price.map(\.description) ?? "no price")
    }
}
