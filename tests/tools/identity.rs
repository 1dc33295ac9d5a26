//! The signing code of the Identity Verification guide, run as the guide has it.
//!
//! Each language's code block is cut out of the guide and run by its real interpreter, one process
//! for all vectors of `tests/identity/vectors.json`, with the small program beside them.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    reason = "tests write temporary files, and fail by panicking"
)]

use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::tool::tool;
use serde::Deserialize;

const GUIDE: &str = include_str!("../../spec/identity-verification.md");
const VECTORS: &str = include_str!("../identity/vectors.json");

#[derive(Deserialize)]
struct Vectors {
    vectors: Vec<Vector>,
}

#[derive(Deserialize)]
struct Vector {
    title: String,
    text: String,
    signature: String,
}

/// What a program prints: an answer to each vector, in order.
#[derive(Deserialize)]
struct Printed {
    answers: Vec<Answer>,
    signs_without_secret: bool,
}

#[derive(Deserialize)]
struct Answer {
    text: String,
    signature: String,
}

#[test]
fn node_signs_like_a_browser() {
    check(
        "js",
        "visitor.mjs",
        ("check.mjs", include_str!("../identity/check.mjs")),
        &["node", "check.mjs"],
    );
}

#[test]
fn python_signs_like_a_browser() {
    check(
        "python",
        "visitor.py",
        ("check.py", include_str!("../identity/check.py")),
        &["python3", "check.py"],
    );
}

#[test]
fn php_signs_like_a_browser() {
    check(
        "php",
        "visitor.php",
        ("check.php", include_str!("../identity/check.php")),
        &["php", "check.php"],
    );
}

#[test]
fn go_signs_like_a_browser() {
    check(
        "go",
        "visitor/visitor.go",
        ("check.go", include_str!("../identity/check.go")),
        &["go", "run", "."],
    );
}

#[test]
fn ruby_signs_like_a_browser() {
    check(
        "ruby",
        "visitor.rb",
        ("check.rb", include_str!("../identity/check.rb")),
        &["ruby", "check.rb"],
    );
}

#[test]
fn the_guide_shows_the_first_vector() {
    let first = &vectors()[0];
    for shown in [&first.text, &first.signature] {
        assert!(
            GUIDE.contains(&format!("| `{shown}` |")),
            "the guide has no cell with {shown}"
        );
    }
}

/// Runs the guide's block of `language`, saved as `module`, under `program`.
fn check(language: &str, module: &str, program: (&str, &str), command: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    write(module, &code_block(language));
    write(program.0, program.1);
    write("vectors.json", VECTORS);
    write("go.mod", "module check\n\ngo 1.19\n");

    let printed = run(command, folder.path());
    let vectors = vectors();
    assert_eq!(
        printed.answers.len(),
        vectors.len(),
        "{language}: answers and vectors"
    );
    for (answer, vector) in printed.answers.iter().zip(&vectors) {
        let title = &vector.title;
        assert_eq!(answer.text, vector.text, "{language}: text of `{title}`");
        assert_eq!(
            answer.signature, vector.signature,
            "{language}: signature of `{title}`"
        );
    }
    assert!(
        !printed.signs_without_secret,
        "{language}: signs although there is no secret"
    );
}

fn vectors() -> Vec<Vector> {
    serde_json::from_str::<Vectors>(VECTORS).unwrap().vectors
}

/// The one code block of the guide in `language`.
fn code_block(language: &str) -> String {
    let fence = format!("\n```{language}\n");
    let blocks: Vec<&str> = GUIDE.split(fence.as_str()).skip(1).collect();
    let [block] = blocks[..] else {
        panic!(
            "the guide has {} code blocks in {language}, not one",
            blocks.len()
        );
    };
    let (code, _) = block
        .split_once("\n```\n")
        .expect("the code block has an end");
    format!("{code}\n")
}

fn run(command: &[&str], folder: &Path) -> Printed {
    let (program, arguments) = command.split_first().unwrap();
    let output = tool(program)
        .args(arguments)
        .current_dir(folder)
        // Go keeps what it compiled between runs, needs no home folder, and never downloads.
        .env("GOCACHE", concat!(env!("CARGO_TARGET_TMPDIR"), "/go"))
        .env("GOTOOLCHAIN", "local")
        .env("GOPROXY", "off")
        .env("GOFLAGS", "")
        .env("GOWORK", "off")
        .output();
    let output = match output {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            panic!("`{program}` is not installed; run ./test, which installs what the tests need")
        }
        output => output.unwrap(),
    };
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`{program}` failed:\n{stderr}");
    serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("`{program}` printed no answers: {error}\n{stderr}"))
}
