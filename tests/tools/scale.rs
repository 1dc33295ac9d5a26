//! Many bots: memory that hardly grows with them, archives and compressed files as other programs read
//! them, and the recipes for several machines.

use std::fmt::Write as _;

use crate::blocks::blocks;
use crate::project::{Project, repository};
use crate::support::bots::{list, project, project_of_parts};
use crate::support::documents::{botdocs_commands, parse};
use crate::tool::tool;

/// Runs a command and prints the most memory that it had, in KB.
const PEAK: &str = "
import os, subprocess, sys
process = subprocess.Popen(sys.argv[1:], stderr=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
sys.exit(os.waitstatus_to_exitcode(status)) if status else print(usage.ru_maxrss)
";

/// The most memory that a build of so many bots takes, in KB.
fn peak(project: &Project, bots: usize) -> i64 {
    project.write("bots.csv", list(bots));
    let out = format!("site-{bots}");
    peak_of(project, &["build", "--bots", "bots.csv", "--out", &out])
}

/// The most memory that a command takes, in KB.
fn peak_of(project: &Project, arguments: &[&str]) -> i64 {
    let mut command = tool("python3");
    command.args(["-c", PEAK, env!("CARGO_BIN_EXE_botdocs")]);
    command.args(arguments);
    project.prepare_tool(&mut command);
    let output = command.output().expect("Python is installed");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .trim()
        .parse()
        .unwrap()
}

/// The pages of each bot alone would take 40 MB.
#[test]
fn memory_hardly_grows_with_the_number_of_bots() {
    let project = Project::new();
    let few = peak(&project, 300);
    let many = peak(&project, 3_300);
    let each = (many - few) * 1024 / 3_000;
    assert!(each < 600, "{each} bytes a bot: {few} KB, then {many} KB");
    // And so it is where all is there already.
    let again = peak(&project, 3_300);
    let each = (again - few) * 1024 / 3_000;
    assert!(each < 900, "{each} bytes a bot: {few} KB, then {again} KB");
}

/// A million lines come to some hundred megabytes, however long their values are.
#[test]
fn a_long_list_is_read_in_little_memory() {
    let project = Project::new();
    let site = "title: Docs\nnavigation: [api]\nvariables: {note: {}}\n";
    project.write("spec/site.yaml", site);
    let note = "x".repeat(300);
    let peak = |bots: usize| {
        let rows = (0..bots).map(|bot| format!("bot-{bot},{note}\n"));
        project.write(
            "bots.csv",
            format!("bot_id,note\n{}", rows.collect::<String>()),
        );
        peak_of(&project, &["check", "--bots", "bots.csv"])
    };
    // Both have more values than are kept in memory.
    let (few, many) = (peak(100_000), peak(300_000));
    let each = (many - few) * 1024 / 200_000;
    assert!(each < 150, "{each} bytes a bot: {few} KB, then {many} KB");
}

/// An archive holds what a folder does, its manifest included, and is the same on standard output.
#[test]
fn an_archive_unpacked_is_the_folder() {
    let project = project_of_parts();
    for (more, out) in [(&[][..], "whole"), (&["--gzip", "only"], "packed")] {
        let build = [&["build", "--bots", "bots.csv"], more].concat();
        project
            .run(&[&build[..], &["--out", out]].concat())
            .exits(0);
        let file = format!("{out}.tar");
        let archive = [&build[..], &["--archive", &file]].concat();
        let ran = project.run(&archive).exits(0);
        assert!(
            ran.stderr.contains(&format!(" in {file}: ")),
            "{}",
            ran.stderr
        );
        let unpack =
            format!("mkdir from-{out} && tar --extract --file {file} --directory from-{out}");
        project.shell(&unpack).exits(0);
        assert!(
            project.tree(&format!("from-{out}")) == project.tree(out),
            "{out}"
        );
        let from = format!("from-{out}");
        let built = [&build[..], &["--out", &from]].concat();
        assert!(
            project
                .run(&built)
                .exits(0)
                .stderr
                .contains("nothing to change")
        );
        let line = format!(
            "botdocs {} --archive - > piped.tar && cmp piped.tar {file}",
            build.join(" ")
        );
        project.shell(&line).exits(0);
        // In a workflow, too, nothing else stands on standard output.
        project
            .shell(&format!("export GITHUB_ACTIONS=true\n{line}"))
            .exits(0);
    }
    let before = std::fs::read(project.path().join("whole.tar")).unwrap();
    let again = ["build", "--archive", "whole.tar"];
    assert!(
        project
            .run(&again)
            .exits(2)
            .stderr
            .contains("is there already")
    );
    assert!(std::fs::read(project.path().join("whole.tar")).unwrap() == before);
    project.run(&[&again[..], &["--force"]].concat()).exits(0);
    assert!(std::fs::read(project.path().join("whole.tar")).unwrap() != before);
    let into_inputs = project
        .run(&["build", "--archive", "spec/site.tar"])
        .exits(2);
    assert!(
        into_inputs.stderr.contains("lies in the input"),
        "{}",
        into_inputs.stderr
    );
    project
        .run(&["build", "--archive", "x.tar", "--out", "x"])
        .exits(2);
    // An archive that nobody takes, or for which there is no room, is an error and leaves nothing.
    assert_eq!(
        project.shell("botdocs build --archive - > /dev/full").code,
        Some(3)
    );
    assert_eq!(
        project.shell("botdocs build --archive missing/x.tar").code,
        Some(3)
    );
    let left = std::fs::read_dir(project.path()).unwrap();
    let mut left = left.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    assert_eq!(left.find(|name| name.starts_with('.')), None);
}

/// Heads of files have room for a hundred bytes of a path, here and there for more.
#[test]
fn an_archive_holds_paths_of_any_length() {
    let mut guide = String::from("---\ntitle: Guide\n---\n\n");
    let project = project();
    let picture = std::fs::read(repository().join("tests/golden/everything/spec/images/icon.png"));
    let picture = picture.unwrap();
    for length in [95, 110, 190] {
        // A character of two bytes stands where a head ends, whatever is before it.
        for before in ["", "x"] {
            let name = format!("{before}{}.png", "é".repeat(length / 2));
            project.write(&format!("spec/{name}"), &picture);
            let _ = writeln!(guide, "![A dot]({name})");
        }
    }
    project.write("spec/guide.md", guide);
    project.run(&["build", "--out", "folder"]).exits(0);
    project.run(&["build", "--archive", "packed.tar"]).exits(0);
    let folder = project.tree("folder");
    assert!(folder.iter().any(|(path, _)| path.len() > 190));
    for unpack in [
        "tar --extract --file packed.tar --directory unpacked",
        "python3 -m tarfile --extract packed.tar unpacked",
    ] {
        project
            .shell(&format!("rm -rf unpacked; mkdir unpacked; {unpack}"))
            .exits(0);
        assert!(project.tree("unpacked") == folder, "{unpack}");
    }
}

/// A service, the variables of the job of a part, from 0, and the command that joins the parts.
type Service = (&'static str, fn(usize) -> String, &'static str);

/// The recipes are run with the variables that those services set, and what comes of it is compared
/// with a build of all bots on one machine.
#[test]
fn the_recipes_for_several_machines_give_the_whole() {
    let text = std::fs::read_to_string(repository().join("docs/scale.md")).unwrap();
    let services: [Service; 3] = [
        (
            "GitHub",
            |part| format!("PART={}", part + 1),
            "botdocs merge parts/part-* --out site",
        ),
        (
            "GitLab",
            |part| format!("CI_NODE_TOTAL=4 CI_NODE_INDEX={}", part + 1),
            "botdocs merge jobs/* --out public",
        ),
        (
            "Kubernetes",
            |part| format!("JOB_COMPLETION_INDEX={part}"),
            "botdocs merge pods/* --out public-docs",
        ),
    ];
    let recipes: Vec<_> = blocks(&text)
        .into_iter()
        .filter(|block| block.path.ends_with(".yml"))
        .collect();
    assert_eq!(recipes.len(), services.len());
    for (recipe, (service, variables, merge)) in recipes.iter().zip(services) {
        let project = project_of_parts();
        // As the guide has it: the list is named once, for all machines.
        let site = std::fs::read_to_string(project.path().join("spec/site.yaml")).unwrap();
        project.write("spec/site.yaml", format!("{site}bots: bots.csv\n"));
        let mut commands = Vec::new();
        botdocs_commands(&parse(&recipe.content), &mut commands);
        let build = commands
            .iter()
            .find(|command| command.contains("--shard"))
            .unwrap();
        assert!(text.contains(merge), "{service}");
        std::thread::scope(|scope| {
            for part in 0..4 {
                let project = &project;
                let line = format!("export {}\n{build}", variables(part));
                scope.spawn(move || project.shell(&line).exits(0));
            }
        });
        project.shell(merge).exits(0);
        let out = merge.rsplit(' ').next().unwrap();
        assert!(project.tree(out) == project.tree("whole"), "{service}");
    }
}

/// The reference implementation reads compressed files too.
#[test]
fn gzip_reads_what_is_compressed() {
    let project = project_of_parts();
    for way in ["only", "beside"] {
        let build = ["build", "--bots", "bots.csv", "--out", way, "--gzip", way];
        project.run(&build).exits(0);
    }
    let tested =
        project.shell("gzip --test only/index.html.gz only/bots/*/*.gz beside/bots/*/*.gz");
    tested.exits(0);
}
