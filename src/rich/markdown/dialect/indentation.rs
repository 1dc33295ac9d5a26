//! The indentation below a construct, which makes code of the text when the construct is removed.

use std::borrow::Cow;
use std::ops::Range;

/// Adds to the help for a box that the text below it is indented, if it is.
pub(super) fn help(text: &str, range: &Range<usize>, help: Cow<'static, str>) -> Cow<'static, str> {
    if help.starts_with("write") && is_below(text, range) {
        return format!("take away the indentation of the lines below it, and {help}").into();
    }
    help
}

/// Returns whether a construct takes a whole line, and the text below is indented more.
fn is_below(text: &str, range: &Range<usize>) -> bool {
    // The way back to the begin of the line is limited, so that a long line with many constructs
    // takes linear time.
    let before = text.as_bytes()[..range.start].iter().rev().take(100);
    let own: Vec<u8> = before.copied().take_while(|&byte| byte != b'\n').collect();
    if !own.iter().all(|byte| matches!(byte, b' ' | b'\t' | b'>')) {
        return false;
    }
    let mut lines = text[range.end..].lines();
    let is_whole = lines.next().is_none_or(|rest| rest.trim().is_empty());
    let below = lines.find(|line| !line.trim_start_matches(['>', ' ', '\t']).is_empty());
    // The blanks before the construct, in reverse order.
    let own = own.into_iter().take_while(|&byte| byte != b'>');
    is_whole && below.is_some_and(|below| columns(own) + 2 <= indentation(below))
}

/// Returns how many columns precede the first character of a line, or of a quote in it.
fn indentation(line: &str) -> usize {
    let blanks = line
        .bytes()
        .take_while(|byte| matches!(byte, b' ' | b'\t' | b'>'));
    let marks: Vec<u8> = blanks.collect();
    let quoted = marks
        .rsplit(|&byte| byte == b'>')
        .next()
        .unwrap_or_default();
    columns(quoted.iter().copied())
}

fn columns(blanks: impl Iterator<Item = u8>) -> usize {
    blanks.map(|byte| if byte == b'\t' { 4 } else { 1 }).sum()
}
