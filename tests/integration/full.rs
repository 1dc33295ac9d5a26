//! `--render full` makes every page anew for each bot: what is filled must be the same, to the byte.

use std::fmt::Write as _;

use regex::{Captures, Regex};
use serde_json::json;

use crate::holes::{API, GUIDE, SITE, hostile};
use crate::project::Project;

/// Lines of templates: some print values, some look at them, all are right for any value.
const LINES: [&str; 16] = [
    "<p title=\"{{ page.title }}\">{{ page.title }}</p>",
    "<p>{{ page.title | upper }}</p>",
    "{% if page.title == site.title %}<p>same</p>{% endif %}",
    "{% if page.description %}<p>{{ page.description }}</p>{% endif %}",
    "<p>{{ page.title | length }} {{ page.heading | length }}</p>",
    "{% for group in site.navigation %}{% for link in group.links %}<i>{{ link.title }}</i>{% endfor %}{% endfor %}",
    "{% for link in site.footer | sort %}<b>{{ link }}</b>{% endfor %}",
    "{% set both %}{{ page.title }} on {{ page.heading }}{% endset %}<p>{{ message(\"since\", version=both) }}</p>",
    "{% macro named(what) %}<em>{{ what }}</em>{% endmacro %}{{ named(page.heading) }}{{ named(site.brand) }}",
    "<p>{{ page.title[:4] }}|{{ page.title | replace(\"b-\", \"\") }}</p>",
    "{% filter trim %} {{ page.heading }} {% endfilter %}",
    "{% if \"ada\" in page.title %}<p>Ada</p>{% else %}<p>nobody</p>{% endif %}",
    "<p>{{ page.title ~ \" - \" ~ site.title }}</p>",
    "{% if site.bot_id %}<p>{{ site.bot_id }}</p>{% endif %}",
    "<p>{{ \"one\" if site.banner is defined and site.banner is not none else \"none\" }}</p>",
    "{% for part in page.title | split(\" \") %}<u>{{ part }}</u>{% endfor %}",
];

/// The head of a picture, for its size.
const DOT: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01";

/// Numbers that are random enough (xorshift), and the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % sides as u64) as usize
    }
}

/// A project of an API and a guide.
fn project(site: &str, api: &str, guide: &str) -> Project {
    Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/api.yaml", api)
        .file("spec/guide.md", guide)
        .file("spec/dot.png", DOT)
}

/// A project in which some of the endpoints and lines of the spec of all places are left out, with a
/// theme of its own, and bots with values of all kinds.
fn random(dice: &mut Dice) -> Project {
    let (head, endpoints) = API.split_once("  talk:\n").unwrap();
    let (talk, rest) = endpoints.split_once("  lines:\n").unwrap();
    let (lines, rest) = rest.split_once("  form:\n").unwrap();
    let (form, sections) = rest.split_once("sections:").unwrap();
    let mut api = format!("{head}  talk:\n{talk}");
    for (name, text) in [("lines", lines), ("form", form)] {
        if dice.roll(2) == 0 {
            let _ = write!(api, "  {name}:\n{text}");
        }
    }
    if dice.roll(2) == 0 {
        let _ = write!(api, "sections:{sections}");
    }
    let optional = [
        "banner:",
        "description: b-site",
        "header:",
        "    summary:",
        "    since:",
    ];
    let mut keep = |text: &str| {
        let lines = text.lines().filter(|line| {
            !optional.iter().any(|start| line.starts_with(start)) || dice.roll(2) == 0
        });
        lines.map(|line| format!("{line}\n")).collect::<String>()
    };
    let (mut site, api) = (keep(SITE), keep(&api));
    if dice.roll(3) > 0 {
        // A text that is nothing but a value may be empty.
        site = site.replace("title: b-brand-{{ wild }}-e-brand", "title: \"{{ wild }}\"");
    }
    let project = project(&site, &api, GUIDE);
    if dice.roll(4) > 0 {
        let mut lines = || {
            let lines = (0..1 + dice.roll(3)).map(|_| LINES[dice.roll(LINES.len())]);
            lines.collect::<Vec<_>>().join("\n")
        };
        let guide = format!(
            "{{% extends \"base.html\" %}}\n{{% block main %}}\n{}\n{{{{ body }}}}\n{{% endblock %}}\n",
            lines()
        );
        project.write("templates/guide.html", guide);
        project.write(
            "templates/_title.html",
            format!("<h1>{{{{ page.heading }}}}</h1>\n{}\n", lines()),
        );
    }
    let mut values = hostile();
    values.retain(|value| value.len() < 1_000);
    values.extend(["ada", "Ada", "b-brand", " ", "3"].map(str::to_owned));
    let mut list = String::new();
    for bot in 0..6 {
        let wild = &values[dice.roll(values.len())];
        let mut record = serde_json::json!({"bot_id": format!("bot-{bot}"), "wild": wild});
        if dice.roll(3) == 0 {
            record["endpoints"] = serde_json::json!(["talk"]);
        }
        let _ = writeln!(list, "{record}");
    }
    project.write("bots.jsonl", list);
    project
}

