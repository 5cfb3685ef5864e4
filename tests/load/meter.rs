use kit::telemetry::Telemetry;

/// What the services measure of themselves while a document is issued: what it is, and how its sum is named in the metrics.
const PARTS: [(&str, &str); 3] = [
    (
        "directory: whose session it is",
        r#"congvan_call_seconds_sum{method="/congvan.directory.v1.SessionService/VerifySession"}"#,
    ),
    (
        "directory: names of the units",
        r#"congvan_call_seconds_sum{method="/congvan.directory.v1.UnitService/BatchGetUnits"}"#,
    ),
    ("transaction, BEGIN to COMMIT", r#"congvan_transaction_seconds_sum{name="issue_document"}"#),
];

/// Seconds that each part has taken since the process began.
pub(crate) type Seconds = [f64; PARTS.len()];

/// The parts by name.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    PARTS.iter().map(|(name, _)| *name)
}

/// How long each part has taken so far.
pub(crate) fn read(telemetry: &Telemetry) -> Seconds {
    let metrics = telemetry.metrics();
    PARTS.map(|(_, wanted)| {
        let sum = metrics.lines().find_map(|line| line.strip_prefix(wanted)?.trim().parse::<f64>().ok());
        sum.unwrap_or(0.0)
    })
}
