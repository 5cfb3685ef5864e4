use jiff::{
    Timestamp,
    civil::Date,
    tz::{self, TimeZone},
};

/// Asia/Ho_Chi_Minh: UTC+07:00 without daylight saving since 1975. Fixed here, because the legal date must not depend on
/// which zone files a machine has (Decision 28/2018/QĐ-TTg, Article 14.4).
fn zone() -> TimeZone {
    TimeZone::fixed(tz::offset(7))
}

/// The day in Vietnam at this moment: the date that a document issued now bears.
pub fn legal_date(at: Timestamp) -> Date {
    at.to_zoned_datetime(zone()).date()
}

/// The moment at which a day begins in Vietnam.
pub fn legal_midnight(day: Date) -> Timestamp {
    zone().to_timestamp(day.at(0, 0, 0, 0)).expect("the years that documents bear have midnights")
}

/// The year in Vietnam at this moment: the register that a document issued now is entered in.
pub fn legal_year(at: Timestamp) -> i16 {
    legal_date(at).year()
}

/// Day and time in Vietnam as people read it: `23/11/2026 08:05`.
pub fn legal_time_text(at: Timestamp) -> String {
    at.to_zoned_datetime(zone()).strftime("%d/%m/%Y %H:%M").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_year_changes_at_midnight_in_vietnam() {
        let before: Timestamp = "2026-12-31T16:59:59.999999Z".parse().unwrap();
        let after: Timestamp = "2026-12-31T17:00:00Z".parse().unwrap();
        assert_eq!((legal_year(before), legal_date(before).to_string()), (2026, "2026-12-31".to_owned()));
        assert_eq!((legal_year(after), legal_date(after).to_string()), (2027, "2027-01-01".to_owned()));
        assert_eq!(legal_midnight(legal_date(after)), after);
        assert_eq!(legal_time_text(after), "01/01/2027 00:00");
    }
}
