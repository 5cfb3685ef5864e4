use base::Uuid;
use congvan_proto::directory::v1::{
    self as pb, FallOutCause as Cause, MemberKind,
    address_book_service_server::AddressBookService,
    unit_expression::{self as sets, Set},
};

use crate::{
    address_book::{
        below, commune, difference, external, group, kinds, member, ministry, recipients, resolve, set,
        succeed, told, unit_since, units,
    },
    world::{PASSWORD, Who, World, appointment, department, fields, officer, reason, who},
};

fn expression(expression: pb::UnitExpression) -> pb::ResolveRecipientsRequest {
    pb::ResolveRecipientsRequest { expression: Some(expression), ..Default::default() }
}

fn both(left: pb::UnitExpression, right: pb::UnitExpression) -> pb::UnitExpression {
    set(Set::Intersection(sets::Intersection { sets: vec![left, right] }))
}

/// The People's Committee of a province with a department, which has a division, and three communes.
async fn province(world: &World, by: &Who) -> (pb::Unit, pb::Unit, pb::Unit, Vec<pb::Unit>) {
    let top = pb::Unit {
        name: "Ủy ban nhân dân tỉnh Sơn La".to_owned(),
        kind: pb::UnitKind::ProvincialPeoplesCommittee.into(),
        ..department("H52")
    };
    let top = unit_since(world, by, top, "2020-01-01").await;
    let office = pb::Unit { parent_id: top.id.clone(), ..department("H52.01") };
    let office = unit_since(world, by, office, "2020-01-01").await;
    let division = pb::Unit {
        name: "Phòng Công chức".to_owned(),
        kind: pb::UnitKind::InnerDivision.into(),
        parent_id: office.id.clone(),
        ..department("H52.01.1")
    };
    let division = unit_since(world, by, division, "2020-01-01").await;
    let mut communes = Vec::new();
    for code in ["H52.11", "H52.12", "H52.13"] {
        communes.push(commune(world, by, code, &top, "2020-01-01").await);
    }
    (top, office, division, communes)
}

#[tokio::test]
async fn all_communes_of_the_province_except_one() {
    for world in World::all().await {
        let by = world.administrator().await;
        let (top, office, division, communes) = province(&world, &by).await;
        let elsewhere =
            pb::Unit { kind: pb::UnitKind::ProvincialPeoplesCommittee.into(), ..department("H01") };
        let elsewhere = unit_since(&world, &by, elsewhere, "2020-01-01").await;
        commune(&world, &by, "H01.11", &elsewhere, "2020-01-01").await;
        let all = both(kinds(&[pb::UnitKind::Commune, pb::UnitKind::Ward]), below(&top));
        let answer = resolve(&world, &Who::Documents, expression(difference(all, units(&[&communes[1]]))))
            .await
            .unwrap();
        assert_eq!(told(&answer), ["H52.11", "H52.13"]);
        assert_eq!(answer.counts, Some(pb::RecipientCounts { units: 2, ..Default::default() }));
        assert_eq!((answer.as_of_date.as_str(), answer.next_page_token.as_str()), ("2026-11-23", ""));
        assert_eq!(answer.recipients[0].name, communes[0].name);
        assert_eq!(answer.recipients[0].agency_id, communes[0].id);

        let direct = set(Set::Below(sets::Below { unit_id: top.id.clone(), direct_only: true }));
        for (rule, expected) in [
            (kinds(&[pb::UnitKind::ProvincialDepartment]), vec!["H52.01"]),
            (direct, vec!["H52.01", "H52.11", "H52.12", "H52.13"]),
            (below(&office), vec!["H52.01.1"]),
            (
                difference(set(Set::AllAgencies(sets::AllAgencies {})), below(&top)),
                vec!["H01", "H01.11", "H52"],
            ),
            (both(units(&[&office]), units(&[&division])), vec![]),
        ] {
            assert_eq!(
                told(&resolve(&world, &by, expression(rule.clone())).await.unwrap()),
                expected,
                "{rule:?}"
            );
        }
    }
}

