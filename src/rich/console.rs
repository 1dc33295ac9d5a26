//! Sessions of a shell in code: prompts, commands, and what they print.

use std::collections::HashMap;

use crate::rich::code::ClassedCode;
use crate::rich::highlight::Highlighter;
use crate::rich::html::Html;

/// The names of the language after a fence.
const NAMES: [&str; 4] = ["console", "shell-session", "sh-session", "shellsession"];

/// The prompts before a command, with their blank.
const PROMPTS: [&str; 4] = ["$ ", "% ", "# ", "> "];

/// How a program shows that it waits for a command, in a fence of its own language too.
struct Prompt {
    /// The names of the language after a fence.
    names: &'static [&'static str],
    /// The name of the grammar for commands.
    grammar: &'static str,
    /// Returns the length of the prompt that begins a line.
    of: fn(&str) -> Option<usize>,
    /// The prompt before further lines of a command.
    more: &'static str,
}

/// The prompts that no code of these languages begins with.
const OF_LANGUAGES: [Prompt; 4] = [
    Prompt {
        names: &["bash", "sh", "shell", "zsh"],
        grammar: SHELL,
        of: |line| of_shell(line).or_else(|| line.starts_with("$ ").then_some(2)),
        more: "> ",
    },
    Prompt {
        names: &["powershell", "ps1", "pwsh"],
        grammar: "powershell",
        of: |line| of_windows(line).filter(|_| line.starts_with("PS")),
        more: ">> ",
    },
    Prompt {
        names: &["bat", "batch", "cmd", "dos", "text", "txt"],
        grammar: "text",
        of: |line| of_windows(line).filter(|_| !line.starts_with("PS")),
        more: "More? ",
    },
    Prompt {
        names: &["py", "python", "python3"],
        grammar: "python",
        of: |line| (line.starts_with(">>> ") || line == ">>>").then(|| line.len().min(4)),
        more: "... ",
    },
];

/// The grammar of the commands of a shell.
const SHELL: &str = "sh";

/// A session, line by line; empty for other code.
#[derive(Debug)]
pub struct Session {
    lines: Vec<SessionLine>,
    /// The name of the grammar for commands.
    grammar: &'static str,
}

