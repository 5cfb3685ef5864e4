//! The sender's board: who has not accepted, who is late, whom to urge; live.

use std::time::Duration;

use congvan_proto::documents::v1::{
    DeliveryStatus, WatchDeliveryBoardRequest, WatchDeliveryBoardResponse,
    board_service_client::BoardServiceClient,
};
use congvan_tests::World;
use http::Request;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use kit::transport::Transport;
use mail_parser::MessageParser;
use serde_json::{Value, json};
use tonic::Streaming;

use crate::{
    handling::{commands, issued},
    issuing::{signed, signed_letter},
};

#[tokio::test]
async fn those_who_have_not_accepted_after_two_working_hours_are_urged_and_nobody_else() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        // Issued at 08:00; at 10:30 two working hours and a half have passed.
        let document = issued(&world, &communes[..4]).await;
        let (first, second) = (world.actor("vanthu.03646").await, world.actor("vanthu.03664").await);
        first.accepts(&first.inbox().await[0]).await;
        second.refuses(&second.inbox().await[0], "Gửi nhầm địa chỉ").await.ok();
        let officer = world.actor("canbo.snv").await;
        let id = document["id"].as_str().unwrap();
        let late = format!("/v1/documents/{id}/deliveries?undecidedHours=2");
        assert_eq!(officer.get(&late).await.ok()["deliveries"], json!([]), "nobody is late yet");
        world.clock.advance(SignedDuration::from_mins(150));
        let matching = officer.get(&late).await.ok()["deliveries"].as_array().unwrap().clone();
        assert_eq!(matching.len(), 2);
        let board = officer.board(&document).await;
        assert_eq!((&board["undecidedCount"], &board["overdueCount"]), (&json!(2), &json!(0)));
        assert_eq!(board["purposeCounts"][0]["count"], 4);

        let urge = json!({ "filter": { "undecidedHours": 2 }, "text": "Đề nghị tiếp nhận ngay" });
        let path = format!("/v1/documents/{id}/deliveries:urge");
        let urged = officer.post(&path, &urge).await.ok();
        let ids: Vec<_> = matching.iter().map(|delivery| delivery["id"].clone()).collect();
        assert_eq!((&urged["urgedCount"], &urged["deliveryIds"]), (&json!(2), &json!(ids)));
        let path = format!("/v1/deliveries/{}", matching[0]["id"].as_str().unwrap());
        let told = officer.get(&path).await.ok()["delivery"].clone();
        assert_eq!(told["trail"]["urges"][0]["text"], "Đề nghị tiếp nhận ngay");
        assert_eq!(told["history"].as_array().unwrap().len(), 1, "an urging is no status");

        world.settle().await;
        let subject = |file: std::path::PathBuf| {
            let text = std::fs::read(file).unwrap();
            MessageParser::default().parse(&text).unwrap().subject().unwrap().to_owned()
        };
        let urgings = world.mails().into_iter().map(subject).filter(|subject| subject.contains("Đôn đốc"));
        assert_eq!(urgings.count(), 2, "one mail for each clerk urged");
        world.end().await;
    }
}

#[tokio::test]
async fn what_is_overdue_is_named() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = issued(&world, &communes[..2]).await;
        let clerk = world.actor("vanthu.03646").await;
        let accepted = clerk.accepts(&clerk.inbox().await[0]).await;
        let order = json!({ "unitId": clerk.unit_id(), "dueDate": "2026-11-25" });
        let assigned = commands(&clerk, &accepted, "assign", order).await;
        world.clock.set("2026-11-26T01:00:00Z".parse().unwrap());
        let (officer, clerk) = (world.actor("canbo.snv").await, world.actor("vanthu.03646").await);
        let path = format!("/v1/documents/{}/deliveries?overdue=true", document["id"].as_str().unwrap());
        let overdue = officer.get(&path).await.ok()["deliveries"].clone();
        assert_eq!((overdue.as_array().unwrap().len(), &overdue[0]["id"]), (1, &assigned["id"]));
        assert_eq!(officer.board(&document).await["overdueCount"], 1);
        commands(&clerk, &assigned, "complete", json!({ "result": "Đã báo cáo" })).await;
        assert_eq!(officer.board(&document).await["overdueCount"], 0, "done, though late");
        world.end().await;
    }
}

/// The next board of a stream; signs of life are passed over.
async fn next(boards: &mut Streaming<WatchDeliveryBoardResponse>) -> Vec<(DeliveryStatus, i32)> {
    loop {
        let message = tokio::time::timeout(Duration::from_secs(30), boards.message()).await;
        let message = message.expect("in time").unwrap().expect("the stream goes on");
        if let Some(board) = message.board {
            return board.counts.iter().map(|count| (count.status(), count.count)).collect();
        }
    }
}

