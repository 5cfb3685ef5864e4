use std::{future::Future, time::Duration};

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::time::Instant;
use tonic::Status;

use crate::Fault;

/// How long a unary call may take when the caller sets no limit.
const DEFAULT: Duration = Duration::from_secs(30);

tokio::task_local! {
    static DEADLINE: Instant;
}

/// Ends a call at its deadline with `DEADLINE_EXCEEDED`. tonic does this only in its own transport, which the
/// embedded edition does not pass through.
pub(super) async fn enforce(request: Request, next: Next) -> Response {
    let wanted = request.headers().get("grpc-timeout").and_then(|value| parse(value.to_str().ok()?));
    let unary = congvan_proto::method(request.uri().path()).is_some_and(|method| method.unary);
    let Some(limit) = wanted.or(unary.then_some(DEFAULT)) else {
        return next.run(request).await; // streams and plain HTTP have their own limits
    };
    let deadline = Instant::now() + limit;
    match within(deadline, next.run(request)).await {
        Some(response) => response,
        None => Status::from(Fault::too_slow()).into_http(),
    }
}

async fn within<T>(deadline: Instant, work: impl Future<Output = T>) -> Option<T> {
    DEADLINE.scope(deadline, tokio::time::timeout_at(deadline, work)).await.ok()
}

/// How long the call being served may still take; none if it has no deadline.
pub(crate) fn remaining() -> Option<Duration> {
    DEADLINE.try_with(|deadline| deadline.saturating_duration_since(Instant::now())).ok()
}

/// Reads `grpc-timeout`: up to eight digits and a unit.
fn parse(value: &str) -> Option<Duration> {
    let (digits, unit) = value.split_at_checked(value.len().checked_sub(1)?)?;
    if digits.is_empty() || digits.len() > 8 {
        return None;
    }
    let amount: u64 = digits.parse().ok()?;
    match unit {
        "H" => Some(Duration::from_secs(amount * 3600)),
        "M" => Some(Duration::from_secs(amount * 60)),
        "S" => Some(Duration::from_secs(amount)),
        "m" => Some(Duration::from_millis(amount)),
        "u" => Some(Duration::from_micros(amount)),
        "n" => Some(Duration::from_nanos(amount)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timeouts_are_read_as_grpc_writes_them() {
        assert_eq!(parse("250m"), Some(Duration::from_millis(250)));
        assert_eq!(parse("2H"), Some(Duration::from_hours(2)));
        for wrong in ["", "m", "123456789m", "-1S", "1x", "1đ"] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_remains_is_handed_on() {
        let deadline = Instant::now() + Duration::from_secs(2);
        let left = within(deadline, async {
            tokio::time::sleep(Duration::from_millis(500)).await;
            remaining()
        });
        assert_eq!(left.await, Some(Some(Duration::from_millis(1500))));
        let late = within(deadline, tokio::time::sleep(Duration::from_secs(5)));
        assert_eq!(late.await, None);
        assert_eq!(remaining(), None);
    }
}
