//! An external agency as it is written in requests.

use congvan_proto::directory::v1 as pb;
use directory_domain::{
    ExternalAgency, Identifier, Period, address, email, limits, phone, unit_name, website,
};
use kit::Violations;

use super::{dates::day, unit_identifiers::scheme_and_value};
use crate::{Directory, flaws::note};

/// The agency as it is written, new; every violation is noted.
pub(super) fn parse(
    service: &Directory,
    written: &pb::ExternalAgency,
    violations: &mut Violations,
) -> ExternalAgency {
    let now = service.clock.now();
    let days = (written.start_date.as_str(), written.end_date.as_str());
    ExternalAgency {
        id: service.ids.next(),
        revision: 1,
        name: note(violations, "externalAgency.name", unit_name(&written.name)),
        aliases: aliases(&written.aliases, violations),
        identifiers: identifiers(&written.identifiers, violations),
        email: note(violations, "externalAgency.email", email(&written.email)),
        address: note(violations, "externalAgency.address", address(&written.address)),
        phone: note(violations, "externalAgency.phone", phone(&written.phone)),
        website: note(violations, "externalAgency.website", website(&written.website)),
        period: period("externalAgency", days, violations),
        created_at: now,
        updated_at: now,
    }
}

fn aliases(written: &[String], violations: &mut Violations) -> Vec<String> {
    let mut aliases = Vec::new();
    if few_enough("externalAgency.aliases", written.len(), limits::ALIASES, violations) {
        for (index, alias) in written.iter().enumerate() {
            let alias = note(violations, &format!("externalAgency.aliases[{index}]"), unit_name(alias));
            if !alias.is_empty() && !aliases.contains(&alias) {
                aliases.push(alias);
            }
        }
    }
    aliases
}

fn identifiers(written: &[pb::ExternalIdentifier], violations: &mut Violations) -> Vec<Identifier> {
    let mut identifiers: Vec<Identifier> = Vec::new();
    if !few_enough("externalAgency.identifiers", written.len(), limits::IDENTIFIERS, violations) {
        return identifiers;
    }
    for (index, one) in written.iter().enumerate() {
        let field = format!("externalAgency.identifiers[{index}]");
        let period = period(&field, (&one.start_date, &one.end_date), violations);
        let Some((scheme, value)) = scheme_and_value(&field, (one.scheme, &one.value), violations) else {
            continue;
        };
        let identifier = Identifier { scheme, value, synthetic: false, period };
        if !identifier.value.is_empty() && identifiers.iter().any(|other| other.collides(&identifier)) {
            violations.add(
                format!("{field}.value"),
                "đã có ở trên trong cùng thời gian",
                "is named above for some of the same days",
            );
        }
        identifiers.push(identifier);
    }
    // In the order in which they are stored, so that the same ones in another order are no change.
    identifiers.sort_by_key(|one| (one.scheme.name(), one.period.from, one.value.clone()));
    identifiers
}

/// Whether there are not too many of something; a violation otherwise.
fn few_enough(field: &str, count: usize, limit: usize, violations: &mut Violations) -> bool {
    if count > limit {
        violations.add(
            field,
            format!("có {count} mục, tối đa {limit}"),
            format!("has {count} entries, at most {limit} are allowed"),
        );
    }
    count <= limit
}

/// The days between two that may be empty; a violation if there are none between them.
fn period(field: &str, (start, end): (&str, &str), violations: &mut Violations) -> Period {
    let until_field = format!("{field}.endDate");
    let from = day(&format!("{field}.startDate"), start, violations).unwrap_or(Period::BEGINNING);
    let until = day(&until_field, end, violations).unwrap_or(Period::END);
    let period = Period { from, until };
    if period.is_empty() {
        not_after(violations, &until_field, period);
    }
    period
}

pub(super) fn not_after(violations: &mut Violations, field: &str, period: Period) {
    let from = period.from;
    violations.add(
        field,
        format!("phải sau ngày bắt đầu {from}"),
        format!("must be after the first day, {from}"),
    );
}
