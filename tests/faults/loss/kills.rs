//! A kill at any moment.

use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::{Scene, Stage, Version, for_each, is_full, traced};

/// The calls that change what is on the disk.
const LASTING: [&str; 10] = [
    "write",
    "mkdir",
    "mkdirat",
    "linkat",
    "unlinkat",
    "renameat",
    "renameat2",
    "fsync",
    "syncfs",
    "openat",
];

#[test]
fn a_kill_at_every_change_of_the_disk_is_healed() {
    for scene in Scene::ALL {
        let stage = Stage::new(scene);
        let trace = format!("trace={}", LASTING.join(","));
        let (output, log) = traced(stage.scene, &stage.project(), &["-e", &trace]);
        assert!(output.status.success());
        let mut counts = std::collections::BTreeMap::<&str, usize>::new();
        let mut calls = Vec::new();
        for line in log.lines() {
            let text = line.split_once(' ').unwrap().1.trim_start();
            let Some((name, _)) = text.split_once('(') else {
                continue;
            };
            let count = counts.entry(name).or_default();
            *count += 1;
            if name != "openat" || text.contains("O_CREAT") {
                calls.push((name, *count, text));
            }
        }
        assert!(calls.len() > 10, "{log}");
        for_each(&calls, |(name, number, text)| {
            let project = stage.project();
            let (trace, inject) = (
                format!("trace={name}"),
                format!("inject={name}:signal=KILL:when={number}"),
            );
            let (output, _) = traced(stage.scene, &project, &["-e", &trace, "-e", &inject]);
            // A trace ends as what it traced.
            assert_eq!(
                std::os::unix::process::ExitStatusExt::signal(&output.status),
                Some(9)
            );
            stage.judge(&project, None, &format!("{scene:?}, a kill at {text}"));
        });
    }
}

/// Numbers that look random and are the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn kills_at_random_times_are_healed() {
    let count = if is_full() { 50 } else { 20 };
    let mut numbers = Numbers(20_260_117);
    for scene in Scene::ALL {
        let stage = Stage::new(scene);
        let project = stage.project();
        let start = Instant::now();
        project.run(scene.build()).exits(0);
        let whole = start.elapsed();
        let delays: Vec<u64> = (0..count).map(|_| numbers.below(1000)).collect();
        let killed = std::sync::atomic::AtomicUsize::new(0);
        for_each(&delays, |&delay| {
            let project = stage.project();
            let after = whole.mul_f64(delay as f64 / 1000.0);
            let is_killed = kill_after(scene, &project, after);
            killed.fetch_add(usize::from(is_killed), std::sync::atomic::Ordering::Relaxed);
            let code = (!is_killed).then_some(0);
            stage.judge(
                &project,
                code,
                &format!("{scene:?}, a kill after {after:?}"),
            );
        });
        let killed = killed.into_inner();
        assert!(
            killed * 10 > count * 3,
            "{scene:?}: only {killed} of {count} came in time"
        );
    }
}

/// A kill while the damage of the one before is healed, again and again, with inputs that change.
#[test]
fn kills_upon_kills_are_healed() {
    let mut numbers = Numbers(7);
    for scene in Scene::ALL {
        let stage = Stage::new(scene);
        let project = stage.project();
        for _ in 0..30 {
            let version = [Version::Old, Version::New][numbers.below(2) as usize];
            scene.write(version, &project);
            kill_after(
                scene,
                &project,
                Duration::from_micros(numbers.below(60_000)),
            );
            for (path, content) in scene.canaries() {
                assert_eq!(project.read(path), content, "{scene:?}: {path}");
            }
        }
        scene.write(Version::New, &project);
        project.run(scene.build()).exits(0);
        stage.judge(&project, Some(0), &format!("{scene:?}, kills upon kills"));
    }
}

/// Starts the command and kills it after a while; says whether it still ran.
fn kill_after(scene: Scene, project: &super::Project, after: Duration) -> bool {
    let mut command = project.command(scene.build());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    sleep(after);
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), None | Some(0)), "{status}");
    status.code().is_none()
}
