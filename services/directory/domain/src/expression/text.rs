//! Expressions as they are stored: in words that a person reading the database understands, as in
//! `difference(kinds(COMMUNE WARD), units(018f…))`.

use std::{
    fmt::{self, Display},
    str::FromStr,
};

use base::Uuid;

use super::{Below, Expression};
use crate::{UnitKind, limits};

/// The text is no expression.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadExpression;

impl Display for BadExpression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("is no expression over units")
    }
}

impl Display for Expression {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AllAgencies => out.write_str("agencies()"),
            Self::Kinds(kinds) => list(out, "kinds", " ", kinds.iter().map(|kind| kind.name())),
            Self::Below(Below { unit_id, direct: true }) => write!(out, "directly_below({unit_id})"),
            Self::Below(Below { unit_id, direct: false }) => write!(out, "below({unit_id})"),
            Self::Units(units) => list(out, "units", " ", units.iter()),
            Self::Group(id) => write!(out, "group({id})"),
            Self::Union(parts) => list(out, "union", ", ", parts.iter()),
            Self::Intersection(parts) => list(out, "intersection", ", ", parts.iter()),
            Self::Difference(of, except) => write!(out, "difference({of}, {except})"),
        }
    }
}

fn list<T: Display>(
    out: &mut fmt::Formatter<'_>,
    word: &str,
    between: &str,
    parts: impl Iterator<Item = T>,
) -> fmt::Result {
    write!(out, "{word}(")?;
    for (index, part) in parts.enumerate() {
        if index > 0 {
            out.write_str(between)?;
        }
        write!(out, "{part}")?;
    }
    out.write_str(")")
}

impl FromStr for Expression {
    type Err = BadExpression;

    fn from_str(text: &str) -> Result<Self, BadExpression> {
        let (expression, rest) = read(text, limits::EXPRESSION_DEPTH)?;
        if rest.is_empty() { Ok(expression) } else { Err(BadExpression) }
    }
}

/// The expression at the start of the text, of no more than `levels`, and what follows it.
fn read(text: &str, levels: usize) -> Result<(Expression, &str), BadExpression> {
    let levels = levels.checked_sub(1).ok_or(BadExpression)?;
    let (word, inside) = text.split_once('(').ok_or(BadExpression)?;
    if let "union" | "intersection" | "difference" = word {
        let (parts, rest) = read_parts(inside, levels)?;
        let expression = match (word, <[Expression; 2]>::try_from(parts)) {
            ("difference", Ok([of, except])) => Expression::Difference(Box::new(of), Box::new(except)),
            ("difference", Err(_)) => return Err(BadExpression),
            ("union", parts) => Expression::Union(parts.map_or_else(|parts| parts, Vec::from)),
            (_, parts) => Expression::Intersection(parts.map_or_else(|parts| parts, Vec::from)),
        };
        return Ok((expression, rest));
    }
    let (atoms, rest) = inside.split_once(')').ok_or(BadExpression)?;
    let ids = || atoms.split_whitespace().map(id).collect::<Result<Vec<_>, _>>();
    let kind = |name| UnitKind::named(name).ok_or(BadExpression);
    let expression = match word {
        "agencies" if atoms.is_empty() => Expression::AllAgencies,
        "kinds" => Expression::Kinds(atoms.split_whitespace().map(kind).collect::<Result<_, _>>()?),
        "below" => Expression::Below(Below { unit_id: id(atoms)?, direct: false }),
        "directly_below" => Expression::Below(Below { unit_id: id(atoms)?, direct: true }),
        "units" => Expression::Units(ids()?),
        "group" => Expression::Group(id(atoms)?),
        _ => return Err(BadExpression),
    };
    Ok((expression, rest))
}

fn read_parts(mut text: &str, levels: usize) -> Result<(Vec<Expression>, &str), BadExpression> {
    let mut parts = Vec::new();
    loop {
        let (part, rest) = read(text, levels)?;
        parts.push(part);
        if let Some(rest) = rest.strip_prefix(')') {
            return Ok((parts, rest));
        }
        text = rest.strip_prefix(", ").ok_or(BadExpression)?;
    }
}

fn id(text: &str) -> Result<Uuid, BadExpression> {
    text.parse().map_err(|_| BadExpression)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::expression::evaluate::tests::expressions;

    #[test]
    fn a_person_can_read_it() {
        let communes = Expression::Kinds(vec![UnitKind::Commune, UnitKind::Ward]);
        let except = Expression::Units(vec![Uuid::from_u128(1)]);
        let text = Expression::Difference(Box::new(communes), Box::new(except)).to_string();
        assert_eq!(text, "difference(kinds(COMMUNE WARD), units(00000000-0000-0000-0000-000000000001))");
    }

    #[test]
    fn what_is_no_expression_is_refused() {
        let deep = "union(".repeat(limits::EXPRESSION_DEPTH) + "agencies()";
        for wrong in ["", "agencies", "agencies()x", "difference(agencies())", "union()", "kinds(X)", &deep] {
            assert_eq!(wrong.parse::<Expression>(), Err(BadExpression), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn what_is_stored_is_read_as_it_was(expression in expressions()) {
            prop_assert_eq!(expression.to_string().parse(), Ok(expression));
        }

        #[test]
        fn any_text_is_an_expression_or_none(text in "[a-z(), ]{0,60}") {
            let _ = text.parse::<Expression>();
        }
    }
}
