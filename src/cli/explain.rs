//! `botdocs explain`: explains a code, with a wrong and a right example.

use std::fmt::Write as _;

use clap::Args;

use super::{Ending, message, result};
use crate::input::diagnostic::{WARNINGS, printable};
use crate::input::explain::Code;
use crate::input::meant::nearest;

/// Explains a code such as `unknown-key`, with a wrong and a right example.
#[derive(Args)]
pub(super) struct Explain {
    /// The code in the brackets of a message; without it, all codes are listed
    code: Option<String>,
}

impl Explain {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(name) = self.code else {
            let mut list = String::new();
            for code in Code::ALL {
                let _ = writeln!(list, "{:24} {}", code.as_str(), code.title());
            }
            result(&list)?;
            return Ok(Ending::Fine);
        };
        match Code::parse(&name) {
            Some(code) => {
                result(code.explanation())?;
                if WARNINGS.contains(&code) {
                    result(&level(code))?;
                }
                Ok(Ending::Fine)
            }
            None => {
                let names = Code::ALL.iter().map(|code| code.as_str());
                let meant = nearest(&name, names);
                let hint =
                    meant.map_or_else(String::new, |meant| format!("; did you mean `{meant}`?"));
                message(&format!(
                    "error: unknown code `{}`{hint}\n`botdocs explain` lists all codes\n",
                    printable(&name)
                ));
                Ok(Ending::WrongUsage)
            }
        }
    }
}

/// Returns how a project changes the level of warnings with a code.
fn level(code: Code) -> String {
    let code = code.as_str();
    format!(
        "\n## Level\n\n`levels: {{{code}: error}}` in `site.yaml` makes warnings with this code errors, and \
         `levels: {{{code}: off}}` leaves them out.\n"
    )
}
