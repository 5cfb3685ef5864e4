//! Keys are exchanged while claims are signed and verified.

#![expect(clippy::unwrap_used, reason = "what a story takes for granted fails the test when it is not so")]

use std::{fs, path::PathBuf, sync::Arc};

use base::{Clock, ManualClock};
use jiff::SignedDuration;
use kit::{
    caller::{KeyError, KeyFolder, KeyWatch, Signer, Verifier, generate},
    worker::{Step, Worker},
};

/// A folder with the gateway's keys, and a signer and a verifier that look at them.
struct World {
    folder: tempfile::TempDir,
    keys: KeyFolder,
    clock: ManualClock,
    signer: Signer,
    verifier: Verifier,
}

impl World {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = ManualClock::at("2026-11-23T01:00:00Z".parse().unwrap());
        generate("gateway", folder.path()).unwrap();
        let signer = Signer::read("gateway", &folder.path().join("gateway.key.pem")).unwrap();
        let verifier = Verifier::read(&folder.path().join("trust"), Arc::new(clock.clone())).unwrap();
        Self { keys: KeyFolder::new("gateway", folder.path()), folder, clock, signer, verifier }
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn claim(&self) -> String {
        self.signer.sign(None, self.clock.now())
    }

    fn believed(&self, claim: &str) -> bool {
        self.verifier.verify(claim).is_some()
    }

