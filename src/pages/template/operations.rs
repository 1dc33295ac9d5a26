//! The operations of templates that inspect a value, and the inspected part of it.
//!
//! An operation that is not listed inspects everything in a value. So a filter that a later version
//! of the engine adds can make a page slow, but never wrong.

use minijinja::machinery::ast::{BinOpKind, CallArg, CompareOpKind, Expr};
use minijinja::value::ValueKind;

/// The inspected part of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Inspected {
    /// Whether it is empty.
    Truth,
    /// All of it, at any depth.
    Content,
    /// Its items, but not their content; the items of a text are its characters.
    Items,
    /// The items of its items.
    ItemsOfItems,
    /// One attribute of each item.
    Attribute(String),
    /// That it is text, which becomes a part of another text.
    Piece,
    /// That it is text, which is printed.
    Printed,
    /// That its items are text, which becomes a part of another text.
    Pieces,
    /// Its items, which go into another list.
    Joined,
    /// Its length, since a part of it is read.
    Sliced,
    /// All of it, read several times.
    Repeated,
    /// Nothing: the value is created here.
    Made,
}

/// The functions that templates have beside their own macros, and whether each inspects its
/// arguments.
pub(super) const FUNCTIONS: [(&str, bool); 5] = [
    ("asset", true),
    ("dict", false),
    ("message", false),
    ("namespace", false),
    ("range", true),
];

/// Returns the part that a filter inspects of its input; none if it passes the input on.
pub(super) fn at_filter(name: &str, args: &[CallArg<'_>]) -> Option<Inspected> {
    match name {
        // With a second argument it also replaces empty values.
        "default" | "d" => (args.len() > 1).then_some(Inspected::Truth),
        // An attribute of a view is there or not, whatever the values are.
        "attr" => None,
        "string" => Some(Inspected::Printed),
        "list" | "first" | "last" | "length" | "count" | "reverse" | "items" => {
            Some(Inspected::Items)
        }
        "batch" | "slice" | "chain" | "zip" => Some(Inspected::Joined),
        // Joined texts are printed in order; a separator or an attribute may be a value itself.
        "join" if attribute(args, false).is_none() && args.len() < 2 => Some(Inspected::Pieces),
        "map" if attribute(args, false).is_some() => Some(Inspected::Items),
        "selectattr" | "rejectattr" | "groupby" => {
            Some(attribute(args, true).map_or(Inspected::Content, Inspected::Attribute))
        }
        "sort" | "unique" | "sum" | "min" | "max" => {
            Some(attribute(args, false).map_or(Inspected::Content, Inspected::Attribute))
        }
        _ => Some(Inspected::Content),
    }
}

/// Returns the attribute that a filter inspects, if it is a constant in the template.
fn attribute(args: &[CallArg<'_>], may_be_first: bool) -> Option<String> {
    let text = |expr: &Expr<'_>| Some(expr.as_const()?.as_str()?.to_owned());
    let named = args.iter().find_map(|arg| match arg {
        CallArg::Kwarg("attribute", expr) => Some(text(expr)),
        _ => None,
    });
    named.unwrap_or_else(|| match args.first() {
        Some(CallArg::Pos(expr)) if may_be_first => text(expr),
        _ => None,
    })
}

/// Returns whether a test has the same result for all texts, so that a marker does not change it.
pub(super) fn leaves_alone(test: &str) -> bool {
    matches!(
        test,
        "undefined"
            | "defined"
            | "none"
            | "safe"
            | "escaped"
            | "boolean"
            | "number"
            | "integer"
            | "int"
            | "float"
            | "string"
            | "sequence"
            | "iterable"
            | "mapping"
            | "true"
            | "false"
            | "filter"
            | "test"
    )
}

/// Returns whether arguments are constants that no text equals.
pub(super) fn is_no_text(args: &[CallArg<'_>]) -> bool {
    matches!(args, [CallArg::Pos(expr)] if is_no_text_const(expr))
}

pub(super) fn is_no_text_const(expr: &Expr<'_>) -> bool {
    // Texts can have values of bots, and a text equals none of these.
    use ValueKind::{Bool, None as Nothing, Number};
    expr.as_const()
        .is_some_and(|value| matches!(value.kind(), Bool | Nothing | Number))
}

pub(super) fn comparison(op: CompareOpKind) -> &'static str {
    match op {
        CompareOpKind::Eq => "==",
        CompareOpKind::Ne => "!=",
        CompareOpKind::Lt => "<",
        CompareOpKind::Lte => "<=",
        CompareOpKind::Gt => ">",
        CompareOpKind::Gte => ">=",
        CompareOpKind::In => "in",
        CompareOpKind::NotIn => "not in",
    }
}

pub(super) fn operator(op: BinOpKind) -> (&'static str, &'static str) {
    match op {
        BinOpKind::Eq => ("==", "a comparison"),
        BinOpKind::Ne => ("!=", "a comparison"),
        BinOpKind::Lt => ("<", "a comparison"),
        BinOpKind::Lte => ("<=", "a comparison"),
        BinOpKind::Gt => (">", "a comparison"),
        BinOpKind::Gte => (">=", "a comparison"),
        BinOpKind::ScAnd => ("and", "a condition"),
        BinOpKind::ScOr => ("or", "a condition"),
        BinOpKind::Add => ("+", "`+`"),
        BinOpKind::Sub => ("-", "`-`"),
        BinOpKind::Mul => ("*", "`*`"),
        BinOpKind::Div => ("/", "`/`"),
        BinOpKind::FloorDiv => ("//", "`//`"),
        BinOpKind::Rem => ("%", "`%`"),
        BinOpKind::Pow => ("**", "`**`"),
        BinOpKind::Concat => ("~", "`~`"),
        BinOpKind::In => ("in", "`in`"),
    }
}
