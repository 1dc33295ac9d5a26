//! The rule for the names of files and folders of a site: plain names on Linux, macOS and Windows.

/// The longest name of a file or folder that common file systems take, in bytes.
const LONGEST_NAME: usize = 255;

/// Names that Windows gives to devices, in any folder and before any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "conin$", "conout$"];

/// Returns why one part of a path can't be the name of a file on every system, if it can't; the
/// words follow the path.
pub fn fault(part: &str) -> Option<&'static str> {
    let forbidden =
        |c: char| c.is_control() || matches!(c, '\\' | ':' | '<' | '>' | '"' | '|' | '?' | '*');
    if part.is_empty() {
        Some("has an empty part")
    } else if part == "." || part == ".." {
        Some("has a part `.` or `..`")
    } else if part.len() > LONGEST_NAME {
        Some("has a part longer than 255 bytes")
    } else if part.contains(forbidden) {
        Some(r#"has a control character or one of \ : < > " | ? *"#)
    } else if part.ends_with(['.', ' ']) {
        // Windows cuts them off: `a.` and `a` would be one file.
        Some("has a part that ends with a dot or a space")
    } else if is_device(part) {
        Some("has a part that is the name of a device on Windows")
    } else if part.eq_ignore_ascii_case(".git") {
        // On a system that ignores case, git takes `.GIT` for its own folder too (CVE-2014-9390).
        Some("has a part `.git`, where git keeps a repository")
    } else {
        None
    }
}

/// Returns whether Windows takes `part` for a device: `con`, `NUL.html`, `com1`, `LPT².txt`.
pub fn is_device(part: &str) -> bool {
    // `nul.tar.gz` is the device too: the name ends at the first dot, and spaces before that don't
    // count.
    let stem = part.split('.').next().unwrap_or(part).trim_end_matches(' ');
    let stem = stem.to_lowercase();
    let mut numbered = stem.chars();
    let digit = numbered.next_back();
    // The superscript digits of Latin-1 count as digits there.
    DEVICES.contains(&stem.as_str())
        || matches!(numbered.as_str(), "com" | "lpt")
            && digit.is_some_and(|digit| digit.is_ascii_digit() || "¹²³".contains(digit))
}