    fn wait(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    /// The signer and the verifier look, as they do every second.
    async fn look(&self) {
        let mut watch = KeyWatch::new(vec![self.signer.clone()], Some(self.verifier.clone()));
        assert!(matches!(watch.step().await.unwrap(), Step::Idle(rest) if rest.as_secs() == 1));
    }

    fn trusted(&self) -> usize {
        fs::read_dir(self.file("trust")).unwrap().count()
    }
}

#[tokio::test]
async fn a_key_is_exchanged_and_no_claim_is_refused_meanwhile() {
    let world = World::new();
    let first = world.claim();
    world.keys.prepare().unwrap();
    world.keys.prepare().unwrap();
    assert_eq!(world.trusted(), 2, "prepared once, however often");
    assert!(world.believed(&world.claim()), "the one before signs");
    world.look().await;

    world.keys.switch(world.clock.now()).unwrap();
    let old = world.claim();
    world.look().await;
    let new = world.claim();
    let key = |claim: &str| claim.split('.').next().map(str::to_owned);
    assert!(key(&first) == key(&old) && key(&old) != key(&new), "the next key signs once it was noticed");
    assert!(world.believed(&old) && world.believed(&new), "both are trusted");
    assert!(!world.file("gateway.next.key.pem").exists());

    let early = world.keys.retire(world.clock.now()).unwrap();
    assert_eq!((early.keys.len(), early.wait), (0, Some(SignedDuration::from_secs(90))));
    world.wait(89);
    assert_eq!(world.keys.retire(world.clock.now()).unwrap().wait, Some(SignedDuration::from_secs(1)));
    assert_eq!(world.trusted(), 2);
    assert!(!world.believed(&old), "a claim is dead before its key is retired");
    world.wait(1);
    let retired = world.keys.retire(world.clock.now()).unwrap();
    assert_eq!((retired.keys.len(), retired.wait, world.trusted()), (1, None, 1));
    assert_eq!(world.keys.retire(world.clock.now()).unwrap(), kit::caller::Retired::default());
    assert!(world.believed(&world.claim()));

    generate("gateway", world.folder.path()).unwrap();
    assert_eq!(world.trusted(), 1, "the pair is whole: nothing is made");
}

#[tokio::test]
async fn a_retired_key_is_refused_within_a_second() {
    let world = World::new();
    let stolen = fs::read_to_string(world.file("gateway.key.pem")).unwrap();
    let thief = Signer::from_pem("gateway", &stolen).unwrap();
    world.keys.prepare().unwrap();
    world.keys.switch(world.clock.now()).unwrap();
    world.look().await;
    assert!(world.believed(&thief.sign(None, world.clock.now())), "trusted until retired");
    world.wait(90);
    world.keys.retire(world.clock.now()).unwrap();
    world.look().await;
    assert!(!world.believed(&thief.sign(None, world.clock.now())));
    assert!(world.believed(&world.claim()));
}

#[tokio::test]
async fn a_public_key_that_is_taken_away_counts_no_more() {
    let world = World::new();
    let claim = world.claim();
    fs::remove_file(world.file("trust/gateway.pub.pem")).unwrap();
    world.look().await;
    assert!(!world.believed(&claim));
    generate("gateway", world.folder.path()).unwrap();
    world.look().await;
    assert!(world.believed(&claim), "the same pair is trusted again");
    fs::remove_dir_all(world.file("trust")).unwrap();
    world.look().await;
    assert!(!world.believed(&claim), "without a folder nobody is trusted");
}

#[tokio::test]
async fn a_file_that_is_half_written_breaks_nothing() {
    let world = World::new();
    let whole = fs::read(world.file("gateway.key.pem")).unwrap();
    fs::write(world.file("gateway.key.pem"), &whole[..whole.len() / 2]).unwrap();
    fs::write(world.file("trust/documents.pub.pem"), "-----BEGIN PUB").unwrap();
    world.look().await;
    assert!(world.believed(&world.claim()), "the key before goes on signing, and the others stay trusted");
    assert!(
        matches!(world.keys.switch(world.clock.now()), Err(KeyError::NotAKey(_))),
        "nothing is overwritten"
    );
    fs::write(world.file("gateway.key.pem"), &whole).unwrap();
    world.look().await;
    assert!(world.believed(&world.claim()));
    fs::write(world.file("gateway.replaced.txt"), "nonsense").unwrap();
    assert!(matches!(world.keys.retire(world.clock.now()), Err(KeyError::NotAList(_))));
    let read = Verifier::read(&world.file("trust"), Arc::new(world.clock.clone()));
    assert!(matches!(read, Err(KeyError::NotAKey(_))), "a process does not start with a broken key");
}

#[tokio::test]
async fn what_a_crash_left_is_taken_up_again() {
    let world = World::new();
    assert!(matches!(world.keys.switch(world.clock.now()), Err(KeyError::NotPrepared(_))));
    // After the private half was made, before the public half was published.
    world.keys.prepare().unwrap();
    let made = fs::read(world.file("gateway.next.key.pem")).unwrap();
    let next = fs::read_dir(world.file("trust")).unwrap().map(|entry| entry.unwrap().path());
    let next = next.into_iter().find(|path| !path.ends_with("gateway.pub.pem")).unwrap();
    fs::remove_file(&next).unwrap();
    assert!(matches!(world.keys.switch(world.clock.now()), Err(KeyError::NotPrepared(_))), "not trusted yet");
    world.keys.prepare().unwrap();
    assert!(next.exists(), "the pair that was begun is finished");
    assert_eq!(fs::read(world.file("gateway.next.key.pem")).unwrap(), made);

    // After it was written down that the key is replaced, before it was.
    let signing = fs::read(world.file("gateway.key.pem")).unwrap();
    world.keys.switch(world.clock.now()).unwrap();
    fs::rename(world.file("gateway.key.pem"), world.file("gateway.next.key.pem")).unwrap();
    fs::write(world.file("gateway.key.pem"), &signing).unwrap();
    world.wait(3600);
    assert_eq!(world.keys.retire(world.clock.now()).unwrap().keys, Vec::<String>::new(), "it signs still");
    world.look().await;
    assert!(world.believed(&world.claim()));
    world.keys.switch(world.clock.now()).unwrap();
    let retired = world.keys.retire(world.clock.now()).unwrap();
    assert_eq!(retired.wait, Some(SignedDuration::from_secs(90)), "counted from when it really was replaced");
}

#[test]
fn the_key_of_a_replica_is_never_retired() {
    let world = World::new();
    let replica = tempfile::tempdir().unwrap();
    generate("gateway", replica.path()).unwrap();
    let public = replica.path().join("trust/gateway.pub.pem");
    fs::copy(public, world.file("trust/gateway.second.pub.pem")).unwrap();
    world.keys.prepare().unwrap();
    world.keys.switch(world.clock.now()).unwrap();
    world.wait(90);
    assert_eq!(world.keys.retire(world.clock.now()).unwrap().keys.len(), 1);
    assert!(world.file("trust/gateway.second.pub.pem").exists());
    assert_eq!(world.trusted(), 2);
}

#[test]
fn private_keys_are_for_their_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let world = World::new();
    world.keys.prepare().unwrap();
    for name in ["gateway.key.pem", "gateway.next.key.pem"] {
        assert_eq!(fs::metadata(world.file(name)).unwrap().permissions().mode() & 0o777, 0o600, "{name}");
    }
    assert!(matches!(
        KeyFolder::new("documents", world.folder.path()).prepare(),
        Err(KeyError::NoPair(file)) if file.ends_with("documents.key.pem")
    ));
}