#[test]
fn every_bots_pages_are_the_same_filled_or_made_anew() {
    let mut dice = Dice(0xb07d0c5);
    let mut slow = 0;
    for round in 0..16 {
        let project = random(&mut dice);
        let gzip: &[&str] = if round % 4 == 0 {
            &["--gzip", "beside"]
        } else {
            &[]
        };
        let build = |more: &[&str]| {
            let arguments = [&["build", "--bots", "bots.jsonl"], gzip, more].concat();
            project.run(&arguments).exits(0)
        };
        let told = build(&["--out", "filled"]).stderr;
        slow += usize::from(told.contains("warning[slow-template]"));
        build(&["--out", "full", "--render", "full"]);
        let (filled, full) = (project.tree("filled"), project.tree("full"));
        assert_eq!(filled.len(), full.len());
        for ((path, filled), (other, full)) in filled.iter().zip(&full) {
            assert_eq!(path, other);
            let texts = (
                String::from_utf8_lossy(filled),
                String::from_utf8_lossy(full),
            );
            assert!(
                filled == full,
                "round {round}, {path}:\n{}\n----\n{}",
                texts.0,
                texts.1
            );
        }
        // Over a folder that is there it reads every file.
        let again = build(&["--out", "filled", "--render", "full"]);
        assert!(
            again.stderr.contains("nothing to change"),
            "{}",
            again.stderr
        );
    }
    assert!(
        (4..16).contains(&slow),
        "{slow} themes of 16 look at values"
    );
}

#[test]
fn making_anew_finds_a_file_that_is_not_what_it_should_be() {
    let project = Project::new();
    project.write("bots.csv", "bot_id\nada\n");
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let page = project.read("site/bots/ada/index.html");
    project.write("site/bots/ada/index.html", page.replace("ada", "eve"));
    let build = ["build", "--bots", "bots.csv"];
    assert!(
        project
            .run(&build)
            .exits(0)
            .stderr
            .contains("nothing to change")
    );
    let full = project.run(&[&build[..], &["--render", "full"]].concat());
    assert!(full.exits(1).stderr.contains("bots/ada/index.html"));
}

/// Where a value is plain words, whoever wrote them into the spec gets the page that is filled with them.
#[test]
fn a_plain_value_may_as_well_stand_in_the_spec() {
    let rest = "  - {title: To what a value says, url: \"mailto:{{ wild }}\"}\n";
    let variables = "  wild: {pattern: \"[^☃]*\", placeholder: a placeholder}\n";
    let site = SITE.replace(rest, "").replace("samples: []\n", "");
    let built = |site: &str, api: &str, guide: &str| {
        let project = project(site, api, guide);
        let set: &[&str] = if site.contains("wild:") {
            &["--set", "wild=Ada 7"]
        } else {
            &[]
        };
        project
            .run(&[&["build", "--bot", "ada", "--out", "out"], set].concat())
            .exits(0);
        project
    };
    // curl is told so that no value can be the name of a file, of which these words are none.
    let api = API.replace("b-part-{{ wild }}-e-part", "part");
    let filled = built(&site, &api, GUIDE);
    // An address in Markdown has no spaces.
    let put = |text: &str| {
        let text = text.replace("{{ wild }}-e-u", "Ada%207-e-u");
        text.replace("{{ wild }}", "Ada 7")
    };
    let written = built(&put(&site.replace(variables, "")), &put(&api), &put(GUIDE));
    for page in ["index.html", "guide.html"] {
        let (filled, written) = (
            filled.read(&format!("out/{page}")),
            written.read(&format!("out/{page}")),
        );
        // Anchors leave values out, so that a link leads to the same place of each bot's page.
        let written = without_traces(&written).replace("-ada-7-", "-");
        let filled = without_traces(&filled);
        for (filled, written) in filled.lines().zip(written.lines()) {
            assert_eq!(filled, written, "{page}");
        }
        assert_eq!(filled.len(), written.len(), "{page}");
    }
}

/// The spec of all places with a variable of its own in each, and the names of these variables.
fn crowd() -> (Vec<String>, [String; 3]) {
    let wild = Regex::new(r"(?:b-([a-z0-9-]+)-)?\{\{ wild \}\}").unwrap();
    let name = |found: &Captures<'_>| match found.get(1) {
        Some(place) => format!("wild_{}", place.as_str().replace('-', "_")),
        None => "wild_bare".to_owned(),
    };
    let texts = [
        SITE.replace("samples: []\n", ""),
        API.to_owned(),
        GUIDE.to_owned(),
    ];
    let mut names: Vec<_> = texts
        .iter()
        .flat_map(|text| wild.captures_iter(text).map(|found| name(&found)))
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut texts = texts.map(|text| {
        let named = |found: &Captures<'_>| found[0].replace("wild", &name(found));
        wild.replace_all(&text, named).into_owned()
    });
    let (head, rest) = texts[0].split_once("  wild: ").unwrap();
    let variables = names.iter().map(|name| format!("  {name}: {rest}"));
    texts[0] = head.to_owned() + &variables.collect::<String>();
    (names, texts)
}

