//! The reform of 1 July 2025 in Sơn La: of 200 communes, wards and townships seven stay, 193 become 68, and twelve districts
//! end.

use std::collections::{BTreeMap, BTreeSet};

use congvan_proto::directory::v1 as pb;
use tonic::Code;

use crate::{
    reorganising::{apply, prepare, preview, review, second_administrator},
    world::{Who, World, reason},
};

/// What the province is made of since then, and from what; the same file that the sample province is made from.
const COMMUNES: &str = include_str!("../../../congvan/sample/communes.csv");

/// The province as this story enters it begins here.
const FIRST_DAY: &str = "2021-01-01";

/// The last day of the old order, and the first of the new.
const OLD: &str = "2025-06-30";
const NEW: &str = "2025-07-01";

/// One commune of the new order.
pub(crate) struct Commune {
    code: String,
    name: String,
    is_ward: bool,
    district: String,
    formed_from: Vec<String>,
}

fn communes() -> Vec<Commune> {
    let mut rows = COMMUNES.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split(',').collect();
        Commune {
            code: cells[0].to_owned(),
            name: cells[1].to_owned(),
            is_ward: cells[2] == "ward",
            district: cells[3].to_owned(),
            formed_from: cells[4]
                .split(';')
                .map(|name| name.trim().to_owned())
                .filter(|name| !name.is_empty())
                .collect(),
        }
    });
    rows.by_ref().collect()
}

fn kind(name: &str) -> pb::UnitKind {
    match name.split(' ').next() {
        Some("Phường") => pb::UnitKind::Ward,
        Some("Xã") => pb::UnitKind::Commune,
        _ => pb::UnitKind::Township,
    }
}

fn unit(code: &str, name: &str, kind: pb::UnitKind, parent_code: &str) -> pb::ImportUnit {
    pb::ImportUnit {
        code: code.to_owned(),
        synthetic_code: true,
        name: format!("Ủy ban nhân dân {name}"),
        abbreviation: "UBND".to_owned(),
        kind: kind.into(),
        parent_code: parent_code.to_owned(),
        email: format!("{}@sonla.example", base::fold(&code.to_lowercase())),
        start_date: FIRST_DAY.to_owned(),
        ..pb::ImportUnit::default()
    }
}

/// The old province: its districts, and below them the 193 communes that end and the seven that stay. An old commune of
/// the same name as a new one bears the code that the new one will bear.
fn old_province(communes: &[Commune]) -> pb::ImportDirectoryRequest {
    let mut units = vec![unit("H52", "tỉnh Sơn La", pb::UnitKind::ProvincialPeoplesCommittee, "")];
    let districts: BTreeSet<&str> = communes.iter().map(|commune| commune.district.as_str()).collect();
    let district_code = |name: &str| {
        let place = districts.iter().position(|district| *district == name).unwrap();
        format!("H52.D{place:02}")
    };
    units.extend(
        districts
            .iter()
            .map(|name| unit(&district_code(name), name, pb::UnitKind::DistrictPeoplesCommittee, "H52")),
    );
    let mut users = Vec::new();
    let mut add = |code: &str, name: &str, district: &str| {
        units.push(unit(code, name, kind(name), &district_code(district)));
        units.push(pb::ImportUnit {
            abbreviation: "VP".to_owned(),
            email: String::new(),
            ..unit(&format!("{code}.VP"), &format!("{name}, văn phòng"), pb::UnitKind::InnerOffice, code)
        });
        users.push(clerk(&format!("vanthu.{}", code.to_lowercase()), &format!("{code}.VP"), FIRST_DAY));
    };
    let mut made_up = 0;
    for commune in communes {
        if commune.formed_from.is_empty() {
            add(&format!("H52.{}", commune.code), &commune.name, &commune.district);
        }
        for name in &commune.formed_from {
            let code = if *name == commune.name {
                format!("H52.{}", commune.code)
            } else {
                made_up += 1;
                format!("H52.X{made_up:03}")
            };
            add(&code, name, &commune.district);
        }
    }
    pb::ImportDirectoryRequest { units, users }
}

