use std::collections::BTreeSet;

use base::Uuid;
use congvan_proto::directory::v1 as pb;
use tonic::Code;

use crate::world::{Who, World, department, fact, fields, mistakes, random, reason};

fn inner(code: &str, parent: &pb::Unit) -> pb::Unit {
    pb::Unit {
        abbreviation: "VP".to_owned(),
        kind: pb::UnitKind::InnerOffice.into(),
        parent_id: parent.id.clone(),
        email: String::new(),
        ..department(code)
    }
}

#[tokio::test]
async fn an_agency_and_its_office_are_recorded() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = world.unit(&by, department("H52.01")).await.unwrap();
        assert_eq!((agency.agency_id.as_str(), agency.revision), (agency.id.as_str(), 1));
        assert_eq!((agency.code.as_str(), agency.abbreviation.as_str()), ("H52.01", "SNV"));
        assert_eq!(agency.create_time, agency.update_time);
        let office = world.unit(&by, inner("H52.01.VP", &agency)).await.unwrap();
        let desk = world.unit(&by, inner("H52.01.VP.1", &office)).await.unwrap();
        assert_eq!((desk.parent_id, desk.agency_id), (office.id.clone(), agency.id.clone()));

        let request = world.from(
            &Who::Documents,
            pb::GetUnitRequest { id: office.id.clone(), ..pb::GetUnitRequest::default() },
        );
        assert_eq!(world.units().get_unit(request).await.unwrap().into_inner().unit, Some(office));
        let id = Uuid::from_u128(7).to_string();
        let request = world.from(&by, pb::GetUnitRequest { id: id.clone(), ..pb::GetUnitRequest::default() });
        let status = world.units().get_unit(request).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "UNIT_NOT_FOUND"));
        assert_eq!(fact(&status, "unit_id"), id);
    }
}

#[tokio::test]
async fn all_mistakes_of_a_unit_are_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let wrong = pb::Unit {
            code: "h52".to_owned(),
            name: String::new(),
            abbreviation: "VP UBND".to_owned(),
            kind: 77,
            parent_id: "7".to_owned(),
            email: "vanthu".to_owned(),
            ..pb::Unit::default()
        };
        let request = pb::CreateUnitRequest {
            unit: Some(wrong),
            request_id: "again".to_owned(),
            ..pb::CreateUnitRequest::default()
        };
        let status = world.units().create_unit(world.from(&by, request)).await.unwrap_err();
        let told: Vec<_> = mistakes(&status);
        let told: Vec<_> = told.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
        assert_eq!(
            told,
            [
                ("requestId", "must be a UUID"),
                ("unit.kind", "is required"),
                ("unit.code", "must be groups of 0-9 and A-Z with single dots between them"),
                ("unit.name", "is required"),
                ("unit.abbreviation", "must hold no white space and no slash"),
                ("unit.parentId", "must be a UUID"),
                ("unit.email", "is no e-mail address"),
            ]
        );
        let lost =
            pb::Unit { parent_id: Uuid::from_u128(7).to_string(), code: "x".to_owned(), ..department("H52") };
        assert_eq!(fields(&world.unit(&by, lost).await.unwrap_err()), ["unit.code", "unit.parentId"]);
        let orphan = pb::Unit { parent_id: String::new(), ..inner("H52.1", &pb::Unit::default()) };
        assert_eq!(
            mistakes(&world.unit(&by, orphan).await.unwrap_err()),
            [("unit.parentId".to_owned(), "an inner unit needs an agency above it".to_owned())]
        );
    }
}

#[tokio::test]
async fn a_code_belongs_to_one_unit() {
    for world in World::all().await {
        let by = world.administrator().await;
        world.unit(&by, department("H52.01")).await.unwrap();
        let status = world.unit(&by, department(" H52.01 ")).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "UNIT_CODE_TAKEN"));
        assert_eq!(fact(&status, "code"), "H52.01");
    }
}

