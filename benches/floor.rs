//! The floor below every build: the files of a built site, held in memory, are written to a new
//! folder, and nothing else is done. `scale.py` compares builds with it.
//!
//! Called with the site, the new folder and the number of threads; prints files, bytes, and the
//! milliseconds of wall and processor time that the writing took.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark works on real files, prints what it measures, and fails by panicking"
)]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use walkdir::WalkDir;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    // `cargo bench` runs every benchmark, and this one is of no use alone.
    let [site, new, threads] = arguments.as_slice() else {
        return println!("floor SITE NEW THREADS: see benches/scale.py");
    };
    let (site, new, threads) = (Path::new(site), Path::new(new), threads.parse().unwrap());
    let mut folders: BTreeMap<PathBuf, Vec<(PathBuf, Vec<u8>)>> = BTreeMap::new();
    let mut bytes = 0;
    for entry in WalkDir::new(site) {
        let entry = entry.unwrap();
        let path = new.join(entry.path().strip_prefix(site).unwrap());
        if entry.file_type().is_dir() {
            folders.entry(path).or_default();
        } else {
            let content = fs::read(entry.path()).unwrap();
            bytes += content.len();
            let folder = path.parent().unwrap().to_owned();
            folders.entry(folder).or_default().push((path, content));
        }
    }
    let files: usize = folders.values().map(Vec::len).sum();
    let mut folders: Vec<_> = folders.into_iter().collect();
    // A folder after the one that it is in; those that nothing is in first.
    folders.sort_by_key(|(folder, _)| folder.components().count());
    let start = Instant::now();
    let mut cpu = processor_time();
    let above = folders
        .partition_point(|(folder, _)| folder.components().count() <= new.components().count() + 1);
    folders[..above].iter().for_each(write);
    std::thread::scope(|scope| {
        let part = (folders.len() - above).div_ceil(threads).max(1);
        let parts: Vec<_> = folders[above..]
            .chunks(part)
            .map(|part| {
                scope.spawn(|| {
                    part.iter().for_each(write);
                    processor_time()
                })
            })
            .collect();
        cpu = processor_time() - cpu;
        cpu += parts
            .into_iter()
            .map(|part| part.join().unwrap())
            .sum::<f64>();
    });
    let wall = start.elapsed().as_secs_f64() * 1000.0;
    println!("{files} {bytes} {wall:.3} {cpu:.3}");
}

fn write((folder, files): &(PathBuf, Vec<(PathBuf, Vec<u8>)>)) {
    fs::create_dir(folder).unwrap();
    for (path, content) in files {
        fs::write(path, content).unwrap();
    }
}

/// How long this thread has been at work, in milliseconds.
fn processor_time() -> f64 {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    let nanos: f64 = stat.split(' ').next().unwrap().parse().unwrap();
    nanos / 1e6
}
