use super::{
    Filter, Mistake, Operator, Target,
    lexer::{Token, What, tokens},
    scope::{Scope, Written, comparison},
};
use crate::scim::schema::{Attribute, Kind, Schema};

/// Longest filter or path, in characters.
const LONGEST: usize = 4096;

/// How deeply brackets, `not` and value paths may be nested.
const DEEPEST: usize = 12;

/// Most comparisons in one filter.
const MOST: usize = 100;

/// Where a change happens: `emails[type eq "work"].value`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::scim) struct Path {
    pub(in crate::scim) attribute: &'static Attribute,
    /// Which of its values; all without one.
    pub(in crate::scim) which: Option<Filter>,
    pub(in crate::scim) sub: Option<&'static Attribute>,
}

/// Reads a filter over one kind of resource.
pub(in crate::scim) fn parse(text: &str, schema: &'static Schema) -> Result<Filter, Mistake> {
    whole(text, schema, false)
}

/// Reads a filter over every kind of resource for one of them: what it has not, it never has (RFC 7644, 3.4.2.1).
pub(in crate::scim) fn parse_for_any(text: &str, schema: &'static Schema) -> Result<Filter, Mistake> {
    whole(text, schema, true)
}

fn whole(text: &str, schema: &'static Schema, lenient: bool) -> Result<Filter, Mistake> {
    let mut parser = Parser::new(text, lenient)?;
    let filter = parser.any(Scope::Resource(schema), 0)?;
    parser.finish()?;
    Ok(filter)
}

/// Reads the path of a change.
pub(in crate::scim) fn parse_path(text: &str, schema: &'static Schema) -> Result<Path, Mistake> {
    let mut parser = Parser::new(text, false)?;
    let (name, at) = parser.word("một thuộc tính", "an attribute")?;
    let found = Scope::Resource(schema).find(&name).ok_or_else(|| unknown(&name, at))?;
    let mut path = Path { attribute: found.attribute, which: None, sub: found.sub };
    if parser.take(&What::OpenBracket) {
        path.which = Some(parser.element(found, at, 0)?);
        if !parser.is_done() {
            let (name, at) = parser.word("một thuộc tính con", "a sub-attribute")?;
            let sub = name.strip_prefix('.').and_then(|name| found.attribute.sub(name));
            path.sub = Some(sub.ok_or_else(|| unknown(&name, at))?);
        }
    }
    parser.finish()?;
    Ok(path)
}

fn unknown(name: &str, at: usize) -> Mistake {
    Mistake::new(at, format!("không có thuộc tính {name}"), format!("there is no attribute {name}"))
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    /// Just behind the last character.
    end: usize,
    comparisons: usize,
    /// Whether an unknown name is a value that is never there.
    lenient: bool,
}

impl Parser {
    fn new(text: &str, lenient: bool) -> Result<Self, Mistake> {
        let length = text.chars().count();
        if length > LONGEST {
            return Err(Mistake::new(
                LONGEST,
                format!("dài {length} ký tự, tối đa {LONGEST}"),
                format!("it has {length} characters, at most {LONGEST} are allowed"),
            ));
        }
        let tokens = tokens(text)?.into_iter().peekable();
        Ok(Self { tokens, end: length + 1, comparisons: 0, lenient })
    }

    /// `a or b or c`
    fn any(&mut self, scope: Scope, depth: usize) -> Result<Filter, Mistake> {
        self.chain(scope, depth, "or", Self::all, Filter::Any)
    }

    /// `a and b and c`
    fn all(&mut self, scope: Scope, depth: usize) -> Result<Filter, Mistake> {
        self.chain(scope, depth, "and", Self::one, Filter::All)
    }

