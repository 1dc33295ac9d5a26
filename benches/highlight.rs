//! How long JSON on one line takes to be highlighted, at sizes that double: what a byte costs must
//! not grow with them.

#![allow(
    clippy::print_stdout,
    reason = "a benchmark prints what it measures, and fails by panicking"
)]

use std::hint::black_box;
use std::time::{Duration, Instant};

use botdocs::rich::highlight::Highlighter;

fn main() {
    let costs: Vec<f64> = (0..4).map(|doubled| cost(45_000 << doubled)).collect();
    let [first, .., last] = costs[..] else {
        return;
    };
    // At eight times the size, what outgrows the caches costs twice a byte; a quadratic pass, eight times.
    assert!(last < 4.0 * first, "{last:.1} ns a byte after {first:.1}");
}

/// Nanoseconds for each byte of a line with so many objects, the least of five rounds.
fn cost(objects: usize) -> f64 {
    let code = format!("[{}1]", r#"{"key": "value", "n": 12.5}, "#.repeat(objects));
    let took = (0..5)
        .map(|_| {
            let start = Instant::now();
            black_box(Highlighter::new().highlight(&code, "json"));
            start.elapsed()
        })
        .min()
        .unwrap_or(Duration::ZERO);
    let size = u32::try_from(code.len()).unwrap_or(u32::MAX);
    let cost = took.as_secs_f64() * 1e9 / f64::from(size);
    println!("{size} bytes of JSON on one line: {took:.1?}, {cost:.1} ns a byte");
    cost
}
