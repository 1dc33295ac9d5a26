//! The list of bots that `site.yaml` names, for each command that takes a list.

use crate::support::bots::{self, bots_in, listed, project};
use crate::support::preview::Preview;

const LIST: &str = "bot_id,bot_name,endpoints\nada,Ada & Co,\nbob,Bob,chat\n";

#[test]
fn the_list_of_site_yaml_is_taken_wherever_it_lies_and_never_published() {
    let yaml =
        "- {bot_id: ada, bot_name: Ada & Co}\n- {bot_id: bob, bot_name: Bob, endpoints: [chat]}\n";
    let project = project();
    project.write("bots.csv", LIST);
    let expected = ["build", "--bots", "bots.csv", "--strict"];
    project.run(&expected).exits(0);
    let expected = project.tree("site");
    for (file, text) in [
        ("bots.csv", LIST),
        ("lists/all.csv", LIST),
        ("spec/customers.csv", LIST),
        ("spec/customers.yaml", yaml),
        ("spec/lists/customers.csv", LIST),
        ("static/customers.csv", LIST),
        ("templates/customers.csv", LIST),
    ] {
        for line in [
            format!("bots: {file}"),
            format!("\"bots\": {{file: \"{file}\"}}"),
        ] {
            let project = listed(&line);
            project.write(file, text);
            project.run(&["check", "--strict"]).exits(0);
            project.run(&["build", "--strict"]).exits(0);
            assert!(project.tree("site") == expected, "{line}");
            // From elsewhere it is the same file.
            let here = project.path().to_str().unwrap();
            let mut check = project.command(&["check", "--strict", here]);
            let status = check.current_dir("/").status().unwrap();
            assert!(status.success(), "{line}");
        }
    }
}

#[test]
fn flags_win_over_the_list_of_site_yaml() {
    let project = listed("bots: spec/customers.csv");
    project.write("spec/customers.csv", LIST);
    project.write("other.csv", "bot_id\ncem\n");
    project
        .run(&["build", "--bots", "other.csv", "--out", "other"])
        .exits(0);
    assert_eq!(bots_in(&project, "other"), ["cem"]);
    project.run(&["build", "--out", "both"]).exits(0);
    assert_eq!(bots_in(&project, "both"), ["ada", "bob"]);
    project
        .run(&["build", "--generic", "--out", "none"])
        .exits(0);
    assert!(bots_in(&project, "none").is_empty());
    let part = ["build", "--shard", "1/2", "--out", "part"];
    project.run(&part).exits(0);
    project
        .run(&["build", "--shard", "1/2", "--generic"])
        .exits(2);
    for out in ["other", "both", "none", "part"] {
        let files = project.tree(out);
        assert!(files.iter().all(|(path, _)| !path.contains("customers")));
    }
    // Other commands don't take it for a page or a picture.
    project.run(&["clean", "--out", "both"]).exits(0);
    let without = bots::project();
    let ran = without.run(&["build", "--shard", "1/2"]).exits(2);
    assert!(ran.stderr.contains("`bots` in site.yaml"), "{}", ran.stderr);
}

#[test]
fn faults_of_the_list_of_site_yaml_are_told_and_build_nothing() {
    for (line, told) in [
        ("bots: missing.csv", "missing.csv"),
        ("bots: ../bots.csv", "is not a file of the project"),
        ("bots: /etc/passwd", "is not a file of the project"),
        ("bots: \"\"", "is not a file of the project"),
        ("bots: 3", "expected text, found a number"),
        ("bots: [bots.csv]", "expected text, found a list"),
        ("bots: {ignore: [x]}", "missing key `file`"),
        (
            "bots: {file: bots.csv, ignored: [x]}",
            "did you mean `ignore`?",
        ),
        (
            "bots: {file: bots.csv, ignore: [bot_name]}",
            "can't be ignored",
        ),
        (
            "bots: {file: bots.csv, ignore: [endpoints]}",
            "can't be ignored",
        ),
        ("bots: wrong.csv", "wrong.csv:2:1"),
    ] {
        let project = listed(line);
        project.write("bots.csv", LIST);
        project.write("wrong.csv", "bot_id\na b\n");
        for command in ["check", "build"] {
            let ran = project.run(&[command]).exits(1);
            assert!(ran.stderr.contains(told), "{line}: {}", ran.stderr);
        }
        assert!(!project.path().join("site").exists());
    }
}

