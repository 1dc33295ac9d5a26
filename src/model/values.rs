//! Why a page can't have a value that was given for a variable, in words for the one who gave it.

use crate::hole::variable::Variables;
use crate::input::diagnostic::printable;
use crate::input::meant::nearest;
use crate::input::secret;

use super::{KEY_HELP, Public};

/// Returns the message about an unknown variable, with a suggestion.
pub fn unknown_variable(name: &str, variables: &Variables) -> String {
    let names = variables.names();
    let meant = nearest(name, names.iter().copied());
    let hint = meant.map_or_else(String::new, |meant| format!(", did you mean `{meant}`?"));
    format!(
        "unknown variable `{}`{hint}; site.yaml has: {}",
        printable(name),
        names.join(", ")
    )
}

/// Returns the message about a value that looks like a live key, which shows only its beginning.
pub fn key_in_value(public: &Public, name: &str, value: &str) -> Option<String> {
    let key = public.key_in(name, value)?;
    let key = secret::beginning(value, &key);
    Some(format!("{key} looks like a live key; {KEY_HELP}"))
}