impl Default for Session {
    fn default() -> Session {
        Session {
            lines: Vec::new(),
            grammar: SHELL,
        }
    }
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
        let language = language.to_lowercase();
        let is_console = NAMES.contains(&&*language);
        let first = code.lines().find(|line| !line.trim().is_empty())?;
        let mut of_languages = OF_LANGUAGES.iter();
        let known = of_languages
            .find(|it| (is_console || it.names.contains(&&*language)) && (it.of)(first).is_some());
        match known {
            Some(prompt) if prompt.grammar != SHELL => return Some(Session::with(prompt, code)),
            Some(_) => return Some(Session::of_shell(code, &OF_LANGUAGES[0].of)),
            None if !is_console => return None,
            None => {}
        }
        // `# ` is the prompt of root, or a comment of a session with another prompt; `> ` is a
        // prompt, or the second line of a command.
        let has = |prompt: &&&str| code.lines().any(|line| line.starts_with(**prompt));
        let prompt = PROMPTS.iter().find(has)?;
        if *prompt == "# " && code.lines().any(is_sentence) {
            return None;
        }
        let of = |line: &str| line.starts_with(prompt).then_some(prompt.len());
        Some(Session::of_shell(code, &of))
    }

    /// Reads a session of a program whose commands have no here-documents.
    fn with(prompt: &Prompt, code: &str) -> Session {
        let mut is_command = false;
        let line = |line: &str| {
            let text = line.trim_end_matches(['\n', '\r']);
            let goes_on = text.starts_with(prompt.more) || text == prompt.more.trim_end();
            let more = goes_on.then(|| prompt.more.len().min(text.len()));
            let length = (prompt.of)(text).or(more.filter(|_| is_command));
            is_command = length.is_some();
            match length {
                Some(prompt) => SessionLine::Command {
                    prompt,
                    text: line.to_owned(),
                },
                None => SessionLine::Output(line.to_owned()),
            }
        };
        Session {
            lines: code.split_inclusive('\n').map(line).collect(),
            grammar: prompt.grammar,
        }
    }

    /// Reads a session of a shell; `of` returns the length of the prompt of a line.
    fn of_shell(code: &str, of: &dyn Fn(&str) -> Option<usize>) -> Session {
        let mut lines = Vec::new();
        let mut continues = Continues::No;
        let ends = LastLines::of(code);
        for (number, line) in code.split_inclusive('\n').enumerate() {
            let text = line.trim_end_matches('\n');
            let before = continues.clone();
            let length = match before {
                // A line of a here-document may have no prompt, as pasted.
                Continues::Until(_, prompt) => prompt.min(length_of_more(text)),
                Continues::Backslash if of(text).is_none() || text.starts_with("> ") => {
                    if text.starts_with("> ") { 2 } else { 0 }
                }
                Continues::Perhaps if of(text).is_none() && text.starts_with("> ") => 2,
                _ => match of(text) {
                    Some(length) => length,
                    None => {
                        continues = Continues::No;
                        lines.push(SessionLine::Output(line.to_owned()));
                        continue;
                    }
                },
            };
            continues = before.after(&text[length..], number, &ends);
            lines.push(SessionLine::Command {
                prompt: length,
                text: line.to_owned(),
            });
        }
        Session {
            lines,
            grammar: SHELL,
        }
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
        let commands = highlighter.highlight(&commands, self.grammar).code.lines();
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

/// Returns whether a line behind `# ` is a comment, not a command of root: no command begins with a
/// capital letter, or ends as a sentence does.
fn is_sentence(line: &str) -> bool {
    let Some(text) = line.strip_prefix("# ") else {
        return false;
    };
    let text = text.trim();
    text.starts_with(char::is_uppercase) || text.ends_with(['.', ':', '!', '?', '…'])
}

/// Returns the length of a prompt with a user and a host, as in `ada@host:~/bot$ `.
fn of_shell(line: &str) -> Option<usize> {
    let is_of_name = |c: char| c.is_ascii_alphanumeric() || "_.-".contains(c);
    // Of a virtual environment of Python, and of Red Hat's systems.
    let environment = line
        .strip_prefix('(')
        .and_then(|rest| rest.split_once(") "));
    let rest = environment.map_or(line, |(_, rest)| rest);
    let rest = rest.strip_prefix('[').unwrap_or(rest);
    let (user, rest) = rest.split_once('@')?;
    let host = rest.find(|c| !is_of_name(c))?;
    let end = rest.find(['$', '#', '%'])?;
    let is_prompt = !user.is_empty() && user.chars().all(is_of_name) && host > 0 && host <= end;
    let place = rest.get(host..end)?;
    // `git@host:org/repo.git` is an address.
    let is_path = |path: &str| path.is_empty() || path.starts_with(['~', '/']);
    if !place.strip_prefix(':').is_none_or(is_path) {
        return None;
    }
    let place = place.strip_prefix([':', ' ']).unwrap_or(place);
    let is_place = !place.contains(['"', '\'', '=']) && place.split(' ').count() < 3;
    let length = line.len() - rest.len() + end + 2;
    (is_prompt && is_place && rest[end + 1..].starts_with(' ')).then_some(length)
}

/// Returns the length of a prompt of PowerShell or of `cmd`: `PS C:\> `, `C:\Users>`.
fn of_windows(line: &str) -> Option<usize> {
    let end = line.find('>')?;
    let place = line[..end].strip_prefix("PS").unwrap_or(&line[..end]);
    let place = place.trim_start();
    let is_drive = place.as_bytes().get(1) == Some(&b':')
        && place.starts_with(|c: char| c.is_ascii_alphabetic())
        && place[2..].starts_with('\\');
    let is_bare = line.starts_with("PS>") || line.starts_with("PS >");
    let blank = usize::from(line[end + 1..].starts_with(' '));
    (is_drive || is_bare).then_some(end + 1 + blank)
}

/// Returns the length of the prompts `> ` that begin a line.
fn length_of_more(line: &str) -> usize {
    line.len() - line.trim_start_matches("> ").len()
}

/// Where each line of code stands for the last time, without prompts `> `: found once, so that many
/// words behind `<<` take linear time.
struct LastLines<'c>(HashMap<&'c str, (usize, usize)>);