#[tokio::test]
async fn recipients_are_those_of_the_day_asked_for() {
    for world in World::all().await {
        let by = world.administrator().await;
        let (top, _, _, communes) = province(&world, &by).await;
        let new = commune(&world, &by, "H52.21", &top, "2026-11-24").await;
        succeed(&world, &communes[0], &new, "2026-11-24").await;
        let on = |day: &str| pb::ResolveRecipientsRequest {
            as_of_date: day.to_owned(),
            ..expression(kinds(&[pb::UnitKind::Commune]))
        };
        for (day, expected) in [
            ("2019-12-31", vec![]),
            ("", vec!["H52.11", "H52.12", "H52.13"]),
            ("2026-11-24", vec!["H52.12", "H52.13", "H52.21"]),
        ] {
            let answer = resolve(&world, &by, on(day)).await.unwrap();
            assert_eq!(told(&answer), expected, "{day}");
            assert!(answer.fallen_out.is_empty(), "a rule names nobody who could fall out");
        }
    }
}

#[tokio::test]
async fn who_is_gone_falls_out_and_who_took_over_is_named() {
    for world in World::all().await {
        let by = world.administrator().await;
        let (top, office, division, communes) = province(&world, &by).await;
        let between = commune(&world, &by, "H52.21", &top, "2025-07-01").await;
        let last = commune(&world, &by, "H52.22", &top, "2026-01-01").await;
        let later = commune(&world, &by, "H52.23", &top, "2027-01-01").await;
        succeed(&world, &communes[0], &between, "2025-07-01").await;
        succeed(&world, &between, &last, "2026-01-01").await;
        let named = [&communes[0], &communes[1], &later, &division, &office];
        let request = pb::ResolveRecipientsRequest {
            unit_ids: named.iter().map(|unit| unit.id.clone()).collect(),
            agencies_only: true,
            ..Default::default()
        };
        let answer = resolve(&world, &by, request.clone()).await.unwrap();
        assert_eq!(told(&answer), ["H52.01", "H52.12"]);
        let fallen: Vec<_> = answer
            .fallen_out
            .iter()
            .map(|one| {
                (
                    one.name.as_str(),
                    one.cause(),
                    one.date.as_str(),
                    one.successors.iter().map(|heir| heir.code.as_str()).collect::<Vec<_>>(),
                )
            })
            .collect();
        assert_eq!(
            fallen,
            [
                ("Phòng Công chức", Cause::NotAnAgency, "", vec![]),
                (communes[0].name.as_str(), Cause::Succeeded, "2025-07-01", vec!["H52.22"]),
                (later.name.as_str(), Cause::NotYet, "2027-01-01", vec![]),
            ]
        );
        let then = pb::ResolveRecipientsRequest { as_of_date: "2025-12-31".to_owned(), ..request.clone() };
        let answer = resolve(&world, &by, then).await.unwrap();
        assert_eq!(answer.fallen_out[1].successors[0].code, "H52.21", "as of then, the first successor");
        let before = pb::ResolveRecipientsRequest { as_of_date: "2025-06-30".to_owned(), ..request };
        assert_eq!(told(&resolve(&world, &by, before).await.unwrap()), ["H52.01", "H52.11", "H52.12"]);
        // What is taken out does not fall out.
        let rule = difference(units(&[&communes[0], &communes[1]]), units(&[&communes[0]]));
        let answer = resolve(&world, &by, expression(rule)).await.unwrap();
        assert_eq!((told(&answer), answer.fallen_out.len()), (vec!["H52.12"], 0));
    }
}

