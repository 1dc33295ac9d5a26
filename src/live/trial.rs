//! The trial of samples: runs every sample of the pages by a tool of its language, against the
//! mock, and compares its output with the documented example.
//!
//! Samples run in parallel, each worker with a mock of its own, in a temporary folder. The first
//! piece of a stream must be printed before the last item is sent: a program that reads a stream
//! to its end before printing is not a sample of streaming.
//!
//! Samples that authors wrote are not run: only their authors know what they request, and from
//! whom.

mod difference;
mod tool;

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::hole::Values;
use crate::live::listen::{Door, Listener};
use crate::live::mock::{AllowedOrigins, MOST_CONNECTIONS, Mock, Routes, base_path};
use crate::model::example;
use crate::model::sample::{self, FileName, Payload, Request};
use crate::model::{
    Api, Endpoint, EventData, Language, Match, Method, Model, PrintedAnswer, SampleChoice, Stream,
    StreamExample, StreamFormat, StreamItem,
};

use tool::{SampleOutput, Tool};

/// How long the mock waits before each item of a stream, which is much longer than printing takes.
// Printing takes some milliseconds, so a slow interpreter on a busy machine is still in time.
const PACE: Duration = Duration::from_millis(400);

/// The value of the environment variables for keys.
const KEY: &str = "a-key-of-no-one";

/// A sample to run.
struct Trial<'a> {
    api: &'a Api,
    endpoint: &'a Endpoint,
    /// The name of the example that the sample sends.
    example: String,
    streams: bool,
    choice: SampleChoice,
    tool: &'a Tool,
}

/// The result of a sample.
#[derive(Debug)]
pub struct Outcome {
    /// The endpoint and the language.
    pub name: String,
    /// The tool that ran it.
    pub tool: &'static str,
    /// Why it failed, if it did.
    pub fault: Option<String>,
}

/// The results of all samples.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// How many samples ran.
    pub ran: usize,
    /// How many of them failed.
    pub failed: usize,
    /// Languages without a tool, and what is missing.
    pub not_run: Vec<(Language, String)>,
    /// How many samples were not run because authors wrote them.
    pub own: usize,
}

/// Runs every sample of a model for which this machine has a tool, until `stop` is set; passes
/// each outcome to `report` in the order of the pages, as soon as possible.
pub fn run(
    model: &Model,
    values: &Values,
    workers: usize,
    stop: &AtomicBool,
    mut report: impl FnMut(&Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Outcomes> {
    // A folder of its own in the system's folder for temporary files: samples write files, and a
    // kill leaves nothing in the project.
    let folder = tempfile::TempDir::new()?;
    tool::set_up(folder.path())?;
    let mut outcomes = Outcomes::default();
    let mut tools = Vec::new();
    for choice in &model.site.samples {
        match Tool::find(choice.language, choice.client, folder.path()) {
            Ok(found) => tools.extend(found.into_iter().map(|tool| (*choice, tool))),
            Err(lacks) => outcomes.not_run.push((choice.language, lacks)),
        }
    }
    outcomes.own = endpoints(model)
        .map(|(_, endpoint)| endpoint.samples.len())
        .sum();
    let trials = trials(model, &tools);
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| -> anyhow::Result<()> {
        let (sender, receiver) = mpsc::channel();
        for worker in 0..workers.clamp(1, trials.len().max(1)) {
            // A mock for each worker, so that a sample is timed against the very stream that it
            // reads.
            let bench = Bench::start(model, values, stop, &folder.path().join(worker.to_string()))?;
            let (trials, next, sender) = (&trials, &next, sender.clone());
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(trial) = trials.get(index) else {
                        break;
                    };
                    // The receiver is dropped only after an error that was reported.
                    let _ = sender.send((index, bench.run(trial, index)));
                }
            });
        }
        drop(sender);
        // Outcomes arrive in the order in which samples end; a report in the order of the pages
        // can be compared with the last one.
        let mut early = BTreeMap::new();
        for (index, outcome) in receiver {
            early.insert(index, outcome);
            while let Some(outcome) = early
                .remove(&outcomes.ran)
                .filter(|_| !stop.load(Ordering::Relaxed))
            {
                outcomes.ran += 1;
                outcomes.failed += usize::from(outcome.fault.is_some());
                report(&outcome).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            }
        }
        Ok(())
    })?;
    Ok(outcomes)
}

