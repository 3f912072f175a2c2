import Foundation
import GTMCore

/// The batches that are written, each known by its number alone.
enum Batches {
    static let tasks = 4
    static let source = SourceID(vendor: "torture")
    static let contacts = StreamKey(source: source, stream: "contacts")

    static func id(_ number: Int) -> RecordID { RecordID(source: source, stream: "contacts", id: "\(number)") }
    static func talk(_ number: Int) -> RecordID { RecordID(source: source, stream: "conversations", id: "\(number)") }
    /// The record that each batch of a task changes.
    static func shared(_ task: Int) -> RecordID { RecordID(source: source, stream: "owners", id: "\(task)") }

    private static func moment(_ number: Int) -> Date { Date(timeIntervalSince1970: 1_767_225_600 + Double(number)) }

    static func batch(_ number: Int, by task: Int) -> StoreBatch {
        var batch = StoreBatch(recordedAt: moment(number))
        batch.records = [contact(number), conversation(number), owner(number, of: task)]
        return batch
    }

    /// A contact of a size that its number says.
    static func contact(_ number: Int) -> SourceRecord {
        var fact = Contact()
        fact.name = String(repeating: "\(number) ", count: 1 + number * 7919 % (number % 50 == 0 ? 4000 : 60))
        return SourceRecord(
            id: id(number),
            identity: Identity(email: try? EmailAddress("p\(number)@torture.test"), createsCustomer: true),
            changedAt: moment(number), fact: .contact(fact))
    }

    static func conversation(_ number: Int) -> SourceRecord {
        SourceRecord(
            id: talk(number), subjects: [.record(id(number))], changedAt: moment(number),
            fact: .conversation(Conversation(createdAt: moment(number), state: .open)))
    }

    static func owner(_ number: Int, of task: Int) -> SourceRecord {
        SourceRecord(
            id: shared(task), changedAt: moment(number), fact: .owner(Owner(name: "\(number)", email: nil)))
    }
}
