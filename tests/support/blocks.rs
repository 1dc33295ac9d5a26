//! Projects written down in Markdown: each fenced block is a file, or commands that make one.
//!
//! The info string of a block names the language and the file: ```` ```yaml spec/api.yaml ````. A
//! block of `sh` is run by a shell in the project's folder, for what text can't show; the target
//! `integration` has no shell and leaves such projects to the others.

use super::project::Project;

/// A fenced block.
#[derive(Debug)]
pub(crate) struct Block {
    /// The info string's first word.
    pub(crate) language: String,
    /// The rest of the info string.
    pub(crate) path: String,
    /// The lines between the fences.
    pub(crate) content: String,
}

impl Block {
    /// Whether a shell runs it.
    fn is_run(&self) -> bool {
        self.language == "sh" && self.path.is_empty()
    }
}

/// The fenced blocks of a text, in order.
pub(crate) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        let info = line.trim_start_matches('`');
        let fence = &line[..line.len() - info.len()];
        if fence.len() < 3 {
            continue;
        }
        let (language, path) = info.split_once(' ').unwrap_or((info, ""));
        let mut content = String::new();
        loop {
            let line = lines.next().expect("a fence that ends");
            if line == fence {
                break;
            }
            content.push_str(line);
            content.push('\n');
        }
        blocks.push(Block {
            language: language.to_owned(),
            path: path.to_owned(),
            content,
        });
    }
    blocks
}

/// What the blocks of a project need besides Rust.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Needs {
    Nothing,
    /// A shell, which makes what text can't show.
    Shell,
    /// A user for whom permissions hold, which root is not.
    Permissions,
}

impl Needs {
    /// The needs of a project. Only a block that changes permissions has `chmod` in it.
    pub(crate) fn of(blocks: &[Block]) -> Needs {
        let mut shell = blocks.iter().filter(|block| block.is_run());
        if shell.clone().next().is_none() {
            Needs::Nothing
        } else if shell.any(|block| block.content.contains("chmod ")) {
            Needs::Permissions
        } else {
            Needs::Shell
        }
    }
}

/// The smallest project, with what the blocks change.
pub(crate) fn project(blocks: &[Block]) -> Project {
    project_by(blocks, |_, commands| {
        panic!("no shell runs here:\n{commands}")
    })
}

/// The same; `run` runs the blocks of `sh`.
pub(crate) fn project_by(blocks: &[Block], run: fn(&Project, &str)) -> Project {
    let project = Project::new();
    for block in blocks {
        match (block.language.as_str(), block.path.as_str()) {
            _ if block.is_run() => run(&project, &block.content),
            (_, "") => panic!("a block without a file:\n{}", block.content),
            (_, path) => project.write(path, &block.content),
        }
    }
    project
}

/// What to tell the program of a project that has a list of bots.
pub(crate) fn bots(project: &Project) -> Vec<&'static str> {
    let lists = ["bots.yaml", "bots.csv", "bots.jsonl"];
    let list = lists
        .into_iter()
        .find(|list| project.path().join(list).exists());
    list.map_or(Vec::new(), |list| vec!["--bots", list])
}
