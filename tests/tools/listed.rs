//! The script of the guide that fetches a list of bots.

use crate::blocks::blocks;
use crate::project::repository;
use crate::support::bots::{bots_in, listed};

/// The script of the guide, with a platform that gives two pages of 60 bots.
#[test]
fn the_script_that_fetches_a_list_replaces_it_by_a_whole_one_alone() {
    let text = std::fs::read_to_string(repository().join("docs/each-bot.md")).unwrap();
    let mut scripts = blocks(&text).into_iter();
    let script = scripts
        .find(|block| block.content.contains("curl "))
        .unwrap();
    let curl = "curl() {
      for url; do :; done
      page=${url##*page=}
      [ \"$page\" != \"$FAILS\" ] || return 22
      if [ \"$page\" -gt \"$PAGES\" ]; then echo '[]'
      else seq 60 | jq --slurp \"map({id: \\\"b$page-\\(.)\\\", name: \\\"Bot\\\"})\"
      fi > page.json
    }";
    let project = listed("bots: bots.jsonl");
    let old = "{\"bot_id\": \"old\"}\n";
    for (pages, fails, code) in [(2, 0, 0), (2, 2, 22), (1, 0, 1)] {
        project.write("bots.jsonl", old);
        let variables = format!("PLATFORM_TOKEN=x PAGES={pages} FAILS={fails}");
        let line = format!("export {variables}\n{curl}\n{}", script.content);
        project.shell(&line).exits(code);
        let list = project.read("bots.jsonl");
        match code {
            0 => assert_eq!(list.lines().count(), 120),
            _ => assert_eq!(list, old),
        }
        assert_eq!(bots_in(&project, "site").len(), 120);
    }
}
