use base::Uuid;
use congvan_proto::directory::v1::{
    self as pb, IdentifierScheme as Scheme, find_by_identifier_response::Bearer,
};
use tonic::{Code, Status};

use crate::{
    address_book::{book, external, externals, identifier, ministry},
    files::UNITS,
    world::{PASSWORD, Who, World, department, fact, fields, mistakes, officer, random, reason, who},
};

async fn update(world: &World, by: &Who, agency: pb::ExternalAgency) -> Result<pb::ExternalAgency, Status> {
    let request = pb::UpdateExternalAgencyRequest { external_agency: Some(agency), ..Default::default() };
    let answer = externals(world).update_external_agency(world.from(by, request)).await?;
    Ok(answer.into_inner().external_agency.unwrap())
}

async fn close(
    world: &World,
    by: &Who,
    agency: &pb::ExternalAgency,
    end_date: &str,
) -> Result<pb::ExternalAgency, Status> {
    let request = pb::CloseExternalAgencyRequest {
        id: agency.id.clone(),
        revision: agency.revision,
        end_date: end_date.to_owned(),
        reason: "Nghị quyết 176/2025/QH15".to_owned(),
        ..Default::default()
    };
    let answer = externals(world).close_external_agency(world.from(by, request)).await?;
    Ok(answer.into_inner().external_agency.unwrap())
}

async fn names(world: &World, query: &str, as_of_date: &str) -> Vec<String> {
    let request = pb::ListExternalAgenciesRequest {
        query: query.to_owned(),
        as_of_date: as_of_date.to_owned(),
        ..Default::default()
    };
    let answer = externals(world).list_external_agencies(world.from(&Who::Documents, request)).await;
    answer.unwrap().into_inner().external_agencies.into_iter().map(|agency| agency.name).collect()
}

/// Who bore an identifier: the name.
async fn bearer(world: &World, scheme: Scheme, value: &str, on: &str) -> Result<String, Status> {
    let request = pb::FindByIdentifierRequest {
        scheme: scheme.into(),
        value: value.to_owned(),
        as_of_date: on.to_owned(),
    };
    let answer = book(world).find_by_identifier(world.from(&Who::Documents, request)).await?;
    Ok(match answer.into_inner().bearer.unwrap() {
        Bearer::Unit(unit) => format!("unit {}", unit.name),
        Bearer::ExternalAgency(agency) => agency.name,
    })
}

#[tokio::test]
async fn a_partner_is_found_under_any_name_with_or_without_accents() {
    for world in World::all().await {
        let by = world.administrator().await;
        let recorded = external(&world, &by, ministry()).await.unwrap();
        assert_eq!((recorded.revision, recorded.aliases.len()), (1, 2));
        let other = pb::ExternalAgency { name: "Bộ 100% mới".to_owned(), ..Default::default() };
        external(&world, &by, other).await.unwrap();
        let request = pb::GetExternalAgencyRequest { id: recorded.id.clone() };
        let found = externals(&world).get_external_agency(world.from(&Who::Documents, request)).await;
        assert_eq!(found.unwrap().into_inner().external_agency, Some(recorded.clone()));

        for query in ["", "bo", "BỘ"] {
            assert_eq!(names(&world, query, "").await, ["Bộ 100% mới", "Bộ Nội vụ"], "{query}");
        }
        for query in ["noi vu", "bnv", "thuong binh", "Nội V"] {
            assert_eq!(names(&world, query, "").await, ["Bộ Nội vụ"], "{query}");
        }
        assert_eq!(names(&world, "100%", "").await, ["Bộ 100% mới"], "signs of patterns are only signs");
        assert_eq!(names(&world, "1_0", "").await, Vec::<String>::new());

        let entries = world.audit(&by, &recorded.id).await;
        assert_eq!(entries[0].action, "external_agency.create");
        assert!(entries[0].before.is_empty() && entries[0].after.contains("G09"), "{entries:?}");
        let id = Uuid::from_u128(7).to_string();
        let request = pb::GetExternalAgencyRequest { id: id.clone() };
        let status = externals(&world).get_external_agency(world.from(&by, request)).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "EXTERNAL_AGENCY_NOT_FOUND"));
        assert_eq!(fact(&status, "external_agency_id"), id);
    }
}