/// Returns all endpoints, each with its page.
fn endpoints(model: &Model) -> impl Iterator<Item = (&Api, &Endpoint)> {
    let apis = model.apis();
    apis.flat_map(|api| api.endpoints.iter().map(move |endpoint| (api, endpoint)))
}

fn trials<'a>(model: &'a Model, tools: &'a [(SampleChoice, Tool)]) -> Vec<Trial<'a>> {
    let mut trials = Vec::new();
    let printed = endpoints(model).filter(|(_, endpoint)| endpoint.prints_samples);
    for (api, endpoint) in printed {
        let Some(example) = example::sampled(endpoint) else {
            continue;
        };
        let stream = endpoint.stream.as_ref();
        let stream = stream.filter(|it| it.examples.iter().any(|it| it.name == example));
        let usual = (!sample::always_streams(endpoint)).then_some(false);
        for streams in [usual, stream.map(|_| true)].into_iter().flatten() {
            trials.extend(tools.iter().map(|(choice, tool)| Trial {
                api,
                endpoint,
                example: example.to_owned(),
                streams,
                choice: *choice,
                tool,
            }));
        }
    }
    trials
}

/// The environment of a worker: a folder, and a mock that stores when it sent the last item of a
/// stream.
struct Bench<'a> {
    values: &'a Values,
    stop: &'a AtomicBool,
    folder: std::path::PathBuf,
    origin: String,
    sent: Arc<Mutex<Option<std::time::Instant>>>,
}

impl Bench<'_> {
    fn start<'a>(
        model: &Model,
        values: &'a Values,
        stop: &'a AtomicBool,
        folder: &Path,
    ) -> anyhow::Result<Bench<'a>> {
        tool::make_folder(folder)?;
        let listener = Listener::bind(IpAddr::V4(Ipv4Addr::LOCALHOST), 0)?;
        let origin = format!("http://{}", listener.address()?);
        let routes = Routes::new(model, values.clone());
        let mock = Mock::new(routes, Door::default(), AllowedOrigins::default(), PACE);
        let sent = mock.last_sent();
        std::thread::spawn(move || listener.run(MOST_CONNECTIONS, Arc::new(mock)));
        Ok(Bench {
            values,
            stop,
            folder: folder.to_owned(),
            origin,
            sent,
        })
    }

    fn run(&self, trial: &Trial<'_>, index: usize) -> Outcome {
        let form = if trial.streams { ", streaming" } else { "" };
        let language = trial.choice.language.title();
        let fault = self
            .fault(trial, index)
            .err()
            .map(|fault| format!("{fault:#}"));
        Outcome {
            name: format!("{}: {language}{form}", trial.endpoint.id),
            tool: trial.tool.program.name,
            fault,
        }
    }

    /// Runs a sample; its failure is returned as an error.
    fn fault(&self, trial: &Trial<'_>, index: usize) -> anyhow::Result<()> {
        let mut endpoint = trial.endpoint.clone();
        for server in &mut endpoint.servers {
            server.url = format!("{}{}", self.origin, base_path(&server.url, self.values));
        }
        let request = Request::new(trial.api, &endpoint, &trial.example, trial.streams);
        let request = request.ok_or_else(|| anyhow::anyhow!("the example can't be sent"))?;
        let sample = sample::print(&request, &trial.choice);
        let folder = self.folder.join(index.to_string());
        tool::make_folder(&folder)?;
        for (_, file) in request.payload.files() {
            let file = self.file_name(file)?;
            let bytes = format!("the bytes of {}", file.as_str());
            tool::write(&folder, &file, &bytes)?;
        }
        *self
            .sent
            .lock()
            .map_err(|_| anyhow::anyhow!("a mock failed"))? = None;
        // The code on a page has no final line end, and a text file has one (POSIX).
        let code = self.values.fill(sample.code.to_text()) + "\n";
        let variables = request.credentials.variables();
        let variables: Vec<(&str, &str)> = variables.iter().map(|name| (*name, KEY)).collect();
        let printed = trial.tool.run(&folder, &code, &variables, self.stop)?;
        let expected = self.expected(trial);
        let found = match &request.save_as {
            Some(file) if !trial.streams => tool::read(&folder, &self.file_name(file)?)?,
            _ => printed.text.clone(),
        };
        let is_same = match trial.choice.language.row().prints {
            // PowerShell formats the values in its own way.
            PrintedAnswer::Value if !trial.streams => same_json(&found, &expected),
            // curl prints the head, which has no example.
            PrintedAnswer::Raw if trial.endpoint.method == Method::Head => {
                found.starts_with("HTTP/")
            }
            _ => found.trim_end_matches(['\r', '\n']) == expected.trim_end_matches(['\r', '\n']),
        };
        anyhow::ensure!(is_same, "{}", difference::describe(&expected, &found));
        self.in_time(trial, &printed)
    }

    /// Returns the file name of a text with markers.
    fn file_name(&self, text: &str) -> anyhow::Result<FileName> {
        let text = self.values.fill(text);
        let name = FileName::new(&text);
        name.ok_or_else(|| anyhow::anyhow!("`{text}` is not a plain file name"))
    }

    /// Checks that the first piece of a stream was printed before the last item was sent.
    fn in_time(&self, trial: &Trial<'_>, printed: &SampleOutput) -> anyhow::Result<()> {
        let stream = trial.endpoint.stream.as_ref().filter(|_| trial.streams);
        let mut examples = stream.iter().flat_map(|stream| &stream.examples);
        let example = examples.find(|example| example.name == trial.example);
        if example.is_none_or(|example| example.items.len() < 2) {
            return Ok(());
        }
        let sent = self.sent.lock().ok().and_then(|sent| *sent);
        match (printed.first, sent) {
            // Before the last item instead of the second, since the first piece may wait in the
            // buffer of a pipe for a while.
            (Some(first), Some(sent)) if first < sent => Ok(()),
            (_, None) => anyhow::bail!("it ended before the stream did"),
            _ => anyhow::bail!("nothing was printed before the last item was sent"),
        }
    }

    /// Returns the expected output of the sample.
    fn expected(&self, trial: &Trial<'_>) -> String {
        let is_named = |name: &str| name == trial.example;
        if let Some(stream) = trial.endpoint.stream.as_ref().filter(|_| trial.streams) {
            let mut examples = stream.examples.iter();
            let Some(example) = examples.find(|example| is_named(&example.name)) else {
                return String::new();
            };
            let text = match trial.choice.language.row().prints {
                PrintedAnswer::Raw => example::stream_text(stream, example),
                PrintedAnswer::Read | PrintedAnswer::Value => {
                    example::joined_text(stream, example).unwrap_or_else(|| lines(stream, example))
                }
            };
            return self.values.fill(&text);
        }
        if trial.endpoint.method == Method::Head {
            return String::new();
        }
        let answer = trial.endpoint.answer_to(&trial.example);
        let example = answer.and_then(|(response, example)| {
            Some(Payload::new(trial.api, &response.body, &example?.value).to_code())
        });
        self.values.fill(example.unwrap_or_default().to_text())
    }
}

