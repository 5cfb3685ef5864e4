//! Keys are exchanged while two processes serve, and no call fails.

use std::{
    fs,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::Duration,
};

use congvan::sample;
use congvan_proto::directory::v1::{VerifySessionRequest, session_service_client::SessionServiceClient};
use congvan_tests::{
    four::Four,
    process::{Client, run},
};
use futures::future::join_all;
use kit::{
    caller::{HEADER, Signer},
    transport::Transport,
};
use sql::Engine;

/// How many callers call all the time.
const CALLERS: usize = 4;

/// How long until a key that was taken away counts nowhere any more: verifiers look once a second.
const PATIENCE: Duration = Duration::from_secs(5);

/// Whether the directory believes a claim for the gateway itself that this key signs now.
async fn believes(directory: &str, signer: &Signer) -> bool {
    let mut sessions = SessionServiceClient::new(Transport::remote(directory).expect("an address"));
    let mut request = tonic::Request::new(VerifySessionRequest {
        token: "nonsense".to_owned(),
        ..VerifySessionRequest::default()
    });
    let claim = signer.sign(None, base::Clock::now(&base::SystemClock));
    request.metadata_mut().insert(HEADER, claim.parse().expect("a token is ASCII"));
    let refused = sessions.verify_session(request).await.expect_err("no such session");
    !kit::layers::claim_was_refused(&refused)
}

/// Reads units as fast as answers come, until told to stop; counts the calls.
async fn call(client: Client, stop: Arc<AtomicBool>, calls: Arc<AtomicUsize>) {
    while !stop.load(Ordering::Relaxed) {
        client.get("/v1/units?pageSize=1").await;
        calls.fetch_add(1, Ordering::Relaxed);
    }
}

/// Runs `congvan keys` for the gateway.
async fn keys(folder: &str, arguments: &[&str]) -> String {
    let all = [&["keys", "--issuer", "gateway", "--to", folder], arguments].concat();
    let (done, printed) = run(&all).await;
    assert!(done, "{printed}");
    printed
}

#[tokio::test]
async fn keys_are_exchanged_under_load_and_no_call_fails() {
    let four = Four::new(Engine::Sqlite).await;
    let (directory, gateway) = (four.start("directory").await, four.start("gateway").await);
    let folder = four.path("keys");
    let client = gateway.client().sign_in(sample::ADMINISTRATOR).await.expect("the administrator signs in");
    let file = format!("{folder}/gateway.key.pem");
    let stolen = Signer::read("gateway", file.as_ref()).expect("the key that signs at first");

    let (stop, calls) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let calling = join_all((0..CALLERS).map(|_| call(client.clone(), stop.clone(), calls.clone())));
    let exchanging = async {
        for _ in 0..2 {
            keys(&folder, &["--rotate", "--lead-seconds", "3"]).await;
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
        assert!(believes(&directory.address, &stolen).await, "trusted until it is retired");
        // As if the keys had been replaced long ago: the signers have noticed, and claims travel for milliseconds here.
        let list = format!("{folder}/gateway.replaced.txt");
        let replaced = fs::read_to_string(&list).expect("two keys were replaced");
        let old: Vec<_> =
            replaced.lines().map(|line| format!("{} 2026-01-01T00:00:00Z", &line[..32])).collect();
        fs::write(&list, old.join("\n")).expect("it is ours");
        let printed = keys(&folder, &["--retire"]).await;
        assert_eq!(printed.matches("is trusted no more").count(), 2, "{printed}");
        tokio::time::sleep(PATIENCE).await;
        assert!(!believes(&directory.address, &stolen).await, "the retired key opens nothing");
        stop.store(true, Ordering::Relaxed);
    };
    tokio::join!(calling, exchanging);
    let calls = calls.load(Ordering::Relaxed);
    assert!(calls > 100, "only {calls} calls were made meanwhile");

    let left: Vec<_> = fs::read_dir(format!("{folder}/trust")).expect("a folder").collect();
    assert_eq!(left.len(), 3, "one key for each of the three that sign");
    // A public key that an operator takes away ends the gateway's say, without a restart.
    for entry in left {
        let path = entry.expect("an entry").path();
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("gateway.")) {
            fs::remove_file(path).expect("it is ours");
        }
    }
    tokio::time::sleep(PATIENCE).await;
    let refused = client.call(http::Method::GET, "/v1/units", None).await.expect("the gateway answers");
    assert_eq!(refused.status, 500, "the gateway speaks for nobody");
    assert_eq!(gateway.stop().await.0, Some(0));
    assert_eq!(directory.stop().await.0, Some(0));
}