/// A partner of whom nothing is as it must be.
fn wrong() -> pb::ExternalAgency {
    pb::ExternalAgency {
        name: String::new(),
        aliases: vec!["x".repeat(201)],
        identifiers: vec![
            identifier(Scheme::Decision20, "h52", "", ""),
            identifier(Scheme::Decision28, "000.00.05.H5", "2025-07-01", "2025-07-01"),
            identifier(Scheme::Statistical, "3646", "1 July", ""),
            identifier(Scheme::Unspecified, "x", "", ""),
            identifier(Scheme::Other, "MST 1", "", "2025-01-01"),
            identifier(Scheme::Other, "MST 1", "2024-12-31", ""),
        ],
        email: "vanthu".to_owned(),
        address: "x".repeat(201),
        phone: "\u{7}".to_owned(),
        website: "moha.gov.vn".to_owned(),
        start_date: "2025-07-01".to_owned(),
        end_date: "2025-06-30".to_owned(),
        ..Default::default()
    }
}

#[tokio::test]
async fn all_mistakes_of_a_partner_are_told_at_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let request = pb::CreateExternalAgencyRequest {
            external_agency: Some(wrong()),
            reason: "x".repeat(501),
            request_id: "7".to_owned(),
        };
        let status = externals(&world).create_external_agency(world.from(&by, request)).await.unwrap_err();
        let told = mistakes(&status);
        let told: Vec<_> = told.iter().map(|(field, text)| (field.as_str(), text.as_str())).collect();
        let long = "has 201 characters, at most 200 are allowed";
        assert_eq!(
            told,
            [
                ("requestId", "must be a UUID"),
                ("externalAgency.name", "is required"),
                ("externalAgency.aliases[0]", long),
                (
                    "externalAgency.identifiers[0].value",
                    "must be groups of 0-9 and A-Z with single dots between them"
                ),
                ("externalAgency.identifiers[1].endDate", "must be after the first day, 2025-07-01"),
                (
                    "externalAgency.identifiers[1].value",
                    "must be 13 characters in four groups with dots between them, like 000.00.05.H56"
                ),
                ("externalAgency.identifiers[2].startDate", "must be a day as YYYY-MM-DD, like 2025-07-01"),
                ("externalAgency.identifiers[2].value", "must be five digits 0-9"),
                ("externalAgency.identifiers[3].scheme", "is required"),
                ("externalAgency.identifiers[5].value", "is named above for some of the same days"),
                ("externalAgency.email", "is no e-mail address"),
                ("externalAgency.address", long),
                ("externalAgency.phone", "holds control characters or line breaks"),
                ("externalAgency.website", "must be a web address that begins with https:// or http://"),
                ("externalAgency.endDate", "must be after the first day, 2025-07-01"),
                ("reason", "has 501 characters, at most 500 are allowed"),
            ]
        );
    }
}

#[tokio::test]
async fn a_partner_has_only_so_many_names_and_codes() {
    for world in World::all().await {
        let by = world.administrator().await;
        let many = pb::ExternalAgency {
            aliases: vec!["x".to_owned(); 21],
            identifiers: vec![identifier(Scheme::Other, "x", "", ""); 51],
            ..ministry()
        };
        let status = external(&world, &by, many).await.unwrap_err();
        assert_eq!(fields(&status), ["externalAgency.aliases", "externalAgency.identifiers"]);
        let status = update(&world, &by, pb::ExternalAgency::default()).await.unwrap_err();
        assert_eq!(fields(&status), ["externalAgency.id", "externalAgency.revision", "externalAgency.name"]);
    }
}

