//! Nobody makes certified copies of what is recalled: of a copy made now nobody would be asked.

use congvan_tests::World;
use serde_json::json;

use super::story::Story;

#[tokio::test]
async fn no_copy_is_certified_of_what_is_recalled() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let story = Story::new(&world, 1).await;
        story.offices[0].accepts(&story.delivery(0).await).await;
        let (head, chair) = (world.actor("lanhdao.snv").await, world.actor("lanhdao.03646").await);
        let copies = format!("/v1/documents/{}/copies", story.decision["id"].as_str().unwrap());
        let order = json!({
            "form": "COPY_FORM_SAO_Y", "sourceMedium": "COPY_MEDIUM_ELECTRONIC", "medium": "COPY_MEDIUM_PAPER",
        });
        let mut received = order.clone();
        received["agencyId"] = story.offices[0].agency_id().into();
        for (signer, order) in [(&head, &order), (&chair, &received)] {
            let copy = signer.post(&copies, order).await.ok()["copy"].clone();
            assert!(copy["notation"].as_str().unwrap().starts_with("01/SY-"), "{copy}");
        }

        let recall = story.asks(&story.order()).await.ok()["recall"].clone();
        for (signer, order) in [(&head, &order), (&chair, &received)] {
            assert_eq!(signer.post(&copies, order).await.refused(), (409, "DOCUMENT_RECALLED".to_owned()));
        }
        let cancel = json!({ "revision": recall["revision"], "reason": "Nhầm văn bản" });
        let path = format!("/v1/recalls/{}:cancel", recall["id"].as_str().unwrap());
        story.clerk.post(&path, &cancel).await.ok();
        for (signer, order) in [(&head, &order), (&chair, &received)] {
            let copy = signer.post(&copies, order).await.ok()["copy"].clone();
            assert!(
                copy["notation"].as_str().unwrap().starts_with("02/SY-"),
                "what was refused took none: {copy}"
            );
        }
        world.end().await;
    }
}