#[tokio::test]
async fn the_board_is_followed_live_and_the_stream_ends_with_the_system() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let document = issued(&world, &communes[..2]).await;
        let officer = world.actor("canbo.snv").await;
        let mut client = BoardServiceClient::new(Transport::local(world.router()));
        let follow = |id: &str| {
            let message = WatchDeliveryBoardRequest { document_id: id.to_owned(), undecided_hours: 0 };
            let mut request = tonic::Request::new(message);
            let bearer = format!("Bearer {}", officer.token).parse().unwrap();
            request.metadata_mut().insert("authorization", bearer);
            request
        };
        let id = document["id"].as_str().unwrap();
        let mut boards = client.watch_delivery_board(follow(id)).await.unwrap().into_inner();
        assert_eq!(next(&mut boards).await, [(DeliveryStatus::Arrived, 2)]);
        let clerk = world.actor("vanthu.03646").await;
        clerk.accepts(&clerk.inbox().await[0]).await;
        assert_eq!(next(&mut boards).await, [(DeliveryStatus::Arrived, 1), (DeliveryStatus::Accepted, 1)]);

        let hidden = client.watch_delivery_board(follow("019376ad-0000-7000-8000-000000000001")).await;
        assert_eq!(hidden.unwrap_err().code(), tonic::Code::NotFound);
        // The same over REST, as server-sent events.
        let feed = Request::get(format!("/v1/documents/{id}/board:watch"))
            .header("authorization", format!("Bearer {}", officer.token))
            .body(axum::body::Body::empty())
            .unwrap();
        let answer = tower::ServiceExt::oneshot(world.router(), feed).await.unwrap();
        assert_eq!(answer.headers()["content-type"], "text/event-stream");
        let mut body = answer.into_body();
        let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
        let first = std::str::from_utf8(&first).unwrap().strip_prefix("data: ").unwrap().trim().to_owned();
        let first: Value = serde_json::from_str(&first).unwrap();
        assert_eq!(first["board"]["total"], 2);

        world.end().await;
        while boards.message().await.unwrap().is_some() {}
        while let Some(frame) = body.frame().await {
            frame.unwrap();
        }
    }
}

#[tokio::test]
async fn the_urgent_overtakes_what_came_before_and_equals_keep_their_order() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let clerk = world.actor("vanthu.snv").await;
        let mut expected = Vec::new();
        for urgency in ["NORMAL", "URGENT", "NORMAL", "FLASH", "URGENT"] {
            let document = urgent(&world, &communes[..1], urgency).await;
            let notation = clerk.does(&document, "issue").await["issuance"]["notation"].clone();
            expected.push((urgency, notation));
        }
        let rank = |urgency: &str| ["FLASH", "URGENT", "NORMAL"].iter().position(|one| *one == urgency);
        expected.sort_by_key(|(urgency, _)| rank(urgency)); // keeps the order of issue among equals
        let ward = world.actor("vanthu.03646").await;
        let (mut listed, mut token) = (Vec::new(), String::new());
        loop {
            let path = format!("/v1/deliveries?order=INBOX_ORDER_URGENT&pageSize=2&pageToken={token}");
            let page = ward.get(&path).await.ok();
            listed.extend(page["deliveries"].as_array().unwrap().iter().map(|one| one["notation"].clone()));
            page["nextPageToken"].as_str().unwrap().clone_into(&mut token);
            if token.is_empty() {
                break;
            }
        }
        assert_eq!(listed, expected.into_iter().map(|(_, notation)| notation).collect::<Vec<_>>());
        let wrong = "/v1/deliveries?order=INBOX_ORDER_URGENT&status=DELIVERY_STATUS_ACCEPTED";
        assert_eq!(ward.get(wrong).await.violated_fields(), ["order"]);
        world.end().await;
    }
}

/// A letter with an urgency mark, signed.
async fn urgent(world: &World, recipients: &[Value], urgency: &str) -> Value {
    let officer = world.actor("canbo.snv").await;
    let mut letter = officer.letter(recipients);
    letter["urgency"] = format!("URGENCY_{urgency}").into();
    signed_letter(world, &letter).await
}

#[tokio::test]
async fn issued_times_recipients_is_the_sum_of_states() {
    for engine in World::engines() {
        let world = World::new(engine).await;
        let communes = world.communes().await;
        let (documents, recipients) = (3_usize, 6_usize);
        for _ in 0..documents {
            let document = signed(&world, &communes[..recipients]).await;
            world.actor("vanthu.snv").await.does(&document, "issue").await;
        }
        // Each clerk does something else with each document; some of it is refused.
        let acts = ["accept", "refuse", "start", "return", "complete", "assign"];
        for (place, commune) in communes[..recipients].iter().enumerate() {
            let handle = commune["code"].as_str().unwrap().trim_start_matches("H52.");
            let clerk = world.actor(&format!("vanthu.{handle}")).await;
            for (index, delivery) in clerk.inbox().await.iter().enumerate() {
                let accepted = commands(&clerk, delivery, "accept", json!({})).await;
                let with = json!({ "result": "xong", "reason": "lý do", "unitId": clerk.unit_id() });
                let act = acts[(place * documents + index) % acts.len()];
                let fields: &[&str] = match act {
                    "refuse" | "return" => &["reason"],
                    "complete" => &["result"],
                    "assign" => &["unitId"],
                    _ => &[],
                };
                let body: serde_json::Map<_, _> =
                    fields.iter().map(|field| ((*field).to_owned(), with[*field].clone())).collect();
                commands(&clerk, &accepted, act, body.into()).await;
            }
        }
        let total = i64::try_from(documents * recipients).unwrap();
        assert_eq!(world.count("SELECT count(*) AS n FROM delivery").await, total);
        let last = "SELECT count(*) AS n FROM delivery JOIN delivery_status AS last
            ON last.delivery_id = delivery.id AND last.revision = delivery.revision AND last.status = delivery.status
            WHERE delivery.revision = (SELECT count(*) FROM delivery_status WHERE delivery_id = delivery.id)";
        assert_eq!(
            world.count(last).await,
            total,
            "the list of statuses tells where each stands, without gap"
        );
        let different = "SELECT count(*) AS n FROM (SELECT status FROM delivery GROUP BY status) AS states";
        assert!(world.count(different).await >= 4, "and they stand in different ones");
        world.end().await;
    }
}