/// A site with a variable for each place gives each bot what a site with one variable for all gives,
/// where the values are the same.
#[test]
fn many_variables_are_filled_as_one_is() {
    let (names, [site, api, guide]) = crowd();
    assert!(names.len() > 40, "{names:?}");
    let values = hostile().into_iter().filter(|value| value.len() < 1_000);
    let (mut list_of_one, mut list_of_many) = (String::new(), String::new());
    for (bot, value) in values.enumerate() {
        let id = format!("bot-{bot}");
        let _ = writeln!(list_of_one, "{}", json!({"bot_id": id, "wild": value}));
        let mut record = json!({"bot_id": id});
        names.iter().for_each(|name| record[name] = json!(value));
        let _ = writeln!(list_of_many, "{record}");
    }
    let build = |[site, api, guide]: [&str; 3], list: &str, more: &[&str]| {
        let project = project(site, api, guide);
        project.write("bots.jsonl", list);
        let arguments = ["build", "--bots", "bots.jsonl", "--out", "out"];
        project.run(&[&arguments, more].concat()).exits(0);
        let mut tree = project.tree("out");
        tree.retain(|(path, _)| path.starts_with("bots/"));
        tree
    };
    let one = [&SITE.replace("samples: []\n", ""), API, GUIDE];
    let (one, many) = (build(one, &list_of_one, &[]), [&*site, &api, &guide]);
    let full = build(many, &list_of_many, &["--render", "full"]);
    let many = build(many, &list_of_many, &[]);
    assert!(one.len() > 30, "{}", one.len());
    assert_eq!((one.len(), one.len()), (many.len(), full.len()));
    let name = Regex::new("wild_[a-z0-9_]+").unwrap();
    for ((one, many), full) in one.iter().zip(&many).zip(&full) {
        assert_eq!(many, full, "{}", one.0);
        let many = String::from_utf8_lossy(&many.1);
        let many = name.replace_all(&many, "wild");
        let one = (&one.0, String::from_utf8_lossy(&one.1));
        for (line, of_many) in one.1.lines().zip(many.lines()) {
            assert_eq!(line, of_many, "{}", one.0);
        }
        assert_eq!(one.1.len(), many.len(), "{}", one.0);
    }
}

/// Each of many variables has its own value in its own place, as if the values were written there.
#[test]
fn many_plain_values_may_as_well_stand_in_the_spec() {
    let (names, texts) = crowd();
    let unlinked = |text: &String| {
        let link = "  - {title: To what a value says, url: \"mailto:{{ wild_bare }}\"}\n";
        text.replace(link, "")
            .replace("b-part-{{ wild_part }}-e-part", "part")
    };
    let texts = texts.map(|text| unlinked(&text));
    let value = |at: usize| format!("Ada {}", 1_000 + at);
    let written = texts.clone().map(|text| {
        let lines = text.lines().filter(|line| !line.starts_with("  wild_"));
        let text = lines.map(|line| format!("{line}\n")).collect::<String>();
        names.iter().enumerate().fold(text, |text, (at, name)| {
            let hole = format!("{{{{ {name} }}}}");
            // An address in Markdown has no spaces.
            let in_address = value(at).replace(' ', "%20") + "-e-u";
            text.replace(&format!("{hole}-e-u"), &in_address)
                .replace(&hole, &value(at))
        })
    });
    let built = |[site, api, guide]: &[String; 3], set: &[String]| {
        let project = project(site, api, guide);
        let mut arguments = vec!["build", "--bot", "ada", "--out", "out"];
        arguments.extend(set.iter().flat_map(|set| ["--set", set]));
        project.run(&arguments).exits(0);
        ["index.html", "guide.html"]
            .map(|page| without_traces(&project.read(&format!("out/{page}"))))
    };
    let set = names.iter().enumerate();
    let set: Vec<_> = set
        .map(|(at, name)| format!("{name}={}", value(at)))
        .collect();
    let (filled, written) = (built(&texts, &set), built(&written, &[]));
    // Anchors leave values out, so that a link leads to the same place of each bot's page.
    let in_anchor = Regex::new("-ada-1[0-9]{3}-").unwrap();
    for (filled, written) in filled.iter().zip(&written) {
        let written = in_anchor.replace_all(written, "-");
        for (filled, written) in filled.lines().zip(written.lines()) {
            assert_eq!(filled, written);
        }
        assert_eq!(filled.len(), written.len());
    }
}

/// A page without what tells a browser where holes are.
fn without_traces(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = ["<data class=hole", "</data>", " data-fill-"]
        .iter()
        .filter_map(|it| rest.find(it))
        .min()
    {
        out += &rest[..at];
        rest = &rest[at..];
        let length = match rest.starts_with(' ') {
            true => {
                let value = rest.find("=\"").unwrap() + 2;
                value + rest[value..].find('"').unwrap() + 1
            }
            false => rest.find('>').unwrap() + 1,
        };
        rest = &rest[length..];
    }
    out + rest
}
