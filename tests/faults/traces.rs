//! A build touches nothing but its output, as the kernel sees it: no network, no other folder.

use crate::process::is_root;
use crate::project::Ran;
use crate::support::everything::{KINDS, build, everything};
use crate::support::skip::skip;
use crate::tool::tool;

/// A build needs no network: it runs where there is none, not even a loopback.
#[test]
fn it_builds_where_there_is_no_network() {
    if !is_root() {
        skip("only root can make an empty network namespace");
        return;
    }
    let project = everything();
    let expected = build(&project, KINDS[1]);
    let mut command = tool("unshare");
    command.args(["--net", env!("CARGO_BIN_EXE_botdocs")]);
    command.args(["build", "--out", "alone"]).args(KINDS[1]);
    project.prepare_tool(&mut command);
    let ran = Ran::of(command.output().unwrap());
    if ran.stderr.starts_with("unshare:") {
        skip("root here may not make a network namespace");
        return;
    }
    ran.exits(0);
    assert!(project.tree("alone") == expected);
}

/// Every call that can reach the network or change a file, as the kernel saw it.
#[test]
fn it_opens_no_connection_and_changes_nothing_but_its_output() {
    KINDS.into_iter().for_each(trace_it);
}

fn trace_it(kind: [&str; 2]) {
    let project = everything();
    let calls = "trace=connect,socket,bind,sendto,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,\
        renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,rmdir,truncate,ftruncate,chmod,fchmod,fchmodat,\
        mknod,mknodat,setxattr,utimensat,execve";
    for again in ["first", "second", "shared", "shared again"] {
        let mut command = tool("strace");
        command.args(["-f", "-y", "-qq", "-e", calls, "-o", "trace.txt"]);
        command.arg(env!("CARGO_BIN_EXE_botdocs"));
        command.args(["build", "--out", "below/out"]).args(kind);
        project.prepare_tool(&mut command);
        match command.output() {
            Ok(output) => drop(Ran::of(output).exits(0)),
            Err(error) => {
                skip(&format!("strace can't be run: {error}"));
                return;
            }
        }
        let trace = project.read("trace.txt");
        let here = project.path().canonicalize().unwrap();
        let mut changes = 0;
        for line in trace.lines() {
            let call = line.split_whitespace().nth(1).unwrap_or_default();
            let name = call.split('(').next().unwrap();
            assert!(
                !["connect", "socket", "bind", "sendto"].contains(&name),
                "{again} build: {line}"
            );
            let reads = name.starts_with("open")
                && !line.contains("O_CREAT")
                && !line.contains("O_WRONLY")
                && !line.contains("O_RDWR")
                && !line.contains("O_TRUNC");
            if reads || name == "execve" || line.ends_with("+++") {
                continue;
            }
            changes += 1;
            for path in paths(line, here.to_str().unwrap()) {
                let below = path.strip_prefix(here.to_str().unwrap()).unwrap_or(&path);
                let is_own = below == "/below"
                    || below.starts_with("/below/out")
                    || below.starts_with("/below/.out.botdocs-");
                assert!(is_own, "{again} build: {path} in {line}");
            }
        }
        assert!(again != "first" || changes > 8, "{trace}");
        project.write("spec/tone.md", project.read("spec/tone.md") + "\nMore.\n");
        if again == "second" {
            // From here on others keep files in it.
            project.write("below/out/CNAME", "docs.example.com\n");
            project.write("below/out/.git/HEAD", "ref: refs/heads/main\n");
        }
    }
}

/// The full paths that a call of a trace names: a folder's handle, then a path below it, or a path.
fn paths(line: &str, here: &str) -> Vec<String> {
    let arguments = line.split_once('(').unwrap().1;
    let arguments = arguments
        .rsplit_once(") = ")
        .map_or(arguments, |(arguments, _)| arguments);
    let mut paths = Vec::new();
    let mut folder = here.to_owned();
    for argument in arguments.split(", ") {
        if let Some(path) = argument
            .strip_prefix('"')
            .and_then(|rest| rest.strip_suffix('"'))
        {
            paths.push(if path.starts_with('/') {
                path.to_owned()
            } else {
                format!("{folder}/{path}")
            });
        } else if let Some((_, rest)) = argument.split_once('<') {
            folder = rest.trim_end_matches('>').to_owned();
            if !arguments.contains('"') {
                paths.push(folder.clone());
            }
        }
    }
    paths
}

#[test]
fn calls_of_a_trace_are_read_with_their_folders() {
    let line = r#"7 openat(5</p/out>, ".new", O_WRONLY|O_CREAT, 0644) = 6</p/out/.new>"#;
    assert_eq!(paths(line, "/p"), ["/p/out/.new"]);
    let line = r#"7 renameat2(3</p>, ".a", 3</p>, "out", RENAME_EXCHANGE) = 0"#;
    assert_eq!(paths(line, "/p"), ["/p/.a", "/p/out"]);
    assert_eq!(paths(r#"7 mkdir("x", 0777) = 0"#, "/p"), ["/p/x"]);
    assert_eq!(paths(r#"7 ftruncate(6</p/f>, 3) = 0"#, "/p"), ["/p/f"]);
}
