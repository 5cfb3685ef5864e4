use prost_types::Timestamp;

/// A point in time in microseconds since 1970, as protobuf writes it.
pub fn time_to_proto(microseconds: i64) -> Timestamp {
    Timestamp {
        seconds: microseconds.div_euclid(1_000_000),
        nanos: (microseconds.rem_euclid(1_000_000) * 1_000) as i32,
    }
}

/// Microseconds since 1970 of a protobuf time.
pub fn time_from_proto(time: &Timestamp) -> i64 {
    time.seconds * 1_000_000 + i64::from(time.nanos) / 1_000
}
