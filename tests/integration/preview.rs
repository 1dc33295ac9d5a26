//! What a writer sees in `serve` beside the page: warnings, endpoints by values, missing addresses.

use std::fmt::Write as _;

use crate::project::{Project, small};
use crate::support::preview::Preview;
use crate::support::running::Running;

/// A template that looks at a value, on one of the guides.
fn looking_at(guide: usize) -> String {
    format!(
        "{{# Mine. #}}\n{{% if page.heading == 'Guide {guide}' %}}{{{{ site.title | upper }}}}{{% endif %}}\n"
    )
}

/// A site whose title has a value, with guides.
fn with_guides(count: usize) -> Project {
    let mut project = small();
    let mut names = String::new();
    for number in 0..count {
        let text = format!("---\ntitle: Guide {number}\n---\nText.\n");
        project = project.file(&format!("spec/guide-{number}.md"), &text);
        let _ = write!(names, ", guide-{number}");
    }
    let site = format!("title: Docs of {{{{ bot_id }}}}\nnavigation: [api{names}]\n");
    project.file("spec/site.yaml", site)
}

fn is_told(line: &str) -> bool {
    line.starts_with("warning[slow-template]: the filter `upper` inspects the value of `bot_id`")
}

#[test]
fn a_template_that_makes_pages_slow_is_told_with_each_version() {
    let project = with_guides(1).file("templates/_reader.html", looking_at(0));
    let mut preview = Preview::start(&project, &[]);
    let told = |preview: &Preview| preview.running.said.iter().filter(|it| is_told(it)).count();
    assert_eq!(told(&preview), 1, "{:#?}", preview.running.said);
    let built = project.run(&["build"]).exits(0).stderr;
    let place = "--> templates/_reader.html:2:";
    assert!(built.contains(place), "{built}");
    assert!(preview.running.said.iter().any(|it| it.contains(place)));
    // It is a warning: the page is shown, and nothing stands over it.
    assert!(
        preview
            .get("/guide-0.html")
            .text()
            .contains("DOCS OF YOUR_BOT_ID")
    );
    assert!(preview.faults().is_empty());
    // It stays told while it is there, also when its page is not made again.
    project.write("spec/guide-0.md", "---\ntitle: Guide 0\n---\nOther.\n");
    preview
        .running
        .line("the save", |line| line.ends_with(" ms"));
    project.write("spec/api.yaml", crate::project::page("Saved."));
    preview
        .running
        .line("the save", |line| line.ends_with(" ms"));
    assert_eq!(told(&preview), 3, "{:#?}", preview.running.said);
    project.write("templates/_reader.html", "{# Mine. #}\n");
    preview
        .running
        .line("the save", |line| line.ends_with(" ms"));
    assert_eq!(told(&preview), 3, "{:#?}", preview.running.said);
}

#[test]
fn a_template_that_makes_one_page_slow_is_told_wherever_it_shows() {
    let project = with_guides(40);
    let mut preview = Preview::start(&project, &[]);
    // On a page that nobody has looked at, and not among the first: its warning comes later, alone.
    project.write("templates/_reader.html", looking_at(33));
    preview
        .running
        .line("the save", |line| line.ends_with(" ms"));
    assert!(!preview.running.said.iter().any(|line| is_told(line)));
    preview.running.line("the warning", is_told);
    // Beside an error it stands in the panel over the page, as every warning does.
    let mut versions = preview.versions();
    let fault = looking_at(33) + "{% if page.heading == 'Guide 35' %}{{ nope }}{% endif %}";
    project.write("templates/_reader.html", fault);
    versions.until(|| preview.faults().len() == 2);
    let texts = preview.faults();
    let texts: Vec<&str> = texts
        .iter()
        .map(|it| it["text"].as_str().unwrap())
        .collect();
    assert!(texts.iter().any(|text| is_told(text)), "{texts:#?}");
    assert!(
        texts
            .iter()
            .any(|text| text.contains("`nope` is not defined here"))
    );
}

