//! Sessions of a shell in code: prompts, commands, and what they print.

use crate::rich::code::ClassedCode;
use crate::rich::highlight::Highlighter;
use crate::rich::html::Html;

/// The names of the language after a fence.
const NAMES: [&str; 4] = ["console", "shell-session", "sh-session", "shellsession"];

/// The prompts before a command, with their blank.
const PROMPTS: [&str; 4] = ["$ ", "% ", "# ", "> "];

/// A session, line by line; empty for other code.
#[derive(Debug, Default)]
pub struct Session {
    lines: Vec<SessionLine>,
}

/// A line of a session.
#[derive(Clone, Debug, PartialEq, Eq)]
enum SessionLine {
    /// A command or a part of it, after a prompt of this length.
    Command { prompt: usize, text: String },
    /// What a command prints.
    Output(String),
}

impl Session {
    /// Reads code of a fence; nothing if the language is another one, or no line has a prompt.
    ///
    /// Code without a prompt is commands alone, as in a script.
    pub fn read(language: &str, code: &str) -> Option<Session> {
        if !NAMES.contains(&&*language.to_lowercase()) {
            return None;
        }
        // `# ` is the prompt of root, or a comment of a session with another prompt; `> ` is a
        // prompt, or the second line of a command.
        let has = |prompt: &&&str| code.lines().any(|line| line.starts_with(**prompt));
        let prompt = PROMPTS.iter().find(has)?;
        let mut lines = Vec::new();
        let mut continues = Continues::No;
        let mut rest = code;
        for line in code.split_inclusive('\n') {
            let text = line.trim_end_matches('\n');
            rest = &rest[line.len()..];
            let before = continues.clone();
            let length = match before {
                Continues::Until(_, prompt) => prompt.min(text.len()),
                Continues::Backslash if !text.starts_with(prompt) || *prompt == "> " => {
                    if text.starts_with("> ") { 2 } else { 0 }
                }
                _ if text.starts_with(prompt) => prompt.len(),
                Continues::Perhaps if text.starts_with("> ") => 2,
                _ => {
                    continues = Continues::No;
                    lines.push(SessionLine::Output(line.to_owned()));
                    continue;
                }
            };
            continues = before.after(&text[length..], rest);
            lines.push(SessionLine::Command {
                prompt: length,
                text: line.to_owned(),
            });
        }
        Some(Session { lines })
    }

    /// Returns the HTML of each line; of code that is no session, as it was highlighted.
    pub fn lines(&self, highlighted: &ClassedCode, highlighter: &Highlighter) -> Vec<Html> {
        if self.lines.is_empty() {
            return highlighted
                .lines()
                .iter()
                .map(ClassedCode::to_html)
                .collect();
        }
        // The commands alone are code: of the grammar, a prompt is a syntax error.
        let commands: String = self.lines.iter().map(SessionLine::command).collect();
        let commands = highlighter.highlight(&commands, "sh").code.lines();
        let mut commands = commands.into_iter();
        let line = |line: &SessionLine| {
            let mut html = Html::new();
            match line {
                SessionLine::Output(text) => html.push_visible(text),
                SessionLine::Command { prompt, text } => {
                    if *prompt > 0 {
                        html.element("span")
                            .attribute("class", "prompt")
                            .text(&text[..*prompt]);
                    }
                    html.push_markup("<span class=\"command\">");
                    if let Some(command) = commands.next() {
                        html.push(&command.to_html());
                    }
                    html.push_markup("</span>");
                }
            }
            html
        };
        self.lines.iter().map(line).collect()
    }
}

impl SessionLine {
    /// Returns the command with its line end, without a prompt.
    fn command(&self) -> String {
        match self {
            SessionLine::Output(_) => String::new(),
            SessionLine::Command { prompt, text } => text[*prompt..].to_owned(),
        }
    }
}

