//! Names in any script and any spelling: anchors, links, files and their addresses.

use std::collections::BTreeSet;

use percent_encoding::percent_decode_str;

use crate::page::{Element, Page};
use crate::project::Project;

const PIXEL: &[u8] =
    b"GIF89a\x01\x00\x01\x00\x00\xff\x00,\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x00;";

/// A project with a page for each text, in the order of their names.
fn guides(guides: &[(&str, &str)]) -> Project {
    let names: Vec<_> = guides.iter().map(|(name, _)| *name).collect();
    let site = format!(
        "title: T\nsite_url: https://docs.example/\nnavigation: [{}]\n",
        names.join(", ")
    );
    let project = Project::empty().file("spec/site.yaml", site);
    guides.iter().fold(project, |project, (name, text)| {
        let guide = format!("---\ntitle: {name}\n---\n{text}\n");
        project.file(&format!("spec/{name}.md"), guide)
    })
}

fn attributes(page: &Page, name: &str) -> Vec<String> {
    let elements = page.elements();
    let values = elements.iter().filter_map(|it| it.attribute(name));
    values.collect()
}

fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8().unwrap().into_owned()
}

/// Returns the addresses of a site's own files and places that do not exist in it.
fn dead(project: &Project) -> Vec<String> {
    const HOME: &str = "https://docs.example/";
    let files = project.tree("site");
    let paths: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let mut dead = Vec::new();
    let mut try_path = |from: &str, address: &str| {
        let address = address.strip_prefix(HOME).unwrap_or(address);
        let (path, place) = address.split_once('#').unwrap_or((address, ""));
        let folder = from.rfind('/').map_or("", |at| &from[..=at]);
        let path = match path {
            "" if address.starts_with('#') => from.to_owned(),
            "" | "/" => "index.html".to_owned(),
            path => match path.strip_prefix('/') {
                Some(path) => decoded(path),
                None => match path.strip_prefix("../") {
                    Some(path) => {
                        let above = folder[..folder.len() - 1].rfind('/').unwrap() + 1;
                        format!("{}{}", &folder[..above], decoded(path))
                    }
                    None => format!("{folder}{}", decoded(path)),
                },
            },
        };
        let place = decoded(place);
        let has_place = || {
            let (_, bytes) = files.iter().find(|(it, _)| *it == path).unwrap();
            let page = Page::parse(std::str::from_utf8(bytes).unwrap());
            place.is_empty() || attributes(&page, "id").contains(&place)
        };
        let is_there = paths.contains(&*path);
        if !is_there || path.ends_with(".html") && !has_place() {
            dead.push(format!("{from}: {address}"));
        }
    };
    let is_ours = |address: &str| address.starts_with(HOME) || !address.contains(':');
    for (path, bytes) in &files {
        let text = String::from_utf8_lossy(bytes);
        let mut found = Vec::new();
        if path.ends_with(".html") {
            let page = Page::parse(&text);
            for name in ["href", "src", "content", "data-index", "data-library"] {
                let of_name = |it: &Element| {
                    name != "content" || it.attribute("property").as_deref() == Some("og:image")
                };
                let elements = page.elements();
                let elements = elements.iter().filter(|it| of_name(it));
                found.extend(elements.filter_map(|it| it.attribute(name)));
            }
        } else if path.ends_with(".md") || path.ends_with(".txt") {
            for part in text.split("](").skip(1) {
                let address = part.split(')').next().unwrap();
                let address = address.trim_matches(['<', '>']);
                found.push(address.replace("&amp;", "&"));
            }
        } else if path.ends_with(".css") {
            for part in text.split("url(").skip(1) {
                found.push(
                    part.split(')')
                        .next()
                        .unwrap()
                        .trim_matches(['"', '\''])
                        .to_owned(),
                );
            }
        } else if path == "sitemap.xml" {
            for part in text.split("<loc>").skip(1) {
                found.push(part.split('<').next().unwrap().to_owned());
            }
        } else if path == "_redirects" {
            found.extend(
                text.lines()
                    .map(|line| line.split(' ').nth(1).unwrap().to_owned()),
            );
        }
        for address in found.iter().filter(|it| is_ours(it)) {
            assert!(!address.contains(' '), "{path}: {address}");
            try_path(path, address);
        }
    }
    dead
}

