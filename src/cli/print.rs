//! The two output streams of the program. No other code of the command line writes text to them,
//! so that nothing from outside (arguments, file names, messages of the system) steers a terminal
//! or shows a key.

use std::io::Write as _;

use crate::input::diagnostic::{printable, printable_lines};
use crate::input::secret::masked;

/// Prints a result to stdout; a closed pipe, as in `| head`, is not an error.
pub(super) fn result(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    // A pipe that is closed early must not end the program by a signal, nor by a panic, as
    // `println!` would.
    let written = stdout.write_all(printable_lines(&masked(text)).as_bytes());
    printed(written.and_then(|()| stdout.flush()))
}

/// Prints a message to stderr; a failure to print has nowhere to be reported.
pub(super) fn message(text: &str) {
    draw(&printable_lines(text));
}

/// Prints a message that contains colours or redraws its line: the caller has escaped what comes
/// from outside.
pub(super) fn draw(text: &str) {
    // No files with known keys are loaded here, so keys are recognised by their shapes alone.
    let _ = anstream::stderr().lock().write_all(masked(text).as_bytes());
}

/// Prints a panic, masked, as its message may quote an input.
pub(super) fn panic(info: &std::panic::PanicHookInfo<'_>) {
    let trace = std::backtrace::Backtrace::capture();
    message(&format!("{info}\n{trace}\n"));
}

/// Prints clap's output: help and versions, or an error, which quotes arguments unescaped.
pub(super) fn usage(error: &clap::Error) -> anyhow::Result<()> {
    let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
    let is_odd = |argument: &String| printable(&masked(argument)) != *argument;
    let odd: Vec<String> = arguments.filter(is_odd).collect();
    // clap's own printing keeps the colours of its help; only arguments that need escaping take
    // our way.
    if !error.use_stderr() || odd.is_empty() {
        return printed(error.print());
    }
    let mut text = error.render().to_string();
    // Text after a newline in an argument must not begin a line of the output.
    for line in odd.iter().flat_map(|argument| argument.split('\n').skip(1)) {
        // The rendered text quotes it without escape sequences.
        let line = anstream::adapter::strip_str(line).to_string();
        if !line.is_empty() {
            text = text.replace(&format!("\n{line}"), &format!("\u{240a}{line}"));
        }
    }
    message(&text);
    Ok(())
}

/// Converts the result of printing to standard output; a broken pipe is a success.
fn printed(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => Ok(()),
    }
}
