//! `botdocs mock`: serves the documented API on this machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;

use super::listening::Listening;
use super::values::{GivenValues, InternalFlag};
use super::watch::{Poll, Round, after_each_change, named};
use super::{Ending, ProjectFolders, count, has_no_project, message, show};
use crate::check::{CheckCache, check};
use crate::input::load::ListChoice;
use crate::live::listen::{Door, Listener};
use crate::live::mock::{AllowedOrigins, MOST_CONNECTIONS, Mock, Routes, WebOrigin};
use crate::live::watch::Stopper;

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
    /// Let pages of this origin read the answers, such as http://localhost:3000; can be given several
    /// times
    #[arg(long, value_name = "ORIGIN", value_parser = WebOrigin::parse)]
    cors: Vec<WebOrigin>,
    #[command(flatten)]
    poll: Poll,
}

const EXAMPLES: &str = "\
`mock` serves the endpoints that `build` shows with the same flags, under the path of the base URL. It sends the example whose request \
equals the received request, or the first example if no request is equal; it sends a stream item \
by item. To get another example, send `Prefer: code=404, example=NAME`. If the key is missing, the \
method or path is wrong, or the body violates the schema, it sends the documented error with the \
reason in its message. Answers contain the bot ID of the request; other variables have the values \
of `--set`, or their examples.

`mock` accepts any API key, and sends nothing to other machines. After each change of the project it \
answers by the new version; if that has errors, it prints them and answers as before.

Examples:
  botdocs mock
  botdocs mock --cors http://localhost:3000
  botdocs mock docs -p 9000 --pace 500
  curl -H 'Authorization: Bearer any' -H 'Prefer: code=401' http://127.0.0.1:8500/api/chats";

/// How many addresses are printed at the start.
const MOST_PRINTED: usize = 20;

impl MockCommand {
    pub(super) fn run(self) -> anyhow::Result<Ending> {
        let Some(folders) = self.project.folders() else {
            return Ok(Ending::WrongUsage);
        };
        if has_no_project(&folders) {
            return Ok(Ending::WrongFiles);
        }
        let mut watch = self.poll.start(&folders, ListChoice::None)?;
        let stopper = watch.stopper();
        let mut cache = CheckCache::default();
        let mut running: Option<Arc<Mock>> = None;
        // What ended the mock before it answered: a script that starts it must not wait.
        let mut failed: Option<anyhow::Result<Ending>> = None;
        // The first routes are printed with their addresses, so there is no other hint.
        let ended = after_each_change(&mut watch, "", |round| {
            let start = round.start;
            let changed = round.changed.map(named);
            let routes = match self.routes(&mut cache, round) {
                Ok(routes) => routes,
                Err(ending) => {
                    if running.is_none() {
                        failed = Some(Ok(ending));
                        stopper.stop();
                    }
                    return Ok(ending);
                }
            };
            match &running {
                Some(mock) => {
                    let endpoints = count(routes.len(), "endpoint");
                    mock.replace(routes);
                    let names = changed.unwrap_or_default();
                    let millis = start.elapsed().as_millis();
                    message(&format!("{names}: {endpoints}, {millis} ms\n"));
                }
                None => match self.start(routes, stopper.clone()) {
                    Ok(mock) => running = Some(mock),
                    Err(error) => {
                        failed = Some(Err(error));
                        stopper.stop();
                    }
                },
            }
            Ok(Ending::Fine)
        });
        failed.unwrap_or(ended)
    }

    /// Builds the routes of a snapshot of the inputs; reports its errors, or why it has no routes.
    fn routes(&self, cache: &mut CheckCache, round: Round<'_>) -> Result<Routes, Ending> {
        let is_first = round.changed.is_none();
        let snapshot = Arc::clone(&round.snapshot);
        let mut report = snapshot.report.clone();
        let model = check(&snapshot.inputs, cache, &mut report);
        let stays = if is_first {
            ""
        } else {
            "the mock answers as before\n"
        };
        let Some(model) = model.filter(|_| !report.has_errors()) else {
            // A half-saved file often has errors.
            if is_first || !round.gets_outdated() {
                report.sort(&snapshot.inputs.sources);
                show(&report, &snapshot.inputs.sources);
                message(stays);
            }
            return Err(Ending::WrongFiles);
        };
        report.sort(&snapshot.inputs.sources);
        show(&report, &snapshot.inputs.sources);
        if let Some(fault) = self.values.fault(&model.variables) {
            message(&format!("error: {fault}\n{stays}"));
            return Err(Ending::WrongUsage);
        }
        let model = model.for_audience(self.internal.audience());
        let choice = self.values.choice(&model);
        let model = choice.map_or_else(|| model.clone(), |ids| model.with_endpoints(&ids));
        // Uses the examples of variables, so that answers are complete without any flag.
        let routes = Routes::new(&model, self.values.or_examples(&model.variables));
        if routes.is_empty() {
            let fault =
                "no page describes an endpoint that is not left out by `when` or `internal`";
            message(&format!("error: {fault}\n{stays}"));
            return Err(Ending::WrongFiles);
        }
        Ok(routes)
    }

    /// Listens, and answers on another thread, which ends the watch when it fails.
    fn start(&self, routes: Routes, stopper: Stopper) -> anyhow::Result<Arc<Mock>> {
        let listener = Listener::bind(self.listening.host, self.port)?;
        let address = listener.address()?;
        if !self.listening.host.is_loopback() {
            message(&format!(
                "warning: everybody who can reach {address} can use this mock\n"
            ));
        }
        message(&addresses(&routes, address));
        let door = Door::new(self.listening.allow_host.clone());
        let origins = AllowedOrigins::new(self.cors.clone());
        let pace = Duration::from_millis(self.pace);
        let mock = Arc::new(Mock::new(routes, door, origins, pace));
        let answers = Arc::clone(&mock);
        std::thread::spawn(move || {
            if let Err(error) = listener.run(MOST_CONNECTIONS, answers) {
                message(&format!("error: {error:#}\n"));
                stopper.stop();
            }
        });
        Ok(mock)
    }
}

/// Returns the list of addresses that is printed at the start.
fn addresses(routes: &Routes, address: SocketAddr) -> String {
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
    text
}
