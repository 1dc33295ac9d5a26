//! What is done on a disk that is full.

use super::faults::{CHANGED, CHANGED_BOTS, CLEANED, CLEANED_BOTS, FRESH, FRESH_BOTS};
use super::*;

/// An error before the change leaves no trace, not only none that matters.
#[test]
fn a_full_disk_changes_nothing() {
    if !CHANGED.disk.is_here() {
        return;
    }
    for scene in [FRESH, CHANGED, FRESH_BOTS, CHANGED_BOTS] {
        let writes = scene
            .trace()
            .into_iter()
            .filter(|call| call.name == "write");
        for call in writes {
            let project = scene.project();
            let before = project.snapshot();
            let inject = format!("inject=write:error=ENOSPC:when={}", call.number);
            let (status, log) = scene.run(&project, &["-e", &inject]);
            assert!(
                !status.success() && log.contains("(INJECTED)"),
                "{}",
                call.text
            );
            assert_eq!(project.snapshot(), before, "{}", call.text);
        }
    }
}

/// What frees space needs none: no journal, and not even a folder.
#[test]
fn a_full_disk_can_be_cleaned() {
    if !CLEANED.disk.is_here() {
        return;
    }
    for scene in [CLEANED, CLEANED_BOTS] {
        let calls = scene.trace();
        let from = |name: &str| {
            let call = calls.iter().find(|call| call.name == name).unwrap();
            format!("inject={name}:error=ENOSPC:when={}+", call.number)
        };
        for names in [&["write"][..], &["mkdirat"], &["write", "mkdirat"]] {
            let project = scene.project();
            let injects: Vec<_> = names.iter().map(|name| from(name)).collect();
            let options = injects.iter().flat_map(|inject| ["-e", inject]);
            let options: Vec<_> = options.collect();
            let (status, log) = scene.run(&project, &options);
            assert!(
                status.success() && log.contains("(INJECTED)"),
                "{names:?}: {log}"
            );
            assert_eq!(project.snapshot(), BTreeMap::new(), "{names:?}");
        }
    }
}

/// An edited file stops it before anything is deleted, as on any disk.
#[test]
fn a_full_disk_keeps_what_was_edited() {
    if !CLEANED_BOTS.disk.is_here() {
        return;
    }
    let scene = CLEANED_BOTS;
    let calls = scene.trace();
    let call = calls.iter().find(|call| call.name == "mkdirat").unwrap();
    let inject = format!("inject=mkdirat:error=ENOSPC:when={}+", call.number);
    let project = scene.project();
    project.put("site/bots/ada/index.html", "edited");
    let before = project.snapshot();
    let (status, _) = scene.run(&project, &["-e", &inject]);
    assert!(!status.success());
    assert_eq!(project.snapshot(), before);
}
