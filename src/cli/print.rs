//! Both streams of the program: no other code of the command line writes text to them, so that
//! nothing from outside (arguments, names of files, messages of the system) steers a terminal or
//! shows a key.

use std::io::Write as _;

use crate::input::diagnostic::{printable, printable_lines};
use crate::input::secret::masked;

/// Prints a result; a reader that has gone, as in `| head`, is no fault.
pub(super) fn result(text: &str) -> anyhow::Result<()> {
    let mut stdout = anstream::stdout().lock();
    // A pipe that is closed early must not end the program by a signal or a panic, which `println!`
    // does.
    let written = stdout.write_all(printable_lines(&masked(text)).as_bytes());
    printed(written.and_then(|()| stdout.flush()))
}

/// Prints talk; where that fails there is nobody to tell.
pub(super) fn talk(text: &str) {
    draw(&printable_lines(text));
}

/// Prints talk with colours or a line that changes: the caller made what comes from outside
/// printable.
pub(super) fn draw(text: &str) {
    // Here there are no files whose keys are known; so keys are masked by their shapes alone.
    let _ = anstream::stderr().lock().write_all(masked(text).as_bytes());
}

/// Prints why the program itself failed, as the message of a panic may quote what was read.
pub(super) fn panic(info: &std::panic::PanicHookInfo<'_>) {
    let trace = std::backtrace::Backtrace::capture();
    talk(&format!("{info}\n{trace}\n"));
}

/// Prints what clap answers: help and versions, or an error, which quotes arguments as they are.
pub(super) fn usage(error: &clap::Error) -> anyhow::Result<()> {
    let arguments = std::env::args_os().map(|it| it.to_string_lossy().into_owned());
    let is_odd = |argument: &String| printable(&masked(argument)) != *argument;
    let odd: Vec<String> = arguments.filter(is_odd).collect();
    // clap's own printing keeps the colours of its help; only odd arguments need ours.
    if !error.use_stderr() || odd.is_empty() {
        return printed(error.print());
    }
    let mut text = error.render().to_string();
    // What follows the end of a line in an argument begins no line of ours.
    for rest in odd.iter().flat_map(|argument| argument.split('\n').skip(1)) {
        // As the text quotes it.
        let rest = anstream::adapter::strip_str(rest).to_string();
        if !rest.is_empty() {
            text = text.replace(&format!("\n{rest}"), &format!("\u{240a}{rest}"));
        }
    }
    talk(&text);
    Ok(())
}

/// What became of printing to standard output.
fn printed(written: std::io::Result<()>) -> anyhow::Result<()> {
    match written {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(anyhow::Error::new(error).context("cannot write to standard output"))
        }
        _ => Ok(()),
    }
}
