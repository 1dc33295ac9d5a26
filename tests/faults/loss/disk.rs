//! A disk that is full, and one that may not be written to.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use super::{BUILD, Project, Scene, Stage, Version, assert_same, ran, site, snapshot};
use crate::process::is_root;
use crate::support::skip::skip;
use crate::tool::tool;

/// Runs a script as root in a mount namespace of its own; none, if that is not possible here.
fn with_mounts(project: &Project, script: &str) -> Option<super::Ran> {
    if !is_root() {
        skip("only root can mount a small disk");
        return None;
    }
    let mut command = tool("unshare");
    command.args([
        "--mount",
        "sh",
        "-euc",
        script,
        env!("CARGO_BIN_EXE_botdocs"),
    ]);
    project.prepare_tool(&mut command);
    let ran = ran(command.output().unwrap());
    if ran.stderr.starts_with("unshare:") || ran.stderr.starts_with("mount:") {
        skip(&format!("root here may not mount: {}", ran.stderr));
        return None;
    }
    Some(ran)
}

/// A disk of 160 KiB takes the old site, and not the new one beside or into it.
#[test]
fn a_disk_of_160_kib_that_is_full_keeps_the_old_site() {
    // Below a mounted disk, and the mounted disk itself.
    for (out, canary) in [("disk/site", ""), ("disk/site", "CNAME"), ("disk", "CNAME")] {
        let project = Project::empty();
        Version::Old.write(&project);
        let script = format!(
            "mkdir disk && mount -t tmpfs -o size=160k none disk\n\
             \"$0\" build -o {out}\n\
             test -z '{canary}' || echo mine > {out}/'{canary}'\n\
             cp -a {out} before\n\
             for n in 1 2 3 4 5 6 7 8 9; do printf -- '---\\ntitle: G\\n---\\n%9000s' $n > spec/g$n.md; done\n\
             printf 'title: Docs\\nnavigation: [api, g1, g2, g3, g4, g5, g6, g7, g8, g9]\\n' > spec/site.yaml\n\
             code=0; \"$0\" build -o {out} || code=$?; test $code = 3\n\
             cp -a {out} after; ls -A disk > names\n\
             mount -o remount,size=1m disk\n\
             \"$0\" build -o {out}; cp -a {out} healed; \"$0\" build -o fresh\n\
             ls -A disk > healed-names\n"
        );
        let Some(ran) = with_mounts(&project, &script) else {
            return;
        };
        let ran = ran.exits(0);
        assert!(
            ran.stderr.contains("No space left on device"),
            "{}",
            ran.stderr
        );
        let folder = |name: &str| snapshot(&project.path().join(name));
        assert!(folder("before").len() > 8);
        assert_same(
            &folder("after"),
            &folder("before"),
            &format!("{out} {canary}, full"),
        );
        let mut healed = folder("healed");
        if !canary.is_empty() {
            assert_eq!(healed.remove(canary).unwrap(), b"mine\n");
        }
        assert_same(
            &healed,
            &folder("fresh"),
            &format!("{out} {canary}, with room again"),
        );
        if out == "disk/site" {
            assert_eq!(project.read("names"), "site\n");
            assert_eq!(project.read("healed-names"), "site\n");
        }
    }
}

#[test]
fn a_first_site_that_does_not_fit_leaves_no_half_of_it() {
    let project = super::Project::new();
    let script = "mkdir disk && mount -t tmpfs -o size=16k none disk\n\
         code=0; \"$0\" build -o disk/site || code=$?; test $code = 3; ls -A disk > names\n\
         mount -o remount,size=1m disk; \"$0\" build -o disk/site; cp -a disk/site healed\n\
         \"$0\" build -o fresh; ls -A disk > healed-names\n";
    let Some(ran) = with_mounts(&project, script) else {
        return;
    };
    let ran = ran.exits(0);
    assert!(
        ran.stderr.contains("No space left on device"),
        "{}",
        ran.stderr
    );
    assert_eq!(project.read("names"), "");
    assert_eq!(project.read("healed-names"), "site\n");
    let folder = |name: &str| snapshot(&project.path().join(name));
    assert_same(&folder("healed"), &folder("fresh"), "with room again");
}