#[test]
fn one_bot_of_a_list_has_its_values_and_endpoints() {
    let project = listed("bots: bots.csv");
    project.write("bots.csv", LIST);
    let bob = ["build", "--bot", "bob", "--strict"];
    project.run(&bob).exits(0);
    let by_list = project.tree("site");
    let plain = bots::project();
    // The same by flags, and by hand: the guide and the page with the one endpoint that it has.
    plain.write("bots.csv", LIST);
    plain
        .run(&[&bob[..], &["--bots", "bots.csv"]].concat())
        .exits(0);
    assert!(plain.tree("site") == by_list);
    let names: Vec<&str> = by_list.iter().map(|(path, _)| path.as_str()).collect();
    assert!(
        !names
            .iter()
            .any(|path| path.starts_with("bots/") || path.starts_with("tools"))
    );
    let page = project.read("site/index.html");
    assert!(page.contains("id=\"chat\"") && !page.contains("id=\"search\""));
    assert!(project.read("site/guide.html").contains("Bob</data> can"));
    // It writes what `--bot` writes, where the bot has all endpoints.
    project.run(&["build", "--bot", "ada"]).exits(0);
    let by_list = project.tree("site");
    plain
        .run(&["build", "--bot", "ada", "--set", "bot_name=Ada & Co"])
        .exits(0);
    assert!(plain.tree("site") == by_list);
    // It counts as no list for the guard, neither before nor after.
    project.run(&["build"]).exits(0);
    let ran = project.run(&bob).exits(1);
    assert!(
        ran.stderr.contains("this build has no list"),
        "{}",
        ran.stderr
    );
    for (id, told) in [
        (
            "bobb",
            "not among the 2 bots of the list; did you mean `bob`?",
        ),
        ("BOB", "did you mean `bob`?"),
        (
            "unlike",
            "not among the 2 bots of the list; nothing was written",
        ),
    ] {
        let ran = project.run(&["build", "--bot", id, "--out", "x"]).exits(1);
        assert!(ran.stderr.contains(told), "{}", ran.stderr);
        assert!(!project.path().join("x").exists());
    }
    project.write("bots.csv", format!("{LIST}a b,,\n"));
    let ran = project.run(&bob).exits(1);
    assert!(ran.stderr.contains("bots.csv:4:1"), "{}", ran.stderr);
}

#[test]
fn each_command_can_leave_the_list_of_site_yaml_out() {
    // The file is fetched later, or broken.
    for list in [None, Some("bot_id,bot_name\nada\n")] {
        let project = listed("bots: customers.csv");
        if let Some(list) = list {
            project.write("customers.csv", list);
        }
        for command in ["check", "build"] {
            project.run(&[command, "--strict"]).exits(1);
            project.run(&[command, "--strict", "--generic"]).exits(0);
            let both = [command, "--generic", "--bots", "customers.csv"];
            let ran = project.run(&both).exits(2);
            assert!(ran.stderr.contains("--generic"), "{}", ran.stderr);
        }
        for command in ["build", "serve"] {
            let both = [command, "--generic", "--bot", "ada"];
            let ran = project.run(&both).exits(2);
            assert!(ran.stderr.contains("--generic"), "{}", ran.stderr);
        }
        let preview = Preview::start(&project, &["--generic", "--set", "bot_name=Ada the bot"]);
        assert!(preview.faults().is_empty());
        assert_eq!(preview.get("/").status, 200);
        // Without a list any bot has pages, with the values of the command.
        let page = preview.get("/bots/cem/guide.html").text();
        assert!(page.contains("Ada the bot"), "{page}");
    }
}

#[test]
fn a_column_is_passed_over_by_what_the_message_names() {
    for (column, flag) in [
        ("owner", true),
        ("made-at.1", true),
        ("größe", true),
        ("\"ow,ner\"", false),
        ("the owner", false),
        ("-v", false),
        ("a'b", false),
        ("$(id)", false),
        ("*", false),
    ] {
        let list = format!("bot_id,{column}\nada,x\n");
        let name = column.trim_matches('"');
        let project = project();
        let build = ["build", "--bots", "bots.csv"];
        let ran = project.write_and_run("bots.csv", &list, &build).exits(1);
        let offered = format!("`--ignore-columns {name}` ignores it");
        let ignored = "`ignore` beside the list's `file` in site.yaml ignores it";
        let text = ran.stderr.replace('\n', " ");
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        assert_eq!(text.contains(&offered), flag, "{text}");
        assert_eq!(text.contains(ignored), !flag, "{text}");
        if flag {
            let build = [&build[..], &["--ignore-columns", name]].concat();
            project.run(&build).exits(0);
        }
        let name = name.replace('\'', "''");
        let project = listed(&format!("bots: {{file: bots.csv, ignore: ['{name}']}}"));
        project
            .write_and_run("bots.csv", &list, &["build"])
            .exits(0);
    }
}