fn clerk(sign_in_name: &str, unit_code: &str, start_date: &str) -> pb::ImportUser {
    pb::ImportUser {
        sign_in_name: sign_in_name.to_owned(),
        full_name: format!("Lò Văn {sign_in_name}"),
        appointments: vec![pb::ImportAppointment {
            unit_code: unit_code.to_owned(),
            position: "Văn thư".to_owned(),
            roles: vec![pb::Role::DocumentOffice.into()],
            start_date: start_date.to_owned(),
        }],
        ..pb::ImportUser::default()
    }
}

/// The units of these kinds on a day, by name.
async fn units(world: &World, by: &Who, kinds: &[pb::UnitKind], on: &str) -> BTreeMap<String, pb::Unit> {
    let request = pb::ListUnitsRequest {
        kinds: kinds.iter().map(|kind| i32::from(*kind)).collect(),
        page_size: 1000,
        as_of_date: on.to_owned(),
        ..pb::ListUnitsRequest::default()
    };
    let answer = world.units().list_units(world.from(by, request)).await.unwrap().into_inner();
    assert_eq!(answer.next_page_token, "");
    answer.units.into_iter().map(|unit| (unit.name.clone(), unit)).collect()
}

const COMMUNE_LEVEL: [pb::UnitKind; 3] = [pb::UnitKind::Ward, pb::UnitKind::Commune, pb::UnitKind::Township];

/// The reorganisation as the resolution orders it.
fn resolution(
    communes: &[Commune],
    old: &BTreeMap<String, pb::Unit>,
    districts: &BTreeMap<String, pb::Unit>,
    province: &pb::Unit,
) -> pb::Reorganisation {
    let committee = |name: &str| format!("Ủy ban nhân dân {name}");
    let merged = communes.iter().filter(|commune| !commune.formed_from.is_empty());
    let merged = merged.map(|commune| {
        let code = format!("H52.{}", commune.code);
        let new = pb::Unit {
            email: format!("{}@sonla.example", commune.code),
            code,
            synthetic_code: true,
            name: committee(&commune.name),
            abbreviation: "UBND".to_owned(),
            kind: if commune.is_ward { pb::UnitKind::Ward } else { pb::UnitKind::Commune }.into(),
            parent_id: province.id.clone(),
            identifiers: vec![pb::UnitIdentifier {
                scheme: pb::IdentifierScheme::Statistical.into(),
                value: commune.code.clone(),
                ..pb::UnitIdentifier::default()
            }],
            ..pb::Unit::default()
        };
        pb::UnitChange {
            predecessor_ids: commune
                .formed_from
                .iter()
                .map(|name| old[&committee(name)].id.clone())
                .collect(),
            successors: vec![pb::Successor { unit: Some(pb::successor::Unit::NewUnit(new)) }],
            ..pb::UnitChange::default()
        }
    });
    let ended = pb::UnitChange {
        predecessor_ids: districts.values().map(|district| district.id.clone()).collect(),
        successors: vec![pb::Successor { unit: Some(pb::successor::Unit::UnitId(province.id.clone())) }],
        ..pb::UnitChange::default()
    };
    pb::Reorganisation {
        title: "Sắp xếp đơn vị hành chính cấp xã của tỉnh Sơn La".to_owned(),
        basis: "Nghị quyết 1681/NQ-UBTVQH15 ngày 16/6/2025".to_owned(),
        effective_date: NEW.to_owned(),
        changes: merged.chain([ended]).collect(),
        ..pb::Reorganisation::default()
    }
}

/// What a unit was, without what tells only when the record was last touched and when the unit ended.
fn was(unit: &pb::Unit) -> pb::Unit {
    pb::Unit { revision: 0, update_time: None, end_date: String::new(), ..unit.clone() }
}

