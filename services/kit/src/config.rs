//! Settings from a TOML file and the environment. Every mistake is told at once.

use std::{collections::BTreeMap, fmt::Display, path::Path, str::FromStr};

/// Environment variables begin so: `CONGVAN_DATABASE` sets `database`, `CONGVAN_SMTP__HOST` sets `smtp.host`.
const PREFIX: &str = "CONGVAN_";

/// Variables with this prefix are for the tests and no settings.
const TEST_PREFIX: &str = "CONGVAN_TEST_";

/// Settings being read; ask for each once, then [`Settings::finish`].
#[derive(Debug, Default)]
pub struct Settings {
    values: BTreeMap<String, Value>,
    mistakes: Vec<String>,
}

#[derive(Debug)]
struct Value {
    text: String,
    origin: String,
}

/// Everything that is wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{} mistake(s) in the configuration:\n{}", .0.len(), .0.iter().map(|mistake| format!("  - {mistake}")).collect::<Vec<_>>().join("\n"))]
pub struct Mistakes(pub Vec<String>);

impl Settings {
    /// Reads a TOML file, if one is given, and the environment, which wins.
    #[expect(clippy::disallowed_methods, reason = "the one place where the environment is read")]
    pub fn read(file: Option<&Path>) -> Self {
        let mut settings = Self::default();
        if let Some(file) = file {
            match std::fs::read_to_string(file) {
                Ok(text) => settings.add_toml(&text, &file.display().to_string()),
                Err(error) => settings.mistake(format!("{}: {error}", file.display())),
            }
        }
        settings.add_environment(std::env::vars());
        settings
    }

    /// Adds the settings of a TOML text; `origin` names it in mistakes.
    pub fn add_toml(&mut self, text: &str, origin: &str) {
        match text.parse::<toml::Table>() {
            Ok(table) => self.add_table("", &table, origin),
            Err(error) => self.mistake(format!("{origin}: {}", error.to_string().trim())),
        }
    }

    fn add_table(&mut self, prefix: &str, table: &toml::Table, origin: &str) {
        for (key, value) in table {
            let key = format!("{prefix}{key}");
            let text = match value {
                toml::Value::Table(table) => {
                    self.add_table(&format!("{key}."), table, origin);
                    continue;
                }
                toml::Value::String(text) => text.clone(),
                toml::Value::Array(items) => {
                    let items = items
                        .iter()
                        .map(|item| item.as_str().map_or_else(|| item.to_string(), str::to_owned));
                    items.collect::<Vec<_>>().join(",")
                }
                other => other.to_string(),
            };
            self.values.insert(key, Value { text, origin: origin.to_owned() });
        }
    }

    fn add_environment(&mut self, variables: impl Iterator<Item = (String, String)>) {
        for (name, text) in variables {
            if name.starts_with(TEST_PREFIX) {
                continue;
            }
            if let Some(key) = name.strip_prefix(PREFIX) {
                let key = key.to_lowercase().replace("__", ".");
                self.values.insert(key, Value { text, origin: name });
            }
        }
    }

    /// A setting that must be there; none, with a mistake noted, if it is missing or cannot be read.
    pub fn required<T: FromStr<Err: Display>>(&mut self, key: &str, meaning: &str) -> Option<T> {
        if !self.values.contains_key(key) {
            let variable = key.to_uppercase().replace('.', "__");
            self.mistake(format!("{key} is missing: {meaning} (or set {PREFIX}{variable})"));
            return None;
        }
        self.optional(key)
    }

    /// A setting that may be left out.
    pub fn optional<T: FromStr<Err: Display>>(&mut self, key: &str) -> Option<T> {
        let value = self.values.remove(key)?;
        match value.text.parse() {
            Ok(parsed) => Some(parsed),
            Err(error) => {
                self.mistake(format!("{key} ({}): {error}", value.origin));
                None
            }
        }
    }

    /// A setting with a default.
    pub fn or<T: FromStr<Err: Display>>(&mut self, key: &str, default: T) -> T {
        self.optional(key).unwrap_or(default)
    }

    /// Notes a mistake if this setting is there although it has no effect; `why` says so.
    pub fn pointless(&mut self, key: &str, why: &str) {
        if let Some(value) = self.values.remove(key) {
            self.mistake(format!("{key} ({}) has no effect: {why}", value.origin));
        }
    }

    /// Notes a mistake found by whoever reads the settings.
    pub fn mistake(&mut self, mistake: impl Into<String>) {
        self.mistakes.push(mistake.into());
    }

    /// Fails with every mistake, among them each setting that nobody asked for.
    pub fn finish(mut self) -> Result<(), Mistakes> {
        for (key, value) in std::mem::take(&mut self.values) {
            self.mistakes.push(format!("{key} ({}) is no setting", value.origin));
        }
        if self.mistakes.is_empty() { Ok(()) } else { Err(Mistakes(self.mistakes)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_mistake_is_told_at_once() {
        let mut settings = Settings::default();
        settings.add_toml("listen = 'nowhere'\nlisen = '127.0.0.1:1'\n[smtp]\nport = 70000", "congvan.toml");
        let listen: Option<std::net::SocketAddr> = settings.required("listen", "address to serve on");
        let database: Option<String> = settings.required("database", "URL of the database");
        let port: Option<u16> = settings.optional("smtp.port");
        assert_eq!((listen, database, port), (None, None, None));
        let mistakes = settings.finish().unwrap_err().0;
        assert_eq!(
            mistakes,
            [
                "listen (congvan.toml): invalid socket address syntax",
                "database is missing: URL of the database (or set CONGVAN_DATABASE)",
                "smtp.port (congvan.toml): number too large to fit in target type",
                "lisen (congvan.toml) is no setting",
            ]
        );
    }

    #[test]
    fn the_environment_wins() {
        let mut settings = Settings::default();
        settings.add_toml("listen = '127.0.0.1:1'\nsmtp.host = 'a'", "congvan.toml");
        let variables = [("CONGVAN_SMTP__HOST", "b"), ("CONGVAN_TEST_POSTGRES", "x"), ("HOME", "/")];
        settings
            .add_environment(variables.map(|(name, text)| (name.to_owned(), text.to_owned())).into_iter());
        assert_eq!(settings.or("smtp.host", String::new()), "b");
        assert_eq!(settings.or("listen", String::new()), "127.0.0.1:1");
        settings.finish().unwrap();
    }

    #[test]
    fn a_broken_file_says_where() {
        let mut settings = Settings::default();
        settings.add_toml("listen = ", "congvan.toml");
        assert!(settings.finish().unwrap_err().0[0].starts_with("congvan.toml: TOML parse error at line 1"));
    }
}
