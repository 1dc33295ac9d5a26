//! Random templates over random values: if a template inspects nothing, the filled page must equal
//! the page that is rendered again, to the byte.

use serde::Serialize;

use super::*;
use crate::hole::Encoding;
use crate::hole::variable::Variable;
use crate::rich::html::Html;
use crate::rich::messages::Messages;

/// What values are: some equal to what templates compare with, some empty, some markup.
const VALUES: [&str; 10] = [
    "", "ada", "Ada", "3", "x", "a b", "<b>&\"'", "true", " y ", "one\ntwo",
];

const FILTERS: [&str; 42] = [
    "abs",
    "attr('a')",
    "batch(2)",
    "bool",
    "capitalize",
    "chain([n])",
    "count",
    "d('x')",
    "d('x', true)",
    "default('x')",
    "dictsort",
    "first",
    "float",
    "format('x')",
    "groupby('n')",
    "indent(2)",
    "int",
    "items",
    "join('-')",
    "join(n)",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map('upper')",
    "map(attribute='n')",
    "max",
    "min",
    "reject",
    "replace('a', n)",
    "reverse",
    "round",
    "select",
    "selectattr('n')",
    "sort(attribute='n')",
    "split('a')",
    "string",
    "sum",
    "title",
    "trim",
    "zip(list)",
];

const TESTS: [&str; 16] = [
    "defined",
    "none",
    "string",
    "safe",
    "mapping",
    "iterable",
    "sequence",
    "number",
    "true",
    "odd",
    "upper",
    "in 'ada'",
    "eq 'ada'",
    "startingwith 'a'",
    "sameas n",
    "eq none",
];

/// Xorshift: the same templates on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len())]
    }
}

fn expression(dice: &mut Dice, depth: usize) -> String {
    let leaf = |dice: &mut Dice| {
        let leaves = [
            "n",
            "m",
            "html",
            "plain",
            "list",
            "map",
            "map.n",
            "list[0]",
            "'ada'",
            "3",
            "none",
            "true",
            "[n, 'b']",
            "{'k': m}",
            "{n: 1}",
            "items",
            "items[0].n",
            "()",
            "(n, 1)",
        ];
        dice.pick(&leaves).to_owned()
    };
    if depth == 0 {
        return leaf(dice);
    }
    let sub = |dice: &mut Dice| expression(dice, depth - 1);
    match dice.roll(14) {
        0 | 1 => format!("({})|{}", sub(dice), dice.pick(&FILTERS)),
        2 => format!("({}) is {}", sub(dice), dice.pick(&TESTS)),
        3 => {
            let sign = dice.pick(&["==", "!=", "<", ">=", "in", "not in"]);
            format!("({}) {sign} ({})", sub(dice), sub(dice))
        }
        4 => {
            let sign = dice.pick(&["~", "+", "*", "-", "and", "or", "%"]);
            format!("({}) {sign} ({})", sub(dice), sub(dice))
        }
        5 => format!(
            "({})[{}]",
            sub(dice),
            dice.pick(&["0", "-1", "1:", ":2", "n", "::2", "m:"])
        ),
        6 => format!("({} if {} else {})", sub(dice), sub(dice), sub(dice)),
        7 => format!("(not {})", sub(dice)),
        8 => format!("({}) < ({}) <= ({})", sub(dice), sub(dice), sub(dice)),
        9 => format!("mark({})", sub(dice)),
        10 => format!("mark(b={})", sub(dice)),
        11 => format!("message('since', version={})", sub(dice)),
        12 => format!("dict(k={}).k", sub(dice)),
        _ => leaf(dice),
    }
}