/// A page with two endpoints, the second by a condition.
fn with_condition(plans: &str) -> String {
    let (head, chat) = crate::project::API.split_once("  chat:\n").unwrap();
    let search = chat
        .replace("/chat", "/search")
        .replace("title: Chat", "title: Search");
    format!("{head}  chat:\n{chat}  search:\n    when: {{plan: {plans}}}\n{search}")
}

/// The endpoints that a page shows, and its twin too; a save may come between the two.
fn shown(preview: &Preview, folder: &str) -> Vec<&'static str> {
    let page = preview.get(folder).text();
    let twin = preview.get(&format!("{folder}index.md")).text();
    let all = ["chat", "search"].into_iter();
    let on_page = all
        .clone()
        .filter(|id| page.contains(&format!("id=\"{id}\"")));
    let in_twin = all.filter(|id| twin.contains(&format!("/{id}`")));
    let (on_page, in_twin): (Vec<_>, Vec<_>) = (on_page.collect(), in_twin.collect());
    match on_page == in_twin {
        true => on_page,
        false => vec!["page and twin differ"],
    }
}

#[test]
fn endpoints_are_those_that_the_values_choose() {
    let site = "title: Docs\nnavigation: [api]\nvariables: {plan: {pattern: free|pro|team, default: free}}\n";
    let project = small()
        .file("spec/site.yaml", site)
        .file("spec/api.yaml", with_condition("[pro, team]"));
    for (flags, root, of_bot) in [
        (&[][..], &["chat"][..], &["chat"][..]),
        (
            &["--set", "plan=pro"],
            &["chat", "search"],
            &["chat", "search"],
        ),
        (&["--bot", "ada"], &["chat"], &["chat"]),
        (
            &["--bot", "ada", "--set", "plan=team"],
            &["chat", "search"],
            &["chat", "search"],
        ),
    ] {
        let preview = Preview::start(&project, flags);
        assert_eq!(shown(&preview, "/"), root, "{flags:?}");
        assert_eq!(shown(&preview, "/bots/ada/"), of_bot, "{flags:?}");
    }
    // The page follows the condition, and the default that it is asked of.
    let preview = Preview::start(&project, &["--bot", "ada"]);
    let mut versions = preview.versions();
    project.write("spec/api.yaml", with_condition("free"));
    versions.until(|| shown(&preview, "/") == ["chat", "search"]);
    assert_eq!(shown(&preview, "/bots/bob/"), ["chat", "search"]);
    project.write(
        "spec/site.yaml",
        site.replace("default: free", "default: team"),
    );
    versions.until(|| shown(&preview, "/") == ["chat"]);
    assert_eq!(shown(&preview, "/bots/bob/"), ["chat"]);
}

#[test]
fn a_bot_that_no_condition_gives_an_endpoint_is_told() {
    let all = |plan: &str| {
        let conditional = with_condition(plan);
        conditional.replace(
            "  chat:\n",
            &format!("  chat:\n    when: {{plan: {plan}}}\n"),
        )
    };
    let project = small()
        .file(
            "spec/site.yaml",
            "title: Docs\nnavigation: [api]\nvariables: {plan: {default: free}}\n",
        )
        .file("spec/api.yaml", all("pro"));
    let preview = Preview::start(&project, &["--bot", "ada"]);
    let said = preview.running.said.join("\n");
    assert!(said.contains("`when` gives this bot no endpoint"), "{said}");
    assert_eq!(preview.get("/").status, 503);
    assert!(preview.faults()[0]["place"].is_null());
    let mut versions = preview.versions();
    project.write("spec/api.yaml", all("free"));
    versions.until(|| preview.get("/").status == 200);
    assert_eq!(shown(&preview, "/"), ["chat", "search"]);
    // An edit that takes the last endpoint away leaves the last good page.
    project.write("spec/api.yaml", all("team"));
    versions.until(|| !preview.faults().is_empty());
    assert_eq!(shown(&preview, "/"), ["chat", "search"]);
}

