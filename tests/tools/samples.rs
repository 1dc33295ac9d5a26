//! Samples: what is printed for each language, held to the languages and their formatters.

use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::process::{Command, Output};

use botdocs::hole::{Hole, Values, VariableId};
use botdocs::model::example;
use botdocs::model::sample::{self, Payload, Request, quote};
use botdocs::model::{Language, SampleChoice};
use tempfile::TempDir;

use crate::project::repository;
use crate::support::samples::{HOSTILE, literals, literals_of, model, written};
use crate::tool::tool;

/// Runs a tool, which `./test` installs.
fn run(command: &mut Command) -> Output {
    let output = command
        .env("GOFLAGS", "")
        .env("GOTOOLCHAIN", "local")
        .output();
    match output {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("{command:?}: not installed; run ./test, which installs what the tests need")
        }
        output => output.unwrap(),
    }
}

#[track_caller]
fn succeeds(command: &mut Command) {
    let output = run(command);
    let said = [output.stdout, output.stderr].concat();
    assert!(
        output.status.success(),
        "{command:?}:\n{}",
        String::from_utf8_lossy(&said)
    );
}

fn node_module(path: &str) -> PathBuf {
    repository().join("tests/samples/node_modules").join(path)
}

#[test]
fn go_is_as_gofmt_writes_it_and_compiles() {
    let (folder, names) = written(&[Language::Go]);
    let output = run(tool("gofmt").arg("-d").args(&names).current_dir(&folder));
    let difference = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && difference.is_empty(),
        "{difference}"
    );
    for name in names {
        succeeds(tool("go").args(["vet", &name]).current_dir(&folder));
    }
}

#[test]
fn python_is_as_black_writes_it() {
    let (folder, names) = written(&[Language::Python]);
    let python = repository().join("target/samples/bin/python");
    let check = ["-m", "black", "--check", "--diff", "--quiet"];
    succeeds(tool(python).args(check).args(&names).current_dir(&folder));
}

#[test]
fn javascript_and_typescript_are_as_prettier_writes_them() {
    let (folder, names) = written(&[Language::JavaScript, Language::TypeScript]);
    let prettier = node_module("prettier/bin/prettier.cjs");
    let mut command = tool("node");
    succeeds(
        command
            .arg(prettier)
            .arg("--check")
            .args(&names)
            .current_dir(&folder),
    );
}

#[test]
fn typescript_compiles_strictly() {
    let (folder, names) = written(&[Language::TypeScript]);
    let options = [
        "--noEmit", "--strict", "--target", "es2022", "--module", "nodenext",
    ];
    let types = node_module("@types");
    let mut command = tool("node");
    command.arg(node_module("typescript/bin/tsc")).args(options);
    command.args(["--types", "node", "--typeRoots"]).arg(types);
    succeeds(command.args(&names).current_dir(&folder));
}

#[test]
fn php_keeps_to_psr_12() {
    let (folder, names) = written(&[Language::Php]);
    for name in &names {
        succeeds(tool("php").args(["-l", name]).current_dir(&folder));
    }
    // A line that holds a long text can't be shorter, which is a warning only.
    let check = ["--standard=PSR12", "--warning-severity=0"];
    succeeds(tool("phpcs").args(check).args(&names).current_dir(&folder));
}

#[test]
fn ruby_keeps_to_rubocop() {
    let (folder, names) = written(&[Language::Ruby]);
    let cops = "Layout,Lint/Syntax,Lint/UselessAssignment,Style/StringLiterals,\
                Style/TrailingCommaInHashLiteral,Style/TrailingCommaInArrayLiteral";
    let config = folder.path().join(".rubocop.yml");
    fs::write(
        config,
        "AllCops: {NewCops: disable}\nLayout/LineLength: {Enabled: false}\n",
    )
    .unwrap();
    let check = ["--only", cops, "--cache", "false"];
    succeeds(
        tool("rubocop")
            .args(check)
            .args(&names)
            .current_dir(&folder),
    );
}

#[test]
fn shells_can_read_their_samples() {
    let (folder, names) = written(&[Language::Curl]);
    for shell in ["bash", "dash"] {
        for name in &names {
            succeeds(tool(shell).args(["-n", name]).current_dir(&folder));
        }
    }
}

/// Runs a program that prints all literals, and compares what it prints with the texts.
#[track_caller]
fn check_quotes(
    quote: fn(&str) -> String,
    file: &str,
    program: impl Fn(&[String]) -> String,
    command: &[&str],
) {
    check_literals(literals(quote), file, program, command);
}

#[track_caller]
fn check_literals(
    (literals, expected): (Vec<String>, String),
    file: &str,
    program: impl Fn(&[String]) -> String,
    command: &[&str],
) {
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join(file), program(&literals)).unwrap();
    let mut run_it = tool(command[0]);
    let output = run(run_it.args(&command[1..]).arg(file).current_dir(&folder));
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {stderr}");
    let found = String::from_utf8_lossy(&output.stdout);
    for (found, expected) in found.split('\0').zip(expected.split('\0')) {
        assert_eq!(found, expected, "{command:?}");
    }
    assert_eq!(found, expected, "{command:?}");
}

#[test]
fn shell_words_arrive_intact() {
    let program = |literals: &[String]| {
        let (first, rest) = literals.split_first().unwrap();
        let rest: String = rest
            .iter()
            .map(|l| format!("printf '\\0%s' {l}\n"))
            .collect();
        format!("printf %s {first}\n{rest}")
    };
    for shell in ["bash", "dash"] {
        check_quotes(quote::shell, "words.sh", program, &[shell]);
    }
}

