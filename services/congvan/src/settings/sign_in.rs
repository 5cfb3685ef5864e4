use std::{
    fmt::Display,
    ops::RangeInclusive,
    path::{Path, PathBuf},
};

use directory::{BreachList, SealKeys, SignInConfig};
use jiff::SignedDuration;
use kit::config::Settings;

/// Hours that a session may last: up to a week.
const SESSION_HOURS: RangeInclusive<i64> = 1..=168;

/// Minutes that a session may lie unused. When it was used is known to within five, so fewer would end sessions in use.
const IDLE_MINUTES: RangeInclusive<i64> = 15..=10_080;

/// The rules for signing in; `has_seal_key` if the process makes a seal key itself where none is named.
pub(crate) fn sign_in(settings: &mut Settings, has_seal_key: bool) -> SignInConfig {
    let default = SignInConfig::default();
    let hours = within(settings, "sessions.hours", SESSION_HOURS);
    let minutes = within(settings, "sessions.idle_minutes", IDLE_MINUTES);
    let seal_keys_named = settings.optional::<PathBuf>("seal_key");
    let is_sealed = has_seal_key || seal_keys_named.is_some();
    let administrators_need_totp = settings.or("administrators_need_totp", default.administrators_need_totp);
    if administrators_need_totp && !is_sealed {
        settings.mistake("administrators_need_totp needs a seal_key: without one nobody can set up an app");
    }
    let breached = settings.optional::<PathBuf>("passwords.breached");
    SignInConfig {
        session_life: hours.map_or(default.session_life, SignedDuration::from_hours),
        idle_limit: minutes.map(SignedDuration::from_mins),
        breached: file(settings, breached, BreachList::open),
        seal_keys: file(settings, seal_keys_named, SealKeys::read),
        administrators_need_totp,
    }
}

/// A number that may be left out; none, with a mistake noted, if it is out of bounds.
fn within(settings: &mut Settings, key: &str, bounds: RangeInclusive<i64>) -> Option<i64> {
    let number = settings.optional(key)?;
    if !bounds.contains(&number) {
        settings.mistake(format!("{key} must be {} to {}", bounds.start(), bounds.end()));
        return None;
    }
    Some(number)
}

/// What a file holds; none, with a mistake noted, if it cannot be used.
fn file<T, E: Display>(
    settings: &mut Settings,
    file: Option<PathBuf>,
    read: impl FnOnce(&Path) -> Result<T, E>,
) -> Option<T> {
    read(&file?).map_err(|error| settings.mistake(error.to_string())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, has_seal_key: bool) -> (SignInConfig, Vec<String>) {
        let mut settings = Settings::default();
        settings.add_toml(text, "congvan.toml");
        let config = sign_in(&mut settings, has_seal_key);
        (config, settings.finish().map_or_else(|mistakes| mistakes.0, |()| Vec::new()))
    }

    #[test]
    fn everything_may_be_left_out() {
        let (config, mistakes) = read("", false);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!((config.session_life, config.idle_limit), (SignedDuration::from_hours(12), None));
        assert!(config.seal_keys.is_none() && config.breached.is_none() && !config.administrators_need_totp);
    }

    #[test]
    fn what_is_set_counts() {
        let folder = tempfile::tempdir().unwrap();
        let list = folder.path().join("breached.txt");
        std::fs::write(&list, "5BAA61E4C9B93F3F0682250B6CF8331B7EE68FD8\n").unwrap();
        let text = format!(
            "sessions.hours = 8\nsessions.idle_minutes = 30\nadministrators_need_totp = true\npasswords.breached = '{}'",
            list.display()
        );
        let (config, mistakes) = read(&text, true);
        assert_eq!(mistakes, [""; 0]);
        assert_eq!(config.session_life, SignedDuration::from_hours(8));
        assert_eq!(config.idle_limit, Some(SignedDuration::from_mins(30)));
        assert!(config.breached.is_some() && config.administrators_need_totp);
    }

    #[test]
    fn every_mistake_is_told() {
        let text = "sessions.hours = 0\nsessions.idle_minutes = 5\nadministrators_need_totp = true\n\
            passwords.breached = 'nowhere'";
        let (_, mistakes) = read(text, false);
        assert_eq!(
            mistakes,
            [
                "sessions.hours must be 1 to 168",
                "sessions.idle_minutes must be 15 to 10080",
                "administrators_need_totp needs a seal_key: without one nobody can set up an app",
                "list of stolen passwords nowhere: No such file or directory (os error 2)",
            ]
        );
        let (_, mistakes) = read("seal_key = 'nowhere'", false);
        assert_eq!(mistakes, ["seal key nowhere: No such file or directory (os error 2)"]);
    }
}