/// What no edit could mend ends the preview at its start; later it is a fault as others are.
#[test]
fn a_variable_that_no_longer_takes_its_value_is_told_over_the_last_good_site() {
    let of = |pattern: &str| {
        format!(
            "title: Docs of {{{{ plan }}}}\nnavigation: [api]\n\
             variables: {{plan: {{pattern: {pattern}, default: free}}}}\n"
        )
    };
    let project = small().file("spec/site.yaml", of("free|pro"));
    let mut preview = Preview::start(&project, &["--set", "plan=pro"]);
    let mut versions = preview.versions();
    project.write("spec/site.yaml", of("free|team"));
    preview.running.line("word of the fault", |line| {
        line.starts_with("error[invalid-variable-value]: --set plan `pro`")
    });
    versions.until(|| !preview.faults().is_empty());
    assert!(preview.get("/").text().contains("Docs of pro"));
    project.write("spec/site.yaml", of("team|pro|free"));
    versions.until(|| preview.faults().is_empty());
}

#[test]
fn what_could_not_be_read_and_is_gone_is_told() {
    let project = small();
    let mut preview = Preview::start(&project, &[]);
    std::os::unix::fs::symlink("x", project.path().join("spec/x.md")).unwrap();
    preview
        .running
        .line("the fault", |line| line.starts_with("error[not-a-file]"));
    std::fs::remove_file(project.path().join("spec/x.md")).unwrap();
    preview.running.line("the end of it", |line| {
        line.starts_with("all files are readable again: 0 of ")
    });
}

#[test]
fn what_an_option_may_not_be_is_told_before_anything_is_served() {
    let project = small().file(
        "spec/site.yaml",
        "title: Docs\nnavigation: [api]\nvariables: {plan: {pattern: free|pro, default: free}}\n",
    );
    for (flags, fault) in [
        (
            ["--set", "plna=pro"],
            "unknown variable `plna`, did you mean `plan`?",
        ),
        (["--set", "plan=gold"], "error: --set plan `gold`"),
        (["--bot", "a/b"], "error: --bot `a/b`"),
        (
            ["--host", "docs.internal"],
            "expected an IP address such as 127.0.0.1 or 0.0.0.0",
        ),
        (["--host", "localhost"], "serving http://127.0.0.1:"),
    ] {
        let arguments = [&["serve", "--port", "0"][..], &flags].concat();
        let mut running = Running::start(project.command(&arguments));
        let is_end = |line: &str| line.starts_with("error: ") || line.starts_with("serving ");
        let line = running.line("word of the fault", is_end);
        assert!(line.contains(fault), "{line}");
    }
}

#[test]
fn each_link_of_the_page_for_missing_addresses_leads_somewhere() {
    let site = "title: Docs\nsite_url: https://docs.example/sub/\nnavigation: [api, guide]\n\
                header: [{title: Guide, url: guide}]\n";
    let project = small()
        .file("spec/site.yaml", site)
        .file("spec/guide.md", "---\ntitle: Guide\n---\nText.\n");
    for flags in [&[][..], &["--bot", "ada"]] {
        let preview = Preview::start(&project, flags);
        for missing in [
            "/nope",
            "/sub/",
            "/far/down/nope.html",
            "/bots/ada/nope",
            "/404.html",
        ] {
            let answer = preview.get(missing);
            assert_eq!(
                answer.status,
                if missing == "/404.html" { 200 } else { 404 }
            );
            let page = answer.text();
            let links = page.split([' ', '\n']).filter_map(|attribute| {
                let (name, value) = attribute.split_once("=\"")?;
                ["href", "src"]
                    .contains(&name)
                    .then(|| value.split('"').next().unwrap())
            });
            let mut seen = 0;
            for link in links.filter(|link| !link.starts_with('#')) {
                assert!(link.starts_with('/'), "{link} from {missing}");
                assert_eq!(preview.get(link).status, 200, "{link} from {missing}");
                seen += 1;
            }
            // The icon, the style, two scripts, the brand, the list of pages twice, the way home.
            assert!(seen >= 9, "{seen} links on\n{page}");
        }
    }
    // The build's starts where the site will stand.
    project.run(&["build"]).exits(0);
    assert!(
        project
            .read("site/404.html")
            .contains("href=\"/sub/guide.html\"")
    );
}
