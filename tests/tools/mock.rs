//! The mock and clients of others, and `test`, which runs samples against it.

use std::path::PathBuf;
use std::process::Command;

use botdocs::model::Language;
use serde_json::{Value, json};

use crate::project::{Project, repository};
use crate::support::events::rusts;
use crate::support::mock::{BOT, Mock, prompt, shipped};
use crate::tool::tool;

/// A command with the tools that the tests bring: `requests` and `tsc`.
pub(crate) fn test_command(project: &Project) -> Command {
    let mut command = project.command(&["test"]);
    let tools: [PathBuf; 2] = [
        repository().join("target/samples/bin"),
        repository().join("tests/samples/node_modules/.bin"),
    ];
    let path = std::env::var_os("PATH").unwrap_or_default();
    let paths = tools.into_iter().chain(std::env::split_paths(&path));
    command.env("PATH", std::env::join_paths(paths).unwrap());
    for name in ["HOME", "GOCACHE"] {
        if let Some(value) = std::env::var_os(name) {
            command.env(name, value);
        }
    }
    command
}

/// Every language but PowerShell, which no registry has: its samples are parsed in `samples.rs`.
#[track_caller]
fn all_samples_run(project: &Project, least: usize) {
    let output = test_command(project).output().unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stdout}\n{stderr}");
    let ran = stdout
        .lines()
        .filter(|line| line.starts_with("ok "))
        .count();
    assert!(ran >= least, "{ran}\n{stdout}");
    let not_run: Vec<&str> = stderr
        .lines()
        .filter(|line| line.starts_with("not run") && !line.ends_with("written in the spec"))
        .collect();
    assert!(
        not_run.iter().all(|line| line.contains("PowerShell")),
        "{not_run:?}: run ./test"
    );
    let rows = Language::ALL.map(Language::row);
    let programs = rows.iter().flat_map(|row| row.programs);
    let programs = programs.map(|program| program.name);
    // `sh` is for machines without the other shells.
    for tool in programs.filter(|name| !["sh", "pwsh"].contains(name)) {
        let is_there = stdout.contains(&format!("({tool})"));
        assert!(
            is_there || project.read("spec/site.yaml").contains("samples:"),
            "{tool}\n{stdout}"
        );
    }
}

/// Runs a program of `tests/samples/` and gives what it prints.
#[track_caller]
fn client(program: &str, arguments: &[&str]) -> String {
    let root = repository();
    let mut command = match program.rsplit_once('.') {
        Some((_, "py")) => tool(root.join("target/samples/bin/python")),
        Some((_, "go")) => {
            let mut go = tool("go");
            // Debian's packages of Go's libraries stand there.
            go.envs([("GO111MODULE", "off"), ("GOPATH", "/usr/share/gocode")])
                .arg("run");
            go
        }
        _ => tool("node"),
    };
    let output = command
        .arg(root.join("tests/samples").join(program))
        .args(arguments)
        .output()
        .expect("run ./test, which installs what the tests need");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program}: {stderr}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn clients_of_others_get_the_documented_events() {
    let project = shipped();
    let mock = Mock::start(&project, &["--pace", "20"]);
    let address = format!("http://{}/api/chat/completion", mock.address);
    let mut body = prompt(BOT);
    body["stream"] = true.into();
    let expected = [
        json!(["chat_id", "019dd3e1-7c20-7a3b-8f45-2b6d90c1e7aa"]),
        json!(["message", "Choose “Forgot password?” "]),
        json!(["message", "on the sign-in page "]),
        json!(["message", "and follow the link that we send you."]),
        json!([
            "token_usage",
            "{\"input_tokens\": 186, \"output_tokens\": 19}"
        ]),
        json!(["__done__", ""]),
    ];
    for program in [
        "sse_client.py",
        "sseclient_client.py",
        "sse_client.mjs",
        "eventsource_client.mjs",
        "sse_client.go",
    ] {
        let printed = client(program, &[&address, &body.to_string()]);
        let events: Vec<Value> = printed
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(events, expected, "{program}");
    }
    // And Rust's, on the bytes as they came.
    let sent = mock.chat(&body, "").body;
    let events = rusts(&sent).into_iter();
    let events: Vec<Value> = events.map(|(name, data, _)| json!([name, data])).collect();
    assert_eq!(events, expected, "eventsource-stream");
}

#[test]
fn clients_of_openai_work_with_a_mock_of_their_shape() {
    let project = Project::copy_of("tests/samples/chat-completions");
    let mock = Mock::start(&project, &["--pace", "20"]);
    let base = format!("http://{}/v1", mock.address);
    for program in ["openai_client.py", "openai_client.mjs"] {
        let printed = client(program, &[&base]);
        let expected = "One, two, three.\n|One, |two, three.|\n`messages` has 0 items, and must have at least 1\n";
        assert_eq!(printed, expected, "{program}");
    }
}

#[test]
fn every_sample_of_the_shipped_spec_runs() {
    all_samples_run(&shipped(), 40);
}

#[test]
fn every_sample_of_every_construct_runs() {
    let project = Project::copy_of("tests/golden/everything");
    all_samples_run(&project, 40);
    let site = project.read("spec/site.yaml");
    let start = site.find("samples:").unwrap();
    let end = site.find("\nredirects:").unwrap();
    project.write(
        "spec/site.yaml",
        format!("{}{}", &site[..start], &site[end..]),
    );
    all_samples_run(&project, 150);
}
