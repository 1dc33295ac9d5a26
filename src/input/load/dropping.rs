//! Files that systems, editors and merges leave behind, and that nobody means to publish.

use std::ffi::OsStr;

/// Returns whether a name is hidden, or one that editors and merges leave behind.
pub fn is_dropping(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name.starts_with('.')
        || name.ends_with('~')
        // Vim creates `4913` to test whether a folder is writable, `#name#` is Emacs' autosave,
        // `___jb_tmp___` JetBrains' safe save, `.kate-swp` Kate's; patches and merges leave
        // `.orig` and `.rej`.
        || name == "4913"
        || name.starts_with('#') && name.ends_with('#')
        || [
            ".swp",
            ".swx",
            ".bck",
            ".kate-swp",
            ".bak",
            ".orig",
            ".rej",
            ".tmp",
        ]
        .iter()
        .any(|ending| name.ends_with(ending))
        || name.contains("___jb_")
}