#[tokio::test]
async fn nested_groups_give_each_recipient_once() {
    for world in World::all().await {
        let by = world.administrator().await;
        let (top, office, _, communes) = province(&world, &by).await;
        let ministry = external(&world, &by, ministry()).await.unwrap();
        let user = world.user(&by, officer("chung.cv", &office)).await.unwrap();
        let position = user.appointments[0].position_id.clone();
        let inner = group(
            &world,
            &by,
            recipients(
                "Trong",
                vec![
                    member(MemberKind::Unit, &communes[0].id),
                    member(MemberKind::ExternalAgency, &ministry.id),
                    member(MemberKind::User, &user.id),
                ],
            ),
        )
        .await
        .unwrap();
        let outer = pb::Group {
            expression: Some(both(kinds(&[pb::UnitKind::Commune]), below(&top))),
            ..recipients(
                "Ngoài",
                vec![member(MemberKind::Group, &inner.id), member(MemberKind::Position, &position)],
            )
        };
        let outer = group(&world, &by, outer).await.unwrap();
        let request = pb::ResolveRecipientsRequest {
            group_ids: vec![outer.id.clone(), inner.id.clone()],
            unit_ids: vec![communes[0].id.clone(), office.id.clone()],
            external_agency_ids: vec![ministry.id.clone()],
            ..expression(units(&[&communes[0], &communes[2]]))
        };
        let answer = resolve(&world, &Who::Documents, request.clone()).await.unwrap();
        let all = ["H52.01", "H52.11", "H52.12", "H52.13", "Bộ Nội vụ", "Chuyên viên", "Cầm Văn Chung"];
        assert_eq!(told(&answer), all);
        let counts =
            pb::RecipientCounts { units: 4, external_agencies: 1, positions: 1, users: 1, fallen_out: 0 };
        assert_eq!(answer.counts, Some(counts));
        assert_eq!(answer.recipients[5].holder_ids, std::slice::from_ref(&user.id));
        // A group in an expression stands for all that belongs to it.
        let without =
            expression(difference(set(Set::GroupId(outer.id.clone())), set(Set::GroupId(inner.id.clone()))));
        assert_eq!(told(&resolve(&world, &by, without).await.unwrap()), ["H52.12", "H52.13", "Chuyên viên"]);

        let mut paged = pb::ResolveRecipientsRequest { page_size: 3, ..request };
        let mut seen = Vec::new();
        loop {
            let page = resolve(&world, &by, paged.clone()).await.unwrap();
            assert_eq!(page.counts, Some(counts), "each page counts all");
            seen.extend(told(&page).into_iter().map(str::to_owned));
            if page.next_page_token.is_empty() {
                break;
            }
            paged.page_token = page.next_page_token;
        }
        assert_eq!(seen, all);
        paged.as_of_date = "2026-11-22".to_owned();
        assert_eq!(reason(&resolve(&world, &by, paged).await.unwrap_err()), "BAD_PAGE_TOKEN");
    }
}

#[tokio::test]
async fn nobody_in_a_post_and_people_who_left_fall_out() {
    const LEAVE: sql::Statement =
        sql::statement("LEAVE", "UPDATE person SET is_active = FALSE WHERE sign_in_name = $1");
    const VACATE: sql::Statement = sql::statement("VACATE", "UPDATE appointment SET valid_to = $1");
    for world in World::all().await {
        let by = world.administrator().await;
        let (_, office, _, _) = province(&world, &by).await;
        let user = world.user(&by, officer("chung.cv", &office)).await.unwrap();
        let held = group(
            &world,
            &by,
            recipients(
                "Người",
                vec![
                    member(MemberKind::User, &user.id),
                    member(MemberKind::Position, &user.appointments[0].position_id),
                ],
            ),
        )
        .await
        .unwrap();
        let request = pb::ResolveRecipientsRequest { group_ids: vec![held.id.clone()], ..Default::default() };
        assert_eq!(told(&resolve(&world, &by, request.clone()).await.unwrap()).len(), 2);
        let agencies = pb::ResolveRecipientsRequest { agencies_only: true, ..request.clone() };
        let causes = |answer: &pb::ResolveRecipientsResponse| {
            answer.fallen_out.iter().map(pb::FallenOut::cause).collect::<Vec<_>>()
        };
        assert_eq!(
            causes(&resolve(&world, &by, agencies).await.unwrap()),
            [Cause::NotAnAgency, Cause::NotAnAgency]
        );
        let mut tx = world.db.write("test").await.unwrap();
        tx.execute(&LEAVE, sql::params!["chung.cv"]).await.unwrap();
        tx.execute(&VACATE, sql::params!["2026-11-24".parse::<base::Date>().unwrap()]).await.unwrap();
        tx.commit().await.unwrap();
        let tomorrow = pb::ResolveRecipientsRequest { as_of_date: "2026-11-24".to_owned(), ..request };
        let answer = resolve(&world, &by, tomorrow).await.unwrap();
        assert_eq!(causes(&answer), [Cause::Vacant, Cause::Inactive]);
        assert_eq!(answer.counts.unwrap().fallen_out, 2);
    }
}

