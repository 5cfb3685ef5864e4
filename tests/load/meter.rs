use kit::telemetry::Telemetry;

/// Where the time of an issue goes, by what the services measure of themselves.
const PARTS: [(&str, &str, &str); 4] = [
    ("directory: whose session", "congvan_call_seconds", "method=\"/congvan.directory.v1.SessionService/VerifySession\""),
    ("directory: names of the units", "congvan_call_seconds", "method=\"/congvan.directory.v1.UnitService/BatchGetUnits\""),
    ("transaction, from BEGIN to COMMIT", "congvan_transaction_seconds", "name=\"issue_document\""),
    ("document service, with units and transaction", "congvan_call_seconds", "method=\"/congvan.documents.v1.DocumentService/IssueDocument\""),
];
