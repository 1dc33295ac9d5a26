//! A path that is taken leads nowhere else, on any system, and collides with no other.
#![no_main]

use std::collections::BTreeMap;
use std::path::{Component, Path};

use botdocs::output::{Tree, TreePath};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let mut tree = Tree::default();
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for line in text.split('\n') {
        let Ok(path) = TreePath::new(line) else {
            continue;
        };
        judge(&path, line);
        if tree.insert(path.clone(), Vec::new()).is_err() {
            continue;
        }
        // Names on the way, as a system that ignores case has them.
        for name in path.folders().chain([path.as_str()]) {
            let known = taken.entry(name.to_lowercase()).or_insert(line);
            let is_own = *known == line;
            let same = known.get(..name.len()) == Some(name);
            assert!(is_own || same, "{known} and {line} meet at {name}");
            assert!(
                !name.split('/').any(|part| part.starts_with(".botdocs-")),
                "{line}"
            );
        }
        assert!(path.as_str() != "botdocs-manifest.json");
    }
    for folder in tree.iter().flat_map(|(path, _)| path.folders()) {
        assert!(
            tree.get(folder).is_none(),
            "{folder} is a file and a folder"
        );
    }
});

fn judge(path: &TreePath, line: &str) {
    assert_eq!(path.as_str(), line);
    assert_eq!(path.to_string(), line);
    let parts: Vec<&str> = line.split('/').collect();
    let components: Vec<_> = Path::new(line).components().collect();
    assert_eq!(components.len(), parts.len(), "{line:?}");
    for (component, part) in components.into_iter().zip(&parts) {
        assert_eq!(component, Component::Normal(part.as_ref()), "{line:?}");
        assert!(part.len() <= 255 && !part.contains(['\\', ':', '\0', '\n', '\r']));
        assert!(
            !part.ends_with(['.', ' ']) && !part.eq_ignore_ascii_case(".git"),
            "{line:?}"
        );
    }
    assert_eq!(path.name(), *parts.last().expect("at least one part"));
    assert_eq!(path.folders().count(), parts.len() - 1);
    for folder in path.folders() {
        assert!(TreePath::new(folder).is_ok(), "{folder:?}");
        assert!(line.starts_with(folder) && line.as_bytes()[folder.len()] == b'/');
    }
    assert_eq!(path.folder().is_some(), parts.len() > 1);
    let json = serde_json::to_string(path).expect("a path is text");
    assert_eq!(
        serde_json::from_str::<TreePath>(&json).ok().as_ref(),
        Some(path)
    );
}