#[tokio::test]
async fn a_code_comes_again_with_another_meaning() {
    for world in World::all().await {
        let by = world.administrator().await;
        let old = pb::ExternalAgency {
            name: "Ủy ban nhân dân tỉnh cũ".to_owned(),
            identifiers: vec![identifier(Scheme::Decision20, "H05", "2020-09-15", "2025-07-01")],
            ..Default::default()
        };
        let old = external(&world, &by, old).await.unwrap();
        let new = |start: &str| pb::ExternalAgency {
            name: "Ủy ban nhân dân tỉnh mới".to_owned(),
            identifiers: vec![identifier(Scheme::Decision20, "H05", start, "")],
            ..Default::default()
        };
        let status = external(&world, &by, new("2025-06-30")).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "IDENTIFIER_TAKEN"));
        assert_eq!(
            (fact(&status, "bearer_id"), fact(&status, "end_date")),
            (old.id, "2025-07-01".to_owned())
        );
        assert!(
            status.message().contains("Ủy ban nhân dân tỉnh cũ (from 2020-09-15 until before 2025-07-01)")
        );
        external(&world, &by, new("2025-07-01")).await.unwrap();

        for (on, expected) in [
            ("2020-09-15", "Ủy ban nhân dân tỉnh cũ"),
            ("2025-06-30", "Ủy ban nhân dân tỉnh cũ"),
            ("2025-07-01", "Ủy ban nhân dân tỉnh mới"),
            ("", "Ủy ban nhân dân tỉnh mới"),
        ] {
            assert_eq!(bearer(&world, Scheme::Decision20, " H05 ", on).await.unwrap(), expected, "{on}");
        }
        let status = bearer(&world, Scheme::Decision20, "H05", "2020-09-14").await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "IDENTIFIER_NOT_FOUND"));
        assert_eq!(fact(&status, "date"), "2020-09-14");
        let request = pb::FindByIdentifierRequest { as_of_date: "x".to_owned(), ..Default::default() };
        let status = book(&world).find_by_identifier(world.from(&by, request)).await.unwrap_err();
        assert_eq!(fields(&status), ["scheme", "value", "asOfDate"]);
    }
}

#[tokio::test]
async fn partners_and_units_do_not_share_an_identifier() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        let bearing = |value: &str| pb::ExternalAgency {
            identifiers: vec![identifier(Scheme::Decision20, value, "", "")],
            ..ministry()
        };
        let status = external(&world, &by, bearing("H52.01")).await.unwrap_err();
        assert_eq!((reason(&status), fact(&status, "bearer_id")), ("IDENTIFIER_TAKEN".to_owned(), unit.id));
        assert_eq!(fact(&status, "bearer_name"), "Sở Nội vụ");
        external(&world, &by, bearing("H52.02")).await.unwrap();
        let taken = world.unit(&by, department("H52.02")).await.unwrap_err();
        assert_eq!(reason(&taken), "IDENTIFIER_TAKEN", "and the answer names the partner: {taken}");
        let row = pb::ImportUnit {
            code: "H52.02".to_owned(),
            name: "Sở Thử nghiệm".to_owned(),
            abbreviation: "STN".to_owned(),
            kind: pb::UnitKind::ProvincialDepartment.into(),
            ..pb::ImportUnit::default()
        };
        let import = pb::ImportDirectoryRequest { units: vec![row], users: Vec::new() };
        let refused = world.imports().import_directory(world.from(&by, import)).await.unwrap_err();
        assert_eq!(fields(&refused), ["units[0].code"]);
        let file = "code,name,abbreviation,kind\nH52.02,Sở Thử nghiệm,STN,Sở\n";
        let job = world.stage(&by, UNITS, file).await.unwrap();
        let told = world.mistakes_of(&by, &job).await;
        assert!(told.len() == 1 && told[0].contains("external agency"), "{told:?}");
        assert_eq!(bearer(&world, Scheme::Decision20, "H52.01", "").await.unwrap(), "unit Sở Nội vụ");
        assert_eq!(bearer(&world, Scheme::Decision20, "H52.02", "").await.unwrap(), "Bộ Nội vụ");
    }
}

#[tokio::test]
async fn a_closed_partner_is_there_as_of_yesterday() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = external(&world, &by, ministry()).await.unwrap();
        world.wait(1);
        let closed = close(&world, &by, &agency, "2026-11-24").await.unwrap();
        assert_eq!((closed.end_date.as_str(), closed.revision), ("2026-11-24", 2));
        assert_eq!(closed.identifiers[0].end_date, "2026-11-24", "its identifiers end with it");
        assert_eq!(names(&world, "", "").await, ["Bộ Nội vụ"], "today is the 23rd");
        assert_eq!(names(&world, "", "2026-11-24").await, Vec::<String>::new());
        assert!(bearer(&world, Scheme::Decision20, "G09", "2026-11-23").await.is_ok());
        assert!(bearer(&world, Scheme::Decision20, "G09", "2026-11-24").await.is_err());
        let entries = world.audit(&by, &agency.id).await;
        assert_eq!(
            (entries[0].action.as_str(), entries[0].reason.as_str()),
            ("external_agency.close", "Nghị quyết 176/2025/QH15")
        );

        let late =
            pb::ExternalAgency { start_date: "2026-01-01".to_owned(), identifiers: vec![], ..ministry() };
        let late = external(&world, &by, late).await.unwrap();
        let status = close(&world, &by, &late, "2026-01-01").await.unwrap_err();
        assert_eq!(fields(&status), ["endDate"]);
    }
}

