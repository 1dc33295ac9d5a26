//! What the proof costs: `cargo bench --bench proof`. The shipped spec's API page, cold and again,
//! and the same endpoints over and over on one page, with the memory that the process has at most.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::disallowed_methods,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::path::Path;
use std::time::Instant;

use botdocs::diagnostic::Report;
use botdocs::load::{self, Folders};
use botdocs::model::{Api, Content};
use botdocs::proof::prove;
use botdocs::site;

/// The most that the proof of the shipped spec may add to a cold build, and of 1,000 endpoints.
const BUDGETS: [(usize, u128); 2] = [(0, 10), (1_000, 1_000)];

fn main() {
    let mut report = Report::default();
    let folders = Folders::of_project(Path::new(env!("CARGO_MANIFEST_DIR")));
    let inputs = load::load(&folders, &mut report);
    // Reading the project proves it too, so this process is warm; the first row starts anew.
    let variables = site::project(&inputs, &mut report).unwrap().model.variables;
    let project = site::project(&inputs, &mut report).unwrap();
    let mut pages = project.model.pages.iter();
    let api = pages.find_map(|page| match &page.content {
        Content::Api(api) => Some(&**api),
        Content::Guide(_) => None,
    });
    let api = api.unwrap();
    println!("| endpoints | ms | budget, ms | most memory, MB |\n| ---: | ---: | ---: | ---: |");
    for count in [api.endpoints.len(), 250, 500, 1_000, 2_000] {
        let page = repeated(api, count);
        let start = Instant::now();
        let proof = prove(&page, &variables);
        let millis = start.elapsed().as_micros() as f64 / 1000.0;
        assert!(proof.findings.is_empty());
        let budget = BUDGETS
            .iter()
            .find(|(of, _)| *of == count || *of == 0 && count < 10);
        let budget = budget.map_or_else(String::new, |(_, budget)| budget.to_string());
        println!("| {count} | {millis:.1} | {budget} | {} |", most_memory());
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

/// The most memory that this process has had, in MB (Linux).
fn most_memory() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
    kilobytes.unwrap_or_default() / 1000
}