#[tokio::test]
async fn a_repeated_request_gets_the_first_answer() {
    for world in World::all().await {
        let by = world.administrator().await;
        let request_id = Uuid::from_bytes(random()).to_string();
        let request = |code| pb::CreateUnitRequest {
            unit: Some(department(code)),
            request_id: request_id.clone(),
            ..pb::CreateUnitRequest::default()
        };
        let first = world.units().create_unit(world.from(&by, request("H52.01"))).await.unwrap().into_inner();
        world.wait(30);
        let second =
            world.units().create_unit(world.from(&by, request("H52.01"))).await.unwrap().into_inner();
        assert_eq!(first, second);
        let status = world.units().create_unit(world.from(&by, request("H52.02"))).await.unwrap_err();
        assert_eq!(reason(&status), "REQUEST_ID_REUSED");
        let listed =
            world.units().list_units(world.from(&by, pb::ListUnitsRequest::default())).await.unwrap();
        assert_eq!(listed.into_inner().units, [first.unit.unwrap()]);
    }
}

#[tokio::test]
async fn who_read_an_old_revision_must_read_again() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let update = |unit: pb::Unit| {
            let request_id = Uuid::from_bytes(random()).to_string();
            world.from(
                &by,
                pb::UpdateUnitRequest { unit: Some(unit), request_id, ..pb::UpdateUnitRequest::default() },
            )
        };
        world.wait(60);
        let renamed = pb::Unit { name: "Sở Nội vụ và Lao động".to_owned(), ..unit.clone() };
        let renamed = world.units().update_unit(update(renamed)).await.unwrap().into_inner().unit.unwrap();
        assert_eq!((renamed.revision, renamed.name.as_str()), (2, "Sở Nội vụ và Lao động"));
        assert!(renamed.update_time.unwrap().seconds > renamed.create_time.unwrap().seconds);

        let status = world.units().update_unit(update(unit.clone())).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::Aborted, "STALE_REVISION"));
        assert_eq!(fact(&status, "current_revision"), "2");

        let same =
            world.units().update_unit(update(renamed.clone())).await.unwrap().into_inner().unit.unwrap();
        assert_eq!(same, renamed, "what stays as it was is no change");
        let moved = pb::Unit { code: "H99".to_owned(), kind: 5, ..renamed.clone() };
        let same = world.units().update_unit(update(moved)).await.unwrap().into_inner().unit.unwrap();
        assert_eq!(same, renamed, "only name, abbreviation and mailbox change");

        let unknown = pb::Unit { id: Uuid::from_u128(7).to_string(), ..renamed };
        assert_eq!(reason(&world.units().update_unit(update(unknown)).await.unwrap_err()), "UNIT_NOT_FOUND");
        let empty = update(pb::Unit::default());
        let status = world.units().update_unit(empty).await.unwrap_err();
        assert_eq!(fields(&status), ["unit.id", "unit.revision", "unit.name", "unit.abbreviation"]);
    }
}

#[tokio::test]
async fn ninety_units_come_page_by_page_each_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let kind = pb::UnitKind::ProvincialPeoplesCommittee.into();
        let parent = world.unit(&by, pb::Unit { kind, ..department("A") }).await.unwrap();
        let units = (0..90).map(|n| pb::ImportUnit {
            code: format!("H52.{n:02}"),
            name: format!("Đơn vị {n}"),
            abbreviation: format!("DV{n}"),
            kind: if n % 2 == 0 { pb::UnitKind::Commune } else { pb::UnitKind::InnerDivision }.into(),
            parent_code: "A".to_owned(),
            ..pb::ImportUnit::default()
        });
        let request = pb::ImportDirectoryRequest { units: units.collect(), users: vec![] };
        world.imports().import_directory(world.from(&by, request)).await.unwrap();

        let all = pages(&world, pb::ListUnitsRequest { page_size: 7, ..Default::default() }).await;
        assert_eq!(all.len(), 91);
        assert!(all.is_sorted());
        let below = pb::ListUnitsRequest { parent_id: parent.id, page_size: 7, ..Default::default() };
        assert_eq!(pages(&world, below.clone()).await, all[1..]);
        let kinds = vec![pb::UnitKind::Commune.into(), pb::UnitKind::Commune.into()];
        let communes = pages(&world, pb::ListUnitsRequest { kinds, ..below.clone() }).await;
        assert_eq!(communes.len(), 45);
        assert!(communes.iter().all(|code| !["1", "3", "5", "7", "9"].iter().any(|odd| code.ends_with(odd))));
    }
}

