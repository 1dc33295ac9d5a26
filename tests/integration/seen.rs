//! Who may see an endpoint: conditions wherever a variable has a value, and `internal`.

use botdocs::Docs;

use crate::project::Project;
use crate::support::mock::Mock;

/// A project with an endpoint whose words occur nowhere else.
fn project(site: &str, key: &str, guide: &str) -> Project {
    let api = format!(
        "\
title: API
servers: [{{url: https://api.example.com}}]
endpoints:
  chat:
    title: Chat
    method: GET
    path: /chat
    responses: {{200: {{description: The answer.}}}}
  zebra:
    title: Zebra
    method: POST
    path: /zebra-path
    {key}
    description: 'See ![a zebra](zebra-picture.svg).'
    request: {{fields: {{zebra_field: {{$ref: \"#/schemas/Zebra\"}}}}, example: {{zebra_field: zebra value}}}}
    responses: {{204: {{description: Zebra done.}}}}
schemas:
  Zebra: {{type: string, description: 'A zebra of {{{{ zebra_id }}}}, see ![it](zebra-other.svg).'}}
"
    );
    let picture = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
    Project::empty()
        .file(
            "spec/site.yaml",
            format!("title: Docs\nsite_url: https://docs.example.com/\n{site}"),
        )
        .file("spec/api.yaml", api)
        .file(
            "spec/guide.md",
            format!("---\ntitle: Guide\n{guide}---\nA text.\n"),
        )
        .file("spec/zebra-picture.svg", picture)
        .file("spec/zebra-other.svg", picture)
}

const SITE: &str = "navigation: [api, guide]\nvariables: {audience: {}, zebra_id: {}}\n";

/// Returns the files of a folder whose name or content contains a word.
fn naming(project: &Project, folder: &str, word: &str) -> Vec<String> {
    let files = project.tree(folder).into_iter();
    let named = files.filter(|(path, content)| {
        let content = String::from_utf8_lossy(content).to_lowercase();
        path.to_lowercase().contains(word) || content.contains(word)
    });
    named.map(|(path, _)| path).collect()
}

#[test]
fn a_condition_holds_on_the_generic_site_where_the_variable_has_a_value() {
    let when = "when: {audience: [internal, staff]}";
    let given = project(SITE, when, "");
    for (set, has) in [
        (&[][..], true),
        (&["--set", "audience=internal"], true),
        (&["--set", "audience=public"], false),
    ] {
        let arguments = [&["build", "--out", "out", "--force"], set].concat();
        given.run(&arguments).exits(0);
        // The pictures are not linked any more, but a bot may need them.
        let mut found = naming(&given, "out", "zebra");
        found.retain(|path| !path.contains("zebra-") && path != "botdocs-manifest.json");
        assert_eq!(!found.is_empty(), has, "{set:?}: {found:?}");
    }
    for (default, has) in [("staff", true), ("public", false)] {
        let site = SITE.replace("audience: {}", &format!("audience: {{default: {default}}}"));
        let project = project(&site, when, "");
        let docs = Docs::load(project.path()).unwrap();
        for path in ["index.html", "index.md", "llms-full.txt", "search.json"] {
            let text = String::from_utf8(docs.file(path).unwrap().into_owned()).unwrap();
            assert_eq!(text.contains("zebra-path"), has, "{path}");
        }
        // A bot with its own value has its own pages.
        let bot = docs
            .bot([("bot_id", "ada"), ("audience", "internal")])
            .unwrap();
        let page = String::from_utf8(bot.file("index.html").unwrap()).unwrap();
        assert!(page.contains("zebra-path"));
    }
}

#[test]
fn bots_with_more_endpoints_than_the_generic_site_have_an_index_and_no_canonical_address() {
    let site = "navigation: [guide, api]\nvariables: {audience: {default: public}, zebra_id: {}}\n";
    let project = project(site, "when: {audience: internal}", "")
        .file("bots.csv", "bot_id,audience\nada,internal\nbob,public\n");
    // The page has no other endpoint, so the generic site has no such page.
    let api = project.read("spec/api.yaml");
    let (before, rest) = api.split_once("  chat:").unwrap();
    let (_, after) = rest.split_once("  zebra:").unwrap();
    project.write("spec/api.yaml", format!("{before}  zebra:{after}"));
    project
        .run(&["build", "--bots", "bots.csv", "--out", "out"])
        .exits(0);
    let files: Vec<String> = project
        .tree("out")
        .into_iter()
        .map(|(path, _)| path)
        .collect();
    let has = |path: &str| files.iter().any(|file| file == path);
    assert!(has("bots/ada/api.html") && !has("bots/bob/api.html") && !has("api.html"));
    let page = project.read("out/bots/ada/api.html");
    assert!(!page.contains("rel=\"canonical\""), "{page}");
    let index = page.split("data-index=\"../../").nth(1).unwrap();
    let index = index.split('"').next().unwrap();
    assert_ne!(index, "search.json");
    assert!(project.read(&format!("out/{index}")).contains("zebra-path"));
    assert!(!project.read("out/search.json").contains("zebra-path"));
    assert!(
        project
            .read("out/bots/bob/index.html")
            .contains("../../search.json")
    );
    assert!(!project.read("out/sitemap.xml").contains("api.html"));
}

#[test]
fn conditions_that_leave_no_page_are_an_error() {
    let site = "navigation: [api]\nvariables: {audience: {default: public}, zebra_id: {}}\n";
    let api = "title: API\nservers: [{url: https://a.example}]\nendpoints:\n  a: {title: A, method: GET, path: /a, when: {audience: internal}, responses: {204: {description: Done.}}}\n";
    let project = Project::empty()
        .file("spec/site.yaml", format!("title: Docs\n{site}"))
        .file("spec/api.yaml", api);
    let ran = project.run(&["check"]).exits(1);
    assert!(
        ran.stderr.contains("leave the site no page"),
        "{}",
        ran.stderr
    );
    project
        .run(&["build", "--set", "audience=internal"])
        .exits(0);
    project.run(&["build", "--set", "audience=other"]).exits(1);
    let error = Docs::load(project.path()).err().unwrap().to_string();
    assert!(error.contains("leave the site no page"), "{error}");
    let ran = project.run(&["mock"]).exits(1);
    assert!(
        ran.stderr.contains("`when` or `internal`"),
        "{}",
        ran.stderr
    );
}

#[test]
fn what_is_internal_is_in_no_published_file() {
    let project = project(SITE, "internal: true", "");
    project.run(&["build", "--out", "out"]).exits(0);
    assert_eq!(naming(&project, "out", "zebra"), [""; 0]);
    project
        .run(&["build", "--internal", "--out", "all"])
        .exits(0);
    let page = project.read("all/index.html");
    assert!(
        page.contains("Internal: this endpoint is not published."),
        "{page}"
    );
    assert!(
        project
            .read("all/index.md")
            .contains("**Internal: this endpoint")
    );
    let all = naming(&project, "all", "zebra");
    let pictures = all.iter().filter(|path| path.starts_with("assets/"));
    assert_eq!(pictures.count(), 2, "{all:?}");
    for path in ["index.html", "index.md", "llms-full.txt", "search.json"] {
        assert!(all.iter().any(|found| found == path), "{path}: {all:?}");
    }
    // Its bots do not have it either, and a list can't name it.
    project.write("bots.yaml", "- {bot_id: ada, endpoints: [chat, zebra]}\n");
    let list = ["check", "--bots", "bots.yaml"];
    let ran = project.run(&list).exits(1);
    assert!(
        ran.stderr.contains("unknown endpoint `zebra`"),
        "{}",
        ran.stderr
    );
    project.run(&[&list[..], &["--internal"]].concat()).exits(0);
    let docs = Docs::load(project.path()).unwrap();
    let read =
        |docs: &Docs, path| String::from_utf8(docs.file(path).unwrap().into_owned()).unwrap();
    assert!(!read(&docs, "index.html").to_lowercase().contains("zebra"));
    let docs = Docs::load_with_internal(project.path()).unwrap();
    assert!(read(&docs, "index.html").contains("zebra-path"));
}

#[test]
fn the_mock_serves_what_the_site_shows() {
    let status = |project: &Project, arguments: &[&str]| {
        let mock = Mock::start(project, arguments);
        let body = "{\"zebra_field\": \"zebra value\"}";
        let kind = "Content-Type: application/json\r\n";
        mock.ask("POST", "/zebra-path", kind, body).status
    };
    let internal = project(SITE, "internal: true", "");
    assert_eq!(status(&internal, &[]), 404);
    assert_eq!(status(&internal, &["--internal"]), 204);
    let when = project(SITE, "when: {audience: internal}", "");
    assert_eq!(status(&when, &[]), 204);
    assert_eq!(status(&when, &["--set", "audience=public"]), 404);
}

#[test]
fn an_internal_page_is_in_no_published_file() {
    let project = project(
        "navigation: [guide, api]\nvariables: {audience: {}, zebra_id: {}}\nredirects: {old: guide}\n",
        "",
        "internal: true\n",
    );
    project.run(&["build", "--out", "out"]).exits(0);
    let has = |folder: &str, path: &str| project.tree(folder).iter().any(|(file, _)| file == path);
    assert!(!has("out", "guide.html") && !has("out", "old.html") && !has("out", "api.html"));
    assert!(!project.read("out/index.html").contains("Guide"));
    project
        .run(&["build", "--internal", "--out", "all"])
        .exits(0);
    assert!(has("all", "old.html") && has("all", "api.html"));
    assert!(
        project
            .read("all/index.html")
            .contains("Internal: this page is not published.")
    );
}

#[test]
fn what_is_internal_is_checked_and_nothing_published_links_to_it() {
    let wrong = "internal: true\n    samples: []";
    let project = project(SITE, wrong, "");
    let api = project.read("spec/api.yaml");
    let ran = project.write_and_run(
        "spec/api.yaml",
        &api.replace("zebra_field: zebra value", "zebra_field: 3"),
        &["check"],
    );
    assert!(ran.exits(1).stderr.contains("example-type"));
    project.write("spec/api.yaml", &api);
    for (link, is_right) in [
        ("[a](api#chat)", true),
        ("[a](api#zebra)", false),
        ("[a](api#zebra.request.zebra_field)", false),
    ] {
        let guide = |front: &str| format!("---\ntitle: Guide\n{front}---\nSee {link}.\n");
        let ran = project.write_and_run("spec/guide.md", &guide(""), &["check"]);
        let found = ran.stderr.contains("error[internal-link]");
        assert_eq!(
            (ran.code, found),
            (Some(i32::from(!is_right)), !is_right),
            "{link}: {}",
            ran.stderr
        );
        project
            .write_and_run("spec/guide.md", &guide("internal: true\n"), &["check"])
            .exits(0);
    }
    let guide = "---\ntitle: Guide\ninternal: true\n---\nA text.\n";
    let banner = format!("title: Docs\nbanner: See [it](guide).\n{SITE}");
    project.write("spec/guide.md", guide);
    let ran = project
        .write_and_run("spec/site.yaml", &banner, &["check"])
        .exits(1);
    assert!(
        ran.stderr.contains("the page `guide`, which is internal"),
        "{}",
        ran.stderr
    );
}

#[test]
fn the_form_has_the_variables_of_texts_alone() {
    let variables = |docs: &Docs| {
        let page = String::from_utf8(docs.file("index.html").unwrap().into_owned()).unwrap();
        let names = page.split("data-rules=\"").count() - 1;
        let ids: Vec<&str> = ["audience", "zebra_id", "bot_id"]
            .into_iter()
            .filter(|name| page.contains(&format!("id=\"_for.{name}\"")))
            .collect();
        assert_eq!(names, ids.len(), "{page}");
        assert_eq!(page.contains("<details class=\"reader\""), names > 0);
        assert_eq!(page.contains("class=\"brought\""), names > 0);
        ids.join(" ")
    };
    let when = "when: {audience: internal}";
    let of = |project: Project| variables(&Docs::load(project.path()).unwrap());
    assert_eq!(of(project(SITE, when, "")), "zebra_id");
    assert_eq!(of(project(SITE, "internal: true", "")), "");
    let hidden = SITE.replace("audience: {}", "audience: {default: public}");
    assert_eq!(of(project(&hidden, when, "")), "");
    // In a text of every page, in a page's title, and in a template of the project.
    assert_eq!(
        of(project(
            &format!("banner: 'Of {{{{ audience }}}}.'\n{hidden}"),
            when,
            ""
        )),
        "audience"
    );
    assert_eq!(
        of(project(&hidden, when, "description: For {{ bot_id }}.\n")),
        "bot_id"
    );
    let own =
        "{% extends \"base.html\" %}{% block main %}{{ site.bot_id }}{{ body }}{% endblock %}";
    let own = project(&hidden, when, "").file("templates/guide.html", own);
    assert_eq!(of(own), "bot_id");
}

#[test]
fn warnings_have_levels() {
    let site = |levels: &str| format!("title: Docs\nnavigation: [guide]\nlevels: {{{levels}}}\n");
    let project = Project::empty()
        .file(
            "spec/guide.md",
            "---\ntitle: Guide\n---\n### Deep\n\n```\nopen\n",
        )
        .file("spec/unused.txt", "text");
    let check = |levels: &str, more: &[&str]| {
        let arguments = [&["check"], more].concat();
        project.write_and_run("spec/site.yaml", &site(levels), &arguments)
    };
    let ran = check("unused-file: off, open-fence: error", &[]).exits(1);
    assert!(!ran.stderr.contains("[unused-file]"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error[open-fence]") && ran.stderr.contains("warning[heading-level]"),
        "{}",
        ran.stderr
    );
    let ran = check("unused-file: off, open-fence: off", &[]).exits(0);
    assert!(
        ran.stderr
            .contains("1 warning\n2 warnings off by `levels` in site.yaml\n"),
        "{}",
        ran.stderr
    );
    check("unused-file: off, open-fence: off", &["--strict"]).exits(1);
    let all = "unused-file: off, open-fence: off, heading-level: off";
    let ran = check(all, &["--strict", "--format", "json"]).exits(0);
    let json: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert!(!json.to_string().contains("open-fence"), "{}", ran.stdout);
    let ran = project.run(&["build", "--strict"]).exits(0);
    assert!(
        ran.stderr.contains("3 warnings off by `levels`"),
        "{}",
        ran.stderr
    );
    for (levels, message) in [
        (
            "dead-link: off",
            "a level of `dead-link`, which is always an error",
        ),
        ("unused-fil: off", "did you mean `unused-file`?"),
        ("unused-file: none", "unknown level `none`"),
    ] {
        let ran = check(levels, &[]).exits(1);
        assert!(ran.stderr.contains(message), "{}", ran.stderr);
    }
}

/// Levels know each code with which a warning is made, and no other.
#[test]
fn each_warning_has_a_level() {
    let mut found = std::collections::BTreeSet::new();
    for (path, content) in crate::project::tree(&crate::project::repository().join("src")) {
        let text = String::from_utf8(content).unwrap();
        // The unit tests of levels make warnings too.
        if path.ends_with("level.rs") {
            continue;
        }
        for (at, _) in text
            .match_indices("Warning")
            .chain(text.match_indices("::warning("))
        {
            let from = text.floor_char_boundary(at.saturating_sub(600));
            let to = text.ceil_char_boundary((at + 120).min(text.len()));
            let is_made = text[at..].starts_with("::warning(")
                || text[from..at].ends_with("severity = Severity::");
            let (near, rest) = (&text[from..at], &text[at..to]);
            let code = match rest.find("Code::") {
                Some(code) if text[at..].starts_with("::warning(") => Some(&rest[code..]),
                _ => near.rfind("Code::").map(|code| &near[code..]),
            };
            if let Some(code) = code.filter(|_| is_made) {
                let name = code["Code::".len()..]
                    .split(|c: char| !c.is_ascii_alphanumeric())
                    .next()
                    .unwrap();
                found.insert(name.to_owned());
            }
        }
    }
    let level = crate::project::repository().join("src/input/diagnostic/level.rs");
    let level = std::fs::read_to_string(level).unwrap();
    let list = level.split("WARNINGS: &[Code] = &[").nth(1).unwrap();
    let list = list.split("];").next().unwrap();
    let known: Vec<&str> = list
        .split("Code::")
        .skip(1)
        .map(|it| it.trim().trim_end_matches(','))
        .collect();
    for name in &found {
        assert!(known.contains(&name.as_str()), "{name} is not in WARNINGS");
    }
    // A code whose reports are errors has no level.
    let reports = crate::project::tree(&crate::project::repository().join("tests/diagnostics"));
    let is_reported = |name: &str| {
        let mut code = String::new();
        for letter in name.chars() {
            if letter.is_uppercase() && !code.is_empty() {
                code.push('-');
            }
            code.push(letter.to_ascii_lowercase());
        }
        let written = format!("warning[{code}]");
        let mut reports = reports.iter();
        reports.any(|(_, content)| String::from_utf8_lossy(content).contains(&written))
    };
    for name in known {
        let is_warning = found.contains(name) || is_reported(name);
        assert!(is_warning, "{name} of WARNINGS is an error everywhere");
    }
}
