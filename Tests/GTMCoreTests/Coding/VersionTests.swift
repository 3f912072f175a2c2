import Testing

@testable import GTMCore

/// A place as a later version may write it: every way of writing a field, before, between and behind.
private struct LaterPlace: Storable {
    var country: String?
    var city: String?

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "country", country)
        fields.put(4, "city", city)
        fields.put(9, "height", -300)
        fields.put(10, "is_coastal", true)
        fields.put(11, "is_capital", false)
        fields.put(12, "latitude", 53.35)
        fields.put(13, "motto", String(repeating: "Obedientia civium urbis felicitas. ", count: 9))
        fields.put(14, "twin_towns", ["Liverpool", "San José"])
        fields.put(63, "price", Money(minorUnits: 1, currency: .eur))
    }

    init(country: String?, city: String?) {
        self.country = country
        self.city = city
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        country = try fields.value(1, "country")
        city = try fields.value(4, "city")
    }
}

/// The last field of a later place, read by one that knows no other.
private struct PriceAlone: Storable {
    var price: Money

    func write(to fields: inout some FieldWriter) { fields.put(63, "price", price) }

    init(from fields: inout some FieldReader) throws(CodingFault) { price = try fields.required(63, "price") }
}

/// What a version wrote that knew a message's id and text alone, and reads of what others wrote.
private struct EarlierMessage: Storable, Equatable {
    var id: String
    var text: String

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "id", id)
        fields.put(5, "text", text)
    }

    init(id: String, text: String) {
        self.id = id
        self.text = text
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        id = try fields.required(1, "id")
        text = try fields.required(5, "text")
    }
}

/// A list of places of either version.
private struct Places<Place: Storable>: Storable {
    var places: [Place]
    var note: String

    func write(to fields: inout some FieldWriter) {
        fields.put(1, "places", unlessEmpty: places)
        fields.put(2, "note", note)
    }

    init(_ places: [Place], note: String) {
        self.places = places
        self.note = note
    }

    init(from fields: inout some FieldReader) throws(CodingFault) {
        places = try fields.list(1, "places")
        note = try fields.required(2, "note")
    }
}

@Suite("Files of other versions") struct VersionTests {
    @Test("Fields of a later version are passed over, whatever they hold") func passesOverLaterFields() throws {
        let later = Places(
            [LaterPlace(country: "Ireland", city: "Dublin"), LaterPlace(country: nil, city: nil)], note: "both")
        let expected = [Location(country: "Ireland", city: "Dublin"), Location()]
        let read: Places<Location> = try BinaryForm.read(from: BinaryForm.bytes(of: later))
        #expect(read.places == expected)
        #expect(read.note == "both")
        let restored: Places<Location> = try JSONForm.read(from: JSONForm.object(of: later))
        #expect(restored.places == expected)
    }

    @Test("Fields in between are passed over, whatever they hold") func passesOverFieldsBetween() throws {
        let message = Message(
            id: "m", sentAt: day(1.5), side: .bot, author: .email(EmailAddress(storedText: "a@b.test")), text: "T")
        let read: EarlierMessage = try BinaryForm.read(from: BinaryForm.bytes(of: message))
        #expect(read == EarlierMessage(id: "m", text: "T"))
        let later = LaterPlace(country: "Ireland", city: nil)
        let last: PriceAlone = try BinaryForm.read(from: BinaryForm.bytes(of: later))
        #expect(last.price == Money(minorUnits: 1, currency: .eur))
    }

    @Test("Files from before a field came have none of it") func readsEarlierFiles() throws {
        let earlier = LaterPlace(country: "Ireland", city: "Dublin")
        let read: Location = try BinaryForm.read(from: BinaryForm.bytes(of: earlier))
        #expect(read == Location(country: "Ireland", city: "Dublin"))
        let contact: Contact = try BinaryForm.read(from: [])
        #expect(contact == Contact())
    }

    #if DEBUG
        @Test("Two fields of one number are found by the first value that is written") func findsCollisions() async {
            await #expect(processExitsWith: .failure) {
                struct Twice: Storable {
                    func write(to fields: inout some FieldWriter) {
                        fields.put(1, "a", 1)
                        fields.put(1, "b", 2)
                    }
                    init() {}
                    init(from fields: inout some FieldReader) throws(CodingFault) {}
                }
                _ = BinaryForm.bytes(of: Twice())
            }
            await #expect(processExitsWith: .failure) {
                struct Homonyms: Storable {
                    func write(to fields: inout some FieldWriter) {
                        fields.put(1, "a", 1)
                        fields.put(2, "a", 2)
                    }
                    init() {}
                    init(from fields: inout some FieldReader) throws(CodingFault) {}
                }
                _ = JSONForm.object(of: Homonyms())
            }
        }
    #endif
}