#[tokio::test]
async fn two_hundred_communes_become_seventy_five_and_nothing_is_lost() {
    let communes = communes();
    for world in World::all().await {
        let by = world.administrator().await;
        let old_order = old_province(&communes);
        let import = world.from(&by, old_order.clone());
        let imported = world.imports().import_directory(import).await.unwrap().into_inner();
        assert_eq!((imported.units_created, imported.users_created), (1 + 12 + 2 * 200, 200));
        let old = units(&world, &by, &COMMUNE_LEVEL, OLD).await;
        let districts = units(&world, &by, &[pb::UnitKind::DistrictPeoplesCommittee], OLD).await;
        let province = units(&world, &by, &[pb::UnitKind::ProvincialPeoplesCommittee], OLD).await;
        let province = province.into_values().next().unwrap();
        assert_eq!((old.len(), districts.len()), (200, 12));

        let second = second_administrator(&world, &by, &province).await;
        let prepared = prepare(&world, &by, resolution(&communes, &old, &districts, &province)).await;
        let read = preview(&world, &second, &prepared.id).await;
        assert_eq!(read.problems, []);
        let fates = |fate: pb::UnitFate| read.outcomes.iter().filter(move |one| one.fate == i32::from(fate));
        assert_eq!(fates(pb::UnitFate::Begins).count(), 68);
        assert_eq!(fates(pb::UnitFate::Ends).count(), 193 + 193 + 12, "communes, their offices, districts");
        assert_eq!(fates(pb::UnitFate::Moves).count(), 7, "the communes that stay, to the province");
        assert_eq!(read.unplaced_users.len(), 193);
        for ended in fates(pb::UnitFate::Ends) {
            assert!(!ended.heir_id.is_empty(), "{} goes nowhere", ended.name);
            assert!(ended.mailboxes.iter().all(|mailbox| !mailbox.is_empty()), "{}", ended.name);
        }

        carried_out(&world, [&by, &second], &prepared, &read.fingerprint).await;

        // The old order stands as it stood, on its last day as on its first.
        for day in [FIRST_DAY, OLD] {
            let then = units(&world, &by, &COMMUNE_LEVEL, day).await;
            assert_eq!(then.len(), 200);
            for (name, unit) in &then {
                assert_eq!(was(unit), was(&old[name]), "{name} on {day}");
            }
        }
        // The new order: 75, each with its code, straight below the province.
        let new = units(&world, &by, &COMMUNE_LEVEL, NEW).await;
        assert_eq!(new.len(), 75);
        assert!(units(&world, &by, &[pb::UnitKind::DistrictPeoplesCommittee], NEW).await.is_empty());
        let mut taken_over = 0;
        for commune in &communes {
            let unit = &new[&format!("Ủy ban nhân dân {}", commune.name)];
            assert_eq!(
                (unit.code.as_str(), &unit.parent_id),
                (format!("H52.{}", commune.code).as_str(), &province.id)
            );
            let request = pb::GetUnitHistoryRequest { id: unit.id.clone() };
            let history =
                world.units().get_unit_history(world.from(&by, request)).await.unwrap().into_inner();
            assert_eq!(history.predecessors.len(), commune.formed_from.len(), "{}", commune.name);
            assert!(history.predecessors.iter().all(|one| one.takes_over && one.start_date == NEW));
            taken_over += history.predecessors.len();
        }
        assert_eq!(taken_over, 193);
        a_code_means_another_unit(&world, &by, &old, &new).await;
        people_go_on(&world, &by, &communes, &old).await;
    }
}

/// Confirmed by another than the one who prepared it, and applied once.
async fn carried_out(
    world: &World,
    [by, second]: [&Who; 2],
    prepared: &pb::Reorganisation,
    fingerprint: &str,
) {
    let own = review(world, by, prepared, fingerprint).await.unwrap_err();
    assert_eq!((own.code(), reason(&own).as_str()), (Code::PermissionDenied, "OWN_REORGANISATION"));
    let early = apply(world, by, prepared).await.unwrap_err();
    assert_eq!(reason(&early), "REORGANISATION_STATE");
    let reviewed = review(world, second, prepared, fingerprint).await.unwrap();
    let applied = apply(world, by, &reviewed).await.unwrap();
    assert_eq!(applied.created_unit_ids.len(), 68);
    let again = apply(world, by, &applied.reorganisation.unwrap()).await.unwrap_err();
    assert_eq!(reason(&again), "REORGANISATION_STATE");
}