/// Who has mounted the site elsewhere, as a container does, or works in it, sees each new version.
#[test]
fn a_site_that_is_mounted_elsewhere_is_changed_there_too() {
    for scene in [Scene::Changed, Scene::Owned] {
        let stage = Stage::new(scene);
        let project = stage.project();
        let build = scene.build().join(" ");
        let script = format!(
            "mkdir elsewhere && mount --bind site elsewhere\n\
             cd site; env -C .. \"$0\" {build}; cp -a . ../held; cd ..\n\
             cp -a elsewhere seen\n"
        );
        let Some(ran) = with_mounts(&project, &script) else {
            return;
        };
        ran.exits(0);
        for name in ["held", "seen"] {
            let found = snapshot(&project.path().join(name));
            assert_same(&found, &stage.new, &format!("{scene:?}, {name}"));
        }
    }
}

/// Others mount a disk in the site, where the folder of a bot or of all bots is.
#[test]
fn a_disk_that_is_mounted_in_the_site_stays() {
    for mounted in ["site/bots", "site/bots/cem"] {
        let stage = Stage::new(Scene::Owned);
        let project = stage.project();
        let script = format!(
            "cp -a {mounted} mounted && mount -t tmpfs -o size=1m none {mounted} && cp -a mounted/. {mounted}\n\
             \"$0\" build --bots bots.csv && cp -a site after\n\
             \"$0\" build --bots bots.csv && cp -a site again\n\
             \"$0\" build --generic && cp -a site generic && mountpoint {mounted}\n"
        );
        let Some(ran) = with_mounts(&project, &script) else {
            return;
        };
        ran.exits(0);
        for name in ["after", "again"] {
            let mut found = snapshot(&project.path().join(name));
            // Where a disk is mounted, its folder is not ours to delete.
            found.remove("bots/cem/");
            assert_same(&found, &stage.new, &format!("{mounted}, {name}"));
        }
        let generic = snapshot(&project.path().join("generic"));
        let is_of_bot = |path: &&String| path.starts_with("bots/") && !path.ends_with('/');
        assert_eq!(generic.keys().find(is_of_bot), None, "{mounted}");
    }
}

/// A disk that is mounted for reading only.
#[test]
fn a_disk_for_reading_only_is_the_machine_s_fault() {
    for scene in [Scene::Fresh, Scene::Owned, Scene::Journal, Scene::Recovery] {
        let stage = Stage::new(scene);
        let project = stage.project();
        let before = snapshot(project.path());
        let script = "mount --bind . . && mount -o remount,bind,ro \"$PWD\" && cd \"$PWD\"\n\
             exec \"$0\" build --bots bots.csv\n";
        let Some(ran) = with_mounts(&project, script) else {
            return;
        };
        let ran = ran.exits(3);
        assert!(
            ran.stderr.contains("Read-only file system"),
            "{}",
            ran.stderr
        );
        assert_same(&snapshot(project.path()), &before, "for reading only");
        stage.judge(&project, ran.code, &format!("{scene:?}, for reading only"));
    }
}

fn set_mode(project: &Project, path: &str, mode: u32) {
    let path = project.path().join(path);
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Permissions that forbid to write: to the site, to the folder above, to both.
#[test]
fn a_folder_that_may_not_be_written_to_is_the_machine_s_fault() {
    for scene in [Scene::Fresh, Scene::Owned, Scene::Journal, Scene::Recovery] {
        let stage = Stage::new(scene);
        for (above, inside) in [(true, true), (true, false), (false, true)] {
            if scene == Scene::Fresh && inside {
                continue;
            }
            let project = stage.project();
            let before = site(&project);
            if inside {
                set_mode(&project, "site", 0o555);
            }
            if above {
                set_mode(&project, ".", 0o555);
            }
            let ran = project.without_powers(&BUILD);
            let what = format!("{scene:?}, above {above}, inside {inside}: {ran:?}");
            // A site that is there can be changed without the folder above.
            let is_possible = scene != Scene::Fresh && !inside;
            assert_eq!(ran.code, Some(if is_possible { 0 } else { 3 }), "{what}");
            if !is_possible {
                assert!(ran.stderr.contains("Permission denied"), "{what}");
                let found = site(&project);
                let is_whole = found == before;
                assert!(is_whole, "{what}");
            }
            set_mode(&project, ".", 0o755);
            if inside {
                set_mode(&project, "site", 0o755);
            }
            stage.judge(&project, ran.code, &what);
        }
    }
}