/// The codes of all pages; each but the last is full, and none comes twice.
async fn pages(world: &World, mut request: pb::ListUnitsRequest) -> Vec<String> {
    let mut codes = Vec::new();
    loop {
        let answer = world.units().list_units(world.from(&Who::Documents, request.clone())).await.unwrap();
        let pb::ListUnitsResponse { units, next_page_token } = answer.into_inner();
        assert!(units.len() == 7 || next_page_token.is_empty());
        codes.extend(units.into_iter().map(|unit| unit.code));
        if next_page_token.is_empty() {
            assert_eq!(codes.iter().collect::<BTreeSet<_>>().len(), codes.len());
            return codes;
        }
        request.page_token = next_page_token;
    }
}

#[tokio::test]
async fn a_page_token_belongs_to_its_list() {
    for world in World::all().await {
        let by = world.administrator().await;
        for code in ["H52.01", "H52.02"] {
            world.unit(&by, department(code)).await.unwrap();
        }
        let request = pb::ListUnitsRequest { page_size: 1, ..Default::default() };
        let page = world.units().list_units(world.from(&by, request)).await.unwrap().into_inner();
        let other =
            pb::ListUnitsRequest { kinds: vec![3], page_token: page.next_page_token, ..Default::default() };
        let status = world.units().list_units(world.from(&by, other)).await.unwrap_err();
        assert_eq!(reason(&status), "BAD_PAGE_TOKEN");
        let wrong = pb::ListUnitsRequest {
            parent_id: "7".to_owned(),
            kinds: vec![1, 0, 13],
            page_size: 1001,
            page_token: String::new(),
            ..pb::ListUnitsRequest::default()
        };
        let status = world.units().list_units(world.from(&by, wrong)).await.unwrap_err();
        assert_eq!(fields(&status), ["parentId", "pageSize", "kinds[1]", "kinds[2]"]);
    }
}

#[tokio::test]
async fn several_units_are_read_in_the_order_asked_for() {
    for world in World::all().await {
        let by = world.administrator().await;
        let first = world.unit(&by, department("H52.01")).await.unwrap();
        let second = world.unit(&by, department("H52.02")).await.unwrap();
        let nobody = Uuid::from_u128(7).to_string();
        let ids = vec![second.id.clone(), nobody.clone(), first.id.clone()];
        let answer = world
            .units()
            .batch_get_units(
                world.from(&by, pb::BatchGetUnitsRequest { ids, ..pb::BatchGetUnitsRequest::default() }),
            )
            .await
            .unwrap();
        let answer = answer.into_inner();
        assert_eq!((answer.units, answer.missing_ids), (vec![second, first], vec![nobody.clone()]));

        let none = world.units().batch_get_units(world.from(&by, pb::BatchGetUnitsRequest::default())).await;
        assert_eq!(none.unwrap().into_inner(), pb::BatchGetUnitsResponse::default());
        let most = pb::BatchGetUnitsRequest {
            ids: vec![nobody.clone(); 5000],
            ..pb::BatchGetUnitsRequest::default()
        };
        let most = world.units().batch_get_units(world.from(&by, most)).await.unwrap();
        assert_eq!(most.into_inner().missing_ids.len(), 5000);
        for (ids, wrong) in [
            (vec![nobody.clone(); 5001], vec!["ids"]),
            (vec!["x".to_owned(), nobody, String::new()], vec!["ids[0]", "ids[2]"]),
        ] {
            let asked =
                world.from(&by, pb::BatchGetUnitsRequest { ids, ..pb::BatchGetUnitsRequest::default() });
            assert_eq!(fields(&world.units().batch_get_units(asked).await.unwrap_err()), wrong);
        }
    }
}
