//! The answer to a command or a flag that botdocs does not have: what to type in its place.
//!
//! clap suggests the name with the most letters in common, which may overwrite or delete files
//! (`--force` for `--format`), and has neither the commands of other tools nor the flags of ours
//! under another command. So its suggestions are removed, and [`words`] has the answers. Where it
//! has none, a name is suggested only if [`words::MAY_BE_GUESSED`] lists it.

mod words;

use std::path::Path;

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::input::diagnostic::printable;
use crate::input::meant::nearest;
use words::{COMMANDS, FLAGS, MAY_BE_GUESSED, MAY_BE_GUESSED_COMMANDS};

/// What to type in place of a wrong word.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    /// A command of the same command, for a typing error.
    Command(String),
    /// A flag of the same command, for a typing error.
    Flag(String),
    /// A sentence.
    Sentence(String),
}

/// Returns an error about a wrong command line with our answer in place of clap's suggestion.
/// `arguments` are those of the program.
pub(super) fn answered(
    mut error: clap::Error,
    mut all: Command,
    arguments: &[String],
) -> clap::Error {
    let kind = match error.kind() {
        ErrorKind::UnknownArgument => ContextKind::InvalidArg,
        ErrorKind::InvalidSubcommand => ContextKind::InvalidSubcommand,
        _ => return error,
    };
    let Some(ContextValue::String(written)) = error.get(kind) else {
        return error;
    };
    let written = written.clone();
    all.build();
    let (path, command) = typed_command(&all, arguments);
    for suggestion in [
        ContextKind::SuggestedArg,
        ContextKind::SuggestedSubcommand,
        ContextKind::Suggested,
    ] {
        error.remove(suggestion);
    }
    let answer = match kind {
        ContextKind::InvalidSubcommand => of_command(&written, command),
        _ => of_argument(&written, arguments, &path, command, &all),
    };
    match answer {
        Some(Answer::Command(name)) => {
            error.insert(ContextKind::SuggestedSubcommand, ContextValue::String(name));
        }
        Some(Answer::Flag(name)) => {
            let name = ContextValue::String(format!("--{name}"));
            error.insert(ContextKind::SuggestedArg, name);
        }
        Some(Answer::Sentence(text)) => {
            let texts = ContextValue::StyledStrs(vec![text.into()]);
            error.insert(ContextKind::Suggested, texts);
        }
        None => {}
    }
    // clap's usage names the flag that it suggested.
    let usage = ContextValue::StyledStr(command.clone().render_usage());
    error.insert(ContextKind::Usage, usage);
    error
}

/// Returns the command that the arguments name, and the words of its name.
fn typed_command<'c>(all: &'c Command, arguments: &[String]) -> (String, &'c Command) {
    let (mut path, mut command) = (Vec::new(), all);
    for argument in arguments {
        if let Some(inner) = command.find_subcommand(argument) {
            path.push(argument.as_str());
            command = inner;
        }
    }
    (path.join(" "), command)
}

/// Returns what to type in place of an unknown command.
fn of_command(written: &str, command: &Command) -> Option<Answer> {
    let word = written.to_lowercase();
    let inner = command.get_subcommands().map(Command::get_name);
    // Below another command, such as `theme`, only that command's own words count.
    let is_root = command.find_subcommand("build").is_some();
    if !is_root {
        return nearest(&word, inner).map(|name| Answer::Command(name.to_owned()));
    }
    let known = COMMANDS.iter().find(|(words, _)| words.contains(&&*word));
    if let Some((_, answer)) = known {
        return Some(Answer::Sentence((*answer).to_owned()));
    }
    if let Some(name) = nearest(&word, inner) {
        let may_be_guessed = MAY_BE_GUESSED_COMMANDS.contains(&name);
        return may_be_guessed.then(|| Answer::Command(name.to_owned()));
    }
    let named = printable(written);
    let is_folder = Path::new(written).is_dir();
    is_folder.then(|| {
        Answer::Sentence(format!(
            "`{named}` is a folder: `botdocs build {named}` builds the project in it"
        ))
    })
}

