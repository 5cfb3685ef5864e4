//! Days as they are written in requests.

use base::Date;
use directory_domain::{Period, limits};
use kit::Violations;

use crate::Directory;

/// The day that a read asks for; today in Vietnam when it is empty.
pub(crate) fn as_of(service: &Directory, field: &str, text: &str, violations: &mut Violations) -> Date {
    day(field, text, violations).unwrap_or_else(|| service.today())
}

/// The first day of a change; today in Vietnam when it is empty.
pub(crate) fn first_day(service: &Directory, field: &str, text: &str, violations: &mut Violations) -> Date {
    as_of(service, field, text, violations)
}

/// The first day on which something is no more; a violation when it is empty.
pub(crate) fn last_day(field: &str, text: &str, violations: &mut Violations) -> Date {
    if text.trim().is_empty() {
        violations.missing(field);
    }
    day(field, text, violations).unwrap_or(Period::END)
}

/// A period; from today and without an end when the days are empty. A violation when it would hold on no day.
pub(crate) fn period(
    service: &Directory,
    (from_field, from): (&str, &str),
    (until_field, until): (&str, &str),
    violations: &mut Violations,
) -> Period {
    let from = first_day(service, from_field, from, violations);
    let until = day(until_field, until, violations).unwrap_or(Period::END);
    let period = Period { from, until };
    if period.is_empty() {
        violations.add(
            until_field,
            format!("phải sau ngày bắt đầu {from}"),
            format!("must be after the first day, {from}"),
        );
    }
    period
}

/// A day, or nothing; a violation when it is none. Years from 1900 to 9998: a day outside is a slip of the pen.
pub(crate) fn day(field: &str, text: &str, violations: &mut Violations) -> Option<Date> {
    let text = text.trim();
    if text.is_empty() {
        return None;
    }
    let day = text.parse::<Date>().ok().filter(|day| text.len() == 10 && (1900..9999).contains(&day.year()));
    if day.is_none() {
        violations.add(
            field,
            "phải là ngày theo dạng YYYY-MM-DD, ví dụ 2025-07-01",
            "must be a day as YYYY-MM-DD, like 2025-07-01",
        );
    }
    day
}

/// Why something is done, as it goes into the audit.
pub(crate) fn reason(text: &str, violations: &mut Violations) -> String {
    violations.text("reason", text, false, limits::REASON)
}