#[test]
fn anchors_of_any_script_follow_one_rule() {
    let titles = [
        ("Événements et délais", "événements-et-délais"),
        ("Über", "über"),
        ("はじめに", "はじめに"),
        ("Ошибки: коды", "ошибки-коды"),
        ("错误 处理", "错误-处理"),
        ("اللغة العربية", "اللغة-العربية"),
        ("हिन्दी में", "हिन्दी-में"),
        ("Rate limits", "rate-limits"),
    ];
    let headings: String = titles
        .iter()
        .map(|(title, _)| format!("## {title}\n\n"))
        .collect();
    let links: String = titles
        .iter()
        .map(|(_, id)| format!("[a](#{id}) [b](api#{id})\n"))
        .collect();
    let sections: String = titles
        .iter()
        .map(|(title, _)| format!("  - {{title: \"{title}\", body: Text.}}\n"))
        .collect();
    let project = guides(&[("guide", &(headings + &links)), ("api", "x")]);
    std::fs::remove_file(project.path().join("spec/api.md")).unwrap();
    let api = format!(
        "title: A\nservers: [{{url: https://a.example}}]\nendpoints:\n  c: {{title: C, method: GET, path: /c, responses: {{204: {{description: D.}}}}}}\nsections:\n{sections}"
    );
    let project = project.file("spec/api.yaml", api);
    project.run(&["build", "--strict"]).exits(0);
    for path in ["site/index.html", "site/api.html"] {
        let page = Page::parse(&project.read(path));
        let ids = attributes(&page, "id");
        for (_, id) in titles {
            assert!(ids.iter().any(|it| it == id), "{path}: {id} {ids:?}");
        }
    }
    assert_eq!(dead(&project), [] as [String; 0]);
}

#[test]
fn published_anchors_of_ascii_titles_stay() {
    let api = "title: A\nservers: [{url: https://a.example}]\nendpoints:\n  c: {title: C, method: GET, path: /c, responses: {204: {description: D.}}}\nsections:\n  - {title: \"Limits & quotas (a_b)\", body: \"## Limits & quotas (a_b)\"}\n  - {title: \"What’s new — soon\", body: X.}\n";
    let project = Project::new().file("spec/api.yaml", api);
    project.run(&["build"]).exits(0);
    let ids = attributes(&Page::parse(&project.read("site/index.html")), "id");
    for id in ["limits-quotas-a-b", "limits--quotas-a_b", "whats-new-soon"] {
        assert!(ids.iter().any(|it| it == id), "{id} {ids:?}");
    }
}

#[test]
fn a_section_may_have_an_id_of_any_script() {
    let api = |id: &str| {
        format!(
            "title: A\nservers: [{{url: https://a.example}}]\nendpoints:\n  c: {{title: C, method: GET, path: /c, responses: {{204: {{description: D.}}}}}}\nsections:\n  - {{title: X, id: {id}, body: Y.}}\n"
        )
    };
    for (id, is_right) in [
        ("größe", true),
        ("はじめに", true),
        ("u\u{308}ber", true),
        ("Größe", false),
        ("a b", false),
        ("ä--b", false),
    ] {
        let project = Project::new().file("spec/api.yaml", api(id));
        let ran = project.run(&["check"]);
        assert_eq!(ran.code == Some(0), is_right, "{id}\n{}", ran.stderr);
    }
    let ran = Project::new()
        .file("spec/api.yaml", api("Größe & Art"))
        .run(&["check"])
        .exits(1);
    assert!(ran.stderr.contains("`größe-art`"), "{}", ran.stderr);
}

#[test]
fn names_are_compared_in_one_form_of_unicode() {
    let project = guides(&[
        ("a", "## U\u{308}ber uns\n\n[x](#über-uns) [y](#u\u{308}ber-uns) [z](b#e\u{301}te\u{301})\n\n![p](für.gif) ![q](fu\u{308}r.gif) ![r](f%C3%BCr.gif) ![s](fu%CC%88r.gif)"),
        ("b", "## Été\n\n## Ziel {#Zie\u{308}l}\n\n[w](#Ziël)"),
    ])
    .file("spec/fu\u{308}r.gif", PIXEL);
    project.run(&["build", "--strict"]).exits(0);
    assert_eq!(dead(&project), [] as [String; 0]);
}

#[test]
fn two_files_of_one_name_are_refused() {
    let project = guides(&[("a", "![p](für.gif)")])
        .file("spec/fu\u{308}r.gif", PIXEL)
        .file("spec/für.gif", PIXEL);
    let ran = project.run(&["check"]).exits(1);
    assert!(
        ran.stderr.contains("misnamed-file") && ran.stderr.contains("Unicode form"),
        "{}",
        ran.stderr
    );
}

