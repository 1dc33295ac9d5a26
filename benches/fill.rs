//! How long one bot's page takes: the shipped project's pages, rendered once, are filled again and
//! again, plain and in gzip's form, turn by turn with a plain copy of the same bytes, which is what
//! no filling could beat. Beside the size in gzip's form stands that of the page compressed whole.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::hint::black_box;
use std::io::Read;
use std::path::Path;
use std::time::{Duration, Instant};

use botdocs::hole::variable::BOT_ID;
use botdocs::hole::{Gzip, Values};
use botdocs::input::diagnostic::Report;
use botdocs::input::load::{self, FileCache, Folders, ListChoice};
use botdocs::pages::render::{HoledPage, ViewOptions};
use botdocs::pages::site::{self, SiteCache};
use flate2::Compression;
use flate2::read::GzEncoder;

/// How often each page is filled; the median counts.
const ROUNDS: usize = 2_000;

fn main() {
    let mut report = Report::default();
    let folders = Folders::of_project(Path::new(env!("CARGO_MANIFEST_DIR")));
    let inputs = load::load(
        &folders,
        &ListChoice::OfSite,
        &mut FileCache::default(),
        &mut report,
    );
    let options = ViewOptions {
        for_bot: true,
        ..ViewOptions::default()
    };
    let mut cache = SiteCache::default();
    let project = site::project(&inputs, &mut cache, &mut report).unwrap();
    let site = project
        .site(&options, &inputs, &mut cache, &mut report)
        .unwrap();
    let variables = &project.model.variables;
    let bot =
        |name: &str| (name == BOT_ID).then(|| "019dd3d4-4b7e-71eb-9561-5cf790a5da57".to_owned());
    let values = variables.values(bot);
    // `instructions.py` counts the instructions of so many rounds of one page.
    if let [path, rounds] = std::env::args().skip(1).collect::<Vec<_>>().as_slice()
        && let Ok(rounds) = rounds.parse::<usize>()
    {
        let page = site.pages.iter().find(|page| page.path == *path).unwrap();
        let mut buffer = Vec::new();
        for _ in 0..rounds {
            buffer.clear();
            black_box(page.body.holed()).fill_into(black_box(&values), &mut buffer);
            black_box(&buffer);
        }
        return;
    }
    println!("page bytes fill_ns copy_ns ratio gzip_bytes whole_bytes gzip_ns");
    for page in &site.pages {
        let gzip = Gzip::new(page.body.holed(), |variable| {
            variables.find(BOT_ID) == Some(variable)
        });
        println!("{} {}", page.path, measure(page, &gzip, &values));
    }
}

/// The size of a filled page, the median times of filling it and of copying the result, and the
/// same of gzip's form.
fn measure(page: &HoledPage, gzip: &Gzip<'_>, values: &Values) -> String {
    let mut filled = Vec::new();
    page.body.holed().fill_into(values, &mut filled);
    let mut whole = Vec::new();
    let mut encoder = GzEncoder::new(&*filled, Compression::new(6));
    encoder.read_to_end(&mut whole).unwrap();
    let (mut fills, mut copies, mut packs) = (Vec::new(), Vec::new(), Vec::new());
    let mut buffer = Vec::with_capacity(filled.len());
    let mut packed = Vec::new();
    for _ in 0..ROUNDS {
        fills.push(time(|| {
            buffer.clear();
            black_box(page.body.holed()).fill_into(black_box(values), &mut buffer);
            black_box(&buffer);
        }));
        copies.push(time(|| {
            buffer.clear();
            buffer.extend_from_slice(black_box(&filled));
            black_box(&buffer);
        }));
        packs.push(time(|| {
            buffer.clear();
            packed.clear();
            black_box(gzip).fill_into(black_box(values), &mut buffer, &mut packed);
            black_box(&packed);
        }));
    }
    let [fill, copy, pack] = [fills, copies, packs].map(median);
    let ratio = fill.as_secs_f64() / copy.as_secs_f64();
    format!(
        "{} {} {} {ratio:.2} {} {} {}",
        filled.len(),
        fill.as_nanos(),
        copy.as_nanos(),
        packed.len(),
        whole.len(),
        pack.as_nanos()
    )
}

fn time(work: impl FnOnce()) -> Duration {
    let start = Instant::now();
    work();
    start.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
