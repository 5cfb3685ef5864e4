//! Who signs in which form: the decree's table on one page, the edges of time, and what holds of every chart.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write;

use base::{Date, Timestamp, Uuid};
use directory_domain::{
    Authority, Capacity, Chart, DocumentKind, Form, Gap, GrantForm, Holder, Office, Period, Rank, Regime,
    Roles, Scope, check, signers,
};
use proptest::prelude::*;

const AGENCY: u128 = 100;
const OFFICE: u128 = 101;
const DEPARTMENT: u128 = 200;

const HEAD: u128 = 1;
const DEPUTY: u128 = 2;
const CHIEF: u128 = 3;
const DEPUTY_CHIEF: u128 = 4;
const SECRETARY: u128 = 5;
const DIRECTOR: u128 = 6;
const OFFICER: u128 = 7;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn now() -> Timestamp {
    "2026-11-23T01:00:00Z".parse().unwrap()
}

fn kind(name: &str) -> DocumentKind {
    DocumentKind::named(name).unwrap()
}

/// A position held by the person with its number plus 1000.
fn office(position: u128, unit: u128, agency: u128, title: &str, roles: Roles) -> Office {
    let holder = Holder {
        person_id: id(position + 1000),
        full_name: format!("Người {position}"),
        capacity: Capacity::Holder,
    };
    Office {
        position_id: id(position),
        unit_id: id(unit),
        agency_id: id(agency),
        agency_name: if agency == DEPARTMENT { "Sở Nội vụ" } else { "Cơ quan" }.to_owned(),
        title: title.to_owned(),
        roles,
        holders: vec![holder],
    }
}

fn chart(regime: Regime) -> Chart {
    let (head, deputy) = match regime {
        Regime::SingleHead => ("Giám đốc", "Phó Giám đốc"),
        Regime::Collective => ("Chủ tịch", "Phó Chủ tịch"),
    };
    let officer = Roles::numbered(&[4]).unwrap();
    Chart {
        agency_id: id(AGENCY),
        date: day("2026-11-23"),
        regime,
        collective: "Ủy ban nhân dân".to_owned(),
        offices: vec![
            office(HEAD, AGENCY, AGENCY, head, Roles::AGENCY_HEAD),
            office(DEPUTY, AGENCY, AGENCY, deputy, Roles::DEPUTY_HEAD),
            office(CHIEF, OFFICE, AGENCY, "Chánh Văn phòng", Roles::UNIT_HEAD),
            office(DEPUTY_CHIEF, OFFICE, AGENCY, "Phó Chánh Văn phòng", Roles::DEPUTY_HEAD),
            office(SECRETARY, OFFICE, AGENCY, "Thư ký", Roles::SECRETARY),
            office(DIRECTOR, DEPARTMENT, DEPARTMENT, "Giám đốc", Roles::AGENCY_HEAD),
            office(OFFICER, OFFICE, AGENCY, "Chuyên viên", officer),
        ],
        authorities: Vec::new(),
    }
}

fn authority(number: u128, form: GrantForm, grantor: u128, grantee: u128) -> Authority {
    Authority {
        id: id(number),
        revision: 1,
        agency_id: id(AGENCY),
        form,
        grantor_position_id: id(grantor),
        grantee_position_id: id(grantee),
        scope: Scope::default(),
        period: Period { from: day("2026-01-01"), until: day("2027-01-01") },
        revoked_from: None,
        basis: "15/QĐ-SNV".to_owned(),
        created_at: now(),
        updated_at: now(),
    }
}

/// All that the decree allows.
fn all_authorities() -> Vec<Authority> {
    vec![
        authority(501, GrantForm::ForHead, HEAD, DEPUTY),
        authority(502, GrantForm::ByOrder, HEAD, CHIEF),
        authority(503, GrantForm::ForHead, CHIEF, DEPUTY_CHIEF),
        authority(504, GrantForm::ByDelegation, HEAD, DIRECTOR),
        authority(505, GrantForm::ByDelegation, HEAD, CHIEF),
        authority(506, GrantForm::ForHead, HEAD, SECRETARY),
    ]
}

fn tell(out: &mut String, chart: &Chart) {
    for office in &chart.offices {
        for holder in &office.holders {
            let how = match check(chart, kind("NOTICE"), "", holder.person_id) {
                Ok(signers) => {
                    let told = signers
                        .iter()
                        .map(|signer| format!("{:?}: {}", signer.form, signer.lines.join(" / ")));
                    told.collect::<Vec<_>>().join(&format!("\n{:36}", ""))
                }
                Err(gaps) => format!("- {gaps:?}"),
            };
            let title = format!("{} ({:?})", office.title, holder.capacity);
            writeln!(out, "  {title:33} {how}").unwrap();
        }
    }
}

