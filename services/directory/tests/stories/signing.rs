use congvan_proto::directory::v1::{self as pb, GrantForm};
use tonic::Code;

use crate::{
    office::{Office, position},
    world::{Who, World, fact, fields, reason},
};

/// Who may sign a notice for the commune on a day: names and printed lines.
async fn signers(world: &World, office: &Office, date: &str) -> Vec<(String, String)> {
    let request = pb::FindSignersRequest {
        agency_id: office.commune.id.clone(),
        document_kind: "NOTICE".to_owned(),
        matter: String::new(),
        as_of_date: date.to_owned(),
    };
    let answer = world.signing().find_signers(world.from(&Who::Documents, request)).await.unwrap();
    let told = answer.into_inner().signers.into_iter();
    told.map(|signer| (signer.full_name, signer.lines.join(" / "))).collect()
}

async fn check(world: &World, office: &Office, user: &pb::User, date: &str) -> pb::CheckSignerResponse {
    let request = pb::CheckSignerRequest {
        agency_id: office.commune.id.clone(),
        user_id: user.id.clone(),
        document_kind: "NOTICE".to_owned(),
        matter: String::new(),
        as_of_date: date.to_owned(),
    };
    world.signing().check_signer(world.from(&Who::Documents, request)).await.unwrap().into_inner()
}

fn line(name: &str, lines: &str) -> (String, String) {
    (name.to_owned(), lines.to_owned())
}

#[tokio::test]
async fn everybody_who_may_sign_is_told_with_the_printed_formula() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let head = office.sign_in(&world, &office.head).await;
        let by_office = [line("Lò Văn Chủ", "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH")];
        assert_eq!(signers(&world, &office, "").await, by_office);

        let deputy = office.authority(GrantForm::ForHead, &office.head, &office.deputy);
        let deputy = pb::SigningAuthority { document_kinds: vec![], end_date: String::new(), ..deputy };
        let deputy = world.grant(&head, deputy).await.unwrap();
        assert_eq!((deputy.revision, deputy.end_date.as_str()), (1, ""));
        let order = office.authority(GrantForm::ByOrder, &office.head, &office.chief);
        let order = world.grant(&head, order).await.unwrap();
        let told = signers(&world, &office, "").await;
        assert_eq!(
            told,
            [
                line("Lò Văn Chủ", "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"),
                line("Cà Thị Phó", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
                line("Quàng Văn Chánh", "TL. CHỦ TỊCH / CHÁNH VĂN PHÒNG"),
            ]
        );
        let checked = check(&world, &office, &office.chief, "").await;
        assert_eq!(checked.signers[0].form(), pb::SigningForm::ByOrder);
        assert_eq!(checked.signers[0].signing_authority_ids, [order.id]);
        let clerk = check(&world, &office, &office.clerk, "").await;
        assert_eq!(clerk.gaps[0].reason(), pb::SigningGapReason::NoAuthority);
        assert!(clerk.gaps[0].explanation.contains("Submit it to the head"), "{clerk:?}");
    }
}

#[tokio::test]
async fn an_authority_holds_on_its_days_and_no_other() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let delegation = pb::SigningAuthority {
            start_date: "2026-11-24".to_owned(),
            ..office.authority(GrantForm::ByDelegation, &office.head, &office.chief)
        };
        let open = world.grant(&office.administrator, delegation.clone()).await.unwrap();
        for (date, lines) in [
            ("2026-11-23", None),
            ("2026-11-24", Some("TUQ. CHỦ TỊCH / CHÁNH VĂN PHÒNG")),
            ("2026-11-30", Some("TUQ. CHỦ TỊCH / CHÁNH VĂN PHÒNG")),
            ("2026-12-01", None),
        ] {
            let told = signers(&world, &office, date).await;
            let own =
                told.iter().find(|(name, _)| name == "Quàng Văn Chánh").map(|(_, lines)| lines.as_str());
            assert_eq!(own, lines, "{date}");
        }
        let before = check(&world, &office, &office.chief, "2026-11-23").await.gaps.remove(0);
        assert_eq!((before.reason(), before.date.as_str()), (pb::SigningGapReason::NotYet, "2026-11-24"));
        let after = check(&world, &office, &office.chief, "2026-12-01").await.gaps.remove(0);
        assert_eq!((after.reason(), after.date.as_str()), (pb::SigningGapReason::Over, "2026-12-01"));

        let request = pb::RevokeSigningAuthorityRequest {
            id: open.id.clone(),
            revision: 1,
            revoke_date: "2026-11-30".to_owned(),
            reason: "Thôi ủy quyền".to_owned(),
            request_id: String::new(),
        };
        let revoked =
            world.signing().revoke_signing_authority(world.from(&office.administrator, request)).await;
        let revoked = revoked.unwrap().into_inner().signing_authority.unwrap();
        assert_eq!((revoked.revision, revoked.revoke_date.as_str()), (2, "2026-11-30"));
        assert_eq!(check(&world, &office, &office.chief, "2026-11-29").await.signers.len(), 1);
        let gone = check(&world, &office, &office.chief, "2026-11-30").await.gaps.remove(0);
        assert_eq!((gone.reason(), gone.date.as_str()), (pb::SigningGapReason::Revoked, "2026-11-30"));
        let again = pb::SigningAuthority { start_date: "2026-11-30".to_owned(), ..delegation };
        world.grant(&office.administrator, again).await.unwrap();
    }
}

