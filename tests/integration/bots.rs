//! `build --bots`: a folder for each bot, and nothing of one bot in another's.

use std::io::Write as _;
use std::process::Stdio;

use crate::project::Project;
use crate::support::bots::{page, project};

const FORMATS: [(&str, &str); 3] = [
    (
        "bots.yaml",
        "- {bot_id: ada, bot_name: Ada & Co}\n- {bot_id: bob, endpoints: [chat]}\n",
    ),
    (
        "bots.csv",
        "bot_id,bot_name,endpoints\nada,Ada & Co,\nbob,,chat\n",
    ),
    (
        "bots.jsonl",
        "{\"bot_id\": \"ada\", \"bot_name\": \"Ada & Co\"}\n\n{\"bot_id\": \"bob\", \"endpoints\": [\"chat\"]}\n",
    ),
];

#[test]
fn the_three_formats_and_standard_input_say_the_same() {
    let project = project();
    for (name, text) in FORMATS {
        project.write(name, text);
        project
            .run(&["build", "--bots", name, "--out", &format!("out-{name}")])
            .exits(0);
        let mut child = project
            .command(&["build", "--bots", "-", "--out", &format!("in-{name}")])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(text.as_bytes())
            .unwrap();
        assert!(child.wait().unwrap().success());
    }
    let first = project.tree("out-bots.yaml");
    for (name, _) in FORMATS {
        assert!(project.tree(&format!("out-{name}")) == first, "{name}");
        assert!(
            project.tree(&format!("in-{name}")) == first,
            "{name} from standard input"
        );
    }
    let ada = project.read("out-bots.yaml/bots/ada/guide.html");
    assert!(ada.contains(">Ada &amp; Co</data> can"), "{ada}");
    let generic = project.read("out-bots.yaml/guide.html");
    assert!(generic.contains(">your bot</data> can"), "{generic}");
}

#[test]
fn a_bot_has_its_endpoints_and_no_link_to_others() {
    let project = project();
    project.write(
        "bots.yaml",
        "- {bot_id: bob, endpoints: [chat]}\n- {bot_id: cem, endpoints: [call]}\n",
    );
    project.run(&["build", "--bots", "bots.yaml"]).exits(0);
    let bob = project.read("site/bots/bob/index.html");
    // The theme has words of its own around what the spec says.
    let said = bob.split("<main").nth(1).unwrap();
    let said = said.split("</main>").next().unwrap();
    assert!(
        said.contains("id=\"chat\"") && !said.contains("search") && !bob.contains("#search"),
        "{bob}"
    );
    let guide = project.read("site/bots/bob/guide.html");
    assert!(
        guide.contains("<a href=\"index.html#chat\">chat</a>"),
        "{guide}"
    );
    assert!(guide.contains(" search, and use tools."), "{guide}");
    // The index of a bot without the first page is its own first page.
    let cem: Vec<String> = project
        .tree("site/bots/cem")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    assert_eq!(
        cem.iter()
            .filter(|path| path.ends_with(".html"))
            .collect::<Vec<_>>(),
        ["guide.html", "index.html"]
    );
    let index = project.read("site/bots/cem/index.html");
    assert!(
        index.contains("<link rel=\"canonical\" href=\"https://docs.example.com/tools.html\">"),
        "{index}"
    );
    assert!(index.contains("noindex"));
}

#[test]
fn nothing_of_a_bot_is_in_another_s_files() {
    let project = project();
    let id = |number: usize| {
        format!(
            "bot-{number:04}-{:08x}",
            number * 2_654_435_761 % 4_294_967_291
        )
    };
    // Some have all endpoints, some only the one or the other.
    let choices = ["", "chat", "search call"];
    let line = |number: usize| {
        let (id, name) = (id(number), number * 7_919 + 1_000_003);
        format!("{id},Name of {name:x}x,{}\n", choices[number % 3])
    };
    let list: String = (0..1000).map(line).collect();
    project.write("bots.csv", format!("bot_id,bot_name,endpoints\n{list}"));
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let mut seen = 0;
    for (path, bytes) in project.tree("site") {
        let text = String::from_utf8(bytes).unwrap();
        let own = path
            .strip_prefix("bots/")
            .map(|path| path.split_once('/').unwrap().0);
        seen += usize::from(own.is_some());
        for found in text.match_indices("bot-").map(|(at, _)| &text[at..]) {
            // What looks like a bot's ID is this bot's; the generic files and the manifest have none.
            if found.as_bytes().get(4).is_some_and(u8::is_ascii_digit) {
                assert!(
                    own.is_some_and(|own| found.starts_with(own)),
                    "{path}: {}",
                    &found[..20]
                );
            }
        }
        for found in text
            .match_indices("Name of ")
            .map(|(at, _)| &text[at + 8..])
        {
            let number: usize = own.unwrap_or("bot-9999")[4..8].parse().unwrap();
            let name = format!("{:x}x", number * 7_919 + 1_000_003);
            assert!(found.starts_with(&name), "{path}: {}", &found[..20]);
        }
        if let Some(own) = own {
            let chosen = choices[own[4..8].parse::<usize>().unwrap() % 3];
            for endpoint in ["chat", "search", "call"] {
                // As the links and places of an endpoint are written, in pages and twins.
                let is_named = text.contains(&format!("/{endpoint}\""))
                    || text.contains(&format!("/{endpoint}\n"))
                    || text.contains(&format!("#{endpoint}"));
                let is_its = chosen.is_empty() || chosen.contains(endpoint);
                assert!(is_its || !is_named, "{path}: {endpoint}");
            }
        }
    }
    assert!(seen >= 3000, "{seen}");
}

