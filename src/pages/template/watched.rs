//! Re-prints a template from its AST with a probe around every expression whose value is inspected
//! rather than printed.
//!
//! A page can be rendered once and filled for each bot only if its templates print values, pass
//! them on, or test whether they are defined. A filter, a comparison or a condition over a hole
//! would decide by the marker, and be wrong for every bot in silence. So [`watched`] puts a call of
//! [`LOOK`] around the value in each such place; the call returns the value unchanged.
//!
//! The text between the expressions and the order of everything stay the same. Expressions are
//! printed from the AST, since its spans don't give where an expression begins.

use std::fmt::Write as _;
use std::ops::Range;

use minijinja::machinery::ast::{BinOpKind, CallArg, Expr, Stmt, UnaryOpKind};
use minijinja::machinery::{Span, parse};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::ValueKind;
use minijinja::{Error, Value};

use super::growth::Growth;
use super::operations::{
    FUNCTIONS, Inspected, at_filter, comparison, is_no_text, is_no_text_const, leaves_alone,
    operator,
};

/// The function, and the filter, that is the probe; a template that uses the name itself gets no
/// watched form.
pub(super) const LOOK: &str = "botdocs_look";

/// The delimiters of a watched template, in private use planes, which input can't hold. Jinja's own
/// could occur in the text of a `raw` block, which is printed without it.
pub(super) const DELIMITERS: [(&str, &str); 3] = [
    ("\u{F0000}", "\u{F0001}"),
    ("\u{F0002}", "\u{F0003}"),
    ("\u{F0004}", "\u{F0005}"),
];

/// A line of more bytes is broken inside the next delimiters: the lexer counts columns in 16 bits.
const LONG: usize = 1_000;

/// A place in a template that inspects a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct WatchedPlace {
    /// The template's file name.
    pub(super) template: String,
    /// The bytes of its text.
    pub(super) range: Range<usize>,
    /// The operation, as a part of a sentence.
    pub(super) what: String,
    /// The inspected part of the value.
    pub(super) at: Inspected,
}

/// Re-prints a template with probes; adds the places that inspect values to `sites`, and operations
/// that make values grow to `growth`.
pub(super) fn watched(
    name: &str,
    source: &str,
    syntax: SyntaxConfig,
    sites: &mut Vec<WatchedPlace>,
    growth: &mut Growth,
) -> Result<String, Error> {
    let Stmt::Template(template) = parse(source, name, syntax)? else {
        return Ok(String::new());
    };
    let mut writer = ProbeWriter {
        template: name,
        sites,
        growth,
        out: String::with_capacity(2 * source.len()),
    };
    writer.body(&template.children);
    Ok(writer.out)
}

struct ProbeWriter<'a> {
    template: &'a str,
    sites: &'a mut Vec<WatchedPlace>,
    growth: &'a mut Growth,
    out: String,
}