/// These fields of a signing authority, as a refusal names them.
fn of(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| format!("signingAuthority.{name}")).collect()
}

#[tokio::test]
async fn what_the_law_does_not_allow_is_refused_whole() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let bare = pb::SigningAuthority {
            document_kinds: vec!["LETTER".to_owned(), String::new()],
            matters: vec!["á".repeat(101), "a\nb".to_owned()],
            start_date: "23/11/2026".to_owned(),
            end_date: "2026-02-30".to_owned(),
            basis: "b".repeat(501),
            ..pb::SigningAuthority::default()
        };
        let status = world.grant(by, bare).await.unwrap_err();
        let all = [
            "agencyId",
            "form",
            "grantorPositionId",
            "granteePositionId",
            "documentKinds[0]",
            "documentKinds[1]",
            "matters[0]",
            "matters[1]",
            "startDate",
            "endDate",
            "basis",
        ];
        assert_eq!(fields(&status), of(&all));

        let delegation = office.authority(GrantForm::ByDelegation, &office.head, &office.chief);
        let unlimited = pb::SigningAuthority {
            document_kinds: vec![],
            end_date: String::new(),
            basis: String::new(),
            ..delegation.clone()
        };
        let status = world.grant(by, unlimited).await.unwrap_err();
        assert_eq!(fields(&status), of(&["endDate", "basis", "documentKinds"]));

        world.grant(by, delegation.clone()).await.unwrap();
        let status = world.grant(by, delegation.clone()).await.unwrap_err();
        assert_eq!(fields(&status), of(&["startDate"]), "given before");
        let passed_on = office.authority(GrantForm::ByDelegation, &office.chief, &office.officer);
        let status = world.grant(by, passed_on).await.unwrap_err();
        assert_eq!(
            fields(&status),
            of(&["grantorPositionId", "granteePositionId"]),
            "never passed on, nor to an officer"
        );
        for (form, to, field) in [
            (GrantForm::ForHead, &office.secretary, "granteePositionId"),
            (GrantForm::ForHead, &office.head, "granteePositionId"),
            (GrantForm::ByOrder, &office.deputy, "granteePositionId"),
        ] {
            let status = world.grant(by, office.authority(form, &office.head, to)).await.unwrap_err();
            assert_eq!(fields(&status), of(&[field]), "{form:?}");
        }
        let early = pb::SigningAuthority { start_date: "2026-11-22".to_owned(), ..delegation.clone() };
        let status = world.grant(by, early).await.unwrap_err();
        assert!(
            fields(&status).contains(&"signingAuthority.grantorPositionId".to_owned()),
            "before it was held"
        );
    }
}

#[tokio::test]
async fn a_vacant_post_in_charge_and_acting() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let request = pb::ChangeAppointmentRequest {
            id: office.head.appointments[0].id.clone(),
            end_date: "2026-11-25".to_owned(),
            revision: office.head.revision,
            ..pb::ChangeAppointmentRequest::default()
        };
        world.positions().change_appointment(world.from(by, request)).await.unwrap();
        for (capacity, start, end, revision) in [
            (pb::Capacity::InCharge, "2026-11-25", "2026-11-27", 1),
            (pb::Capacity::Acting, "2026-11-27", "", 2),
        ] {
            let request = pb::AppointUserRequest {
                user_id: office.deputy.id.clone(),
                position_id: position(&office.head),
                capacity: capacity.into(),
                start_date: start.to_owned(),
                end_date: end.to_owned(),
                revision,
                ..pb::AppointUserRequest::default()
            };
            world.positions().appoint_user(world.from(by, request)).await.unwrap();
        }
        for (date, name, lines) in [
            ("2026-11-24", "Lò Văn Chủ", "TM. ỦY BAN NHÂN DÂN / CHỦ TỊCH"),
            ("2026-11-25", "Cà Thị Phó", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
            ("2026-11-26", "Cà Thị Phó", "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH"),
            ("2026-11-27", "Cà Thị Phó", "TM. ỦY BAN NHÂN DÂN / Q. CHỦ TỊCH"),
        ] {
            assert_eq!(signers(&world, &office, date).await, [line(name, lines)], "{date}");
        }
    }
}

