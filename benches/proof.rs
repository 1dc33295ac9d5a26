//! What the proof costs: `cargo bench --bench proof`. The shipped spec's API page, and its endpoints
//! over and over on one page, beside the goal, with the memory that the process has
//! at most. Time and memory are linear if an endpoint costs the same in each row.
//!
//! Reading the project proves it too, so this process is warm. What the proof adds to a cold build is
//! counted by `benches/measure.py`.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::path::Path;
use std::time::Instant;

use botdocs::check::proof::prove;
use botdocs::input::diagnostic::Report;
use botdocs::input::load::{self, FileCache, Folders, ListChoice};
use botdocs::model::Api;
use botdocs::pages::site::{self, SiteCache};

/// How many milliseconds the proof of the shipped spec may take, and of 1,000 endpoints.
const GOALS: [(usize, f64); 2] = [(3, 10.0), (1_000, 1_000.0)];

fn main() {
    let mut report = Report::default();
    let folders = Folders::of_project(Path::new(env!("CARGO_MANIFEST_DIR")));
    let inputs = load::load(
        &folders,
        &ListChoice::OfSite,
        &mut FileCache::default(),
        &mut report,
    );
    let project = site::project(&inputs, &mut SiteCache::default(), &mut report).unwrap();
    let variables = &project.model.variables;
    let api = project.model.apis().next().unwrap();
    println!("| endpoints | ms | goal, ms | | µs an endpoint | most memory, MB | KB an endpoint |");
    println!("| ---: | ---: | ---: | --- | ---: | ---: | ---: |");
    let before = most_memory();
    for count in [api.endpoints.len(), 250, 500, 1_000, 2_000, 4_000] {
        let page = repeated(api, count);
        let start = Instant::now();
        let proof = prove(&page, variables);
        let millis = start.elapsed().as_micros() as f64 / 1000.0;
        assert!(proof.findings.is_empty());
        let goal = GOALS.iter().find(|(of, _)| *of == count);
        let (goal, verdict) = match goal {
            Some((_, goal)) if millis <= *goal => (goal.to_string(), "met"),
            Some((_, goal)) => (goal.to_string(), "MISSED"),
            None => (String::new(), ""),
        };
        let each = 1000.0 * millis / count as f64;
        let most = most_memory();
        let memory = (most - before) as f64 / count as f64;
        let megabytes = most / 1000;
        println!(
            "| {count} | {millis:.1} | {goal} | {verdict} | {each:.0} | {megabytes} | {memory:.1} |"
        );
    }
}

/// A page with its endpoints over and over, under other names.
fn repeated(api: &Api, count: usize) -> Api {
    let mut page = api.clone();
    let endpoints = api.endpoints.iter().cycle().take(count).enumerate();
    page.endpoints = endpoints
        .map(|(index, endpoint)| {
            let mut endpoint = endpoint.clone();
            endpoint.id = format!("{}-{index}", endpoint.id);
            endpoint
        })
        .collect();
    page
}

/// The most memory that this process has had, in KB (Linux).
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default()
}
