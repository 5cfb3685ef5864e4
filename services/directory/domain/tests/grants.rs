//! What may be handed on to whom, and what the law has against it: one change to a right grant at a time.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use base::{Date, Timestamp, Uuid};
use directory_domain::{
    Authority, DocumentKind, Grant, GrantFlaw, GrantForm, Period, Post, Roles, Scope, UnitKind,
};

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn year() -> Period {
    Period { from: day("2026-01-01"), until: day("2027-01-01") }
}

fn post(position: u128, unit: u128, roles: Roles) -> Post {
    Post {
        position_id: id(position),
        unit_id: id(unit),
        agency_id: id(100),
        agency_kind: UnitKind::ProvincialPeoplesCommittee,
        agency_above: None,
        roles,
        exists: Period::ALWAYS,
        held: vec![Period::ALWAYS],
    }
}

fn head() -> Post {
    post(1, 100, Roles::AGENCY_HEAD)
}

fn deputy() -> Post {
    post(2, 100, Roles::DEPUTY_HEAD)
}

fn chief() -> Post {
    post(3, 101, Roles::UNIT_HEAD)
}

fn deputy_chief() -> Post {
    post(4, 101, Roles::DEPUTY_HEAD)
}

/// Head of an agency directly below.
fn director(kind: UnitKind) -> Post {
    let below = Post { agency_id: id(200), agency_kind: kind, agency_above: Some(id(100)), ..head() };
    Post { position_id: id(6), unit_id: id(200), ..below }
}

fn grant(form: GrantForm, grantor: Post, grantee: Post) -> Grant {
    Grant {
        agency_id: id(100),
        form,
        grantor,
        grantee,
        scope: Scope::new(vec![DocumentKind::named("NOTICE").unwrap()], vec![]),
        from: year().from,
        until: Some(year().until),
        basis: "15/QĐ-UBND".to_owned(),
    }
}

fn given(form: GrantForm, grantor: u128, grantee: u128) -> Authority {
    let at: Timestamp = "2026-01-01T01:00:00Z".parse().unwrap();
    Authority {
        id: id(500),
        revision: 1,
        agency_id: id(100),
        form,
        grantor_position_id: id(grantor),
        grantee_position_id: id(grantee),
        scope: Scope::new(vec![DocumentKind::named("NOTICE").unwrap()], vec![]),
        period: year(),
        revoked_from: None,
        basis: "01/QC-UBND".to_owned(),
        created_at: at,
        updated_at: at,
    }
}

#[test]
fn each_form_goes_from_whom_to_whom_the_decree_says() {
    use GrantForm::{ByDelegation, ByOrder, ForHead};
    let office = || director(UnitKind::ProvincialOffice);
    let department = || director(UnitKind::ProvincialDepartment);
    let secretary = || post(5, 101, Roles::SECRETARY);
    let administrator = || post(5, 101, Roles::ADMINISTRATOR);
    let order = [given(ByOrder, 1, 3)];
    let delegation = [given(ByDelegation, 1, 3)];
    for (form, grantor, grantee, others, flaw) in [
        (ForHead, head(), deputy(), &[][..], None),
        (ForHead, head(), chief(), &[], Some(GrantFlaw::GranteeIsNoDeputy)),
        (ForHead, chief(), deputy_chief(), &order, None),
        (ForHead, chief(), deputy_chief(), &[], Some(GrantFlaw::NoOrderToPassOn)),
        (ForHead, chief(), deputy_chief(), &delegation, Some(GrantFlaw::PassesDelegationOn)),
        (ForHead, chief(), deputy(), &order, Some(GrantFlaw::GranteeIsNoDeputy)),
        (ForHead, head(), secretary(), &[], Some(GrantFlaw::NeverSigns)),
        (ForHead, head(), administrator(), &[], Some(GrantFlaw::NeverSigns)),
        (ByOrder, head(), chief(), &[], None),
        (ByOrder, head(), office(), &[], None),
        (ByOrder, head(), department(), &[], Some(GrantFlaw::GranteeIsNoUnitHead)),
        (ByOrder, head(), deputy(), &[], Some(GrantFlaw::GranteeIsNoUnitHead)),
        (ByOrder, deputy(), chief(), &[], Some(GrantFlaw::GrantorIsNotHead)),
        (ByDelegation, head(), chief(), &[], None),
        (ByDelegation, head(), department(), &[], None),
        (ByDelegation, head(), deputy(), &[], Some(GrantFlaw::GranteeIsNoSubordinateHead)),
        (ByDelegation, chief(), department(), &delegation, Some(GrantFlaw::PassesDelegationOn)),
        (ByDelegation, chief(), department(), &order, Some(GrantFlaw::GrantorIsNotHead)),
        (ByDelegation, head(), head(), &[], Some(GrantFlaw::ToItself)),
    ] {
        let grant = grant(form, grantor, grantee);
        assert_eq!(grant.flaws(others), flaw.into_iter().collect::<Vec<_>>(), "{grant:?}");
    }
}