/// A list of CSV that ends within a record.
#[test]
fn a_list_that_is_cut_within_a_record_is_refused() {
    let list = "bot_id,bot_name,endpoints\nada,Ada & Co,\nbob,Bob,chat\n";
    let end = list.rfind("bob").unwrap();
    let project = listed("bots: bots.csv");
    for at in end + 1..list.len() {
        let cut = &list[..at];
        let is_whole = cut.matches(',').count() == list.matches(',').count();
        // What ends within its last value can't be told from a whole list.
        let code = match cut.rsplit(',').next().unwrap() {
            "" | "chat" if is_whole => 0,
            _ => 1,
        };
        let ran = project.write_and_run("bots.csv", cut, &["check"]);
        let ran = ran.exits(code);
        if !is_whole {
            let told = "but the header names 3";
            assert!(ran.stderr.contains(told), "{cut:?}: {}", ran.stderr);
            assert!(!ran.stderr.contains("1 values"), "{}", ran.stderr);
        }
    }
    project.write(
        "spec/site.yaml",
        project
            .read("spec/site.yaml")
            .replace("bots.csv", "bots.jsonl"),
    );
    let list = "{\"bot_id\": \"ada\"}\n{\"bot_id\": \"bob\"}";
    let end = list.find('\n').unwrap();
    for at in end + 2..list.len() {
        project
            .write_and_run("bots.jsonl", &list[..at], &["check"])
            .exits(1);
    }
}

#[test]
fn columns_that_are_ignored_are_passed_over_in_each_format() {
    for (file, list) in [
        ("bots.csv", "owner,bot_id,made\nx,ada,2024\n\"a, b\",bob,\n"),
        (
            "bots.yaml",
            "- {owner: {a: [1]}, bot_id: ada, made: 2024}\n- {bot_id: bob, owner: ~}\n",
        ),
        (
            "bots.jsonl",
            "{\"owner\": {\"a\": [1.5]}, \"bot_id\": \"ada\", \"made\": true}\n{\"bot_id\": \"bob\", \"owner\": null}\n",
        ),
    ] {
        let by_site = listed(&format!("bots: {{file: {file}, ignore: [owner, made]}}"));
        by_site.write(file, list);
        by_site.run(&["check", "--strict"]).exits(0);
        by_site.run(&["build", "--strict"]).exits(0);
        assert_eq!(bots_in(&by_site, "site"), ["ada", "bob"], "{file}");
        let by_both = listed(&format!("bots: {{file: {file}, ignore: [owner]}}"));
        by_both.write(file, list);
        let ran = by_both.run(&["build", "--strict"]).exits(1);
        assert!(
            ran.stderr.contains("unknown variable `made`"),
            "{}",
            ran.stderr
        );
        assert!(
            ran.stderr.contains("--ignore-columns made"),
            "{}",
            ran.stderr
        );
        by_both
            .run(&["build", "--strict", "--ignore-columns", "made"])
            .exits(0);
        let by_flag = listed("");
        by_flag.write(file, list);
        let flags = ["--bots", file, "--ignore-columns", "owner,made"];
        by_flag
            .run(&[&["build", "--strict"][..], &flags].concat())
            .exits(0);
        by_flag
            .run(&[&["check", "--strict"][..], &flags].concat())
            .exits(0);
        assert!(by_flag.tree("site") == by_site.tree("site"), "{file}");
        for name in ["bot_id", "bot_name", "endpoints"] {
            let flags = ["build", "--bots", file, "--ignore-columns", name];
            by_flag.run(&flags).exits(2);
        }
    }
}

