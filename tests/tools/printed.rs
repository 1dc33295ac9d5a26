//! Completions and manual pages, read by the programs that they are for.

use std::io::Write as _;
use std::process::Stdio;

use crate::project::{MANUAL_PAGES, Project};
use crate::tool::tool;

#[test]
fn bash_completes_by_its_completions() {
    let project = Project::empty();
    let script = project.run(&["completions", "bash"]).stdout;
    project.write("completions.bash", &script);
    let ask = "set -eu; . ./completions.bash; COMP_WORDS=(botdocs cle); COMP_CWORD=1; \
               _botdocs botdocs cle botdocs; echo \"${COMPREPLY[@]}\"";
    let output = tool("bash")
        .args(["-c", ask])
        .current_dir(project.path())
        .output()
        .unwrap();
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "clean\n",
        "{output:?}"
    );
}

#[test]
fn groff_renders_every_manual_page() {
    let project = Project::empty();
    for words in MANUAL_PAGES {
        let page = project.run(&[&["man"], words].concat()).exits(0).stdout;
        let mut groff = tool("groff")
            .args(["-man", "-Tutf8", "-ww"])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("run ./test, which installs what the tests need");
        groff
            .stdin
            .take()
            .unwrap()
            .write_all(page.as_bytes())
            .unwrap();
        let output = groff.wait_with_output().unwrap();
        assert!(
            output.status.success() && output.stderr.is_empty(),
            "{output:?}"
        );
        assert!(String::from_utf8_lossy(&output.stdout).contains("Manual"));
    }
}
