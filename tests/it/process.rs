//! The executable itself: starting, stopping, four processes, help.

use congvan_tests::{
    World,
    four::Four,
    process::{Client, Congvan, free_port, run, run_to_code},
};
use http::Method;

#[tokio::test]
async fn it_stops_softly_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let admin = format!("127.0.0.1:{}", free_port());
    let data = folder.path().to_str().unwrap();
    let up = Congvan::start(&["up", "--data", data, "--listen", "127.0.0.1:0", "--admin", &admin]).await;
    let operators = Client::at(&format!("http://{admin}"));
    for (path, text) in [("/livez", "ok"), ("/readyz", "ready"), ("/metrics", "congvan_")] {
        up.client().call(Method::GET, "/v1/units", None).await.unwrap();
        let answer = operators.call(Method::GET, path, None).await.unwrap();
        assert!(answer.status == 200 && String::from_utf8_lossy(&answer.body).contains(text), "{path}");
    }
    let (played, story) = run(&["demo", "--at", &up.address]).await;
    assert!(played, "{story}");
    let (code, printed) = up.stop().await;
    assert_eq!(code, Some(0), "{printed:?}");

    let again = Congvan::up(folder.path(), 0).await;
    let (played, story) = run(&["demo", "--at", &again.address]).await;
    assert!(played, "{story}");
    assert!(story.contains("0 đơn vị mới") && story.contains("02/SNV-VP"), "{story}");
    assert_eq!(again.stop().await.0, Some(0));
}

#[tokio::test]
async fn every_mistake_in_a_configuration_is_told_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("documents.toml");
    std::fs::write(&file, "listen = 'here'\nadmin = '127.0.0.1:0'\ncolour = 'red'\nmax_file_mib = 'much'")
        .unwrap();
    let serve = ["serve", "documents", "--config", file.to_str().unwrap()];
    let (code, printed) = run_to_code(&serve).await;
    assert_eq!(code, Some(64), "{printed}");
    let checked = run_to_code(&[&serve[..], &["--check"]].concat()).await;
    assert_eq!(checked, (code, printed.clone()), "as whoever only checks is told");
    for mistake in [
        "listen (",
        "trust is missing",
        "database is missing",
        "blobs is missing",
        "max_file_mib (",
        "colour (",
    ] {
        assert!(printed.contains(mistake), "{mistake}: {printed}");
    }
}

#[tokio::test]
async fn settings_are_checked_without_opening_anything() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let settings = format!(
        "listen = '127.0.0.1:1'\nadmin = '127.0.0.1:1'\ntrust = '{}'\ndatabase = 'sqlite:{}'\nblobs = '{}'\n\
         signing_key = '{}'\ndirectory_url = 'http://127.0.0.1:1'\n",
        path("trust"),
        path("documents.db"),
        path("files"),
        path("key.pem"),
    );
    std::fs::write(path("documents.toml"), settings).unwrap();
    let (code, printed) =
        run_to_code(&["serve", "documents", "--check", "--config", &path("documents.toml")]).await;
    assert_eq!((code, printed.trim()), (Some(0), "documents: the settings can be used"));
    let made: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(made, ["documents.toml"]);
}

#[tokio::test]
async fn four_processes_play_the_same_story_and_recover_from_each_others_absence() {
    for engine in World::engines() {
        let four = Four::new(engine).await;
        let directory = four.start("directory").await;
        let mut others = Vec::new();
        for service in ["documents", "notifications", "gateway"] {
            others.push(four.start(service).await);
        }
        let gateway = others[2].client();
        let (played, story) = run(&["demo", "--at", &others[2].address]).await;
        assert!(played, "{story}");
        for told in ["01/SNV-VP", "75 nơi nhận", "76 thư"] {
            assert!(story.contains(told), "{told}: {story}");
        }
        let counts = ["/ accepted", "/ arrived", "/ refused"].map(|status| counted(&story, status));
        assert_eq!(counts, [Some(72), Some(2), Some(1)], "{story}");

        // Without the directory nothing can be known of a session: unavailable, not forbidden.
        let officer = gateway.sign_in("canbo.snv").await.unwrap();
        directory.kill().await;
        let refused = officer.call(Method::GET, "/v1/documents", None).await.unwrap();
        assert_eq!(refused.refused(), (503, "UNAVAILABLE".to_owned()));
        let directory = four.start("directory").await;
        officer.get("/v1/documents").await;

        let (played, story) = run(&["demo", "--at", &others[2].address]).await;
        assert!(played && story.contains("02/SNV-VP"), "{story}");
        others.insert(0, directory);
        for process in others.into_iter().rev() {
            let (code, printed) = process.stop().await;
            assert_eq!(code, Some(0), "{printed:?}");
        }
    }
}

/// The count behind a status on the board that the story printed.
fn counted(story: &str, status: &str) -> Option<u32> {
    let line = story.lines().find(|line| line.contains(status) && line.contains('█'))?;
    line.split_once(status)?.1.split_whitespace().next()?.parse().ok()
}