#[test]
fn links_are_decoded_once() {
    let project = guides(&[
        ("a", "## größe\n\n[1](b#gr%C3%B6%C3%9Fe) [2](#gr%C3%B6%C3%9Fe) [3](b.md#gr%c3%b6%c3%9fe) [4](%62)\n\n[5](my%20file.pdf) [6](<my file.pdf>) [7](a+b.pdf) [8](a%2Bb.pdf) [9](50%25.pdf) [10](50%.pdf) [11](x%23y.pdf) [12](Plan%2520A.pdf) [13](sub/%C3%BC.pdf) [14](./sub/ü.pdf)"),
        ("b", "## größe"),
    ])
    .file("spec/my file.pdf", "1")
    .file("spec/a+b.pdf", "2")
    .file("spec/50%.pdf", "3")
    .file("spec/x#y.pdf", "4")
    .file("spec/Plan%20A.pdf", "5")
    .file("spec/sub/ü.pdf", "6");
    project.run(&["build", "--strict"]).exits(0);
    assert_eq!(dead(&project), [] as [String; 0]);
}

#[test]
fn a_suggestion_works_when_it_is_copied() {
    let project = guides(&[("a", "LINK"), ("my-page", "## größe 100%\n\n### A\n")])
        .file("spec/Plan%20A.png", PIXEL)
        .file("spec/my file.gif", PIXEL)
        .file("spec/sub/b.gif", PIXEL);
    for (link, meant) in [
        ("Plan%20A.png", "Plan%2520A.png"),
        ("my%20flie.gif", "my%20file.gif"),
        ("my_file.gif", "my%20file.gif"),
        ("sub%2Fb.gif", "sub/b.gif"),
        ("my%20page", "my-page"),
        ("my%20page#größe-100", "my-page#größe-100"),
        ("my-page#gr%C3%B6se-100", "#größe-100"),
        ("my-page#%zz", ""),
        ("sub/%ff.gif", "sub/b.gif"),
    ] {
        project.write("spec/a.md", format!("---\ntitle: A\n---\n[x]({link})\n"));
        let ran = project.run(&["check"]).exits(1);
        let Some((_, after)) = ran.stderr.split_once("did you mean `") else {
            assert_eq!(meant, "", "{link}\n{}", ran.stderr);
            continue;
        };
        assert_eq!(
            after.split('`').next(),
            Some(meant),
            "{link}\n{}",
            ran.stderr
        );
        let copied = if meant.starts_with('#') {
            format!("my-page{meant}")
        } else {
            meant.to_owned()
        };
        project.write("spec/a.md", format!("---\ntitle: A\n---\n[x]({copied})\n"));
        project.run(&["check"]).exits(0);
    }
}

#[test]
fn every_address_of_a_site_leads_to_a_file() {
    let names = [
        "Plan%20A.gif",
        "a b.gif",
        "x#y.gif",
        "ü.gif",
        "a+b&c;d=e@f!.gif",
        "(1)[2]{3}.gif",
        "50%.gif",
        "it's so.gif",
        "日本語.gif",
        "a,b~c.gif",
        "%.gif",
        "`x^.gif",
    ];
    let mut guide = "## Größe\n\n".to_owned();
    for name in names {
        let link: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        guide += &format!("![x](./{link}) [y](./{link}) ");
    }
    let project = guides(&[("a", &guide), ("b", "## はじめに\n\n[x](a#größe)")]);
    let project = names
        .iter()
        .enumerate()
        .fold(project, |project, (number, name)| {
            let mut pixel = PIXEL.to_vec();
            pixel.push(number as u8);
            project.file(&format!("spec/{name}"), pixel)
        });
    let site = "title: T\nsite_url: https://docs.example/\nnavigation: [a, b]\nlogo: {light: ü.gif, dark: 'x#y.gif'}\nimage: 日本語.gif\nfavicon: 'i ü.svg'\nheader: [{title: H, url: 'a%20b.gif'}, {title: I, url: 'b#%E3%81%AF%E3%81%98%E3%82%81%E3%81%AB'}]\nredirects: {old: 'b#はじめに', 'b#fru%CC%88her': 'a#größe'}\n";
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\"/>";
    let project = project
        .file("spec/site.yaml", site)
        .file("spec/i ü.svg", svg)
        .file(
            "static/style.css",
            "a{background:url(\"muster%20ü.gif\")}b{background:url(sub/x%23y.gif)}\n",
        )
        .file("static/muster ü.gif", PIXEL)
        .file("static/sub/x#y.gif", PIXEL);
    project.run(&["build"]).exits(0);
    assert_eq!(dead(&project), [] as [String; 0]);
    // Headers and sitemaps are ASCII.
    assert!(project.read("site/_redirects").is_ascii());
    let index = project.read("site/index.html");
    let image = index.split("og:image\" content=\"").nth(1).unwrap();
    assert!(image.split('"').next().unwrap().is_ascii());
}

