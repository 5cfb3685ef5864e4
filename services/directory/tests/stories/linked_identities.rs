use congvan_proto::directory::v1 as pb;
use serde_json::json;
use tonic::{Code, Status};

use crate::{
    oidc::{Desk, refused},
    world::{PASSWORD, Who, department, fact, fields, officer, reason, who},
};

impl Desk {
    async fn link(&self, by: &Who, user_id: &str, subject: &str) -> Result<pb::LinkedIdentity, Status> {
        let request = pb::LinkIdentityRequest {
            user_id: user_id.to_owned(),
            subject: subject.to_owned(),
            reason: " Tài khoản của Sở ".to_owned(),
            ..Default::default()
        };
        let answer = self.world.oidc().link_identity(self.world.from(by, request)).await?;
        Ok(answer.into_inner().identity.unwrap())
    }

    async fn unlink(&self, by: &Who, id: &str) -> Result<(), Status> {
        let request = pb::UnlinkIdentityRequest { id: id.to_owned(), ..Default::default() };
        self.world.oidc().unlink_identity(self.world.from(by, request)).await.map(drop)
    }
}

#[tokio::test]
async fn an_administrator_links_and_unlinks_accounts() {
    for desk in Desk::all("subject").await {
        refused(desk.sign_in().await, "nobody is linked, and nobody is gone by");
        let linked = desk.link(&desk.by, &desk.chung.id, "chung").await.unwrap();
        assert_eq!(linked.issuer, desk.provider.inside().issuer);
        assert_eq!((&linked.user_id, linked.subject.as_str()), (&desk.chung.id, "chung"));
        let session = desk.sign_in().await.unwrap().session.unwrap();
        assert_eq!(session.user.unwrap().id, desk.chung.id);
        refused(desk.sign_in_as("Chung", json!({})).await, "a subject counts to the letter");

        desk.world.wait(1);
        desk.unlink(&desk.by, &linked.id).await.unwrap();
        refused(desk.sign_in_as("chung", json!({})).await, "linked no more");
        let status = desk.unlink(&desk.by, &linked.id).await.unwrap_err();
        assert_eq!((status.code(), reason(&status).as_str()), (Code::NotFound, "IDENTITY_NOT_FOUND"));
        assert_eq!(fact(&status, "linked_identity_id"), linked.id);
        let told = desk.audit().await;
        let told: Vec<_> =
            told.iter().map(|(by, what, why)| (by.as_str(), what.as_str(), why.as_str())).collect();
        let by = "Lò Thị Mai";
        assert_eq!(told, [(by, "user.unlink_identity", ""), (by, "user.link_identity", "Tài khoản của Sở")]);
    }
}

#[tokio::test]
async fn an_account_is_that_of_one_person_and_a_person_has_one() {
    for desk in Desk::all("sign_in_name").await {
        let unit = desk.world.unit(&desk.by, department("H52.02")).await.unwrap();
        let thu = desk.world.user(&desk.by, officer("thu.ql", &unit)).await.unwrap();
        desk.sign_in().await.unwrap();
        for (user, subject, holder) in [(&thu, "chung", &desk.chung), (&desk.chung, "chung-2", &desk.chung)] {
            let status = desk.link(&desk.by, &user.id, subject).await.unwrap_err();
            assert_eq!((status.code(), reason(&status).as_str()), (Code::AlreadyExists, "IDENTITY_TAKEN"));
            assert_eq!(fact(&status, "user_id"), holder.id);
        }
        refused(
            desk.sign_in_as("chung-2", json!({ "preferred_username": "chung.cv" })).await,
            "a second account that calls itself by the same name",
        );
        assert_eq!(desk.linked().await, ["chung"]);

        // Two accounts for one name at once, and one account for two names at once.
        let profile = json!({ "preferred_username": "thu.ql" });
        desk.provider.inside().account = crate::provider::account("thu", profile.clone());
        let first = desk.browse().await;
        desk.provider.inside().account = crate::provider::account("thu-2", profile);
        let second = desk.browse().await;
        let (first, second) = tokio::join!(desk.complete(&first, ""), desk.complete(&second, ""));
        assert!(first.is_ok() != second.is_ok(), "one of them was first");
        let loser = if first.is_ok() { second } else { first };
        refused(loser, "the other is refused");
    }
}