/// Returns what to type in place of an unknown flag or a word too many.
fn of_argument(
    written: &str,
    arguments: &[String],
    path: &str,
    command: &Command,
    all: &Command,
) -> Option<Answer> {
    let sentence = |text: String| Some(Answer::Sentence(text));
    let Some(name) = flag_name(written, arguments, all) else {
        return of_word(written, path, command).and_then(sentence);
    };
    let own = |name: &str| has_flag(command, name);
    let may_be_guessed = |name: &str| MAY_BE_GUESSED.contains(&name);
    // `--siteUrl`, `--site_url`, `-bots`.
    if own(&name) && may_be_guessed(&name) {
        return Some(Answer::Flag(name));
    }
    let owners = owners(&name, all);
    let row = FLAGS.iter().find(|row| {
        // A row for all commands gives way to the command that has the flag.
        let is_here = row.under.contains(&path) || row.under.is_empty() && owners.is_empty();
        is_here && row.words.contains(&&*name)
    });
    let belongs = format!("`{}` is a flag of {}", dashed(&name), listed(&owners));
    if let Some(row) = row {
        let answer = row.answer.replace("{command}", path);
        let names_owner = |owner: &String| answer.contains(&format!("`botdocs {owner}"));
        return sentence(if owners.is_empty() || owners.iter().any(names_owner) {
            answer
        } else {
            format!("{answer}; {belongs}")
        });
    }
    if !owners.is_empty() {
        return sentence(belongs);
    }
    if let Some(turned_on) = name.strip_prefix("no-").filter(|flag| own(flag)) {
        return sentence(format!("to turn it off, leave `--{turned_on}` out"));
    }
    if all.get_subcommands().any(|inner| inner.get_name() == name) {
        return sentence(format!("`botdocs {name}` is a command, and no flag"));
    }
    // The command's own flags first, since the first of equally near names counts.
    let everywhere = leaves(all).into_iter();
    let everywhere = everywhere.flat_map(|(_, command)| longs(command).collect::<Vec<_>>());
    let flag = nearest(&name, longs(command).chain(everywhere))?;
    // Nothing else is suggested where what was most likely meant may not be.
    if !may_be_guessed(flag) {
        return None;
    }
    if own(flag) {
        return Some(Answer::Flag(flag.to_owned()));
    }
    sentence(format!(
        "a similar flag, `--{flag}`, is one of {}",
        listed(&self::owners(flag, all))
    ))
}

/// Returns what to type in place of a word that is one too many.
fn of_word(written: &str, path: &str, command: &Command) -> Option<String> {
    let named = printable(written);
    let is_number = !written.is_empty() && written.bytes().all(|byte| byte.is_ascii_digit());
    if is_number && has_flag(command, "port") {
        return Some(format!(
            "`--port` gives the port: `botdocs {path} --port {named}`"
        ));
    }
    has_flag(command, "out").then(|| {
        format!("the folder to write is named by a flag: `botdocs {path} DIR --out {named}`")
    })
}

/// Returns the name of a flag in kebab case, or its letter; none for a word that is no flag.
fn flag_name(written: &str, arguments: &[String], all: &Command) -> Option<String> {
    let flag = written.split('=').next().unwrap_or_default();
    if let Some(name) = flag.strip_prefix("--") {
        return Some(kebab(name));
    }
    let letter = flag.strip_prefix('-').filter(|letter| !letter.is_empty())?;
    // clap reads `-bots` as `-b`, `-o`, `-t` and `-s`; only the argument shows what was meant.
    let names = arguments.iter().filter_map(|argument| {
        let name = argument.strip_prefix('-')?.split('=').next()?;
        let name = Some(kebab(name)).filter(|name| name.starts_with(letter) && name.len() > 2)?;
        (!owners(&name, all).is_empty()).then_some(name)
    });
    Some(names.take(1).last().unwrap_or_else(|| letter.to_owned()))
}