/// Returns the expected output for a stream that joins into no text: each item on lines of its
/// own, after its name if events have names; an end without other data is not printed.
fn lines(stream: &Stream, example: &StreamExample) -> String {
    let is_named = stream.events.iter().any(|event| event.wire_name.is_some());
    let mut out = String::new();
    for (item, code) in example.items.iter().zip(example::items(stream, example)) {
        let event = match item {
            StreamItem::Event { event, .. } => &stream.events[*event],
            StreamItem::Chunk(text) => {
                out.push_str(text);
                continue;
            }
            StreamItem::Comment(_) => continue,
        };
        let has_data = !matches!(event.data, EventData::Empty)
            && !matches!(event.matching, Some(Match::Whole(_)));
        if event.ends && !has_data {
            continue;
        }
        if is_named {
            out.push_str(event.wire_name.as_deref().unwrap_or("message"));
            out.push_str(": ");
        }
        match stream.format {
            StreamFormat::Sse => out.push_str(&data_of(code.to_text())),
            StreamFormat::JsonLines | StreamFormat::Text => out.push_str(code.to_text()),
        }
    }
    out
}

/// Returns the data of an event, whose lines begin with `data:`.
fn data_of(event: &str) -> String {
    let lines = event.lines().filter_map(|line| line.strip_prefix("data:"));
    lines
        .map(|data| format!("{}\n", data.strip_prefix(' ').unwrap_or(data)))
        .collect()
}

fn same_json(found: &str, expected: &str) -> bool {
    let read = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    read(found).is_some_and(|found| Some(found) == read(expected))
}