#[tokio::test]
async fn what_is_not_there_or_not_to_be_seen_is_refused() {
    for world in World::all().await {
        let by = world.administrator().await;
        let (_, office, _, communes) = province(&world, &by).await;
        let clerk = pb::User {
            appointments: vec![appointment(&communes[0], "Văn thư", pb::Role::DocumentOffice)],
            ..officer("thu.vt", &communes[0])
        };
        world.user(&by, clerk).await.unwrap();
        let clerk = who(&world.sign_in("thu.vt", PASSWORD).await.unwrap().session.unwrap());
        let kept = pb::Group { owner_agency_id: office.id.clone(), ..recipients("Riêng", vec![]) };
        let kept = group(&world, &by, kept).await.unwrap();
        let nobody = Uuid::from_u128(7).to_string();
        let request = pb::ResolveRecipientsRequest {
            expression: Some(set(Set::GroupId(kept.id.clone()))),
            group_ids: vec![kept.id.clone(), "7".to_owned()],
            unit_ids: vec![office.id.clone(), nobody.clone()],
            external_agency_ids: vec![nobody],
            as_of_date: "hôm nay".to_owned(),
            page_size: 5001,
            ..Default::default()
        };
        let status = resolve(&world, &clerk, request).await.unwrap_err();
        assert_eq!(
            fields(&status),
            [
                "pageSize",
                "asOfDate",
                "expression",
                "groupIds[1]",
                "groupIds[0]",
                "unitIds[1]",
                "externalAgencyIds[0]"
            ]
        );
        let status = resolve(&world, &by, pb::ResolveRecipientsRequest::default()).await.unwrap_err();
        assert_eq!(fields(&status), ["expression"]);
        let many = pb::ResolveRecipientsRequest { group_ids: vec![kept.id; 101], ..Default::default() };
        assert_eq!(fields(&resolve(&world, &by, many).await.unwrap_err()), ["groupIds"]);
    }
}

#[tokio::test]
async fn all_communes_of_the_nation_take_one_statement() {
    for world in World::all().await {
        let by = world.administrator().await;
        let communes = (0..3321).map(|number| pb::ImportUnit {
            code: format!("H{}.{number}", number % 34),
            name: format!("Xã {number}"),
            abbreviation: "UBND".to_owned(),
            kind: pb::UnitKind::Commune.into(),
            ..Default::default()
        });
        let request = pb::ImportDirectoryRequest { units: communes.collect(), users: vec![] };
        world.imports().import_directory(world.from(&by, request)).await.unwrap();
        let request =
            pb::ResolveRecipientsRequest { page_size: 5000, ..expression(kinds(&[pb::UnitKind::Commune])) };
        let mut statements = 0;
        loop {
            world.db.faults().fail_in("resolve_recipients", statements);
            let mut asked = tonic::Request::new(request.clone());
            asked.extensions_mut().insert(kit::caller::Caller::service("documents"));
            let answer = world.directory.resolve_recipients(asked).await;
            if !world.db.faults().clear() {
                assert_eq!(answer.unwrap().into_inner().recipients.len(), 3321);
                break;
            }
            assert_eq!(answer.err().map(|status| reason(&status)), Some("UNAVAILABLE".to_owned()));
            statements += 1;
        }
        assert_eq!(statements, 1);
    }
}
