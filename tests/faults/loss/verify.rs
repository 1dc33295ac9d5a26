//! `--verify` finds whatever was done to a built site.

use std::fs;
use std::path::Path;

use super::{BUILD, Project, Scene, Stage, assert_same, is_full, site};

/// What is done to a file, if it can be done to this one.
type Harm = fn(&Path, &[u8]) -> bool;

fn put(path: &Path, before: &[u8], after: &[u8]) -> bool {
    fs::write(path, after).unwrap();
    before != after
}

/// Every kind of harm, and whether what stands there afterwards is somebody's work.
const HARMS: [(&str, Harm, bool); 9] = [
    ("first byte", |path, bytes| flip(path, bytes, 0), true),
    (
        "middle byte",
        |path, bytes| flip(path, bytes, bytes.len() / 2),
        true,
    ),
    (
        "last byte",
        |path, bytes| flip(path, bytes, bytes.len().saturating_sub(1)),
        true,
    ),
    ("cut to nothing", |path, bytes| put(path, bytes, b""), true),
    (
        "cut by one",
        |path, bytes| put(path, bytes, &bytes[..bytes.len().saturating_sub(1)]),
        true,
    ),
    (
        "longer by one",
        |path, bytes| put(path, bytes, &[bytes, b"\n"].concat()),
        true,
    ),
    (
        "a link to a copy",
        |path, bytes| {
            let copy = path.with_file_name("../copy");
            let copy = path.parent().unwrap().join(copy.file_name().unwrap());
            fs::write(&copy, bytes).unwrap();
            fs::remove_file(path).unwrap();
            std::os::unix::fs::symlink("copy", path).unwrap();
            true
        },
        true,
    ),
    (
        "a folder",
        |path, _| {
            fs::remove_file(path).unwrap();
            fs::create_dir(path).unwrap();
            true
        },
        true,
    ),
    (
        "gone",
        |path, _| {
            fs::remove_file(path).unwrap();
            true
        },
        false,
    ),
];

/// Changes one byte and keeps size and times.
fn flip(path: &Path, bytes: &[u8], at: usize) -> bool {
    let Some(byte) = bytes.get(at) else {
        return false;
    };
    let times = fs::metadata(path).unwrap().modified().unwrap();
    let mut changed = bytes.to_vec();
    changed[at] = if *byte == b'x' { b'y' } else { b'x' };
    fs::write(path, changed).unwrap();
    fs::File::options()
        .write(true)
        .open(path)
        .unwrap()
        .set_modified(times)
        .unwrap();
    true
}

fn verify(project: &Project, more: &[&str]) -> super::Ran {
    project.run(&[&BUILD[..], &["--verify"], more].concat())
}

#[test]
fn verify_finds_every_change_of_every_file() {
    let stage = Stage::new(Scene::Owned);
    let start = stage.project();
    start.run(&BUILD).exits(0);
    let built = site(&start);
    let files: Vec<&String> = built.keys().filter(|path| !path.ends_with('/')).collect();
    assert!(files.len() > 10);
    let cases: Vec<_> = files
        .iter()
        .flat_map(|path| HARMS.iter().map(move |harm| (*path, harm)))
        .collect();
    super::for_each(&cases, |(file, (harm, apply, is_work))| {
        let project = stage.project();
        project.run(&BUILD).exits(0);
        let path = project.path().join("site").join(file);
        if !apply(&path, &built[*file]) {
            return;
        }
        let harmed = site(&project);
        let ran = verify(&project, &[]);
        let what = format!("{file}, {harm}: {ran:?}");
        if *file == "botdocs-manifest.json" {
            // One that says the same is written anew, one that says nothing is an error.
            match ran.code {
                Some(0) => assert_same(&site(&project), &built, &what),
                Some(1 | 2) => assert_same(&site(&project), &harmed, &what),
                _ => panic!("{what}"),
            }
        } else if *is_work {
            assert_eq!(ran.code, Some(1), "{what}");
            assert!(ran.stderr.contains(&format!("\n  {file}: ")), "{what}");
            assert_same(&site(&project), &harmed, &what);
        } else {
            assert_eq!(ran.code, Some(0), "{what}");
            assert!(ran.stderr.contains("1 file written"), "{what}");
        }
        // What may be lost is built anew by force; a folder is not ours to delete.
        let forced = verify(&project, &["--force"]);
        let _ = fs::remove_file(path.parent().unwrap().join("copy"));
        if *harm != "a folder" {
            assert_eq!(forced.code, Some(0), "{what}\n{forced:?}");
            assert_same(&site(&project), &built, &what);
        }
    });
}

/// Every single byte of the manifest counts, even where it says nothing; `./test` tries every seventh.
#[test]
fn verify_finds_every_byte_of_the_manifest() {
    let stage = Stage::new(Scene::Owned);
    let project = stage.project();
    project.run(&BUILD).exits(0);
    let built = site(&project);
    let bytes = &built["botdocs-manifest.json"];
    let step = if is_full() { 1 } else { 7 };
    let all: Vec<usize> = (0..bytes.len()).step_by(step).collect();
    let parts: Vec<&[usize]> = all.chunks(64).collect();
    super::for_each(&parts, |part| {
        let project = stage.project();
        project.run(&BUILD).exits(0);
        let path = project.path().join("site/botdocs-manifest.json");
        for &at in *part {
            flip(&path, bytes, at);
            let ran = verify(&project, &[]);
            let what = format!("byte {at}, {:?}: {ran:?}", char::from(bytes[at]));
            match ran.code {
                Some(0) => assert_same(&site(&project), &built, &what),
                Some(1) => assert!(ran.stderr.contains("botdocs-manifest.json"), "{what}"),
                _ => panic!("{what}"),
            }
            fs::write(&path, bytes).unwrap();
        }
    });
}