/// A `curl` that prints what it is given stands in for the real one.
#[test]
fn what_the_shell_passes_to_curl_is_the_example() {
    let model = model(&repository().join("tests/golden/everything"));
    for (name, value) in [
        ("plain", "Ada"),
        ("hostile", "it's \"$(id)\" `x` \\ !!\n#{a}"),
    ] {
        let values = model
            .variables
            .values(|variable| (variable == "bot_name").then(|| value.to_owned()));
        let folder = TempDir::new().unwrap();
        let stub = folder.path().join("curl");
        fs::write(&stub, "#!/bin/sh\nprintf '%s\\0' \"$@\"\n").unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(&stub, mode).unwrap();
        let mut bodies = 0;
        for api in model.apis() {
            for endpoint in &api.endpoints {
                for streams in [false, endpoint.stream.is_some()] {
                    let Some(example) = example::sampled(endpoint) else {
                        continue;
                    };
                    let Some(request) = Request::new(api, endpoint, example, streams) else {
                        continue;
                    };
                    let choice = SampleChoice::usual()[0];
                    let code = values.fill(sample::print(&request, &choice).code.to_text());
                    for shell in ["bash", "dash"] {
                        let path = format!("{}:/usr/bin:/bin", folder.path().display());
                        let mut command = tool(shell);
                        let output = run(command.args(["-c", &code]).env("PATH", path));
                        let given = String::from_utf8(output.stdout).unwrap();
                        let given: Vec<&str> = given.split('\0').collect();
                        assert!(
                            given.contains(&&*values.fill(&request.url)),
                            "{name}: {given:?}"
                        );
                        if let Payload::Json { .. } | Payload::Text { .. } = request.payload {
                            let body = values.fill(request.payload.to_code().to_text());
                            let at = given
                                .iter()
                                .position(|it| ["-d", "--data-raw"].contains(it));
                            assert_eq!(given[at.unwrap() + 1], body, "{name}, {shell}");
                            bodies += 1;
                        }
                    }
                }
            }
        }
        assert!(bodies > 20, "{bodies}");
    }
}

#[test]
fn python_strings_arrive_intact() {
    let program = |literals: &[String]| {
        format!(
            "import sys\nsys.stdout.buffer.write('\\0'.join([{}]).encode())\n",
            literals.join(",\n")
        )
    };
    check_quotes(quote::python, "strings.py", program, &["python3"]);
}

#[test]
fn javascript_strings_arrive_intact() {
    let program = |literals: &[String]| {
        format!(
            "process.stdout.write([{}].join('\\0'));\n",
            literals.join(",\n")
        )
    };
    check_quotes(quote::javascript, "strings.mjs", program, &["node"]);
}

#[test]
fn php_strings_arrive_intact() {
    let program = |literals: &[String]| {
        format!(
            "<?php\necho implode(\"\\0\", [{}]);\n",
            literals.join(",\n")
        )
    };
    check_quotes(quote::php, "strings.php", program, &["php"]);
}

#[test]
fn ruby_strings_arrive_intact() {
    let program = |literals: &[String]| format!("print [{}].join(\"\\0\")\n", literals.join(",\n"));
    // Ruby reads CR LF in a program as LF, also between quotes: a value with one in a hole is the
    // only text that does not arrive as it was.
    let texts: Vec<&str> = HOSTILE
        .into_iter()
        .filter(|text| !text.contains("\r\n"))
        .collect();
    check_literals(
        literals_of(quote::ruby, &texts),
        "strings.rb",
        program,
        &["ruby"],
    );
    let with_cr_lf = (vec![quote::ruby("a\r\nb")], "a\r\nb".to_owned());
    check_literals(with_cr_lf, "strings.rb", program, &["ruby"]);
}

fn go_program(literals: &[String]) -> String {
    format!(
        "package main\n\nimport (\n\t\"fmt\"\n\t\"strings\"\n)\n\nfunc main() {{\n\
         fmt.Print(strings.Join([]string{{\n{},\n}}, \"\\x00\"))\n}}\n",
        literals.join(",\n")
    )
}

#[test]
fn go_strings_arrive_intact() {
    check_quotes(quote::go, "strings.go", go_program, &["go", "run"]);
}

/// Raw strings of Go hold JSON, in which control characters are escapes already.
#[test]
fn raw_strings_of_go_arrive_intact() {
    let hole = Hole::new(VariableId::new(0).unwrap()).marker();
    for text in HOSTILE {
        let visible = |c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}');
        if text.contains(visible) {
            continue;
        }
        let values = Values::new([("x".to_owned(), text.to_owned())]);
        let literal = values.fill(&quote::go_raw(&format!("a{hole}b")));
        assert_eq!(literal, quote::go_raw(&format!("a{text}b")));
    }
    let all = HOSTILE.map(|text| text.replace(|c: char| c.is_control() || c == '\u{feff}', " "));
    let literals: Vec<String> = all.iter().map(|text| quote::go_raw(text)).collect();
    let folder = TempDir::new().unwrap();
    fs::write(folder.path().join("raw.go"), go_program(&literals)).unwrap();
    let output = run(tool("go").args(["run", "raw.go"]).current_dir(&folder));
    assert_eq!(String::from_utf8_lossy(&output.stdout), all.join("\0"));
}