fn template(dice: &mut Dice) -> String {
    let mut text = "{% macro mark(a='-', b=n) %}<i>{{ a }}</i>{{ b }}{% endmacro %}\n".to_owned();
    for _ in 0..1 + dice.roll(2) {
        let depth = 1 + dice.roll(2);
        let one = expression(dice, depth);
        let other = expression(dice, 1);
        text += &match dice.roll(12) {
            0..=2 => format!("{{{{ {one} }}}}"),
            3 => format!("{{% if {one} %}}yes{{% else %}}{{{{ {other} }}}}{{% endif %}}"),
            4 => format!(
                "{{% for x in {one} %}}[{{{{ loop.index }}}}]{{% else %}}none{{% endfor %}}"
            ),
            5 => format!("{{% for x in {one} if {other} %}}[{{{{ x }}}}]{{% endfor %}}"),
            6 => format!("{{% for a, b in {one} %}}[{{{{ b }}}}]{{% endfor %}}"),
            7 => format!(
                "{{% set x %}}{{{{ {one} }}}}{{% endset %}}{{% if x %}}{{{{ x }}}}{{% endif %}}{{{{ x|length }}}}"
            ),
            8 => format!(
                "{{% filter {} %}}{{{{ {one} }}}}{{% endfilter %}}",
                dice.pick(&FILTERS)
            ),
            9 => format!("{{% set x | trim %}}{{{{ {one} }}}}{{% endset %}}{{{{ x }}}}"),
            10 => format!(
                "{{% with x = {one} %}}{{{{ x }}}}{{% endwith %}}{{% set ns = namespace(v={other}) %}}{{{{ ns.v }}}}"
            ),
            _ => format!(
                "{{% for x in items %}}{{% if loop.changed({other}) %}}*{{% endif %}}{{{{ x.n }}}}{{% endfor %}}\
                 {{% call mark({one}) %}}{{{{ n }}}}{{% endcall %}}"
            ),
        };
    }
    text
}

#[derive(Serialize)]
struct View {
    n: String,
    m: String,
    html: Html,
    plain: &'static str,
    list: Vec<String>,
    items: Vec<Item>,
    map: Item,
}

#[derive(Clone, Serialize)]
struct Item {
    n: String,
    c: &'static str,
}

fn variables() -> Variables {
    let variable = |name: &str| Variable {
        name: name.to_owned(),
        ..Variable::plain_bot_id()
    };
    Variables::new(vec![variable("n"), variable("m")]).unwrap()
}

fn view(dice: &mut Dice) -> View {
    let marker = |at| {
        let id = crate::hole::VariableId::new(at).unwrap();
        Hole::new(id).marker().to_string()
    };
    let (n, m) = (marker(0), marker(1));
    let mut html = Html::new();
    html.element("a")
        .attribute("title", &n)
        .text(&format!("for {m}"));
    let item = |text: &str| Item {
        n: text.to_owned(),
        c: "c",
    };
    View {
        m: [m.clone(), format!("{m}!"), format!("{n}{m}")][dice.roll(3)].clone(),
        items: vec![item(&n), item("x"), item(&m)],
        map: item(&format!("{n} of {m}")),
        list: vec![n.clone(), "b".to_owned(), m],
        n,
        html,
        plain: "ada",
    }
}

fn body(template: &str, view: &View, making: RenderMode) -> Result<Fillable, TemplateError> {
    let own = [("t.html".to_owned(), template.to_owned())];
    let templates =
        Templates::new(own, Messages::new("en", [])).map_err(|mut all| all.remove(0))?;
    Fillable::of_view(&Arc::new(templates), "t.html", view, &variables(), making)
}

fn with(body: &Fillable, n: &str, m: &str) -> Result<String, TemplateError> {
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let values = Values::new([pair("n", n), pair("m", m)]);
    let mut out = Vec::new();
    body.fill_into(&values, &mut out)?;
    Ok(String::from_utf8(out).unwrap())
}

#[test]
fn html_is_printed_as_text_any_number_of_times() {
    let view = view(&mut Dice(1));
    let again = "{% set html %}{{ html[:] }}{% endset %}";
    for times in 0..8 {
        let template = format!("{}{{{{ html }}}}", again.repeat(times));
        let body = body(&template, &view, RenderMode::Fill).unwrap();
        for value in VALUES {
            let values = Values::new(["n", "m"].map(|name| (name.to_owned(), value.to_owned())));
            let html = values.fill_html(view.html.as_str());
            let print = |html: String, _| Encoding::Attribute.encode(&html);
            let printed = (0..times).fold(html, print);
            assert_eq!(with(&body, value, value).unwrap(), printed, "{times} times");
        }
    }
}

#[test]
fn what_is_filled_is_what_is_rendered_again() {
    let mut dice = Dice(0x5eed);
    let (mut filled, mut looking, mut asking) = (0, 0, 0);
    for _ in 0..3_000 {
        let (template, view) = (template(&mut dice), view(&mut dice));
        // What fails with holes fails with an error, and nothing is built.
        let Ok(body) = self::body(&template, &view, RenderMode::Fill) else {
            continue;
        };
        if !body.looks().at.is_empty() {
            looking += 1;
            continue;
        }
        asking += usize::from(!body.looks().is_empty());
        let full = self::body(&template, &view, RenderMode::Full).unwrap();
        for _ in 0..12 {
            let (n, m) = (dice.pick(&VALUES), dice.pick(&VALUES));
            let expected = with(&full, n, m);
            assert_eq!(with(&body, n, m), expected, "{n:?}, {m:?}: {template}");
        }
        filled += 1;
    }
    assert!(
        filled > 300 && looking > 300 && asking > 20,
        "{filled}, {looking}, {asking}"
    );
}