#[test]
fn messages_of_a_list_name_the_bot() {
    for (file, list) in [
        (
            "bots.csv",
            format!(
                "bot_id,bot_name,endpoints\nada,{},\nbob,,nothing\n",
                "x".repeat(50)
            ),
        ),
        (
            "bots.jsonl",
            format!(
                "{{\"bot_id\": \"ada\", \"bot_name\": \"{}\"}}\n{{\"bot_id\": \"bob\", \"endpoints\": [\"nothing\"]}}\n",
                "x".repeat(50)
            ),
        ),
        (
            "bots.yaml",
            format!(
                "- {{bot_id: ada, bot_name: {}}}\n- {{bot_id: bob, endpoints: [nothing]}}\n",
                "x".repeat(50)
            ),
        ),
    ] {
        let project = project();
        let ran = project
            .write_and_run(file, &list, &["build", "--bots", file])
            .exits(1);
        assert!(ran.stderr.contains("bot `ada`: `xxx"), "{}", ran.stderr);
        assert!(
            ran.stderr.contains("bot `bob`: unknown endpoint `nothing`"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn the_preview_has_the_values_of_the_list_and_follows_it() {
    for by_flag in [false, true] {
        let project = if by_flag {
            project()
        } else {
            listed("bots: spec/customers.csv")
        };
        let file = if by_flag {
            "customers.csv"
        } else {
            "spec/customers.csv"
        };
        project.write(file, LIST);
        project.run(&["build", "--bots", file]).exits(0);
        let arguments = if by_flag { &["--bots", file][..] } else { &[] };
        let preview = Preview::start(&project, arguments);
        for page in [
            "bots/ada/guide.html",
            "bots/bob/guide.html",
            "bots/bob/index.html",
        ] {
            let built = project.read(&format!("site/{page}"));
            let body = built.split("<main").nth(1).unwrap();
            let shown = preview.get(&format!("/{page}")).text();
            assert!(
                shown.contains(body.split("</main>").next().unwrap()),
                "{page}: {shown}"
            );
        }
        assert_eq!(preview.get("/bots/cem/").status, 404);
        assert_eq!(preview.get("/bots/bob/tools.html").status, 404);
        let mut versions = preview.versions();
        project.write(file, format!("{LIST}cem,Cem,\n"));
        versions.until(|| preview.get("/bots/cem/").status == 200);
        assert!(
            preview
                .get("/bots/cem/guide.html")
                .text()
                .contains("Cem</data> can")
        );
        // A fault of the list is told over the page, and the last good list stays.
        project.write(file, format!("{LIST}a b,,\n"));
        versions.until(|| !preview.faults().is_empty());
        assert!(preview.faults()[0].to_string().contains("customers.csv"));
        assert_eq!(preview.get("/bots/cem/").status, 200);
    }
}

/// Records of RFC 4180, and the value that stands on the page to the character.
#[test]
fn a_value_of_csv_is_on_the_page_as_it_is_written() {
    let table = [
        ("Ada", "Ada"),
        (" Ada ", " Ada "),
        ("\" Ada \"", " Ada "),
        ("\"  \"", "  "),
        ("\u{a0}Ada\u{a0}", "\u{a0}Ada\u{a0}"),
        ("\"say \"\"hi\"\"\"", "say \"hi\""),
        ("\"\"\"\"", "\""),
        ("6\" wide", "6\" wide"),
        ("\"a,b\"", "a,b"),
        ("\"a;b\"", "a;b"),
        ("a\tb", "a\tb"),
        ("\"a\nb\"", "a\nb"),
        // Ends of lines are folded, also within a value.
        ("\"a\r\nb\"", "a\nb"),
        ("'Ada'", "'Ada'"),
        // An empty value is none.
        ("\"\"", "your bot"),
        ("", "your bot"),
    ];
    let project = project();
    let build = ["build", "--bots", "bots.csv", "--out", "of-csv"];
    let escaped = |text: &str| text.replace('"', "&quot;").replace('\'', "&#39;");
    for (mark, end, last) in [
        ("", "\n", "\n"),
        ("\u{feff}", "\r\n", "\r\n"),
        ("", "\r\n", ""),
        ("\u{feff}", "\n", ""),
    ] {
        // Each is the last one once, where the list may end without the end of a line.
        for shift in 0..if last.is_empty() { table.len() } else { 1 } {
            let mut rows = table;
            rows.rotate_left(shift);
            let records = rows.iter().enumerate();
            let records = records.map(|(row, (record, _))| format!("r{row},{record}"));
            let records = records.collect::<Vec<_>>().join(end);
            let list = format!("{mark}bot_id,bot_name{end}{records}{last}");
            project.write_and_run("bots.csv", &list, &build).exits(0);
            for (row, (record, value)) in rows.iter().enumerate() {
                let page = project.read(&format!("of-csv/bots/r{row}/guide.html"));
                let before = page.split("</data> can").next().unwrap();
                let shown = before.rsplit('>').next().unwrap();
                assert_eq!(shown, escaped(value), "{record:?} with {mark:?} {end:?}");
            }
        }
    }
}

#[test]
fn the_preview_refuses_a_list_that_it_can_t_read_again() {
    let ran = project()
        .run(&["serve", "--port", "0", "--bots", "-"])
        .exits(2);
    assert!(ran.stderr.contains("can't be read again"), "{}", ran.stderr);
}
