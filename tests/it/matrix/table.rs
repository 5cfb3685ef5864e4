use std::{collections::BTreeMap, fmt::Write};

use super::{call::Callable, cast::Caller, probes::Case, verdict::Verdict};

/// The table: for each method and thing one line with a mark for each caller.
pub(crate) struct Table {
    callers: Vec<String>,
    /// The lines of each method in the order in which they were met.
    methods: BTreeMap<String, Vec<(&'static str, Vec<char>)>>,
}

impl Table {
    pub(crate) fn new(callers: &[Caller]) -> Self {
        Self { callers: callers.iter().map(|caller| caller.name.clone()).collect(), methods: BTreeMap::new() }
    }

    /// Notes how a caller fared.
    pub(crate) fn note(&mut self, callable: &Callable, case: &Case, caller: &Caller, seen: Verdict) {
        let column = self.column(&caller.name);
        let width = self.callers.len();
        let lines = self.methods.entry(callable.name()).or_default();
        let line = lines.iter().position(|(name, _)| *name == case.name).unwrap_or_else(|| {
            lines.push((case.name, vec![' '; width]));
            lines.len() - 1
        });
        lines[line].1[column] = seen.mark();
    }

    /// The table as people read it.
    pub(crate) fn text(&self) -> String {
        let mut text =
            String::from("+ served   - refused   ? as if the thing were not there   blank: not asked\n\n");
        for (index, name) in self.callers.iter().enumerate() {
            writeln!(text, "{}. {name}", "|".repeat(index)).unwrap();
        }
        for (method, lines) in &self.methods {
            for (case, marks) in lines {
                let marks: String = marks.iter().collect();
                writeln!(text, "{marks}  {method} {case}").unwrap();
            }
        }
        text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
    }

    /// Fails if the caller was ever served.
    #[track_caller]
    pub(crate) fn never(&self, caller: &str, method: &str) {
        let column = self.column(caller);
        let lines = &self.methods[method];
        assert!(lines.iter().all(|(_, marks)| marks[column] != '+'), "{caller} is served {method}");
        assert!(lines.iter().any(|(_, marks)| marks[column] != ' '), "{caller} never asked {method}");
    }

    fn column(&self, caller: &str) -> usize {
        self.callers.iter().position(|name| name == caller).expect("one of the cast")
    }
}