#[test]
fn a_bot_that_left_goes_and_the_others_stay_as_they_are() {
    let project = project();
    project.write("bots.csv", "bot_id,bot_name\nada,Ada\nbob,Bob\n");
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let before = std::fs::metadata(project.path().join("site/bots/ada/index.html")).unwrap();
    project.write("bots.csv", "bot_id,bot_name\nada,Ada\ncem,Cem\n");
    project.run(&["build", "--bots", "bots.csv"]).exits(0);
    let mut bots: Vec<_> = std::fs::read_dir(project.path().join("site/bots"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    bots.sort();
    assert_eq!(bots, ["ada", "cem"]);
    use std::os::unix::fs::MetadataExt as _;
    let after = std::fs::metadata(project.path().join("site/bots/ada/index.html")).unwrap();
    assert_eq!(
        before.ino(),
        after.ino(),
        "an unchanged file is kept, not written again"
    );
    let manifest = project.read("site/botdocs-manifest.json");
    assert!(
        !manifest.contains("\"ada") && !manifest.contains("/ada"),
        "{manifest}"
    );
    assert!(!project.read("site/robots.txt").contains("bots/"));
    assert!(!project.read("site/sitemap.xml").contains("bots/"));
}

#[test]
fn every_fault_of_a_list_has_its_line_and_nothing_is_written() {
    let project = project();
    let list = "\
bot_id,bot_name,endpoints
ada,Ada,chat
ADA,again in another case,
../up,Path,
con,Device,
eve,Eve,chta
,nameless,
a name far too long,This name has more than forty characters in it,
eve2,Eve
";
    project.write("bots.csv", list);
    let ran = project.run(&["build", "--bots", "bots.csv"]).exits(1);
    for (place, code) in [
        ("bots.csv:3:1", "duplicate-id"),
        ("bots.csv:4:1", "invalid-variable-value"),
        ("bots.csv:5:1", "invalid-variable-value"),
        ("bots.csv:6:1", "unknown-endpoint"),
        ("bots.csv:7:1", "missing-key"),
        ("bots.csv:8:1", "invalid-variable-value"),
        ("bots.csv:9:1", "invalid-csv"),
    ] {
        let with_place = ran
            .stderr
            .split("\n\n")
            .any(|part| part.contains(place) && part.contains(code));
        assert!(with_place, "{code} at {place}:\n{}", ran.stderr);
    }
    assert!(!project.path().join("site").exists());
}

/// Where a line stops being JSON may be inside of a character of several bytes.
#[test]
fn a_line_that_is_no_json_is_shown_whatever_its_characters() {
    for line in [
        "{\"bot_id\": \"ada\", \"endpoints\":\u{6e4}\u{75c}hat\"}",
        "{\"bot_id\":\u{1f600}",
        "\u{e9}",
        "{\"bot_id\": \"\u{1f600}",
        "{",
        "{\u{2028}}",
    ] {
        for end in ["", "\n", "\n\u{1f600}\n"] {
            let project = project();
            project.write("bots.jsonl", format!("{line}{end}"));
            let ran = project.run(&["build", "--bots", "bots.jsonl"]).exits(1);
            let shown = "error[invalid-json]: not JSON";
            assert!(ran.stderr.contains(shown), "{line}: {}", ran.stderr);
        }
    }
}

#[test]
fn the_first_hundred_faults_are_shown_and_the_rest_counted() {
    let project = project();
    let list: String = (0..250)
        .map(|number| format!("- {{bot_id: \"a/{number}\"}}\n"))
        .collect();
    project.write("bots.yaml", list);
    let ran = project.run(&["build", "--bots", "bots.yaml"]).exits(1);
    assert_eq!(ran.stderr.matches("error[").count(), 100);
    assert!(ran.stderr.contains("and 150 more"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("250 errors; nothing was written"),
        "{}",
        ran.stderr
    );
}

/// A project whose endpoints depend on two variables.
fn project_of_plans() -> Project {
    let site = "title: Docs\nnavigation: [api, tools]\nvariables:\n  plan: {pattern: free|pro|team, default: free}\n  \
                region: {placeholder: us}\n";
    let when = |id: &str, when: &str| {
        let path = format!("    path: /{id}\n");
        (path.clone(), format!("{path}    when: {when}\n"))
    };
    let (chat, chat_when) = when("search", "{plan: [pro, team]}");
    let (call, call_when) = when("call", "{plan: team, region: [eu, ch]}");
    Project::empty()
        .file("spec/site.yaml", site)
        .file(
            "spec/api.yaml",
            page("API", &["chat", "search"]).replace(&chat, &chat_when),
        )
        .file(
            "spec/tools.yaml",
            page("Tools", &["call"]).replace(&call, &call_when),
        )
}

#[test]
fn a_bot_has_the_endpoints_whose_conditions_its_values_meet() {
    let project = project_of_plans();
    let list = "bot_id,plan,region,endpoints\nada,,,\nbob,pro,eu,\ncem,team,us,\ndan,team,ch,\neve,free,,call search\n";
    project.write("bots.csv", list);
    let records = "{\"bot_id\":\"ada\"}\n{\"bot_id\":\"bob\",\"plan\":\"pro\",\"region\":\"eu\"}\n\
                   {\"bot_id\":\"cem\",\"plan\":\"team\",\"region\":\"us\"}\n\
                   {\"bot_id\":\"dan\",\"plan\":\"team\",\"region\":\"ch\"}\n\
                   {\"bot_id\":\"eve\",\"plan\":\"free\",\"endpoints\":[\"call\",\"search\"]}\n";
    project.write("bots.jsonl", records);
    project
        .run(&["build", "--bots", "bots.csv", "--out", "csv"])
        .exits(0);
    project
        .run(&["build", "--bots", "bots.jsonl", "--out", "jsonl"])
        .exits(0);
    assert!(project.tree("csv") == project.tree("jsonl"));
    let has = |folder: &str| {
        let mut found = Vec::new();
        for page in ["index.html", "tools.html"] {
            let path = project.path().join(folder).join(page);
            let Ok(text) = std::fs::read_to_string(path) else {
                continue;
            };
            let ids = ["chat", "search", "call"].into_iter();
            found.extend(ids.filter(|id| text.contains(&format!("id=\"{id}\""))));
        }
        found.join(" ")
    };
    assert_eq!(has("csv"), "chat", "the generic site has the default plan");
    for (bot, endpoints) in [
        ("ada", "chat"),
        ("bob", "chat search"),
        ("cem", "chat search"),
        ("dan", "chat search call"),
        ("eve", "search call"),
    ] {
        assert_eq!(has(&format!("csv/bots/{bot}")), endpoints, "{bot}");
    }
    // Who has the same shares the same pages: there are four lists of pages.
    let manifest = project.read("csv/botdocs-manifest.json");
    assert_eq!(
        manifest.matches("\"index.html\"").count(),
        1 + 4,
        "{manifest}"
    );
    for (values, endpoints) in [
        (&[][..], "chat"),
        (
            &["--set", "plan=team", "--set", "region=eu"],
            "chat search call",
        ),
    ] {
        let build = [
            &["build", "--bot", "dan", "--out", "one", "--force"],
            values,
        ]
        .concat();
        project.run(&build).exits(0);
        assert_eq!(has("one"), endpoints, "{values:?}");
    }
}

#[test]
fn a_bot_that_no_condition_gives_an_endpoint_is_refused() {
    let project = project_of_plans();
    project.write("spec/site.yaml", "title: Docs\nnavigation: [tools]\nvariables: {plan: {placeholder: free}, region: {placeholder: us}}\n");
    std::fs::remove_file(project.path().join("spec/api.yaml")).unwrap();
    for (name, list) in [
        ("bots.csv", "bot_id,plan,region\nada,team,eu\nbob,,\n"),
        (
            "bots.jsonl",
            "{\"bot_id\":\"ada\",\"plan\":\"team\",\"region\":\"eu\"}\n{\"bot_id\":\"bob\"}\n",
        ),
    ] {
        project.write(name, list);
        let ran = project.run(&["build", "--bots", name]).exits(1);
        let line = list.lines().position(|line| line.contains("bob")).unwrap() + 1;
        assert!(
            ran.stderr.contains(&format!("{name}:{line}:")),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("a bot without endpoints has no page"),
            "{}",
            ran.stderr
        );
    }
    let one = project.run(&["build", "--bot", "bob"]).exits(1);
    assert!(
        one.stderr.contains("gives this bot no endpoint"),
        "{}",
        one.stderr
    );
}

/// A template that looks at a value may fail for one bot of many, while pages are written.
#[test]
fn a_template_that_fails_for_one_bot_is_named_with_it_and_nothing_is_written() {
    let project = project();
    let rows = (0..300).map(|bot| format!("bot-{bot},Name {bot}\n"));
    let list = format!("bot_id,bot_name\n{}", rows.collect::<String>());
    project.write("bots.csv", &list);
    let build = ["build", "--bots", "bots.csv"];
    project.run(&build).exits(0);
    project.run(&["build", "--archive", "site.tar"]).exits(0);
    let before = project.tree("site");
    let archived = std::fs::read(project.path().join("site.tar")).unwrap();
    project.write(
        "templates/guide.html",
        "{% extends \"base.html\" %}\n{% block main %}\n{{ body }}\n\
         {% if site.title == \"Docs of Name 207\" %}{{ site.nothing }}{% endif %}\n{% endblock %}\n",
    );
    for more in [
        &[][..],
        &["--out", "other"],
        &["--gzip", "only"],
        &["--hosting", "netlify"],
        &["--archive", "site.tar", "--force"],
        &["--archive", "other.tar"],
        &["--archive", "-"],
    ] {
        let ran = project.run(&[&build[..], more].concat()).exits(1);
        let told = ran.stderr;
        assert!(told.contains("templates/guide.html:4:"), "{more:?}: {told}");
        assert!(
            told.contains("on the page bots/bot-207/guide.html"),
            "{told}"
        );
        let left = match more {
            ["--archive", "-"] => "1 error; the archive is incomplete\n",
            _ => "1 error; nothing was written\n",
        };
        assert!(told.ends_with(left), "{more:?}: {told}");
        assert!(project.tree("site") == before);
        assert!(std::fs::read(project.path().join("site.tar")).unwrap() == archived);
        let names = std::fs::read_dir(project.path()).unwrap();
        let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        assert_eq!(names, ["bots.csv", "site", "site.tar", "spec", "templates"]);
    }
    // Without that bot the others are written.
    project.write("bots.csv", list.replace("bot-207,Name 207\n", ""));
    project.run(&build).exits(0);
}

#[test]
fn an_integer_is_the_digits_that_are_written() {
    let project = project();
    let big = "123456789012345678901234567890";
    for (number, is_right) in [
        ("1207", true),
        ("0", true),
        (big, true),
        ("1e3", false),
        ("12.0", false),
        ("true", false),
    ] {
        for (file, list) in [
            (
                "bots.jsonl",
                format!("{{\"bot_id\": {number}, \"bot_name\": {number}}}\n"),
            ),
            (
                "bots.yaml",
                format!("- {{bot_id: {number}, bot_name: {number}}}\n"),
            ),
        ] {
            project.write(file, &list);
            let build = ["build", "--bots", file, "--remove-up-to", "all"];
            let ran = project.run(&build).exits(i32::from(!is_right));
            if is_right {
                let page = project.read(&format!("site/bots/{number}/guide.md"));
                assert!(page.contains(&format!("{number} can")), "{page}");
            } else {
                let said = "expected text";
                assert!(ran.stderr.contains(said), "{list}: {}", ran.stderr);
            }
        }
    }
    for number in ["007", "0x10", "0o7", "1_000", "+5", "-0"] {
        let list = format!("- {{bot_id: ada, bot_name: {number}}}\n");
        let build = ["build", "--bots", "bots.yaml", "--remove-up-to", "all"];
        let ran = project.write_and_run("bots.yaml", &list, &build);
        // Text in YAML is as it is written; what is a number in another notation is refused.
        if ran.code == Some(0) {
            let page = project.read("site/bots/ada/guide.md");
            assert!(page.contains(&format!("{number} can")), "{number}: {page}");
        } else {
            ran.exits(1);
        }
    }
}