impl<'c> LastLines<'c> {
    fn of(code: &'c str) -> LastLines<'c> {
        // Only words behind `<<` are asked for.
        let lines = code.lines().enumerate().filter(|_| code.contains("<<"));
        let placed = lines.map(|(number, line)| {
            let prompt = length_of_more(line);
            (line[prompt..].trim(), (number, prompt))
        });
        LastLines(placed.collect())
    }

    /// Returns the length of the prompt before a line behind another.
    fn behind(&self, number: usize, text: &str) -> Option<usize> {
        let &(at, prompt) = self.0.get(text)?;
        (at > number).then_some(prompt)
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
    fn after(self, line: &str, number: usize, ends: &LastLines<'_>) -> Continues {
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
                match ends.behind(number, &word) {
                    Some(prompt) => Continues::Until(word, prompt),
                    // Without its end, `<<` is a shift, as in `$((1 << n))`.
                    None => Continues::Perhaps,
                }
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
            ("$ cat <<A\naéb\n> A\n", "cat <<A\naéb\nA\n"),
            ("$ grep x <<< y\ny\n", "grep x <<< y\n"),
            ("$ echo $((1 << n))\n8\n$ ls\n", "echo $((1 << n))\nls\n"),
            ("$\n$ a\n", "a\n"),
            ("out first\n$ a\n", "a\n"),
            ("$ echo '> '\n\n> \n", "echo '> '\n"),
        ] {
            assert_eq!(commands(code).as_deref(), Some(expected), "{code}");
        }
        // Without a prompt, all of it is commands.
        assert_eq!(commands("npm install x\n"), None);
        for comments in [
            "# Install the package\nnpm i x\n",
            "# now it runs:\nnpm start\n",
        ] {
            assert_eq!(commands(comments), None, "{comments}");
        }
        assert!(Session::read("text", "$ a\n").is_none());
    }

    #[test]
    fn prompts_in_fences_of_a_language_are_not_copied() {
        let commands = |language: &str, code: &str| {
            let session = Session::read(language, code)?;
            let commands = session.lines.iter().map(SessionLine::command);
            Some(commands.collect::<String>())
        };
        for (language, code, expected) in [
            ("sh", "$ npm i\n", "npm i\n"),
            (
                "Bash",
                "\n$ npm i\nadded\n$ npm start\n",
                "npm i\nnpm start\n",
            ),
            ("zsh", "$ curl \\\n  -v x\nok\n", "curl \\\n  -v x\n"),
            ("bash", "ada@host:~$ ls\nfile\n", "ls\n"),
            ("sh", "[root@host bot]# ls\n", "ls\n"),
            ("sh", "(venv) ada@host:~/bot$ ls\n", "ls\n"),
            ("console", "ada@host:~$ ls\nx\n", "ls\n"),
            (
                "powershell",
                "PS> ls\nPS C:\\Users> cd x\n>> y\n",
                "ls\ncd x\ny\n",
            ),
            ("console", "PS C:\\> ls\nx\n", "ls\n"),
            ("text", "C:\\>dir\nfile\n", "dir\n"),
            ("bat", "C:\\bot> dir\n", "dir\n"),
            (
                "python",
                ">>> for i in x:\n...     print(1 << n)\n...\n1\n>>> y\n",
                "for i in x:\n    print(1 << n)\n\ny\n",
            ),
        ] {
            assert_eq!(
                commands(language, code).as_deref(),
                Some(expected),
                "{code}"
            );
        }
        for (language, code) in [
            ("sh", "npm i\n$ x\n"),
            ("sh", "# a comment\nnpm i\n"),
            ("sh", "> file\n"),
            ("sh", "ssh ada@host $cmd\n"),
            ("sh", "git@github.com:org/repo.git # the address\n"),
            ("sh", "ada@host\n"),
            ("bash", "$HOME/bin/x\n"),
            ("python", "x >>> y\n"),
            ("js", ">>> x\n"),
            ("text", "a: b > c\n"),
            ("text", ""),
            ("powershell", "Get-Item C:\\x > y\n"),
        ] {
            assert_eq!(commands(language, code), None, "{language} {code}");
        }
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