#[tokio::test]
async fn two_administrators_change_a_partner_one_after_the_other() {
    for world in World::all().await {
        let by = world.administrator().await;
        let agency = external(&world, &by, ministry()).await.unwrap();
        let renamed =
            pb::ExternalAgency { name: "Bộ Nội vụ và Lao động".to_owned(), ..agency.clone() };
        let first = update(&world, &by, renamed.clone()).await.unwrap();
        assert_eq!((first.revision, first.name.as_str()), (2, "Bộ Nội vụ và Lao động"));
        let status =
            update(&world, &by, pb::ExternalAgency { phone: "1".to_owned(), ..agency.clone() }).await;
        let status = status.unwrap_err();
        assert_eq!((status.code(), fact(&status, "current_revision").as_str()), (Code::Aborted, "2"));
        assert_eq!(reason(&close(&world, &by, &agency, "").await.unwrap_err()), "STALE_REVISION");
        let same = update(&world, &by, first.clone()).await.unwrap();
        assert_eq!(same, first, "what stays as it was is no change");
        assert_eq!(world.audit(&by, &agency.id).await.len(), 2);

        let request_id = Uuid::from_bytes(random()).to_string();
        let create = || pb::CreateExternalAgencyRequest {
            external_agency: Some(pb::ExternalAgency { identifiers: vec![], ..ministry() }),
            request_id: request_id.clone(),
            ..Default::default()
        };
        let mut client = externals(&world);
        let once = client.create_external_agency(world.from(&by, create())).await.unwrap().into_inner();
        let twice = client.create_external_agency(world.from(&by, create())).await.unwrap().into_inner();
        assert_eq!(once, twice);
    }
}

#[tokio::test]
async fn partners_come_page_by_page_each_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        for number in 0..5 {
            // The same name twice: the id decides.
            let agency = pb::ExternalAgency { name: format!("Bộ {}", number / 2), ..Default::default() };
            external(&world, &by, agency).await.unwrap();
        }
        let mut request = pb::ListExternalAgenciesRequest { page_size: 2, ..Default::default() };
        let mut seen = Vec::new();
        loop {
            let page = externals(&world).list_external_agencies(world.from(&by, request.clone())).await;
            let page = page.unwrap().into_inner();
            seen.extend(page.external_agencies.into_iter().map(|agency| (agency.name, agency.id)));
            if page.next_page_token.is_empty() {
                break;
            }
            request.page_token = page.next_page_token;
        }
        assert_eq!(
            seen.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(),
            ["Bộ 0", "Bộ 0", "Bộ 1", "Bộ 1", "Bộ 2"]
        );
        assert!(seen.is_sorted());
        request.query = "bo".to_owned();
        let status = externals(&world).list_external_agencies(world.from(&by, request)).await.unwrap_err();
        assert_eq!(reason(&status), "BAD_PAGE_TOKEN");
    }
}

#[tokio::test]
async fn everybody_reads_partners_and_administrators_keep_them() {
    for world in World::all().await {
        let by = world.administrator().await;
        let unit = world.unit(&by, department("H52.01")).await.unwrap();
        world.user(&by, officer("chung.cv", &unit)).await.unwrap();
        let officer = who(&world.sign_in("chung.cv", PASSWORD).await.unwrap().session.unwrap());
        let agency = external(&world, &by, ministry()).await.unwrap();
        for (reader, refusal) in
            [(&Who::Nobody, "NOT_SIGNED_IN"), (&officer, "NOT_ALLOWED"), (&Who::Documents, "NOT_ALLOWED")]
        {
            assert_eq!(reason(&external(&world, reader, ministry()).await.unwrap_err()), refusal);
            assert_eq!(reason(&update(&world, reader, agency.clone()).await.unwrap_err()), refusal);
            assert_eq!(reason(&close(&world, reader, &agency, "").await.unwrap_err()), refusal);
            let request = pb::ListExternalAgenciesRequest::default();
            let listed = externals(&world).list_external_agencies(world.from(reader, request)).await;
            assert_eq!(listed.is_ok(), refusal == "NOT_ALLOWED");
        }
    }
}