#[test]
fn an_authorisation_is_written_and_limited_in_time_and_content() {
    let mut bare = grant(GrantForm::ByDelegation, head(), chief());
    bare.basis.clear();
    bare.until = None;
    bare.scope = Scope::default();
    assert_eq!(bare.flaws(&[]), [GrantFlaw::NoEnd, GrantFlaw::NoBasis, GrantFlaw::NoContent]);
    bare.form = GrantForm::ByOrder;
    assert_eq!(bare.flaws(&[]), [GrantFlaw::NoBasis, GrantFlaw::NoKinds]);
    bare.scope = Scope::new(vec![], vec!["VX".to_owned()]);
    assert_eq!(bare.flaws(&[]), [GrantFlaw::NoBasis, GrantFlaw::NoKinds], "a field is no kind");
    (bare.form, bare.grantee) = (GrantForm::ForHead, deputy());
    assert_eq!(bare.flaws(&[]), [], "a deputy's field needs neither");
    bare.until = Some(bare.from);
    assert_eq!(bare.flaws(&[]), [GrantFlaw::EndsBeforeItBegins]);
}

#[test]
fn it_lies_within_the_days_of_both_positions() {
    let half = Period { from: day("2026-01-01"), until: day("2026-07-01") };
    let mut grant = grant(GrantForm::ByDelegation, head(), chief());
    grant.grantor.exists = half;
    grant.grantee.held = vec![half, Period::since(half.until)];
    assert_eq!(grant.flaws(&[]), [GrantFlaw::GrantorNotThere, GrantFlaw::BeyondGrantee]);
    grant.until = Some(half.until);
    assert_eq!(grant.flaws(&[]), [], "up to the last day");
    grant.until = Some(day("2026-07-02"));
    assert_eq!(grant.flaws(&[]), [GrantFlaw::GrantorNotThere, GrantFlaw::BeyondGrantee], "one day more");
    grant.form = GrantForm::ByOrder;
    grant.grantor.exists = Period::ALWAYS;
    assert_eq!(grant.flaws(&[]), [], "an order belongs to the office, whoever holds it");
}

#[test]
fn the_same_is_not_given_twice_at_a_time() {
    let mut grant = grant(GrantForm::ByOrder, head(), chief());
    let mut other = given(GrantForm::ByOrder, 1, 3);
    assert_eq!(grant.flaws(&[other.clone()]), [GrantFlaw::Overlaps(id(500))]);
    other.revoked_from = Some(grant.from);
    assert_eq!(grant.flaws(&[other.clone()]), [], "what is revoked gives nothing");
    (other.period.from, other.revoked_from) = (day("2026-06-01"), Some(day("2026-05-01")));
    assert_eq!(grant.flaws(&[other.clone()]), [], "nor does what was revoked before it began");
    other.period = year();
    other.revoked_from = None;
    grant.from = other.period.until;
    grant.until = None;
    assert_eq!(grant.flaws(&[other.clone()]), [], "the day after the last");
    grant.from = day("2026-12-31");
    assert_eq!(grant.flaws(&[other.clone()]), [GrantFlaw::Overlaps(id(500))], "the last day");
    grant.scope = Scope::new(vec![DocumentKind::named("PLAN").unwrap()], vec![]);
    assert_eq!(grant.flaws(&[other]), [], "another kind");
}