/// Writes `baseURL`, `base_url` and `baseUrl` as `base-url`, and keeps a letter as it is.
fn kebab(name: &str) -> String {
    if name.chars().count() < 2 {
        return name.to_owned();
    }
    let mut kebab = String::with_capacity(name.len() + 2);
    let mut was_lower = false;
    for letter in name.chars() {
        if letter.is_uppercase() && was_lower {
            kebab.push('-');
        }
        was_lower = letter.is_lowercase();
        match letter {
            '_' | '.' => kebab.push('-'),
            _ => kebab.extend(letter.to_lowercase()),
        }
    }
    kebab
}

/// Returns the commands that have no commands below them, each with its words.
fn leaves(all: &Command) -> Vec<(String, &Command)> {
    let mut found = Vec::new();
    let mut open = vec![(String::new(), all)];
    while let Some((path, command)) = open.pop() {
        let inner = command
            .get_subcommands()
            .filter(|it| it.get_name() != "help");
        let inner: Vec<_> = inner
            .map(|it| (format!("{path} {}", it.get_name()), it))
            .collect();
        if inner.is_empty() {
            found.push((path.trim_start().to_owned(), command));
        }
        open.extend(inner);
    }
    found.sort_unstable_by(|one, other| one.0.cmp(&other.0));
    found
}

/// Returns the commands that have a flag, by its name or its letter.
fn owners(name: &str, all: &Command) -> Vec<String> {
    let leaves = leaves(all).into_iter();
    let owners = leaves.filter(|(_, command)| has_flag(command, name));
    owners.map(|(path, _)| path).collect()
}

fn has_flag(command: &Command, name: &str) -> bool {
    command.get_arguments().any(|argument| {
        let is_letter = argument
            .get_short()
            .is_some_and(|it| it.to_string() == name);
        is_letter || argument.get_long() == Some(name)
    })
}

fn longs(command: &Command) -> impl Iterator<Item = &str> {
    command.get_arguments().filter_map(clap::Arg::get_long)
}

fn dashed(name: &str) -> String {
    match name.chars().count() {
        1 => format!("-{name}"),
        _ => format!("--{name}"),
    }
}

