use crate::{Capacity, Chart, Holder, Office};

/// In which form a document is signed, as it shows above the signature.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// The head signs alone: `GIÁM ĐỐC`.
    Direct,
    /// The head signs for the collective: TM.
    ForCollective,
    /// The acting head signs: Q.
    Acting,
    /// The acting head signs for the collective: TM. and Q.
    ActingForCollective,
    /// A deputy signs for the head: KT.
    ForHead,
    /// A deputy signs for the collective in place of the head: TM. and KT.
    ForCollectiveAndHead,
    /// The head of a unit signs by order: TL.
    ByOrder,
    /// A deputy of that unit signs for its head: TL. and KT.
    ByOrderForHead,
    /// The head of a subordinate agency or unit signs by authorisation: TUQ.
    ByDelegation,
}

impl Form {
    /// Every form.
    pub const ALL: [Self; 9] = [
        Self::Direct,
        Self::ForCollective,
        Self::Acting,
        Self::ActingForCollective,
        Self::ForHead,
        Self::ForCollectiveAndHead,
        Self::ByOrder,
        Self::ByOrderForHead,
        Self::ByDelegation,
    ];

    /// Its number in the contracts.
    pub fn number(self) -> i32 {
        self as i32 + 1
    }

    fn is_for_collective(self) -> bool {
        matches!(self, Self::ForCollective | Self::ActingForCollective | Self::ForCollectiveAndHead)
    }
}

/// The lines printed above a signature, from the top (Appendix I, Part I.II.7): the collective, those in whose place it is given,
/// the title of the signer. `above` are the positions in whose place, from the head down.
pub(super) fn lines(
    chart: &Chart,
    form: Form,
    above: &[&Office],
    own: &Office,
    signer: &Holder,
) -> Vec<String> {
    let mut lines = Vec::with_capacity(3);
    if form.is_for_collective() {
        lines.push(format!("TM. {}", chart.collective));
    }
    let first = match form {
        Form::ByOrder | Form::ByOrderForHead => "TL.",
        Form::ByDelegation => "TUQ.",
        _ => "KT.",
    };
    // Whoever is passed on below the first signs in place of that one: TL. and then KT.
    let prefixes = [first, "KT."];
    lines.extend(above.iter().zip(prefixes).map(|(office, prefix)| format!("{prefix} {}", office.title)));
    let acting = if signer.capacity == Capacity::Acting { "Q. " } else { "" };
    // The head of another agency is named with that agency: GIÁM ĐỐC SỞ NỘI VỤ.
    let elsewhere = form == Form::ByDelegation && own.agency_id != chart.agency_id;
    let agency = if elsewhere { format!(" {}", own.agency_name) } else { String::new() };
    lines.push(format!("{acting}{}{agency}", own.title));
    for line in &mut lines {
        *line = line.to_uppercase();
    }
    lines
}