#[test]
fn every_regime_person_and_form() {
    let mut out = String::new();
    for regime in [Regime::SingleHead, Regime::Collective] {
        let mut chart = chart(regime);
        writeln!(out, "{regime:?}, nothing handed on").unwrap();
        tell(&mut out, &chart);
        chart.authorities = all_authorities();
        writeln!(out, "{regime:?}, everything handed on").unwrap();
        tell(&mut out, &chart);
        writeln!(out, "{regime:?}, an acting head and an acting chief of office").unwrap();
        for index in [0, 2] {
            chart.offices[index].holders[0].capacity = Capacity::Acting;
        }
        tell(&mut out, &chart);
        writeln!(out, "{regime:?}, deputies in charge of both").unwrap();
        for (index, deputy) in [(0, DEPUTY), (2, DEPUTY_CHIEF)] {
            let holder = &mut chart.offices[index].holders[0];
            holder.person_id = id(deputy + 1000);
            holder.capacity = Capacity::InCharge;
        }
        chart.authorities.retain(|authority| authority.form != GrantForm::ForHead);
        tell(&mut out, &chart);
        writeln!(out, "{regime:?}, officers in charge of both").unwrap();
        for index in [0, 2] {
            chart.offices[index].holders[0].person_id = id(OFFICER + 1000);
        }
        tell(&mut out, &chart);
    }
    insta::assert_snapshot!(out);
}

#[test]
fn an_authority_holds_from_its_first_day_to_its_last() {
    let mut chart = chart(Regime::SingleHead);
    let mut delegation = authority(504, GrantForm::ByDelegation, HEAD, CHIEF);
    delegation.period = Period { from: day("2026-11-01"), until: day("2026-12-01") };
    chart.authorities = vec![delegation];
    let authority_id = id(504);
    let (from, until) = (day("2026-11-01"), day("2026-12-01"));
    for (date, gap) in [
        ("2026-10-31", Some(Gap::NotYet { authority_id, from })),
        ("2026-11-01", None),
        ("2026-11-30", None),
        ("2026-12-01", Some(Gap::Over { authority_id, until })),
    ] {
        chart.date = day(date);
        let told = check(&chart, kind("NOTICE"), "", id(CHIEF + 1000)).err();
        assert_eq!(told, gap.map(|gap| vec![gap]), "{date}");
    }
    chart.authorities[0].revoke(day("2026-11-20"), now());
    assert_eq!(chart.authorities[0].revision, 2);
    for (date, live) in [("2026-11-19", true), ("2026-11-20", false), ("2026-11-30", false)] {
        chart.date = day(date);
        assert_eq!(check(&chart, kind("NOTICE"), "", id(CHIEF + 1000)).is_ok(), live, "{date}");
    }
}

#[test]
fn what_is_missing_is_told() {
    let mut chart = chart(Regime::SingleHead);
    let mut assigned = authority(501, GrantForm::ForHead, HEAD, DEPUTY);
    assigned.scope = Scope::new(vec![kind("DECISION")], vec!["VX".to_owned()]);
    chart.authorities = vec![assigned, authority(503, GrantForm::ForHead, CHIEF, DEPUTY_CHIEF)];
    let told = |name: &str, matter: &str, position: u128| {
        check(&chart, kind(name), matter, id(position + 1000)).map(|signers| signers[0].form)
    };
    let authority_id = id(501);
    assert_eq!(told("DECISION", "vx", DEPUTY), Ok(Form::ForHead));
    assert_eq!(told("NOTICE", "VX", DEPUTY), Err(vec![Gap::OtherKind { authority_id }]));
    assert_eq!(told("DECISION", "", DEPUTY), Err(vec![Gap::OtherMatter { authority_id }]));
    let authority_id = id(503);
    assert_eq!(told("NOTICE", "", DEPUTY_CHIEF), Err(vec![Gap::NoOrderAbove { authority_id }]));
    assert_eq!(told("NOTICE", "", CHIEF), Err(vec![Gap::NoAuthority(Rank::UnitHead)]));
    assert_eq!(told("NOTICE", "", OFFICER), Err(vec![Gap::NoAuthority(Rank::Other)]));
    assert_eq!(told("NOTICE", "", SECRETARY), Err(vec![Gap::NeverSigns]));
    assert_eq!(told("NOTICE", "", 8000), Err(vec![Gap::NoPosition]));
}

#[test]
fn nobody_authorises_while_there_is_no_head() {
    let mut chart = chart(Regime::Collective);
    chart.authorities = all_authorities();
    chart.offices[0].holders.clear();
    let found = signers(&chart, kind("NOTICE"), "");
    let forms: Vec<_> = found.iter().map(|signer| (signer.person_id, signer.form)).collect();
    assert_eq!(
        forms,
        [
            (id(DEPUTY + 1000), Form::ForCollectiveAndHead),
            (id(CHIEF + 1000), Form::ByOrder),
            (id(DEPUTY_CHIEF + 1000), Form::ByOrderForHead),
        ]
    );
    let authority_id = id(504);
    let told = check(&chart, kind("NOTICE"), "", id(DIRECTOR + 1000));
    assert_eq!(told, Err(vec![Gap::NobodyGives { authority_id }]));
}

