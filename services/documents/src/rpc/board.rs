//! The board of a document, and which of its deliveries are asked for.

use std::collections::BTreeMap;

use base::{Timestamp, legal_date};
use congvan_proto::documents::v1 as pb;
use documents_domain::{DeliveryStatus, Document, Purpose};
use kit::{Fault, Violations};
use sql::Queries;

use crate::{
    shape,
    store::{
        self,
        board::{Count, Filter},
    },
};

/// How many exceptions a board names.
const EXCEPTIONS: u16 = 100;

/// After how many working hours what is not decided counts, where none are asked for.
const HOURS: u32 = 2;

/// Most working hours that can be asked for: half a year.
const MOST_HOURS: i32 = 1_000;

/// Which deliveries are wanted, parsed. What depends on the time is found when it is asked.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    statuses: Vec<DeliveryStatus>,
    purposes: Vec<Purpose>,
    undecided_hours: Option<u32>,
    overdue: bool,
}

impl Wanted {
    /// Parses a filter that stands at `place` in its request ("filter.", or nothing).
    pub(super) fn parse(place: &str, written: &pb::DeliveryFilter, violations: &mut Violations) -> Self {
        let known = |number: &i32| DeliveryStatus::numbered(*number);
        let mut statuses = values(&format!("{place}statuses"), &written.statuses, known, violations);
        let known = |number: &i32| Purpose::ALL.into_iter().find(|purpose| purpose.number() == *number);
        let mut purposes = values(&format!("{place}purposes"), &written.purposes, known, violations);
        if statuses.is_empty() {
            statuses = DeliveryStatus::ALL.into();
        }
        if purposes.is_empty() {
            purposes = Purpose::ALL.into();
        }
        let field = format!("{place}undecidedHours");
        let asked = written.undecided_hours != 0;
        let undecided_hours = asked.then(|| hours(&field, written.undecided_hours, violations));
        Self { statuses, purposes, undecided_hours, overdue: written.overdue }
    }

    /// Only what a recipient can still do something about, and is asked to.
    pub(super) fn pending(mut self) -> Self {
        self.statuses.retain(|status| {
            !matches!(status, DeliveryStatus::Refused | DeliveryStatus::Returned | DeliveryStatus::Completed)
        });
        self.purposes.retain(|purpose| *purpose != Purpose::File);
        self
    }

    /// What it means now.
    pub(super) async fn at(self, db: &mut impl Queries, now: Timestamp) -> Result<Filter, Fault> {
        let Self { statuses, purposes, undecided_hours, overdue } = self;
        let undecided_since = match undecided_hours {
            Some(hours) => Some(store::calendar::read(db).await?.before(now, hours)),
            None => None,
        };
        let overdue_on = overdue.then(|| legal_date(now));
        Ok(Filter { statuses, purposes, undecided_since, overdue_on })
    }
}

fn values<T>(
    field: &str,
    written: &[i32],
    known: impl Fn(&i32) -> Option<T>,
    violations: &mut Violations,
) -> Vec<T> {
    let found: Vec<T> = written.iter().filter_map(known).collect();
    if found.len() != written.len() {
        violations.add(
            field,
            "có giá trị không thuộc danh mục",
            "holds a value that the contract does not have",
        );
    }
    found
}

/// Working hours as asked for.
pub(super) fn hours(field: &str, written: i32, violations: &mut Violations) -> u32 {
    match u32::try_from(written) {
        Ok(0) => HOURS,
        Ok(hours) if written <= MOST_HOURS => hours,
        _ => {
            violations.add(field, format!("từ 1 đến {MOST_HOURS}"), format!("must be 1 to {MOST_HOURS}"));
            HOURS
        }
    }
}

/// Folds the board of a document.
pub(super) async fn read(
    db: &mut impl Queries,
    document: &Document,
    undecided_hours: u32,
    now: Timestamp,
) -> Result<pb::DeliveryBoard, Fault> {
    let since = store::calendar::read(db).await?.before(now, undecided_hours);
    let counts = store::board::fold(db, document.id, since, legal_date(now)).await?;
    let exceptions = store::delivery::exceptions(db, document.id, EXCEPTIONS).await?;
    let forwarded = store::delivery::forwarded(db, document.id, EXCEPTIONS).await?;
    let forwarded_count = store::board::forwarded(db, document.id).await?;
    let issuance = document.stage.issuance();
    let notation = issuance.map(|issuance| documents_domain::notation(issuance.number, issuance.symbol));
    Ok(pb::DeliveryBoard {
        document_id: document.id.to_string(),
        notation: notation.unwrap_or_default(),
        total: counts.iter().map(|count| count.deliveries).sum(),
        counts: by_status(counts.iter()),
        exceptions: exceptions.iter().map(shape::delivery).collect(),
        update_time: counts.iter().map(|count| count.updated_at).max().map(shape::time),
        purpose_counts: by_purpose(&counts),
        undecided_count: counts.iter().map(|count| count.undecided).sum(),
        forwarded_count,
        forwarded: forwarded.iter().map(shape::forwarded).collect(),
        overdue_count: counts.iter().map(|count| count.overdue).sum(),
    })
}

fn by_status<'a>(counts: impl Iterator<Item = &'a Count>) -> Vec<pb::DeliveryCount> {
    let mut sums: BTreeMap<DeliveryStatus, i32> = BTreeMap::new();
    for count in counts {
        *sums.entry(count.status).or_default() += count.deliveries;
    }
    let told = |(status, count): (DeliveryStatus, i32)| pb::DeliveryCount { status: status.number(), count };
    sums.into_iter().map(told).collect()
}

fn by_purpose(counts: &[Count]) -> Vec<pb::DeliveryPurposeCount> {
    let of = |purpose| counts.iter().filter(move |count| count.purpose == purpose);
    let told = |purpose: Purpose| pb::DeliveryPurposeCount {
        purpose: purpose.number(),
        count: of(purpose).map(|count| count.deliveries).sum(),
        counts: by_status(of(purpose)),
    };
    Purpose::ALL.into_iter().map(told).filter(|told| told.count > 0).collect()
}