    fn chain(
        &mut self,
        scope: Scope,
        depth: usize,
        word: &str,
        part: fn(&mut Self, Scope, usize) -> Result<Filter, Mistake>,
        together: fn(Vec<Filter>) -> Filter,
    ) -> Result<Filter, Mistake> {
        let first = part(self, scope, depth)?;
        let mut parts = vec![first];
        while self.take_word(word) {
            parts.push(part(self, scope, depth)?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { together(parts) })
    }

    /// `(…)`, `not (…)`, `emails[…]`, `userName pr`, `userName eq "mai"`
    fn one(&mut self, scope: Scope, depth: usize) -> Result<Filter, Mistake> {
        let at = self.at();
        if self.take(&What::Open) {
            let inner = self.any(scope, deeper(depth, at)?)?;
            self.expect(&What::Close, ")")?;
            return Ok(inner);
        }
        let (name, at) = self.word("một thuộc tính", "an attribute")?;
        if name.eq_ignore_ascii_case("not") {
            self.expect(&What::Open, "(")?;
            let inner = self.any(scope, deeper(depth, at)?)?;
            self.expect(&What::Close, ")")?;
            return Ok(Filter::Not(Box::new(inner)));
        }
        match scope.find(&name) {
            Some(found) if found.attribute.is_filterable() => self.about(found, at, depth),
            None if self.lenient => self.skip(depth),
            _ => Err(unknown(&name, at)),
        }
    }

    fn about(&mut self, found: Target, at: usize, depth: usize) -> Result<Filter, Mistake> {
        if self.take(&What::OpenBracket) {
            let inner = Box::new(self.element(found, at, depth)?);
            return Ok(Filter::Element { attribute: found.attribute, inner });
        }
        match self.operator()? {
            None => Ok(Filter::Present(found)),
            Some(operator) => {
                let value = self.value()?;
                let (target, value) = comparison(found, operator, value, at)?;
                Ok(Filter::Compare { target, operator, value })
            }
        }
    }

    /// What stands between the brackets of a complex attribute with several values, and the bracket behind it.
    fn element(&mut self, found: Target, at: usize, depth: usize) -> Result<Filter, Mistake> {
        let Target { attribute, sub: None } = found else { return Err(not_complex(at)) };
        if attribute.kind != Kind::Complex || !attribute.multi_valued {
            return Err(not_complex(at));
        }
        let inner = self.any(Scope::Element(attribute), deeper(depth, at)?)?;
        self.expect(&What::CloseBracket, "]")?;
        Ok(inner)
    }

    /// Reads over what is said of an attribute that this kind of resource has not.
    fn skip(&mut self, depth: usize) -> Result<Filter, Mistake> {
        let at = self.at();
        if self.take(&What::OpenBracket) {
            deeper(depth, at)?;
            while !self.take(&What::CloseBracket) {
                self.tokens.next().ok_or_else(|| expected(self.end, "]"))?;
            }
        } else if self.operator()?.is_some() {
            self.value()?;
        }
        Ok(Filter::Never)
    }

    /// The operator; none for `pr`.
    fn operator(&mut self) -> Result<Option<Operator>, Mistake> {
        self.comparisons += 1;
        let (word, at) = self.word("một phép so sánh", "an operator")?;
        if self.comparisons > MOST {
            return Err(Mistake::new(
                at,
                format!("tối đa {MOST} phép so sánh"),
                format!("at most {MOST} comparisons are allowed"),
            ));
        }
        Ok(Some(match word.to_ascii_lowercase().as_str() {
            "pr" => return Ok(None),
            "eq" => Operator::Equal,
            "ne" => Operator::NotEqual,
            "co" => Operator::Contains,
            "sw" => Operator::StartsWith,
            "ew" => Operator::EndsWith,
            "gt" => Operator::Greater,
            "ge" => Operator::GreaterOrEqual,
            "lt" => Operator::Less,
            "le" => Operator::LessOrEqual,
            _ => {
                return Err(Mistake::new(
                    at,
                    "phép so sánh phải là eq, ne, co, sw, ew, gt, ge, lt, le hoặc pr",
                    "the operator must be eq, ne, co, sw, ew, gt, ge, lt, le or pr",
                ));
            }
        }))
    }

    fn value(&mut self) -> Result<Written, Mistake> {
        let at = self.at();
        match self.tokens.next().map(|token| token.what) {
            Some(What::Text(text)) => Ok(Written::Text(text)),
            Some(What::Number) => Ok(Written::Number),
            Some(What::Word(word)) if word == "true" => Ok(Written::Bool(true)),
            Some(What::Word(word)) if word == "false" => Ok(Written::Bool(false)),
            Some(What::Word(word)) if word == "null" => Ok(Written::Null),
            _ => Err(Mistake::new(
                at,
                "phải có giá trị: chuỗi trong dấu nháy kép, true, false hoặc null",
                "a value must stand here: a text in quotes, true, false or null",
            )),
        }
    }

    fn word(&mut self, vi: &str, en: &str) -> Result<(String, usize), Mistake> {
        let at = self.at();
        match self.tokens.next() {
            Some(Token { what: What::Word(word), .. }) => Ok((word, at)),
            _ => Err(Mistake::new(at, format!("phải có {vi}"), format!("{en} must stand here"))),
        }
    }

    fn take(&mut self, what: &What) -> bool {
        self.tokens.next_if(|token| token.what == *what).is_some()
    }

    fn take_word(&mut self, word: &str) -> bool {
        let is = |token: &Token| matches!(&token.what, What::Word(found) if found.eq_ignore_ascii_case(word));
        self.tokens.next_if(is).is_some()
    }

    fn expect(&mut self, what: &What, sign: &str) -> Result<(), Mistake> {
        let at = self.at();
        if self.take(what) { Ok(()) } else { Err(expected(at, sign)) }
    }

    fn at(&mut self) -> usize {
        self.tokens.peek().map_or(self.end, |token| token.at)
    }

    fn is_done(&mut self) -> bool {
        self.tokens.peek().is_none()
    }

    fn finish(&mut self) -> Result<(), Mistake> {
        let at = self.at();
        if self.is_done() {
            return Ok(());
        }
        Err(Mistake::new(
            at,
            "phải kết thúc ở đây, hoặc có and, or",
            "it must end here, or go on with and, or",
        ))
    }
}

fn deeper(depth: usize, at: usize) -> Result<usize, Mistake> {
    if depth < DEEPEST {
        return Ok(depth + 1);
    }
    Err(Mistake::new(
        at,
        format!("lồng quá {DEEPEST} tầng"),
        format!("it is nested more than {DEEPEST} levels deep"),
    ))
}

fn expected(at: usize, sign: &str) -> Mistake {
    Mistake::new(at, format!("phải có {sign}"), format!("{sign} must stand here"))
}

fn not_complex(at: usize) -> Mistake {
    Mistake::new(
        at,
        "chỉ thuộc tính phức có nhiều giá trị mới dùng được [ ]",
        "only a complex attribute with several values takes brackets",
    )
}