prop_compose! {
    fn an_authority()(
        number in 501_u128..600, form in 0_usize..3, grantor in 1_u128..8, grantee in 1_u128..8,
        from in 1_i8..29, length in 0_i8..20, revoked in prop::option::of(1_i8..29), kinds in 0_usize..3, matters in 0_usize..3,
    ) -> Authority {
        let from = Date::constant(2026, 11, from);
        let mut made = authority(number, GrantForm::ALL[form], grantor, grantee);
        let names = ["NOTICE", "DECISION"].into_iter().take(kinds).map(kind).collect();
        made.scope = Scope::new(names, ["VX", "KT"].into_iter().take(matters).map(str::to_owned).collect());
        made.period = Period { from, until: from.saturating_add(jiff::Span::new().days(length)) };
        made.revoked_from = revoked.map(|day| Date::constant(2026, 11, day));
        made
    }
}

prop_compose! {
    fn a_chart()(
        collective: bool, date in 1_i8..29, authorities in prop::collection::vec(an_authority(), 0..8),
        holders in prop::collection::vec((0_u128..8, 0_usize..3), 7),
    ) -> Chart {
        let mut chart = chart(if collective { Regime::Collective } else { Regime::SingleHead });
        chart.date = Date::constant(2026, 11, date);
        chart.authorities = authorities;
        for (office, (person, capacity)) in chart.offices.iter_mut().zip(holders) {
            office.holders[0].person_id = id(person + 1000);
            office.holders[0].capacity = Capacity::ALL[capacity];
            if person == 0 {
                office.holders.clear();
            }
        }
        chart
    }
}

/// Written apart from the rules: whether the authority alone would let the document through on the day.
fn lives(authority: &Authority, chart: &Chart, name: &str, matter: &str) -> bool {
    let started = authority.period.from <= chart.date && chart.date < authority.period.until;
    let revoked = authority.revoked_from.is_some_and(|from| from <= chart.date);
    let kinds = authority.scope.kinds();
    let matters = authority.scope.matters();
    started
        && !revoked
        && (kinds.is_empty() || kinds.iter().any(|kind| kind.name() == name))
        && (matters.is_empty() || matters.iter().any(|own| own == matter))
}

proptest! {
    #[test]
    fn nobody_signs_without_office_or_live_authority(
        chart in a_chart(),
        name in prop::sample::select(vec!["NOTICE", "DECISION", "PLAN"]),
        matter in prop::sample::select(vec!["", "VX", "KT", "NC"]),
    ) {
        let found = signers(&chart, kind(name), matter);
        for signer in &found {
            let own = chart.office(signer.position_id).unwrap();
            prop_assert!(own.held_by(signer.person_id).is_some(), "in a position held: {signer:?}");
            prop_assert!(!own.roles.any_of(Roles::SECRETARY.and(Roles::ADMINISTRATOR)), "{signer:?}");
            let leads = |office: &Office| office.roles.any_of(Roles::AGENCY_HEAD) && office.agency_id == chart.agency_id;
            if signer.authority_ids.is_empty() {
                let by_office = chart.offices.iter().any(|office| leads(office) && office.held_by(signer.person_id).is_some());
                prop_assert!(by_office, "{signer:?}");
            }
            for authority_id in &signer.authority_ids {
                let behind = chart.authorities.iter().filter(|authority| authority.id == *authority_id);
                prop_assert!(behind.into_iter().any(|authority| lives(authority, &chart, name, matter)), "{signer:?}");
            }
            if signer.form == Form::ByDelegation {
                let [authority_id] = signer.authority_ids[..] else { panic!("one authorisation: {signer:?}") };
                let from_head = chart.authorities.iter().any(|authority| authority.id == authority_id
                    && chart.office(authority.grantor_position_id).is_some_and(leads));
                prop_assert!(from_head, "never from one who was authorised: {signer:?}");
            }
        }
        for person in (1..8).map(|number| id(number + 1000)) {
            let own: Vec<_> = found.iter().filter(|signer| signer.person_id == person).cloned().collect();
            match check(&chart, kind(name), matter, person) {
                Ok(told) => prop_assert_eq!(told, own, "listed means allowed"),
                Err(gaps) => {
                    prop_assert!(own.is_empty(), "allowed means listed");
                    prop_assert!(!gaps.is_empty(), "a refusal says what is missing");
                }
            }
        }
    }
}