/// Whether a command goes on in the next line.
#[derive(Clone)]
enum Continues {
    No,
    /// Its line is complete, but a shell may still ask for more with `> `.
    Perhaps,
    /// Its line ends with a backslash.
    Backslash,
    /// A here-document goes on to this line, and each line of it has a prompt of this length.
    Until(String, usize),
}

impl Continues {
    /// Returns whether the command goes on after one more line of it.
    fn after(self, line: &str, rest: &str) -> Continues {
        if let Continues::Until(end, prompt) = self {
            return match line.trim() == end {
                true => Continues::Perhaps,
                false => Continues::Until(end, prompt),
            };
        }
        let here = line.rsplit_once("<<").map(|(_, word)| word);
        let word = here.map(|word| word.trim_start_matches(['-', '~', ' ', '\'', '"', '\\']));
        let word: String = word
            .unwrap_or_default()
            .chars()
            .take_while(|&c| c.is_ascii_alphanumeric() || c == '_')
            .collect();
        // `<<< word` is no here-document.
        let is_document = !word.is_empty() && !line.contains("<<<");
        match line {
            _ if is_document && word.starts_with(|c: char| !c.is_ascii_digit()) => {
                let ends = |line: &&str| line.trim_start_matches("> ").trim() == word;
                let end = rest.lines().find(ends).unwrap_or_default();
                let prompt = if end.starts_with("> ") { 2 } else { 0 };
                Continues::Until(word, prompt)
            }
            line if line.trim_end().ends_with('\\') => Continues::Backslash,
            _ => Continues::Perhaps,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The commands that a reader copies.
    fn commands(code: &str) -> Option<String> {
        let session = Session::read("console", code)?;
        Some(session.lines.iter().map(SessionLine::command).collect())
    }

    #[test]
    fn a_session_is_copied_as_its_commands() {
        for (code, expected) in [
            ("$ npm install x\nadded 1 package\n", "npm install x\n"),
            ("$ a\n$ b\nout\n$ c", "a\nb\nc"),
            (
                "$ curl \\\n    -d x \\\n> -v\nok\n",
                "curl \\\n    -d x \\\n-v\n",
            ),
            (
                "$ for i in 1 2\n> do echo $i\n> done\n1\n2\n",
                "for i in 1 2\ndo echo $i\ndone\n",
            ),
            ("# apt-get update\nHit:1\n", "apt-get update\n"),
            ("$ ls\n# a comment\nfile\n", "ls\n"),
            ("> dir\nfile\n> cd x\n", "dir\ncd x\n"),
            ("% ls\nfile\n", "ls\n"),
            (
                "$ cat <<EOF\na $ b\nEOF\n$ ls\n",
                "cat <<EOF\na $ b\nEOF\nls\n",
            ),
            ("$ cat <<'END'\n> x\n> END\nx\n", "cat <<'END'\nx\nEND\n"),
            ("$ cat <<A\n> x\nA\n", "cat <<A\n> x\nA\n"),
            ("$ grep x <<< y\ny\n", "grep x <<< y\n"),
            ("$\n$ a\n", "a\n"),
            ("out first\n$ a\n", "a\n"),
            ("$ echo '> '\n\n> \n", "echo '> '\n"),
        ] {
            assert_eq!(commands(code).as_deref(), Some(expected), "{code}");
        }
        // Without a prompt, all of it is commands.
        assert_eq!(commands("npm install x\n"), None);
        assert!(Session::read("sh", "$ a\n").is_none());
    }

    #[test]
    fn the_page_shows_every_character() {
        let code = "$ echo \"<a>\" # x\n<a>\n";
        let session = Session::read("shell-session", code).unwrap();
        let lines = session.lines(&ClassedCode::plain(code), &Highlighter::new());
        let html: String = lines.iter().map(|line| line.as_str().to_owned()).collect();
        assert!(
            html.starts_with("<span class=\"prompt\">$ </span><span class=\"command\">"),
            "{html}"
        );
        assert!(html.ends_with("</span>&lt;a&gt;\n"), "{html}");
    }
}