#[tokio::test]
async fn of_two_who_revoke_at_once_the_second_is_told() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let by = &office.administrator;
        let order = office.authority(GrantForm::ByOrder, &office.head, &office.chief);
        let order = world.grant(by, order).await.unwrap();
        let revoke = |revision| pb::RevokeSigningAuthorityRequest {
            id: order.id.clone(),
            revision,
            ..pb::RevokeSigningAuthorityRequest::default()
        };
        let (mut one, mut other) = (world.signing(), world.signing());
        let (one, other) = tokio::join!(
            one.revoke_signing_authority(world.from(by, revoke(1))),
            other.revoke_signing_authority(world.from(by, revoke(1))),
        );
        let refused = [one.err(), other.err()].into_iter().flatten().collect::<Vec<_>>();
        let [status] = &refused[..] else { panic!("one of the two is refused: {refused:?}") };
        assert_eq!((status.code(), reason(status).as_str()), (Code::Aborted, "STALE_REVISION"));
        assert_eq!(fact(status, "current_revision"), "2");
        let status = world.signing().revoke_signing_authority(world.from(by, revoke(2))).await.unwrap_err();
        assert_eq!(reason(&status), "SIGNING_AUTHORITY_ENDED");
        let unknown = pb::RevokeSigningAuthorityRequest { id: office.commune.id.clone(), ..revoke(1) };
        let status = world.signing().revoke_signing_authority(world.from(by, unknown)).await.unwrap_err();
        assert_eq!(reason(&status), "SIGNING_AUTHORITY_NOT_FOUND");
        let yesterday =
            pb::RevokeSigningAuthorityRequest { revoke_date: "2026-11-22".to_owned(), ..revoke(0) };
        let status = world.signing().revoke_signing_authority(world.from(by, yesterday)).await.unwrap_err();
        assert_eq!(fields(&status), ["revision", "revokeDate"]);
    }
}

#[tokio::test]
async fn only_head_and_administrator_hand_on_and_only_some_read() {
    for world in World::all().await {
        let office = Office::new(&world).await;
        let order = office.authority(GrantForm::ByOrder, &office.head, &office.chief);
        for user in [&office.deputy, &office.clerk, &office.officer, &office.secretary] {
            let by = office.sign_in(&world, user).await;
            let status = world.grant(&by, order.clone()).await.unwrap_err();
            assert_eq!(reason(&status), "NOT_ALLOWED", "{}", user.sign_in_name);
        }
        let head = office.sign_in(&world, &office.head).await;
        let order = world.grant(&head, order).await.unwrap();
        let elsewhere = pb::SigningAuthority { agency_id: office.unit.id.clone(), ..order.clone() };
        assert_eq!(reason(&world.grant(&head, elsewhere).await.unwrap_err()), "NOT_ALLOWED");
        let list = pb::ListSigningAuthoritiesRequest {
            agency_id: office.commune.id.clone(),
            live_date: "2026-11-30".to_owned(),
            ..pb::ListSigningAuthoritiesRequest::default()
        };
        for (user, reads) in [(&office.clerk, true), (&office.head, true), (&office.officer, false)] {
            let by = office.sign_in(&world, user).await;
            let listed = world.signing().list_signing_authorities(world.from(&by, list.clone())).await;
            let get = pb::GetSigningAuthorityRequest { id: order.id.clone() };
            let got = world.signing().get_signing_authority(world.from(&by, get)).await;
            if reads {
                assert_eq!(listed.unwrap().into_inner().signing_authorities, std::slice::from_ref(&order));
                assert_eq!(got.unwrap().into_inner().signing_authority.unwrap(), order);
            } else {
                assert_eq!(reason(&listed.unwrap_err()), "NOT_ALLOWED");
                let there = got.unwrap_err();
                let nowhere = pb::GetSigningAuthorityRequest { id: office.commune.id.clone() };
                let nowhere = world.signing().get_signing_authority(world.from(&by, nowhere)).await;
                assert_eq!(nowhere.unwrap_err().message(), there.message(), "nothing shows what there is");
            }
        }
        let after = pb::ListSigningAuthoritiesRequest { live_date: "2026-12-01".to_owned(), ..list };
        let listed = world.signing().list_signing_authorities(world.from(&head, after)).await.unwrap();
        assert_eq!(listed.into_inner().signing_authorities, []);
    }
}
