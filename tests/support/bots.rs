//! Projects with lists of bots.

use std::fmt::Write as _;
use std::path::Path;

use super::project::Project;

/// The site of [`project`].
const SITE: &str = "\
title: Docs of {{ bot_name }}
navigation: [api, tools, guide]
site_url: https://docs.example.com/
variables:
  bot_id: {title: Bot ID, placeholder: YOUR_BOT_ID}
  bot_name: {placeholder: your bot, max_length: 40}
";

/// An API page with these endpoints.
pub(crate) fn page(title: &str, endpoints: &[&str]) -> String {
    let endpoint = |id: &&str| {
        format!(
            "  {id}:\n    title: {id}\n    method: POST\n    path: /{id}\n    \
             request: {{fields: {{bot_id: {{type: string}}}}, example: {{bot_id: \"{{{{ bot_id }}}}\"}}}}\n    \
             responses: {{200: {{description: The answer.}}}}\n"
        )
    };
    let endpoints: String = endpoints.iter().map(endpoint).collect();
    format!("title: {title}\nservers: [{{url: https://api.example.com}}]\nendpoints:\n{endpoints}")
}

/// Two API pages and a guide about both.
pub(crate) fn project() -> Project {
    let guide = "---\ntitle: Guide\n---\n\n{{ bot_name }} can [chat](api#chat), [search](api#search), and use [tools](tools).\n";
    Project::empty()
        .file("spec/site.yaml", SITE)
        .file("spec/api.yaml", page("API", &["chat", "search"]))
        .file("spec/tools.yaml", page("Tools", &["call"]))
        .file("spec/guide.md", guide)
}

/// A project whose `site.yaml` has this line beside those of [`project`].
pub(crate) fn listed(line: &str) -> Project {
    let project = project();
    let site = project.read("spec/site.yaml");
    project.write("spec/site.yaml", format!("{site}{line}\n"));
    project
}

/// The IDs of the bots that have pages in a folder, sorted.
pub(crate) fn bots_in(project: &Project, out: &str) -> Vec<String> {
    let folder = project.path().join(out).join("bots");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

/// A list in CSV of so many bots.
pub(crate) fn list(bots: usize) -> String {
    let mut list = String::from("bot_id\n");
    for bot in 0..bots {
        let _ = writeln!(list, "{:08x}-bot-{bot}", bot.wrapping_mul(2_654_435_761));
    }
    list
}

/// Bots with all endpoints and with one, on two pages.
pub(crate) fn project_of_parts() -> Project {
    let project = project();
    let row = |bot: usize| {
        format!(
            "bot-{bot},Name {},{}\n",
            bot % 17,
            ["", "chat", "call"][bot % 3]
        )
    };
    let rows: String = (0..200).map(row).collect();
    project.write("bots.csv", format!("bot_id,bot_name,endpoints\n{rows}"));
    let all = ["build", "--bots", "bots.csv", "--out", "whole"];
    project.run(&all).exits(0);
    project
}

/// Puts something where `site.yaml` names a list, which each command must refuse.
pub(crate) fn is_refused_as_a_list(make: &dyn Fn(&Path), told: &str) {
    for line in ["bots: list.csv", "bots: {ignore: [x], file: \"list.csv\"}"] {
        let project = project();
        let site = project.read("spec/site.yaml");
        project.write("spec/site.yaml", format!("{site}{line}\n"));
        make(&project.path().join("list.csv"));
        let place = (site.lines().count() + 1, line.find("list.csv").unwrap());
        let column = place.1 + 1 - usize::from(line.contains('"'));
        let place = format!("spec/site.yaml:{}:{column}", place.0);
        for command in ["check", "build"] {
            let ran = project.run(&[command]).exits(1);
            assert!(ran.stderr.contains(told), "{told}: {}", ran.stderr);
            assert!(ran.stderr.contains(&place), "{place}: {}", ran.stderr);
        }
        // Who doesn't take the list doesn't miss it.
        project.run(&["build", "--generic", "--strict"]).exits(0);
    }
}