impl ProbeWriter<'_> {
    fn body(&mut self, body: &[Stmt<'_>]) {
        for stmt in body {
            self.stmt(stmt);
        }
    }

    /// Writes a block tag.
    fn tag(&mut self, tag: &str) {
        self.put(DELIMITERS[0], tag);
    }

    /// Writes delimiters and what they contain. A line can be broken only inside them: a line end
    /// outside would be text of the page.
    fn put(&mut self, delimiters: (&str, &str), inner: &str) {
        let (open, close) = delimiters;
        let line = self.out.rfind('\n').map_or(0, |end| end + 1);
        let is_long = self.out.len() - line > LONG;
        let gap = if is_long { '\n' } else { ' ' };
        let _ = write!(self.out, "{open}{gap}{inner} {close}");
    }

    fn block(&mut self, tag: &str, body: &[Stmt<'_>], end: &str) {
        self.tag(tag);
        self.body(body);
        self.tag(end);
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each kind of block")]
    fn stmt(&mut self, stmt: &Stmt<'_>) {
        match stmt {
            Stmt::Template(template) => self.body(&template.children),
            Stmt::EmitRaw(raw) => self.out.push_str(raw.raw),
            Stmt::EmitExpr(emit) => {
                let expr = self.expr(&emit.expr);
                self.put(DELIMITERS[1], &expr);
            }
            Stmt::ForLoop(it) => {
                let at = match it.target {
                    Expr::Var(_) => Inspected::Items,
                    _ => Inspected::ItemsOfItems,
                };
                let (target, iter) = (target(&it.target), self.look(&it.iter, at, "a loop"));
                let filter = it.filter_expr.as_ref().map_or_else(String::new, |expr| {
                    format!(" if {}", self.look(expr, Inspected::Truth, "a condition"))
                });
                let recursive = if it.recursive { " recursive" } else { "" };
                self.growth.repeat(it.recursive);
                self.tag(&format!("for {target} in {iter}{filter}{recursive}"));
                self.body(&it.body);
                // An empty `else` prints nothing, so it needs no case.
                self.tag("else");
                self.block_end(&it.else_body, "endfor");
            }
            Stmt::IfCond(it) => {
                let test = self.look(&it.expr, Inspected::Truth, "a condition");
                self.tag(&format!("if {test}"));
                self.body(&it.true_body);
                self.tag("else");
                self.block_end(&it.false_body, "endif");
            }
            Stmt::WithBlock(it) => {
                let sets = it.assignments.iter();
                let sets: Vec<_> = sets
                    .map(|(to, expr)| format!("({}) = {}", target(to), self.expr(expr)))
                    .collect();
                self.block(&format!("with {}", sets.join(", ")), &it.body, "endwith");
            }
            Stmt::Set(it) => {
                self.growth.repeat(matches!(it.target, Expr::GetAttr(_)));
                let expr = self.expr(&it.expr);
                self.tag(&format!("set {} = {expr}", target(&it.target)));
            }
            Stmt::SetBlock(it) => {
                let filter = it
                    .filter
                    .as_ref()
                    .map_or_else(String::new, |filter| format!(" | {}", self.filters(filter)));
                let tag = format!("set {}{filter}", target(&it.target));
                self.block(&tag, &it.body, "endset");
            }
            Stmt::AutoEscape(it) => {
                let tag = format!("autoescape {}", self.expr(&it.enabled));
                self.block(&tag, &it.body, "endautoescape");
            }
            Stmt::FilterBlock(it) => {
                let tag = format!("filter {}", self.filters(&it.filter));
                self.block(&tag, &it.body, "endfilter");
            }
            Stmt::Block(it) => {
                let required = if it.required { " required" } else { "" };
                self.block(
                    &format!("block {}{required}", it.name),
                    &it.body,
                    "endblock",
                );
            }
            Stmt::Import(it) => {
                self.growth.repeat(true);
                let from = self.look(&it.expr, Inspected::Content, "a template's name");
                self.tag(&format!("import {from} as {}", target(&it.name)));
            }
            Stmt::FromImport(it) => {
                self.growth.repeat(true);
                let from = self.look(&it.expr, Inspected::Content, "a template's name");
                let names = it.names.iter().map(|(name, alias)| match alias {
                    Some(alias) => format!("{} as {}", target(name), target(alias)),
                    None => target(name),
                });
                let names: Vec<_> = names.collect();
                self.tag(&format!("from {from} import {}", names.join(", ")));
            }
            Stmt::Extends(it) => {
                let name = self.look(&it.name, Inspected::Content, "a template's name");
                self.tag(&format!("extends {name}"));
            }
            Stmt::Include(it) => {
                self.growth.repeat(true);
                let name = self.look(&it.name, Inspected::Content, "a template's name");
                let missing = if it.ignore_missing {
                    " ignore missing"
                } else {
                    ""
                };
                self.tag(&format!("include {name}{missing}"));
            }
            Stmt::Macro(it) => {
                self.growth.repeat(true);
                let parameters = self.parameters(&it.args, &it.defaults);
                let tag = format!("macro {}({parameters})", it.name);
                self.block(&tag, &it.body, "endmacro");
            }
            Stmt::CallBlock(it) => {
                let parameters = self.parameters(&it.macro_decl.args, &it.macro_decl.defaults);
                let call = self.call(&it.call.expr, &it.call.args, it.call.span());
                let tag = format!("call({parameters}) {call}");
                self.block(&tag, &it.macro_decl.body, "endcall");
            }
            Stmt::Do(it) => {
                let call = self.call(&it.call.expr, &it.call.args, it.call.span());
                self.tag(&format!("do {call}"));
            }
        }
    }

    fn block_end(&mut self, body: &[Stmt<'_>], end: &str) {
        self.body(body);
        self.tag(end);
    }

    fn parameters(&mut self, names: &[Expr<'_>], defaults: &[Expr<'_>]) -> String {
        let plain = names.len() - defaults.len();
        let parameters = names.iter().enumerate().map(|(at, name)| {
            let default = at.checked_sub(plain).and_then(|at| defaults.get(at));
            match default {
                Some(default) => format!("{}={}", target(name), self.expr(default)),
                None => target(name),
            }
        });
        parameters.collect::<Vec<_>>().join(", ")
    }

    /// Returns an expression with a probe around it.
    fn look(&mut self, expr: &Expr<'_>, at: Inspected, what: &str) -> String {
        let range = start(expr)..expr.span().end_offset as usize;
        self.look_at(expr, at, what, range)
    }

    fn look_at(
        &mut self,
        expr: &Expr<'_>,
        at: Inspected,
        what: &str,
        range: Range<usize>,
    ) -> String {
        let text = self.expr(expr);
        // A constant is the same for all bots.
        if let Expr::Const(_) = expr {
            return text;
        }
        format!("{LOOK}({}, {text})", self.site(at, what, range))
    }

    /// Returns the number of a new place.
    fn site(&mut self, at: Inspected, what: &str, range: Range<usize>) -> usize {
        self.sites.push(WatchedPlace {
            template: self.template.to_owned(),
            range,
            what: what.to_owned(),
            at,
        });
        self.sites.len() - 1
    }

    #[expect(clippy::too_many_lines, reason = "an arm for each kind of expression")]
    fn expr(&mut self, expr: &Expr<'_>) -> String {
        let whole = start(expr)..expr.span().end_offset as usize;
        match expr {
            Expr::Var(it) => it.id.to_owned(),
            Expr::Const(it) => constant(&it.value),
            Expr::Slice(it) => {
                self.growth.make(1);
                let of = self.look_at(&it.expr, Inspected::Sliced, "a slice", whole);
                let mut part = |part: &Option<Expr<'_>>| {
                    let part = part.as_ref();
                    part.map_or_else(String::new, |part| {
                        self.look(part, Inspected::Content, "a slice")
                    })
                };
                let (start, stop, step) = (part(&it.start), part(&it.stop), part(&it.step));
                match step.as_str() {
                    "" => format!("{of}[{start}:{stop}]"),
                    step => format!("{of}[{start}:{stop}:{step}]"),
                }
            }
            Expr::UnaryOp(it) => match it.op {
                UnaryOpKind::Not => {
                    format!(
                        "(not {})",
                        self.look(&it.expr, Inspected::Truth, "a condition")
                    )
                }
                UnaryOpKind::Neg => {
                    format!("(-{})", self.look(&it.expr, Inspected::Content, "`-`"))
                }
            },
            Expr::BinOp(it) => self.operation(it.op, &it.left, &it.right),
            Expr::Compare(it) => {
                let mut text = self.look(&it.expr, Inspected::Content, "a comparison");
                for part in &it.ops {
                    let right = self.look(&part.expr, Inspected::Content, "a comparison");
                    let _ = write!(text, " {} {right}", comparison(part.op));
                }
                format!("({text})")
            }
            Expr::IfExpr(it) => {
                let yes = self.expr(&it.true_expr);
                let test = self.look(&it.test_expr, Inspected::Truth, "a condition");
                match &it.false_expr {
                    Some(no) => format!("({yes} if {test} else {})", self.expr(no)),
                    None => format!("({yes} if {test})"),
                }
            }
            Expr::Filter(it) => {
                self.growth.make(lists_made(it.name, it.args.len()));
                let of = match (&it.expr, at_filter(it.name, &it.args)) {
                    (Some(of), Some(at)) => {
                        let what = format!("the filter `{}`", it.name);
                        self.look_at(of, at, &what, span(it.span()))
                    }
                    (Some(of), None) => self.expr(of),
                    (None, _) => String::new(),
                };
                format!(
                    "({of}|{}{})",
                    it.name,
                    self.filter_arguments(it.name, &it.args)
                )
            }
            Expr::Test(it) => {
                let what = format!("the test `{}`", it.name);
                let of = if leaves_alone(it.name) || is_no_text(&it.args) {
                    self.expr(&it.expr)
                } else {
                    self.look(&it.expr, Inspected::Content, &what)
                };
                let arguments = self.arguments(&it.args, Some(&(Inspected::Content, &what)));
                if it.args.is_empty() {
                    format!("({of} is {})", it.name)
                } else {
                    format!("({of} is {}({arguments}))", it.name)
                }
            }
            // No text has an attribute, whatever its value; an attribute of a map is passed on.
            Expr::GetAttr(it) => format!("{}.{}", self.expr(&it.expr), it.name),
            Expr::GetItem(it) => {
                let of = self.look_at(&it.expr, Inspected::Items, "an index", whole);
                let at = self.look(&it.subscript_expr, Inspected::Content, "an index");
                format!("{of}[{at}]")
            }
            Expr::Call(it) => self.call(&it.expr, &it.args, it.span()),
            Expr::List(it) => {
                let text = format!("[{}]", self.exprs(&it.items));
                self.made(text, &it.items, whole)
            }
            Expr::Tuple(it) if it.items.is_empty() => "()".to_owned(),
            Expr::Tuple(it) => {
                let text = format!("({},)", self.exprs(&it.items));
                self.made(text, &it.items, whole)
            }
            Expr::Map(it) => {
                let pairs = it.keys.iter().zip(&it.values);
                let pairs: Vec<_> = pairs
                    .map(|(key, value)| {
                        let key = self.look(key, Inspected::Content, "a key");
                        format!("{key}: {}", self.expr(value))
                    })
                    .collect();
                let text = format!("{{{}}}", pairs.join(", "));
                self.made(text, &it.values, whole)
            }
        }
    }

    /// Returns a list or map literal; one of constants alone does not grow.
    fn made(&mut self, text: String, items: &[Expr<'_>], whole: Range<usize>) -> String {
        if items.iter().all(|item| matches!(item, Expr::Const(_))) {
            return text;
        }
        self.growth.make(items.len());
        format!(
            "{LOOK}({}, {text})",
            self.site(Inspected::Made, "a list", whole)
        )
    }

    fn exprs(&mut self, exprs: &[Expr<'_>]) -> String {
        let exprs: Vec<_> = exprs.iter().map(|expr| self.expr(expr)).collect();
        exprs.join(", ")
    }

    fn operation(&mut self, op: BinOpKind, left: &Expr<'_>, right: &Expr<'_>) -> String {
        let (sign, what) = operator(op);
        let at = match op {
            BinOpKind::ScAnd | BinOpKind::ScOr => {
                let left = self.look(left, Inspected::Truth, what);
                return format!("({left} {sign} {})", self.expr(right));
            }
            // A text never equals a number, a boolean or `none`, whatever its value.
            BinOpKind::Eq | BinOpKind::Ne if is_no_text_const(left) || is_no_text_const(right) => {
                return format!("({} {sign} {})", self.expr(left), self.expr(right));
            }
            BinOpKind::Concat | BinOpKind::Add => Inspected::Piece,
            BinOpKind::Mul => Inspected::Repeated,
            _ => Inspected::Content,
        };
        // Lists grow by `+` of two lists, and by `*` with a number that may be a constant.
        let is_const = |expr: &Expr<'_>| matches!(expr, Expr::Const(_));
        match op {
            BinOpKind::Add if !is_const(left) && !is_const(right) => self.growth.make(2),
            BinOpKind::Mul if !is_const(left) || !is_const(right) => self.growth.make(usize::MAX),
            _ => {}
        }
        let whole = start(left)..right.span().end_offset as usize;
        let left = self.look_at(left, at.clone(), what, whole.clone());
        let right = self.look_at(right, at, what, whole);
        format!("({left} {sign} {right})")
    }

    fn call(&mut self, called: &Expr<'_>, args: &[CallArg<'_>], whole: Span) -> String {
        let (name, is_method) = match called {
            Expr::Var(var) => (var.id, false),
            Expr::GetAttr(attribute) => (attribute.name, true),
            _ => ("", false),
        };
        // `self.name()` prints a block again, with the variables that it set before.
        let is_block = matches!(called, Expr::GetAttr(it) if matches!(&it.expr, Expr::Var(of) if of.id == "self"));
        self.growth.repeat(is_block);
        let what = format!("`{name}`");
        let looks = FUNCTIONS.contains(&(name, true)) && !is_method;
        let called = self.expr(called);
        let arguments = match name {
            "message" if !is_method => {
                let mut args = args.iter();
                let id = args
                    .next()
                    .map(|arg| self.argument(arg, Some(&(Inspected::Content, "a message's name"))));
                let rest = args.map(|arg| self.argument(arg, Some(&(Inspected::Printed, &what))));
                id.into_iter().chain(rest).collect::<Vec<_>>().join(", ")
            }
            // A recursive loop iterates over its argument as the loop itself does.
            "loop" if !is_method => {
                self.arguments(args, Some(&(Inspected::ItemsOfItems, "a loop")))
            }
            // `loop.changed` compares its argument with that of the round before.
            "changed" if is_method => self.arguments(args, Some(&(Inspected::Content, &what))),
            _ if looks => self.arguments(args, Some(&(Inspected::Content, &what))),
            _ => self.arguments(args, None),
        };
        let call = format!("{called}({arguments})");
        let is_maker = !is_method && matches!(name, "dict" | "namespace") && !args.is_empty();
        if is_maker {
            self.growth.make(args.len());
            format!(
                "{LOOK}({}, {call})",
                self.site(Inspected::Made, &what, span(whole))
            )
        } else {
            call
        }
    }

    fn arguments(&mut self, args: &[CallArg<'_>], looks: Option<&(Inspected, &str)>) -> String {
        let args = args.iter().map(|arg| self.argument(arg, looks));
        args.collect::<Vec<_>>().join(", ")
    }

    fn argument(&mut self, arg: &CallArg<'_>, looks: Option<&(Inspected, &str)>) -> String {
        let mut value = |expr: &Expr<'_>| match looks {
            Some((at, what)) => self.look(expr, at.clone(), what),
            None => self.expr(expr),
        };
        match arg {
            CallArg::Pos(expr) => value(expr),
            CallArg::Kwarg(name, expr) => format!("{name}={}", value(expr)),
            CallArg::PosSplat(expr) => format!("*{}", value(expr)),
            CallArg::KwargSplat(expr) => format!("**{}", value(expr)),
        }
    }

    fn filter_arguments(&mut self, name: &str, args: &[CallArg<'_>]) -> String {
        let what = format!("the filter `{name}`");
        let looks = match name {
            // The argument is only returned, in place of an undefined value.
            "default" | "d" => None,
            "chain" | "zip" => Some(Inspected::Joined),
            _ => Some(Inspected::Content),
        };
        if args.is_empty() {
            String::new()
        } else {
            let looks = looks.map(|at| (at, what.as_str()));
            format!("({})", self.arguments(args, looks.as_ref()))
        }
    }

    /// Returns the filters of a block, each after the other.
    fn filters(&mut self, filter: &Expr<'_>) -> String {
        let Expr::Filter(it) = filter else {
            return self.expr(filter);
        };
        self.growth.make(lists_made(it.name, it.args.len()));
        let mut parts: Vec<String> = Vec::new();
        parts.extend(it.expr.as_ref().map(|before| self.filters(before)));
        if let Some(at) = at_filter(it.name, &it.args) {
            let what = format!("the filter `{}`", it.name);
            let site = self.site(at, &what, span(it.span()));
            parts.push(format!("{LOOK}({site})"));
        }
        parts.push(format!(
            "{}{}",
            it.name,
            self.filter_arguments(it.name, &it.args)
        ));
        parts.join("|")
    }
}

/// Returns the number of values that a filter puts into lists, beside those of its input.
fn lists_made(filter: &str, arguments: usize) -> usize {
    match filter {
        "chain" | "zip" => 1 + arguments,
        "groupby" => 2,
        "batch" | "slice" | "map" => 1,
        _ => 0,
    }
}

/// Returns the target of an assignment.
fn target(expr: &Expr<'_>) -> String {
    match expr {
        Expr::Var(it) => it.id.to_owned(),
        Expr::GetAttr(it) => format!("{}.{}", target(&it.expr), it.name),
        Expr::List(it) => {
            let names = it.items.iter().map(|item| match item {
                Expr::List(_) => format!("({})", target(item)),
                _ => target(item),
            });
            let comma = if it.items.len() == 1 { "," } else { "" };
            names.collect::<Vec<_>>().join(", ") + comma
        }
        _ => String::new(),
    }
}

/// Returns a constant as a template writes it.
fn constant(value: &Value) -> String {
    match value.kind() {
        ValueKind::String => {
            let text = value.as_str().unwrap_or_default();
            serde_json::Value::from(text).to_string()
        }
        ValueKind::None => "none".to_owned(),
        ValueKind::Bool => value.is_true().to_string(),
        _ => format!("({value})"),
    }
}

fn span(span: Span) -> Range<usize> {
    span.start_offset as usize..span.end_offset as usize
}

/// Returns the start of an expression without its brackets, which is that of its first operand.
fn start(expr: &Expr<'_>) -> usize {
    let within = match expr {
        Expr::Slice(it) => Some(&it.expr),
        Expr::BinOp(it) => Some(&it.left),
        Expr::Compare(it) => Some(&it.expr),
        Expr::IfExpr(it) => Some(&it.true_expr),
        Expr::Filter(it) => it.expr.as_ref(),
        Expr::Test(it) => Some(&it.expr),
        Expr::GetAttr(it) => Some(&it.expr),
        Expr::GetItem(it) => Some(&it.expr),
        Expr::Call(it) => Some(&it.expr),
        Expr::UnaryOp(it) if matches!(it.op, UnaryOpKind::Not) => None,
        _ => None,
    };
    within.map_or(expr.span().start_offset as usize, start)
}
