use base::Date;
use documents_domain::Calendar;
use sql::{Queries, Result, params};

sql::statements! {
    DAYS = "SELECT day, works FROM calendar_day ORDER BY day";
    HOURS = "SELECT starts, ends FROM calendar_hours WHERE starts >= 0 AND starts < ends AND ends <= 1440 ORDER BY starts";
}

/// The known calendar, and what an operator entered beside it.
pub(crate) async fn read(db: &mut impl Queries) -> Result<Calendar> {
    let mut days = Vec::new();
    for row in db.all(&DAYS, params![]).await? {
        days.push((row.get::<Date>("day")?, row.get::<bool>("works")?));
    }
    let mut hours = Vec::new();
    for row in db.all(&HOURS, params![]).await? {
        let minute = |column| row.get::<i64>(column).map(|minute| u16::try_from(minute).unwrap_or(u16::MAX));
        hours.push((minute("starts")?, minute("ends")?));
    }
    Ok(Calendar::default().with(hours, days))
}
