//! `botdocs mock`: serves the documented API on this machine.

use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::listening::Listening;
use super::values::{GivenValues, InternalFlag};
use super::{Ending, ProjectFolders, count, message};
use crate::live::listen::{Door, Listener};
use crate::live::mock::{MOST_CONNECTIONS, Mock, Routes};

/// Serves the documented API, answering with its examples.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MockCommand {
    #[command(flatten)]
    project: ProjectFolders,
    #[command(flatten)]
    values: GivenValues,
    #[command(flatten)]
    internal: InternalFlag,
    /// The port to listen on; if it is busy, the next free one
    #[arg(short, long, default_value_t = 8500)]
    port: u16,
    /// The delay before each item of a stream but the first, in milliseconds; at most a minute
    #[arg(long, value_name = "MS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pace: u64,
    #[command(flatten)]
    listening: Listening,
}

const EXAMPLES: &str = "\
`mock` serves the endpoints that `build` shows with the same flags, under the path of the base URL. It sends the example whose request \
equals the received request, or the first example if no request is equal; it sends a stream item \
by item. To get another example, send `Prefer: code=404, example=NAME`. If the key is missing, the \
method or path is wrong, or the body violates the schema, it sends the documented error with the \
reason in its message. Answers contain the bot ID of the request; other variables have the values \
of `--set`, or their examples.

`mock` accepts any API key, and sends nothing to other machines.

Examples:
  botdocs mock
  botdocs mock docs -p 9000 --pace 500
  curl -H 'Authorization: Bearer any' -H 'Prefer: code=401' http://127.0.0.1:8500/api/chats";

/// How many addresses are printed at the start.
const MOST_PRINTED: usize = 20;

impl MockCommand {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let model = match self.project.model(&self.values) {
            Ok(model) => model,
            Err(ending) => return Ok(ending),
        };
        let model = model.for_audience(self.internal.audience());
        let choice = self.values.choice(&model);
        let model = choice.map_or_else(|| model.clone(), |ids| model.with_endpoints(&ids));
        // Uses the examples of variables, so that answers are complete without any flag.
        let routes = Routes::new(&model, self.values.or_examples(&model.variables));
        if routes.is_empty() {
            message(
                "error: no page describes an endpoint that is not left out by `when` or `internal`\n",
            );
            return Ok(Ending::WrongFiles);
        }
        let listener = Listener::bind(self.listening.host, self.port)?;
        let address = listener.address()?;
        if !self.listening.host.is_loopback() {
            message(&format!(
                "warning: everybody who can reach {address} can use this mock\n"
            ));
        }
        let endpoints = count(routes.len(), "endpoint");
        let mut text = format!("{endpoints} at http://{address}/; press Ctrl-C to stop\n");
        let addresses: Vec<String> = routes.addresses().collect();
        for address in addresses.iter().take(MOST_PRINTED) {
            text.push_str(&format!("  {address}\n"));
        }
        if let Some(more) = addresses
            .len()
            .checked_sub(MOST_PRINTED)
            .filter(|&more| more > 0)
        {
            text.push_str(&format!("  and {more} more\n"));
        }
        message(&text);
        let door = Door::new(self.listening.allow_host);
        let mock = Mock::new(routes, door, Duration::from_millis(self.pace));
        listener.run(MOST_CONNECTIONS, Arc::new(mock))?;
        Ok(Ending::Fine)
    }
}
