//! How long one bot's page takes: the shipped project's pages, rendered once, are filled again and
//! again, turn by turn with a plain copy of the same bytes, which is what no filling could beat.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::hint::black_box;
use std::path::Path;
use std::time::{Duration, Instant};

use botdocs::diagnostic::Report;
use botdocs::hole::Values;
use botdocs::load::{self, Folders};
use botdocs::render::{Options, Page};
use botdocs::site;

/// How often each page is filled; the median counts.
const ROUNDS: usize = 2_000;

fn main() {
    let mut report = Report::default();
    let folders = Folders::of_project(Path::new(env!("CARGO_MANIFEST_DIR")));
    let inputs = load::load(&folders, &mut report);
    let options = Options {
        for_bot: true,
        ..Options::default()
    };
    let project = site::project(&inputs, &mut report).unwrap();
    let site = project.site(&options, &inputs, &mut report).unwrap();
    let bot =
        |name: &str| (name == "bot_id").then(|| "019dd3d4-4b7e-71eb-9561-5cf790a5da57".to_owned());
    let values = project.model.variables.values(bot);
    println!("page bytes fill_ns copy_ns ratio");
    for page in &site.pages {
        let (fill, copy, bytes) = measure(page, &values);
        let ratio = fill.as_secs_f64() / copy.as_secs_f64();
        let (fill, copy) = (fill.as_nanos(), copy.as_nanos());
        println!("{} {bytes} {fill} {copy} {ratio:.2}", page.path);
    }
}

/// The median times of filling a page and of copying the result, and its size.
fn measure(page: &Page, values: &Values) -> (Duration, Duration, usize) {
    let mut filled = Vec::new();
    page.body.fill_into(values, &mut filled);
    let (mut fills, mut copies) = (Vec::new(), Vec::new());
    let mut buffer = Vec::with_capacity(filled.len());
    for _ in 0..ROUNDS {
        let start = Instant::now();
        buffer.clear();
        black_box(&page.body).fill_into(black_box(values), &mut buffer);
        black_box(&buffer);
        fills.push(start.elapsed());

        let start = Instant::now();
        buffer.clear();
        buffer.extend_from_slice(black_box(&filled));
        black_box(&buffer);
        copies.push(start.elapsed());
    }
    let median = |times: &mut Vec<Duration>| {
        times.sort_unstable();
        times[times.len() / 2]
    };
    (median(&mut fills), median(&mut copies), filled.len())
}