/// What a template's looks are, each as the text in it that looks, and what it does.
fn looks(template: &str) -> Vec<String> {
    let view = view(&mut Dice(1));
    let body = body(template, &view, RenderMode::Fill).unwrap();
    let looks = body.looks().at.iter();
    looks
        .map(|look| {
            let text = look.range.clone().map_or("?", |range| &template[range]);
            format!("{text}: {}", look.what)
        })
        .collect()
}

#[test]
fn a_place_that_looks_at_a_value_is_found_with_what_it_does() {
    for (template, expected) in [
        ("{{ n | upper }}", "upper: the filter `upper`"),
        ("{{ (n ~ 'x') | lower }}", "lower: the filter `lower`"),
        ("{% if n == 'Ada' %}{% endif %}", "n == 'Ada': a comparison"),
        ("{% if 'a' in n %}{% endif %}", "'a' in n: `in`"),
        ("{{ n[:3] }}", "n[:3]: a slice"),
        ("{{ n[0] }}", "n[0]: an index"),
        ("{{ n | length }}", "length: the filter `length`"),
        (
            "{{ 'x' if n is startingwith('a') }}",
            "n: the test `startingwith`",
        ),
        ("{% for c in n %}{% endfor %}", "n: a loop"),
        ("{{ list | sort | length }}", "sort: the filter `sort`"),
        (
            "{{ n|replace('a', 'b') }}",
            "replace('a', 'b'): the filter `replace`",
        ),
        ("{{ {n: 1}|length }}", "n: a key"),
        (
            "{% filter upper %}{{ n }}{% endfilter %}",
            "upper: the filter `upper`",
        ),
        (
            "{% set x | title %}{{ n }}{% endset %}",
            "title: the filter `title`",
        ),
        (
            "{% set x %}{{ n }}{% endset %}{% if x > 'b' %}{% endif %}",
            "x > 'b': a comparison",
        ),
        (
            "{% macro f(x) %}{{ x|trim }}{% endmacro %}{{ f(n) }}",
            "trim: the filter `trim`",
        ),
        ("{% include n ignore missing %}", "n: a template's name"),
        ("{{ html ~ plain }}", "html ~ plain: `~`"),
        ("{{ items | map(attribute='n') | join }}", ""),
        ("{{ items | selectattr('c') | list | length }}", ""),
        (
            "{% if html and plain and map and not list %}{% endif %}",
            "",
        ),
        ("{{ n ~ '-' ~ m }}{{ n if plain == 'ada' }}", ""),
        (
            "{% if n is defined and n is not none and n != none %}{{ n }}{% endif %}",
            "",
        ),
        (
            "{% for x in items %}{{ x.n }}{{ loop.index }}{% endfor %}",
            "",
        ),
        ("{{ list|first }}{{ items|length }}{{ n|default('x') }}", ""),
        ("{% if n %}{{ n }}{% endif %}", ""),
    ] {
        let found = looks(template);
        let expected: Vec<&str> = [expected].into_iter().filter(|it| !it.is_empty()).collect();
        let first: Vec<_> = found.iter().take(1).collect();
        assert_eq!(first, expected, "{template}: {found:?}");
    }
}

/// Only for bots whose value is empty a condition on a text must be decided again.
#[test]
fn a_condition_on_a_text_is_decided_by_whether_it_is_empty() {
    let mut view = view(&mut Dice(1));
    view.m.clone_from(&view.n);
    let template = "{% if m %}[{{ m }}]{% else %}nobody{% endif %}";
    let body = body(template, &view, RenderMode::Fill).unwrap();
    assert_eq!(body.looks().emptiness.len(), 1);
    assert_eq!(with(&body, "ada", "").unwrap(), "[ada]");
    assert_eq!(with(&body, "", "").unwrap(), "nobody");
    let variables = Variables::new(vec![Variable::plain_bot_id()]).unwrap();
    let own = [("t.html".to_owned(), template.to_owned())];
    let templates = Arc::new(Templates::new(own, Messages::new("en", [])).unwrap());
    let body =
        Fillable::of_view(&templates, "t.html", &view, &variables, RenderMode::Fill).unwrap();
    assert!(body.looks().is_empty(), "an ID is never empty");
}
