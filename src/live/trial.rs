//! Trying samples: every one that pages print is run by its language, against the mock, and what it
//! prints is held to the documented example.
//!
//! Samples run side by side, each worker with a mock of its own, in a folder that vanishes. Of a
//! stream, the first piece must be printed before the last item is sent: who reads a stream to its
//! end before printing is no sample of streaming.
//!
//! Samples that authors wrote are not run: what they ask, and whom, only their authors know.

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
use crate::live::mock::{MOST_CONNECTIONS, Mock, Routes, base_path};
use crate::model::example;
use crate::model::sample::{self, FileName, Payload, Request};
use crate::model::{
    Api, Endpoint, EventData, Language, Match, Method, Model, PrintedAnswer, SampleChoice, Stream,
    StreamExample, StreamFormat, StreamItem,
};

use tool::{SampleOutput, Tool};

/// How long the mock waits before each item of a stream: much longer than printing takes.
const PACE: Duration = Duration::from_millis(400);

/// What the environment variables of keys hold.
const KEY: &str = "a-key-of-no-one";

/// A sample that is to be run.
struct Trial<'a> {
    api: &'a Api,
    endpoint: &'a Endpoint,
    /// The name of the example that the sample sends.
    example: String,
    streams: bool,
    choice: SampleChoice,
    tool: &'a Tool,
}

/// What came of a sample.
#[derive(Debug)]
pub struct Outcome {
    /// The endpoint and the language.
    pub name: String,
    /// What runs it.
    pub tool: &'static str,
    /// Why it is wrong, if it is.
    pub fault: Option<String>,
}

/// What came of all.
#[derive(Debug, Default)]
pub struct Outcomes {
    /// How many samples ran.
    pub ran: usize,
    /// How many of them are wrong.
    pub failed: usize,
    /// Languages that could not be run, and what they lack.
    pub not_run: Vec<(Language, String)>,
    /// How many samples authors wrote, which are not run.
    pub own: usize,
}

/// Runs every sample that a model's pages print and this machine has a tool for, until it is to
/// `stop`; each outcome is told in the order of the pages, as soon as it can be.
pub fn run(
    model: &Model,
    values: &Values,
    workers: usize,
    stop: &AtomicBool,
    mut tell: impl FnMut(&Outcome) -> anyhow::Result<()>,
) -> anyhow::Result<Outcomes> {
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
            let bench = Bench::start(model, values, stop, &folder.path().join(worker.to_string()))?;
            let (trials, next, sender) = (&trials, &next, sender.clone());
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(trial) = trials.get(index) else {
                        break;
                    };
                    // Who no longer listens has been told why.
                    let _ = sender.send((index, bench.run(trial, index)));
                }
            });
        }
        drop(sender);
        let mut early = BTreeMap::new();
        for (index, outcome) in receiver {
            early.insert(index, outcome);
            while let Some(outcome) = early
                .remove(&outcomes.ran)
                .filter(|_| !stop.load(Ordering::Relaxed))
            {
                outcomes.ran += 1;
                outcomes.failed += usize::from(outcome.fault.is_some());
                tell(&outcome).inspect_err(|_| stop.store(true, Ordering::Relaxed))?;
            }
        }
        Ok(())
    })?;
    Ok(outcomes)
}

/// All endpoints, each with its page.
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

/// A worker's place: a folder, and a mock that tells when it sent the last of a stream.
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
        let mock = Mock::new(routes, Door::default(), PACE);
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

    /// Runs a sample; what is wrong with it is an error.
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
        let code = self.values.fill(sample.code.to_text()) + "\n";
        let variables = request.proof.variables();
        let variables: Vec<(&str, &str)> = variables.iter().map(|name| (*name, KEY)).collect();
        let printed = trial.tool.run(&folder, &code, &variables, self.stop)?;
        let expected = self.expected(trial);
        let found = match &request.save_as {
            Some(file) if !trial.streams => tool::read(&folder, &self.file_name(file)?)?,
            _ => printed.text.clone(),
        };
        let is_same = match trial.choice.language.row().prints {
            PrintedAnswer::Value if !trial.streams => same_json(&found, &expected),
            // The head has no example.
            PrintedAnswer::Raw if trial.endpoint.method == Method::Head => {
                found.starts_with("HTTP/")
            }
            _ => found.trim_end_matches(['\r', '\n']) == expected.trim_end_matches(['\r', '\n']),
        };
        anyhow::ensure!(is_same, "{}", difference::describe(&expected, &found));
        self.in_time(trial, &printed)
    }

    /// The file of a name with markers.
    fn file_name(&self, text: &str) -> anyhow::Result<FileName> {
        let text = self.values.fill(text);
        let name = FileName::new(&text);
        name.ok_or_else(|| anyhow::anyhow!("`{text}` is no plain name of a file"))
    }

    /// Whether the first piece of a stream was printed before the last item was sent.
    fn in_time(&self, trial: &Trial<'_>, printed: &SampleOutput) -> anyhow::Result<()> {
        let stream = trial.endpoint.stream.as_ref().filter(|_| trial.streams);
        let mut examples = stream.iter().flat_map(|stream| &stream.examples);
        let example = examples.find(|example| example.name == trial.example);
        if example.is_none_or(|example| example.items.len() < 2) {
            return Ok(());
        }
        let sent = self.sent.lock().ok().and_then(|sent| *sent);
        match (printed.first, sent) {
            (Some(first), Some(sent)) if first < sent => Ok(()),
            (_, None) => anyhow::bail!("it ended before the stream did"),
            _ => anyhow::bail!("nothing was printed before the last item was sent"),
        }
    }

    /// What the sample should print.
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

/// What is printed of a stream that joins into no text: each item on lines of its own, after its
/// name where events have names; an end that says nothing else is not printed.
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
        let says_more = !matches!(event.data, EventData::Empty)
            && !matches!(event.matching, Some(Match::Whole(_)));
        if event.ends && !says_more {
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

/// The data of an event, whose lines begin with `data:`.
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