/// Lists commands: `botdocs build` and `botdocs clean`.
fn listed(paths: &[String]) -> String {
    let names: Vec<String> = paths
        .iter()
        .map(|path| format!("`botdocs {path}`"))
        .collect();
    match names.as_slice() {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::words::{NEVER_GUESSED, NEVER_GUESSED_COMMANDS};
    use super::*;
    use crate::cli;

    fn built() -> Command {
        let mut all = cli::command();
        all.build();
        all
    }

    /// The message for a command line, without colours.
    fn message(line: &str) -> String {
        let words: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
        let error = cli::command().try_get_matches_from(&words).unwrap_err();
        answered(error, cli::command(), &words[1..])
            .render()
            .to_string()
    }

    #[test]
    fn every_flag_and_every_command_is_guessed_or_never() {
        let all = built();
        let flags: BTreeSet<String> = leaves(&all)
            .iter()
            .map(|(_, command)| *command)
            .chain([&all])
            .flat_map(|command| longs(command).map(str::to_owned).collect::<Vec<_>>())
            .collect();
        let listed = MAY_BE_GUESSED.iter().chain(&NEVER_GUESSED);
        let listed: Vec<String> = listed.map(|&flag| flag.to_owned()).collect();
        assert_eq!(listed.len(), listed.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), flags);
        let commands: BTreeSet<&str> = all.get_subcommands().map(Command::get_name).collect();
        let listed = MAY_BE_GUESSED_COMMANDS
            .iter()
            .chain(&NEVER_GUESSED_COMMANDS);
        let listed: Vec<&str> = listed.copied().collect();
        assert_eq!(listed.len(), listed.iter().collect::<BTreeSet<_>>().len());
        assert_eq!(listed.into_iter().collect::<BTreeSet<_>>(), commands);
    }

    /// Each letter of a dangerous name left out, doubled, or swapped with the next, and names that
    /// clap finds similar.
    #[test]
    fn no_typing_error_suggests_what_is_dangerous() {
        let all = built();
        let mut tried = 0;
        let typos = |name: &str| {
            let letters: Vec<char> = name.chars().collect();
            let mut typos = vec![format!("{name}s"), format!("x{name}")];
            for at in 0..letters.len() {
                let (mut less, mut more) = (letters.clone(), letters.clone());
                less.remove(at);
                more.insert(at, letters[at]);
                typos.extend([less, more].map(|it| it.into_iter().collect::<String>()));
                if at + 1 < letters.len() {
                    let mut swapped = letters.clone();
                    swapped.swap(at, at + 1);
                    typos.push(swapped.into_iter().collect());
                }
            }
            typos
        };
        for (path, _) in leaves(&all) {
            for flag in NEVER_GUESSED {
                for typo in typos(flag)
                    .iter()
                    .map(String::as_str)
                    .chain(["form", "forse", "generate"])
                {
                    if NEVER_GUESSED.contains(&typo) || typo.len() < 2 {
                        continue;
                    }
                    let line = format!("botdocs {path} --{typo}");
                    let words: Vec<&str> = line.split_whitespace().collect();
                    if cli::command().try_get_matches_from(&words).is_ok() {
                        continue;
                    }
                    let text = message(&line);
                    let tip = text.lines().find(|line| line.contains("similar"));
                    let tip = tip.unwrap_or_default();
                    let is_named = NEVER_GUESSED
                        .iter()
                        .any(|it| tip.contains(&format!("--{it}")));
                    assert!(!is_named, "{line}: {text}");
                    tried += 1;
                }
            }
        }
        for name in NEVER_GUESSED_COMMANDS {
            for typo in typos(name) {
                if NEVER_GUESSED_COMMANDS.contains(&typo.as_str()) {
                    continue;
                }
                let text = message(&format!("botdocs {typo}"));
                let is_named =
                    |name: &&str| text.contains(&format!("similar subcommand exists: '{name}'"));
                assert!(!NEVER_GUESSED_COMMANDS.iter().any(is_named), "{text}");
                tried += 1;
            }
        }
        assert!(tried > 1000, "{tried}");
    }

    #[test]
    fn every_flag_under_another_command_leads_to_where_it_belongs() {
        let all = built();
        let mut tried = 0;
        for (_, owner) in leaves(&all) {
            let longs: Vec<String> = longs(owner).map(|it| format!("--{it}")).collect();
            let shorts = owner.get_arguments().filter_map(clap::Arg::get_short);
            let shorts = shorts.map(|it| format!("-{it}"));
            for flag in longs.into_iter().chain(shorts) {
                let name = flag.trim_start_matches('-');
                for (path, command) in leaves(&all) {
                    if has_flag(command, name) {
                        continue;
                    }
                    let text = message(&format!("botdocs {path} {flag}"));
                    let tip = text
                        .split("tip: ")
                        .nth(1)
                        .unwrap_or_else(|| panic!("{path} {flag}: {text}"));
                    let belongs = owners(name, &all);
                    let is_named = belongs
                        .iter()
                        .any(|it| tip.contains(&format!("`botdocs {it}")));
                    assert!(is_named, "{path} {flag}: {text}");
                    tried += 1;
                }
            }
        }
        assert!(tried > 200, "{tried}");
    }

    /// Each word of the tables gets its answer, and each command line in an answer is one.
    #[test]
    fn every_answer_is_given_and_can_be_typed() {
        let all = built();
        let mut answers = BTreeSet::new();
        for (words, answer) in COMMANDS {
            for word in words {
                assert!(all.find_subcommand(word).is_none(), "{word}");
                let text = message(&format!("botdocs {word}"));
                assert!(text.contains(&format!("tip: {answer}")), "{word}: {text}");
            }
            answers.insert(answer.to_owned());
        }
        for row in &FLAGS {
            let (first, paths) = match row.under {
                [] => ("check", vec!["check".to_owned()]),
                under => (under[0], under.iter().map(|it| (*it).to_owned()).collect()),
            };
            answers.insert(row.answer.replace("{command}", first));
            for path in paths {
                let command = all
                    .find_subcommand(&path)
                    .unwrap_or_else(|| panic!("{path}"));
                for word in row.words {
                    // The row for all commands may be an own flag of one.
                    if row.under.is_empty() && !owners(word, &all).is_empty() {
                        continue;
                    }
                    assert!(!has_flag(command, word), "{path} {word}");
                    assert!(
                        all.get_name() == "botdocs" && kebab(word) == *word,
                        "{word}"
                    );
                    let text = message(&format!("botdocs {path} {}", dashed(word)));
                    assert!(text.contains("tip: "), "{path} {word}: {text}");
                }
            }
        }
        let mut typed = 0;
        for answer in &answers {
            for line in answer.split('`').skip(1).step_by(2) {
                if !line.starts_with("botdocs ") {
                    continue;
                }
                let line = line.replace("K/N", "1/2").replace("CODE", "unknown-key");
                let line = line.replace("SHELL", "bash").replace("NAME=VALUE", "a=b");
                let line = line.replace("URL", "https://docs.example.com/");
                let line = line.replace("hosting NAME", "hosting netlify");
                let words: Vec<&str> = line.split_whitespace().collect();
                if let Err(error) = cli::command().try_get_matches_from(&words) {
                    let is_fine = [
                        ErrorKind::DisplayVersion,
                        ErrorKind::DisplayHelp,
                        ErrorKind::MissingRequiredArgument,
                    ];
                    assert!(is_fine.contains(&error.kind()), "{line}: {error}");
                }
                typed += 1;
            }
        }
        assert!(typed > 40, "{typed}");
    }

    #[test]
    fn a_word_is_answered_as_it_is_typed() {
        for (line, answer) in [
            ("botdocs biuld", "a similar subcommand exists: 'build'"),
            ("botdocs Lint", "`botdocs check`"),
            ("botdocs help lint", "`botdocs check`"),
            ("botdocs theme ejct", "a similar subcommand exists: 'eject'"),
            (
                "botdocs --port 80",
                "`--port` is a flag of `botdocs mock` and `botdocs serve`",
            ),
            ("botdocs --serve", "`botdocs serve` is a command"),
            (
                "botdocs build --siteUrl https://x.example/",
                "exists: '--site-url'",
            ),
            (
                "botdocs build --site_url=https://x.example/",
                "exists: '--site-url'",
            ),
            (
                "botdocs build --baseURL https://x.example/",
                "`botdocs build --site-url URL`",
            ),
            ("botdocs build -bots f", "exists: '--bots'"),
            ("botdocs build --no-strict", "leave `--strict` out"),
            (
                "botdocs build --format json",
                "`botdocs check --format json`",
            ),
            ("botdocs build docs more", "`botdocs build DIR --out more`"),
            ("botdocs serve . 8080", "`botdocs serve --port 8080`"),
            ("botdocs build --forc", "tip"),
            ("botdocs clen", "tip"),
            ("botdocs serve -w", "updates the site after each change"),
            ("botdocs check --formt json", "exists: '--format'"),
            (
                "botdocs build --formt json",
                "`--format`, is one of `botdocs check`",
            ),
            ("botdocs build --src", "`botdocs build DIR`"),
        ] {
            let text = message(line);
            if answer == "tip" {
                assert!(!text.contains("tip"), "{line}: {text}");
            } else {
                assert!(text.contains(answer), "{line}: {text}");
            }
        }
    }
}
