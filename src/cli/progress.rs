//! The progress of a long build: a line that is redrawn on a terminal, else a line every ten
//! seconds.

use std::cell::RefCell;
use std::io::IsTerminal as _;
use std::time::{Duration, Instant};

use super::{count, draw, grouped};

/// Builds that are faster show no progress.
const QUIET: Duration = Duration::from_millis(500);
/// How often the line on a terminal is redrawn.
const ON_TERMINAL: Duration = Duration::from_millis(100);
/// How often a line is printed elsewhere, such as to the log of a CI.
// A line for each percent would be the longest part of a CI log.
const ELSEWHERE: Duration = Duration::from_secs(10);
/// The width of the bar in characters.
const WIDTH: usize = 24;

/// Prints the progress of a build.
pub(super) struct Progress(RefCell<ProgressState>);

struct ProgressState {
    is_terminal: bool,
    total: usize,
    start: Instant,
    /// When the next line is due.
    next: Instant,
    is_shown: bool,
}

impl Progress {
    /// Starts the clock; `total` is the number of bots.
    pub(super) fn new(total: usize) -> Progress {
        let is_terminal = std::io::stderr().is_terminal();
        Progress(RefCell::new(ProgressState::new(
            is_terminal,
            total,
            Instant::now(),
        )))
    }

    /// Prints the number of bots that are done, if a line is due.
    pub(super) fn update(&self, done: usize) {
        if let Some(line) = self.0.borrow_mut().line(done, Instant::now()) {
            draw(&line);
        }
    }

    /// Clears the line on the terminal.
    pub(super) fn finish(&self) {
        if self.0.borrow().is_shown {
            draw("\r\x1b[K");
        }
    }
}

impl ProgressState {
    fn new(is_terminal: bool, total: usize, start: Instant) -> ProgressState {
        let quiet = if is_terminal { QUIET } else { ELSEWHERE };
        ProgressState {
            is_terminal,
            total,
            start,
            next: start + quiet,
            is_shown: false,
        }
    }

    /// Returns the line to print now, if one is due.
    fn line(&mut self, done: usize, now: Instant) -> Option<String> {
        if now < self.next || self.total == 0 {
            return None;
        }
        let percent = done * 100 / self.total;
        let (some, all) = (grouped(done as u64), count(self.total, "bot"));
        let of = format!("{some} of {all}, {percent} %");
        if !self.is_terminal {
            self.next = now + ELSEWHERE;
            let seconds = (now - self.start).as_secs();
            return Some(format!("{of}, {seconds} s\n"));
        }
        self.next = now + ON_TERMINAL;
        self.is_shown = true;
        let full = WIDTH * done / self.total;
        let (full, empty) = ("#".repeat(full), "-".repeat(WIDTH - full));
        Some(format!("\r\x1b[K[{full}{empty}] {of}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_has_a_bar_and_a_log_a_line_every_ten_seconds() {
        let start = Instant::now();
        let after = |millis| start + Duration::from_millis(millis);
        let mut terminal = ProgressState::new(true, 1000, start);
        assert_eq!(terminal.line(10, after(499)), None);
        let bar = "\r\x1b[K[############------------] 500 of 1,000 bots, 50 %";
        assert_eq!(terminal.line(500, after(500)).unwrap(), bar);
        assert_eq!(terminal.line(510, after(599)), None);
        assert!(
            terminal
                .line(1000, after(600))
                .unwrap()
                .contains("[########################] 1,000")
        );

        let mut log = ProgressState::new(false, 200_000, start);
        assert_eq!(log.line(10, after(9_999)), None);
        let line = "100,000 of 200,000 bots, 50 %, 10 s\n";
        assert_eq!(log.line(100_000, after(10_000)).unwrap(), line);
        assert_eq!(log.line(150_000, after(19_999)), None);
        assert!(log.line(150_000, after(20_000)).is_some());
    }
}