#[test]
fn files_at_the_root_keep_their_names_and_bytes() {
    let project = guides(&[("a", "x")])
        .file("root/robots.txt", "User-agent: *\nDisallow: /\n")
        .file("root/google123.html", "google-site-verification: {{ x }}\n")
        .file(
            "root/.well-known/security.txt",
            "Contact: mailto:a@b.example\n",
        )
        .file("root/CNAME", "docs.example")
        .file("root/.DS_Store", "x")
        .file("root/sub/ü é.txt", "x")
        .file("root/_headers", "# c\n/google123.html\n  X-A:1\n\tX-B: 2\n")
        .file("root/_redirects", "\n# c\n/x /y 302\n/* /404.html 404\n");
    let site = project.read("spec/site.yaml") + "redirects: {old: a}\n";
    let project = project.file("spec/site.yaml", site);
    project.run(&["build", "--strict"]).exits(0);
    for path in [
        "robots.txt",
        "google123.html",
        ".well-known/security.txt",
        "CNAME",
        "sub/ü é.txt",
    ] {
        assert_eq!(
            project.read(&format!("site/{path}")),
            project.read(&format!("root/{path}"))
        );
    }
    assert!(!project.path().join("site/.DS_Store").exists());
    let headers = project.read("site/_headers");
    assert!(
        headers.starts_with("/*\n  Content-Security-Policy: "),
        "{headers}"
    );
    assert!(
        headers.ends_with("\n/google123.html\n  X-A: 1\n  X-B: 2\n"),
        "{headers}"
    );
    let redirects = project.read("site/_redirects");
    assert_eq!(
        redirects,
        "/old.html / 301\n/old / 301\n/x /y 302\n/* /404.html 404\n"
    );
    assert!(!project.read("site/sitemap.xml").contains("google123"));
    // Another folder by a flag, and in an archive.
    let other = project.file("other/robots.txt", "x");
    other
        .run(&["build", "--root", "other", "--archive", "a.tar"])
        .exits(0);
    let archive = std::fs::read(other.path().join("a.tar")).unwrap();
    let has = |name: &[u8]| archive.windows(name.len()).any(|it| it == name);
    assert!(has(b"robots.txt") && !has(b"google123.html"));
    other.run(&["build", "--root", "missing"]).exits(2);
}

#[test]
fn a_template_links_to_a_static_file_by_its_name() {
    let template = "{% extends \"base.html\" %}{% block head %}<link rel=\"stylesheet\" href=\"{{ asset(\"own/ä b.css\") }}\">{% endblock %}{% block main %}{{ body }}{% endblock %}";
    let project = guides(&[("a", "x"), ("b", "y")])
        .file("templates/guide.html", template)
        .file(
            "static/own/ä b.css",
            "@font-face{font-family:F;src:url(../fonts/f.woff2)}a{b:url('c%20d.svg#e')}",
        )
        .file("static/fonts/f.woff2", "font")
        .file(
            "static/own/c d.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        );
    project
        .run(&["build", "--strict", "--bot", "ada", "--force"])
        .exits(0);
    project.run(&["build", "--strict", "--force"]).exits(0);
    assert_eq!(dead(&project), [] as [String; 0]);
    for (name, fault) in [
        ("asset(\"own/a b.css\")", "did you mean `own/ä b.css`?"),
        ("asset(site.title)", "no file `static/T`"),
    ] {
        let wrong = template.replace("asset(\"own/ä b.css\")", name);
        project.write("templates/guide.html", wrong);
        let ran = project.run(&["check"]).exits(1);
        assert!(
            ran.stderr.contains(fault) && ran.stderr.contains("templates/guide.html:1:"),
            "{}",
            ran.stderr
        );
    }
}

#[test]
fn a_policy_of_its_own_allows_what_the_author_wants() {
    let base = "<!doctype html><meta http-equiv=\"Content-Security-Policy\" content=\"img-src https:\"><title>{{ page.title }}</title>{{ body }}";
    let project =
        guides(&[("a", "![x](https://img.example/a.png)")]).file("templates/guide.html", base);
    project.run(&["build"]).exits(0);
    assert!(
        project
            .read("site/index.html")
            .contains("src=\"https://img.example/a.png\"")
    );
}