#[tokio::test]
async fn two_people_with_one_address_are_not_recognised_by_it() {
    for desk in Desk::all("email").await {
        let unit = desk.world.unit(&desk.by, department("H52.02")).await.unwrap();
        let twin = pb::User { email: "chung@sonla.gov.vn".to_owned(), ..officer("chung.2", &unit) };
        desk.world.user(&desk.by, twin).await.unwrap();
        let profile = json!({ "email": "chung@sonla.gov.vn", "email_verified": true });
        refused(desk.sign_in_as("chung", profile).await, "either may be meant");
        assert_eq!(desk.linked().await.len(), 0);
    }
}

#[tokio::test]
async fn only_administrators_and_the_person_see_links_and_only_administrators_make_them() {
    for desk in Desk::all("sign_in_name").await {
        let me = who(&desk.sign_in().await.unwrap().session.unwrap());
        let unit = desk.world.unit(&desk.by, department("H52.02")).await.unwrap();
        desk.world.user(&desk.by, officer("thu.ql", &unit)).await.unwrap();
        let other = who(&desk.world.sign_in("thu.ql", PASSWORD).await.unwrap().session.unwrap());
        let linked = desk.linked().await;
        let list = pb::ListLinkedIdentitiesRequest { user_id: desk.chung.id.clone() };
        let own = desk.world.oidc().list_linked_identities(desk.world.from(&me, list.clone())).await.unwrap();
        let own = own.into_inner().identities;
        assert_eq!((own.len(), &own[0].subject), (1, &linked[0]));
        let status =
            desk.world.oidc().list_linked_identities(desk.world.from(&other, list)).await.unwrap_err();
        assert_eq!(reason(&status), "NOT_ALLOWED");
        for by in [&me, &other, &Who::Gateway, &Who::Documents] {
            assert_eq!(reason(&desk.link(by, &desk.chung.id, "x").await.unwrap_err()), "NOT_ALLOWED");
            assert_eq!(reason(&desk.unlink(by, &own[0].id).await.unwrap_err()), "NOT_ALLOWED");
        }
        let request = pb::BeginOidcSignInRequest { redirect_uri: String::new() };
        let request = desk.world.from(&Who::Documents, request);
        assert_eq!(reason(&desk.world.oidc().begin_oidc_sign_in(request).await.unwrap_err()), "NOT_ALLOWED");
    }
}

#[tokio::test]
async fn every_mistake_in_a_link_is_told_at_once_and_a_repeat_gets_the_first_answer() {
    for desk in Desk::all("subject").await {
        let wrong = pb::LinkIdentityRequest {
            user_id: "ai".to_owned(),
            subject: "Lò".to_owned(),
            reason: "x".repeat(501),
            request_id: "1".to_owned(),
        };
        let status = desk.world.oidc().link_identity(desk.world.from(&desk.by, wrong)).await.unwrap_err();
        assert_eq!(fields(&status), ["requestId", "userId", "subject", "reason"]);
        let nobody = "019376ad-0000-7000-8000-000000000001";
        assert_eq!(reason(&desk.link(&desk.by, nobody, "x").await.unwrap_err()), "USER_NOT_FOUND");

        let request = pb::LinkIdentityRequest {
            user_id: desk.chung.id.clone(),
            subject: "chung".to_owned(),
            request_id: nobody.to_owned(),
            ..Default::default()
        };
        let mut answers = Vec::new();
        for _ in 0..2 {
            let answer = desk.world.oidc().link_identity(desk.world.from(&desk.by, request.clone())).await;
            answers.push(answer.unwrap().into_inner());
        }
        assert_eq!(answers[0], answers[1]);
        let id = answers.remove(0).identity.unwrap().id;
        let request = pb::UnlinkIdentityRequest {
            id,
            request_id: "019376ad-0000-7000-8000-000000000002".to_owned(),
            ..Default::default()
        };
        for _ in 0..2 {
            let request = desk.world.from(&desk.by, request.clone());
            desk.world.oidc().unlink_identity(request).await.expect("also when repeated");
        }
        assert_eq!(desk.audit().await.len(), 2);
    }
}