/// Tô Hiệu is the old ward until June and the new one since July, under one code.
async fn a_code_means_another_unit(
    world: &World,
    by: &Who,
    old: &BTreeMap<String, pb::Unit>,
    new: &BTreeMap<String, pb::Unit>,
) {
    let name = "Ủy ban nhân dân Phường Tô Hiệu";
    assert_eq!(old[name].code, new[name].code);
    assert_ne!(old[name].id, new[name].id);
    let get = |id: &str, on: &str| {
        let request = pb::GetUnitRequest { id: id.to_owned(), as_of_date: on.to_owned() };
        world.from(by, request)
    };
    let gone = world.units().get_unit(get(&old[name].id, NEW)).await.unwrap_err();
    assert_eq!((gone.code(), reason(&gone).as_str()), (Code::NotFound, "UNIT_ABSENT"));
    let not_yet = world.units().get_unit(get(&new[name].id, OLD)).await.unwrap_err();
    assert_eq!(reason(&not_yet), "UNIT_ABSENT");
    let last = world.units().get_unit(get(&old[name].id, OLD)).await.unwrap().into_inner().unit.unwrap();
    assert_eq!((last.end_date.as_str(), last.start_date.as_str()), (NEW, FIRST_DAY));
    let first = world.units().get_unit(get(&new[name].id, NEW)).await.unwrap().into_inner().unit.unwrap();
    assert_eq!(first.identifiers[0].value, "03646");
}

/// A clerk of an old commune held the post until June, holds none since, and reads the old inbox once appointed anew.
async fn people_go_on(world: &World, by: &Who, communes: &[Commune], old: &BTreeMap<String, pb::Unit>) {
    let new_offices: Vec<pb::ImportUnit> = communes
        .iter()
        .filter(|commune| !commune.formed_from.is_empty())
        .map(|commune| pb::ImportUnit {
            abbreviation: "VP".to_owned(),
            email: String::new(),
            start_date: NEW.to_owned(),
            ..unit(
                &format!("H52.{}.VP", commune.code),
                "văn phòng",
                pb::UnitKind::InnerOffice,
                &format!("H52.{}", commune.code),
            )
        })
        .collect();
    let users = vec![clerk("vanthu.h52.03646", "H52.03646.VP", NEW)];
    let request = pb::ImportDirectoryRequest { units: new_offices, users };
    world.imports().import_directory(world.from(by, request)).await.unwrap();

    let all = pb::ListUsersRequest { page_size: 1000, ..Default::default() };
    let all = world.users().list_users(world.from(by, all)).await.unwrap().into_inner().users;
    let clerk = all.iter().find(|user| user.sign_in_name == "vanthu.h52.03646").unwrap();
    let on = |day: &str| pb::GetUserRequest { id: clerk.id.clone(), as_of_date: day.to_owned() };
    let then = world.users().get_user(world.from(by, on(OLD))).await.unwrap().into_inner().user.unwrap();
    assert_eq!(then.appointments.len(), 1);
    assert_eq!(then.appointments[0].agency_id, old["Ủy ban nhân dân Phường Tô Hiệu"].id);
    let now = world.users().get_user(world.from(by, on(""))).await.unwrap().into_inner().user.unwrap();
    assert_eq!(now.appointments.len(), 1);
    assert_ne!(now.appointments[0].agency_id, then.appointments[0].agency_id);
    let unplaced = all.iter().filter(|user| user.appointments.is_empty()).count();
    assert_eq!(unplaced, 192, "the others are still to be appointed");
}
