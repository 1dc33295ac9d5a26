//! The README's five minutes: its files make a site, and its mistake gives its message.

use crate::project::{Project, repository};

/// The README's fenced blocks of a language, in order.
fn blocks(language: &str) -> Vec<String> {
    let readme = std::fs::read_to_string(repository().join("README.md")).unwrap();
    let fence = format!("```{language}\n");
    let parts = readme.split(&fence).skip(1);
    parts
        .map(|part| part.split_once("```").unwrap().0.to_owned())
        .collect()
}

fn project() -> Project {
    let yaml = blocks("yaml");
    let [site, chat] = yaml.as_slice() else {
        panic!("two YAML files, not {}", yaml.len())
    };
    Project::empty()
        .file("spec/site.yaml", site)
        .file("spec/chat.yaml", chat)
}

#[test]
fn the_five_minutes_make_a_site() {
    let project = project();
    project.run(&["check", "--strict"]).exits(0);
    project.run(&["build", "--bot", "my-bot"]).exits(0);
    assert!(project.read("site/index.html").contains("my-bot"));
}

#[test]
fn the_mistake_gives_its_message() {
    let project = project();
    let mistaken = project
        .read("spec/chat.yaml")
        .replace("    path: /chat", "    pth: /chat");
    let ran = project
        .file("spec/chat.yaml", mistaken)
        .run(&["check"])
        .exits(1);
    let shown = &blocks("text")[0];
    assert!(
        ran.stderr.contains(shown),
        "README:\n{shown}\nbotdocs:\n{}",
        ran.stderr
    );
}
