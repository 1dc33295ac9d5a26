//! A project in a folder of its own, and the program run on it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// The smallest project: a site and one page.
pub(crate) const SITE: &str = "title: Docs\nnavigation: [api]\n";

/// The page of the smallest project.
pub(crate) const API: &str = "\
title: API
servers: [{url: https://api.example.com}]
endpoints:
  chat:
    title: Chat
    method: POST
    path: /chat
    request:
      fields:
        bot_id: {type: string, required: true}
      example: {bot_id: \"{{ bot_id }}\"}
    responses:
      200: {description: The answer., fields: {response: {type: string}}, example: {response: Hello}}
";

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: TempDir,
}

impl Project {
    /// The smallest project.
    pub(crate) fn new() -> Project {
        Project::empty()
            .file("spec/site.yaml", SITE)
            .file("spec/api.yaml", API)
    }

    /// A folder with nothing in it.
    pub(crate) fn empty() -> Project {
        Project {
            folder: TempDir::new().unwrap(),
        }
    }

    /// A copy of a folder of this repository, such as `tests/golden/everything`.
    pub(crate) fn copy_of(path: &str) -> Project {
        let project = Project::empty();
        copy(&repository().join(path), project.path());
        project
    }

    /// A copy of some folders of this repository.
    pub(crate) fn copy_of_folders(names: &[&str]) -> Project {
        let project = Project::empty();
        for name in names {
            copy(&repository().join(name), &project.path().join(name));
        }
        project
    }

    /// Writes a file.
    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Project {
        self.write(path, content);
        self
    }

    /// Writes a file of a project that is in use.
    #[track_caller]
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        assert!(
            Path::new(path).is_relative(),
            "{path} is no file of the project"
        );
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, content).unwrap();
    }

    /// What is in a file.
    pub(crate) fn read(&self, path: &str) -> String {
        let text = fs::read_to_string(self.path().join(path));
        text.unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Runs the program in the project's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        Ran::of(self.command(arguments).output().unwrap())
    }

    /// Writes a file and runs the program.
    pub(crate) fn write_and_run(&self, path: &str, content: &str, arguments: &[&str]) -> Ran {
        self.write(path, content);
        self.run(arguments)
    }

    /// The program in the project's folder, to be run with more than arguments.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_botdocs"));
        command.args(arguments);
        self.prepare(&mut command);
        command
    }

    /// Gives a command the project's folder and nothing of the environment: what might change what is
    /// printed, and `PATH`, by which the program would find others.
    pub(crate) fn prepare(&self, command: &mut Command) {
        command
            .current_dir(self.path())
            .env_clear()
            .env("HOME", self.path().join("home-that-is-not-there"))
            .stdin(Stdio::null());
    }

    /// The files below a folder, as path and content, sorted.
    pub(crate) fn tree(&self, path: &str) -> Vec<(String, Vec<u8>)> {
        tree(&self.path().join(path))
    }
}

/// What a run of the program gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    /// What a run gave, whose output must be text.
    pub(crate) fn of(output: Output) -> Ran {
        Ran {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Fails, with all that was printed, unless the exit code is `code`.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Ran {
        assert_eq!(
            self.code,
            Some(code),
            "stdout:\n{}\nstderr:\n{}",
            self.stdout,
            self.stderr
        );
        self
    }
}

/// The files below a folder, as path and content, sorted.
pub(crate) fn tree(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter();
    let files = entries
        .map(Result::unwrap)
        .filter(|entry| !entry.file_type().is_dir());
    let files = files.map(|entry| {
        let below = entry.path().strip_prefix(folder).unwrap();
        (
            below.to_str().unwrap().to_owned(),
            fs::read(entry.path()).unwrap(),
        )
    });
    files.collect()
}

/// This repository's folder.
pub(crate) fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Whether expectations are to be written anew instead of compared: `UPDATE_GOLDEN=1`.
pub(crate) fn updates_expectations() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

/// Where two texts differ: the lines of both between what is the same before and after.
pub(crate) fn difference(expected: &str, found: &str) -> String {
    const SHOWN: usize = 12;
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let same =
        |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| pairs.take_while(|(a, b)| a == b).count();
    let before = same(&mut expected.iter().zip(&found));
    let after = same(
        &mut expected[before..]
            .iter()
            .rev()
            .zip(found[before..].iter().rev()),
    );
    let mut out = format!("at line {}:\n", before + 1);
    for line in &expected[before.saturating_sub(2)..before] {
        out += &format!("    {}\n", excerpt(line, ""));
    }
    let middles = [('-', &expected, &found), ('+', &found, &expected)];
    for (sign, lines, others) in middles {
        let middle = &lines[before..lines.len() - after];
        for (index, line) in middle.iter().take(SHOWN).enumerate() {
            let other = others.get(before + index).copied().unwrap_or_default();
            out += &format!("  {sign} {}\n", excerpt(line, other));
        }
        if middle.len() > SHOWN {
            out += &format!("  {sign} … {} more\n", middle.len() - SHOWN);
        }
    }
    out
}

/// The part of a long line where it begins to differ from another.
fn excerpt(line: &str, other: &str) -> String {
    let characters: Vec<char> = line.chars().collect();
    if characters.len() <= 160 {
        return line.to_owned();
    }
    let same = characters
        .iter()
        .zip(other.chars())
        .take_while(|(a, b)| **a == *b)
        .count();
    let from = same.min(characters.len() - 1).saturating_sub(60);
    let part: String = characters[from..].iter().take(160).collect();
    format!("(from character {}) {part}", from + 1)
}

fn copy(from: &Path, to: &Path) {
    for (path, content) in tree(from) {
        let to = to.join(path);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::write(to, content).unwrap();
    }
}

/// An API page with an endpoint of all bots and one of some.
pub(crate) const TWO_ENDPOINTS: &str = "\
title: API
servers: [{url: https://api.example.com}]
endpoints:
  one:
    title: One
    method: GET
    path: /one
    responses: {204: {description: Done.}}
  extra:
    title: Extra
    method: GET
    path: /extra
    when: {plan: [gold]}
    responses: {204: {description: Done.}}
";

/// The smallest project with a small theme, so that a build is quick.
pub(crate) fn small() -> Project {
    Project::new()
        .file("static/style.css", "body { margin: 0 }\n")
        .file("static/script.js", "// nothing\n")
}

/// The page with a text that tells one save from the next.
pub(crate) fn page(mark: &str) -> String {
    API.replace("The answer.", mark)
}

/// The words of the commands whose manual pages are looked at.
pub(crate) const MANUAL_PAGES: [&[&str]; 5] =
    [&[], &["build"], &["theme"], &["theme", "eject"], &["clean"]];
