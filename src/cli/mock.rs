//! `botdocs mock`: the documented API on this machine.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::values::GivenValues;
use super::{Ending, ProjectFolders, count, talk};
use crate::live::listen::{Door, Listener};
use crate::live::mock::{MOST_CONNECTIONS, Mock, Routes};

/// Answers as the documented API does, with its examples.
#[derive(Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct MockCommand {
    #[command(flatten)]
    project: ProjectFolders,
    #[command(flatten)]
    values: GivenValues,
    /// The port to listen at; if it is busy, the next that is free
    #[arg(short, long, default_value_t = 8500)]
    port: u16,
    /// How many milliseconds to wait before each item of a stream but the first; up to a minute
    #[arg(long, value_name = "MS", default_value_t = 120, value_parser = clap::value_parser!(u64).range(..=60_000))]
    pace: u64,
    /// The address to listen at; others than the default can be reached by other machines
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1")]
    host: IpAddr,
    /// Another name that this machine is asked by; can be given several times
    #[arg(long, value_name = "NAME")]
    allow_host: Vec<String>,
}

const EXAMPLES: &str = "\
Every endpoint is there under the path of its base URL, and answers with the example that the \
request is, else with the first; a stream comes item by item. `Prefer: code=404, example=NAME` asks \
for another. A missing key, a wrong method or path, and a body that breaks the schema are answered \
with the documented error, whose message says what is wrong. Answers name the caller's bot; other variables have their examples, or what `--set` says.

Any key will do: nothing is sent anywhere.

Examples:
  botdocs mock
  botdocs mock docs -p 9000 --pace 500
  curl -H 'Authorization: Bearer any' -H 'Prefer: code=401' http://127.0.0.1:8500/api/chats";

/// How many addresses are told when it begins.
const MOST_TOLD: usize = 20;

impl MockCommand {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let model = match self.project.model(&self.values) {
            Ok(model) => model,
            Err(ending) => return Ok(ending),
        };
        // The values of one bot that the project has as examples, so that answers are whole without
        // any flag.
        let routes = Routes::new(&model, self.values.or_examples(&model.variables));
        if routes.is_empty() {
            talk("error: no page describes an endpoint\n");
            return Ok(Ending::WrongFiles);
        }
        let listener = Listener::bind(self.host, self.port)?;
        let address = listener.address()?;
        if !self.host.is_loopback() {
            talk(&format!(
                "warning: everybody who can reach {address} can ask this mock\n"
            ));
        }
        let endpoints = count(routes.len(), "endpoint");
        let mut told = format!("{endpoints} at http://{address}/; Ctrl-C ends it\n");
        let addresses: Vec<String> = routes.addresses().collect();
        for address in addresses.iter().take(MOST_TOLD) {
            told.push_str(&format!("  {address}\n"));
        }
        if let Some(more) = addresses
            .len()
            .checked_sub(MOST_TOLD)
            .filter(|&more| more > 0)
        {
            told.push_str(&format!("  and {more} more\n"));
        }
        talk(&told);
        let door = Door::new(self.allow_host);
        let mock = Mock::new(routes, door, Duration::from_millis(self.pace));
        listener.run(MOST_CONNECTIONS, Arc::new(mock))?;
        Ok(Ending::Fine)
    }
}
