/// Lines of an export of Intercom, read at ``Session/now``.
enum Samples {
    /// A customer who pays 299.00 dollars, was seen two days ago, and wants to leave.
    static let ada = """
        {"type":"contact","id":"1","role":"user","email":"Ada@x.test","name":"Ada Lovelace","created_at":1760601600,\
        "updated_at":1795158000,"last_seen_at":1794988800,"location":{"country":"Germany","city":"Köln"},\
        "custom_attributes":{"stripe_id":"cus_1","stripe_plan":"Pro","stripe_plan_price":299,\
        "stripe_subscription_status":"active","stripe_delinquent":false,"Stripe Subscriptions":[{"id":"sub_1",\
        "status":"active","plan":{"amount":29900,"interval":"month","nickname":"Pro","currency":"usd"},"quantity":1}],\
        "Stripe Payments":[{"id":"ch_1","amount":29900,"created":1793433600,"status":"succeeded","currency":"usd"}]}}
        """
    /// What she said.
    static let cancelling = """
        {"type":"conversation","id":"900","created_at":1794988800,"updated_at":1794988800,"state":"open","open":true,\
        "priority":"priority","contacts":{"contacts":[{"type":"contact","id":"1"}]},"source":{"type":"conversation",\
        "id":"s1","body":"<p>Hello. We want to cancel our plan, sorry!</p>","author":{"type":"user","id":"1"}}}
        """
    /// A contact of whom next to nothing is known, with a name that is a formula.
    static let bare = """
        {"type":"contact","id":"2","role":"user","email":"bob@y.test","name":"=1+1","created_at":1795000000,\
        "updated_at":1795000000}
        """

    /// All of them.
    static let all = [ada, cancelling, bare].joined(separator: "\n") + "\n"
}
