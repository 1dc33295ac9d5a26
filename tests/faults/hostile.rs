//! Input that was made to do harm: a clear fault, in bounded time and memory, and nothing else.
//!
//! Each run has at most 256 MB of address space and twenty seconds of the processor; how much less it
//! takes is for the benchmarks to say.

use std::net::TcpListener;

use serde_json::Value;

use super::project::{API, Project, Ran};
use crate::tool::tool;

/// Runs the program within the limits.
fn bounded(project: &Project, arguments: &[&str]) -> Ran {
    let mut command = tool("timeout");
    // The tests' program is hardly optimized: it takes 3 to 5 s for the largest of these files, and a
    // busy machine makes the same instructions take longer. What grows too fast takes minutes.
    let limits = "ulimit -v 286720; ulimit -t 20; exec \"$0\" \"$@\"";
    command
        .args(["600", "sh", "-c", limits])
        .arg(env!("CARGO_BIN_EXE_botdocs"))
        .args(arguments)
        // The C library reserves addresses, but no memory, for each thread; the limit counts both.
        .env("MALLOC_ARENA_MAX", "1")
        .current_dir(project.path());
    Ran::of(command.output().unwrap())
}

/// What a check reports: each code with its place, as `code path:line:column`.
#[track_caller]
fn faults(project: &Project) -> Vec<String> {
    let ran = bounded(project, &["check", "--format", "json"]);
    let Ok(report) = serde_json::from_str::<Value>(&ran.stdout) else {
        panic!("{ran:?}");
    };
    let faults: Vec<String> = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .map(fault)
        .collect();
    let is_error = report["diagnostics"]
        .as_array()
        .unwrap()
        .iter()
        .any(|d| d["severity"] == "error");
    let ran = ran.exits(i32::from(is_error));
    // What people read takes its own way through the same places.
    let human = bounded(project, &["check"]).exits(i32::from(is_error));
    assert!(human.stderr.len() < 200_000, "{} bytes", human.stderr.len());
    drop(ran);
    faults
}

fn fault(diagnostic: &Value) -> String {
    let code = diagnostic["code"].as_str().unwrap();
    let file = diagnostic["file"].as_str().unwrap();
    let label = &diagnostic["labels"][0];
    match label.is_null() {
        true => format!("{code} {file}"),
        false => format!("{code} {file}:{}:{}", label["line"], label["column"]),
    }
}

#[track_caller]
fn api(text: impl AsRef<[u8]>) -> Vec<String> {
    faults(&Project::new().file("spec/api.yaml", text))
}

#[track_caller]
fn guide(text: impl AsRef<str>) -> Vec<String> {
    let guide = format!("---\ntitle: Guide\n---\n{}", text.as_ref());
    faults(&with_guide(&guide))
}

fn with_guide(text: &str) -> Project {
    Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
        .file("spec/guide.md", text)
}

/// The smallest API page, its response of a schema, with these schemas.
fn with_schemas(schemas: &str) -> String {
    let api = API.replace(
        "{description: The answer., fields: {response: {type: string}}, example: {response: Hello}}",
        "{schema: {$ref: \"#/schemas/S0\"}}",
    );
    format!("{api}schemas:\n{schemas}")
}

#[test]
fn aliases_cannot_multiply() {
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..9 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("a{level}: &a{level} [{aliases}]\n");
    }
    assert_eq!(api(&bomb), ["input-too-large spec/api.yaml:6:20"]);
    assert_eq!(api("a: &a [*a]\n"), ["input-too-large spec/api.yaml:1:8"]);
    assert_eq!(
        api("a: &a {b: *a}\n"),
        ["input-too-large spec/api.yaml:1:11"]
    );
    let many = format!("a: &a [1]\nb: [{}]\n", vec!["*a"; 2000].join(", "));
    assert_eq!(api(many), ["input-too-large spec/api.yaml:2:4005"]);
}

#[test]
fn nothing_is_read_deeper_than_it_can_be_shown() {
    assert_eq!(
        api("[".repeat(100_000)),
        ["input-too-large spec/api.yaml:1:256"]
    );
    assert_eq!(
        api("{a: ".repeat(100_000)),
        ["input-too-large spec/api.yaml:1:1021"]
    );
    let blocks: String = (0..3000)
        .map(|depth| format!("{}a:\n", " ".repeat(depth)))
        .collect();
    assert_eq!(api(blocks), ["input-too-large spec/api.yaml:65:65"]);
    let sequences = format!("{}x\n", "- ".repeat(3000));
    assert_eq!(api(sequences), ["input-too-large spec/api.yaml:1:129"]);
    let front = format!("---\ntitle: {}\n---\n", "[".repeat(100_000));
    assert_eq!(
        faults(&with_guide(&front)),
        ["input-too-large spec/guide.md:2:263"]
    );
}

#[test]
fn files_have_a_greatest_size() {
    let keys: String = (0..700_000).map(|n| format!("key{n}: {n}\n")).collect();
    assert!(keys.len() > 10 << 20);
    assert_eq!(api(keys), ["input-too-large spec/api.yaml:125000:12"]);
    let huge = " ".repeat(20 << 20);
    assert_eq!(api(huge), ["input-too-large spec/api.yaml"]);
}

#[test]
fn a_long_text_is_no_fault() {
    let text = "      Words that go on and on.\n".repeat((10 << 20) / 31);
    let long = API.replace(
        "    method",
        &format!("    description: |\n{text}    method"),
    );
    assert_eq!(api(long), [] as [String; 0]);
}

#[test]
fn references_may_be_many_but_not_endless() {
    let chain = |length: usize, end: &str| {
        let links: String = (0..length)
            .map(|n| format!("  S{n}: {{$ref: \"#/schemas/S{}\"}}\n", n + 1))
            .collect();
        format!("{links}  S{length}: {end}\n")
    };
    let (end, back) = ("{type: string}", "{$ref: \"#/schemas/S0\"}");
    assert_eq!(api(with_schemas(&chain(100, end))), [] as [String; 0]);
    assert_eq!(
        api(with_schemas(&chain(10_000, end))),
        ["input-too-large spec/api.yaml:15:3"]
    );
    assert_eq!(
        api(with_schemas(&chain(100, back))),
        ["cyclic-reference spec/api.yaml:15:3"]
    );
    let own = "  S0: {$ref: \"#/schemas/S0\"}\n";
    assert_eq!(
        api(with_schemas(own)),
        ["cyclic-reference spec/api.yaml:15:3"]
    );
    let two = "  S0: {$ref: \"#/schemas/S1\"}\n  S1: {$ref: \"#/schemas/S0\"}\n";
    assert_eq!(
        api(with_schemas(two)),
        ["cyclic-reference spec/api.yaml:15:3"]
    );
    let tree: String = (0..10)
        .map(|level| {
            let field = |n: usize| format!("f{n}: {{$ref: \"#/schemas/S{}\"}}", level + 1);
            let fields: Vec<String> = (0..10).map(field).collect();
            format!("  S{level}: {{fields: {{{}}}}}\n", fields.join(", "))
        })
        .collect();
    let tree = tree + "  S10: {type: string}\n";
    assert_eq!(
        api(with_schemas(&tree)),
        ["input-too-large spec/api.yaml:4:3"]
    );
}

#[test]
fn references_that_multiply_are_counted_wherever_they_stand() {
    let tree: String = (0..10)
        .map(|level| {
            let one = format!("{{$ref: \"#/schemas/S{}\"}}", level + 1);
            format!("  S{level}: {{oneOf: [{}]}}\n", vec![one; 10].join(", "))
        })
        .collect();
    let tree = tree + "  S10: {type: string}\n";
    let reference = "$ref: \"#/schemas/S0\"";
    let plain = |api: String| format!("{api}schemas:\n{tree}");
    let with = |text: &str| plain(API.replace("    request:\n", &format!("{text}    request:\n")));
    for text in [
        with_schemas(&tree),
        with(&format!(
            "    parameters: {{query: {{a: {{{reference}}}}}}}\n"
        )),
        with(&format!(
            "    stream: {{format: sse, events: {{a: {{data: json, schema: {{{reference}}}}}}}}}\n"
        )),
        plain(API.replace(
            "{description: The answer., ",
            &format!("{{headers: {{A: {{{reference}}}}}, "),
        )),
        plain(API.replace(
            "bot_id: {type: string, required: true}",
            &format!("bot_id: {{{reference}}}"),
        )),
    ] {
        assert_eq!(api(text), ["input-too-large spec/api.yaml:4:3"]);
    }
    let leaf: String = (0..1900)
        .map(|n| format!("f{n}: {{type: string}}, "))
        .collect();
    let wide: String = (0..40)
        .map(|n| {
            API.split("endpoints:\n")
                .nth(1)
                .unwrap()
                .replace("chat", &format!("chat{n}"))
                .replace(
                    "{response: {type: string}}",
                    &format!("{{a: {{{reference}}}}}"),
                )
        })
        .collect();
    let head = API.split("  chat:").next().unwrap();
    let found = api(format!(
        "{head}{wide}schemas:\n  S0: {{fields: {{{leaf}}}}}\n"
    ));
    assert_eq!(found.len(), 30, "{found:?}");
    assert!(
        found
            .iter()
            .all(|fault| fault.starts_with("input-too-large"))
    );
}

#[test]
fn a_schema_may_hold_itself() {
    let tree = "  S0: {fields: {parts: {type: array, items: {$ref: \"#/schemas/S0\"}}, next: {$ref: \"#/schemas/S1\"}}}\n  S1: {fields: {back: {$ref: \"#/schemas/S0\"}}}\n";
    let project = Project::new().file("spec/api.yaml", with_schemas(tree));
    assert_eq!(faults(&project), [] as [String; 0]);
    bounded(&project, &["build"]).exits(0);
}

/// Two schemas that lead to themselves and to each other, in every way that one can hold another.
#[test]
fn schemas_may_hold_each_other_in_every_way() {
    let ways = [
        "items: R",
        "type: [array, string], items: R",
        "type: array, items: {type: array, items: R}",
        "fields: {a: R}",
        "additionalProperties: R",
        "oneOf: [{fields: {b: R}}, {type: integer}]",
    ];
    let edges = ways.iter().flat_map(|way| {
        ["S0", "S1"].map(|name| way.replace('R', &format!("{{$ref: \"#/schemas/{name}\"}}")))
    });
    let edges: Vec<String> = edges.collect();
    let mut project = Project::new();
    let mut names = vec!["api".to_owned()];
    for (first, one) in edges.iter().enumerate() {
        for (second, other) in edges.iter().enumerate() {
            let schemas = format!("  S0: {{{one}}}\n  S1: {{{other}}}\n");
            let name = format!("p{first}-{second}");
            let page = with_schemas(&schemas).replace("path: /", &format!("path: /{name}/"));
            project = project.file(&format!("spec/{name}.yaml"), page);
            names.push(name);
        }
    }
    let site = format!("title: Docs\nnavigation: [{}]\n", names.join(", "));
    let project = project.file("spec/site.yaml", site);
    assert_eq!(faults(&project), [] as [String; 0]);
    bounded(&project, &["build"]).exits(0);
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let with = |bytes: &[u8]| [API.as_bytes(), bytes].concat();
    assert_eq!(api(with(b"# \xff\n")), ["invalid-utf8 spec/api.yaml"]);
    assert_eq!(
        api(with(b"# \xed\xa0\x80\n")),
        ["invalid-utf8 spec/api.yaml"]
    );
    let utf16 = |unit: u16| unit.to_le_bytes();
    let wide: Vec<u8> = std::iter::once(0xfeff)
        .chain(API.encode_utf16())
        .flat_map(utf16)
        .collect();
    let ran = bounded(&Project::new().file("spec/api.yaml", wide), &["check"]).exits(1);
    assert!(
        ran.stderr.contains("it is UTF-16; save it as UTF-8"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        api(with(b"# \0\n")),
        ["reserved-character spec/api.yaml:14:3"]
    );
    for marker in ['\u{f0000}', '\u{ffffd}', '\u{10fffd}'] {
        let text = format!("{API}# {marker}\n");
        assert_eq!(api(text), ["reserved-character spec/api.yaml:14:3"]);
    }
    for reference in [
        "&#xF0000;",
        "&#983040;",
        "&#Xffffd;",
        "[a](&#xF0000;)",
        // The marker of a variable that no project has.
        "`a` &#xF5000;",
    ] {
        let found = guide(format!("See {reference}\n"));
        let column = 5 + reference.find('&').unwrap();
        assert_eq!(
            found,
            [format!("reserved-character spec/guide.md:4:{column}")]
        );
    }
    for link in [
        "[a](&#xF5000;)",
        "[a](&#xF5000; \"t\")",
        "[a](&#xF5000;/b)",
        "[a](b?&#xFfffd;)",
    ] {
        let found = guide(format!("See {link}\n"));
        let column = 5 + link.find('&').unwrap();
        let forged = format!("reserved-character spec/guide.md:4:{column}");
        assert!(found.contains(&forged), "{link}: {found:?}");
    }
    assert_eq!(
        guide("A&#0; &#x41; &#xFFFFFFFF; &# &#;\n"),
        [] as [String; 0]
    );
    let escaped = format!("{API}description: \"\\U000F0000 \\0\"\n");
    assert_eq!(api(escaped), ["reserved-character spec/api.yaml:14:14"]);
    // As the address of a link, where a later check looks up the variable.
    let linked = format!("{API}description: \"[a](\\U000F5000)\"\n");
    let forged = "reserved-character spec/api.yaml:14:14".to_owned();
    assert!(api(linked).contains(&forged));
}

#[test]
fn line_ends_and_a_byte_order_mark_change_no_byte_of_the_output() {
    let guide = "---\ntitle: Guide\n---\nText\nover lines\n\n```sh\nls\nls\n```\n";
    let block =
        "sections:\n  - title: Notes\n    body: |\n      One\n\n      > two\n      > lines\n";
    let build = |change: &dyn Fn(&str) -> String| {
        let project =
            with_guide(&change(guide)).file("spec/api.yaml", change(&format!("{API}{block}")));
        project.write("spec/site.yaml", change(&project.read("spec/site.yaml")));
        bounded(&project, &["build"]).exits(0);
        project.tree("site")
    };
    let wanted = build(&|text| text.to_owned());
    assert!(wanted.len() > 5);
    let changes: [&dyn Fn(&str) -> String; 4] = [
        &|text| format!("\u{feff}{text}"),
        &|text| text.replace('\n', "\r\n"),
        &|text| text.replace('\n', "\r"),
        &|text| format!("\u{feff}{}", text.replace('\n', "\r\n")),
    ];
    for change in changes {
        assert!(build(change) == wanted, "{:?}", change("a\n"));
    }
}

#[test]
fn what_yaml_takes_for_something_else_is_told_to_go_in_quotes() {
    for (written, code) in [
        ("007", "invalid-number"),
        ("0x10", "invalid-number"),
        ("1_000", "invalid-number"),
        ("1e3", "wrong-type"),
        ("1.10", "wrong-type"),
        ("null", "wrong-type"),
        ("~", "wrong-type"),
        ("true", "wrong-type"),
        ("True", "invalid-boolean"),
    ] {
        let site = "title: Docs\nnavigation: [api]\nvariables:\n  bot_id: {example: VALUE}\n";
        let project = Project::new().file("spec/site.yaml", site.replace("VALUE", written));
        let ran = bounded(&project, &["check"]).exits(1);
        let first = format!("error[{code}]: ");
        assert!(ran.stderr.starts_with(&first), "{written}: {}", ran.stderr);
        assert!(
            ran.stderr.ends_with("\n1 error\n"),
            "{written}: {}",
            ran.stderr
        );
        let quoted = ["null", "~"].contains(&written) || ran.stderr.contains("quotes");
        assert!(quoted, "{written}: {}", ran.stderr);
        let fine = Project::new().file("spec/site.yaml", site.replace("VALUE", "\"007\""));
        assert_eq!(faults(&fine), [] as [String; 0]);
    }
    for written in ["no", "yes", "on", "12-30", "1e3x"] {
        let site = format!(
            "title: Docs\nnavigation: [api]\nvariables:\n  bot_id: {{example: {written}}}\n"
        );
        let project = Project::new().file("spec/site.yaml", site);
        assert_eq!(faults(&project), [] as [String; 0], "{written}");
    }
    let title = API.replace("title: API", "title: 12:30");
    assert_eq!(api(title), [] as [String; 0]);
}

#[test]
fn references_open_no_file_and_no_connection() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    for reference in [
        "file:///etc/passwd".to_owned(),
        "../../etc/passwd".to_owned(),
        "other.yaml#/schemas/S0".to_owned(),
        format!("http://127.0.0.1:{port}/"),
        format!("//127.0.0.1:{port}/"),
    ] {
        let schemas = format!("  S0: {{$ref: \"{reference}\"}}\n");
        let project = Project::new().file("spec/api.yaml", with_schemas(&schemas));
        assert_eq!(faults(&project), ["unknown-reference spec/api.yaml:15:14"]);
        let ran = bounded(&project, &["build"]).exits(1);
        assert!(!ran.stderr.contains("root:"), "{}", ran.stderr);
    }
    let link = format!("---\ntitle: Guide\n---\n<http://127.0.0.1:{port}/>\n");
    bounded(&with_guide(&link), &["build"]).exits(0);
    let picture = format!("{link}![x](http://127.0.0.1:{port}/a.png)\n");
    bounded(&with_guide(&picture), &["build"]).exits(1);
    let error = listener.accept().unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::WouldBlock);
}

#[test]
fn code_is_coloured_in_bounded_time_or_not_at_all() {
    let brackets = "[".repeat(100_000);
    assert_eq!(
        guide(format!("```js\n{brackets}\n```\n")),
        ["not-highlighted spec/guide.md:4:4"]
    );
    let lines = "[\n".repeat(100_000);
    assert_eq!(
        guide(format!("```js\n{lines}```\n")),
        ["not-highlighted spec/guide.md:4:4"]
    );
    assert_eq!(
        guide(format!("```json\n{brackets}\n```\n")),
        [] as [String; 0]
    );
}

#[test]
fn ten_megabytes_of_json_in_one_line_are_shown() {
    let line = "{\"key\": [1, 2.50, \"text\", null]}, ".repeat((10 << 20) / 34);
    assert_eq!(
        guide(format!("```json\n[{line}0]\n```\n")),
        [] as [String; 0]
    );
}

#[test]
fn markdown_cannot_nest_without_end() {
    for text in [
        ">".repeat(10_000),
        "> ".repeat(10_000),
        "* ".repeat(10_000),
        "*".repeat(10_000),
        "*a **b ".repeat(5_000),
        "[".repeat(10_000),
        "![".repeat(10_000),
        "`".repeat(10_000),
        "<".repeat(10_000),
        (0..2_000)
            .map(|n| format!("{}- a\n", " ".repeat(n * 2)))
            .collect(),
        "|a".repeat(10_000) + "\n" + &"|-".repeat(10_000) + "\n" + &"|b\n".repeat(100),
    ] {
        let shown: String = text.chars().take(20).collect();
        let project = with_guide(&format!("---\ntitle: Guide\n---\n{text}\n"));
        let ran = bounded(&project, &["build"]);
        assert!(matches!(ran.code, Some(0 | 1)), "{shown}: {ran:?}");
    }
}

#[test]
fn only_files_are_read() {
    for folder in ["spec", "static", "templates"] {
        let project = Project::new().file(&format!("{folder}/.keep"), "");
        let script = format!(
            "cd {folder} && ln -s /etc/hostname link && ln -s ../.. loop && ln -s gone dead && mkfifo pipe && mkdir -p a && ln -s .. a/loop"
        );
        let made = tool("sh")
            .args(["-e", "-c", &script])
            .current_dir(project.path())
            .status();
        assert!(made.unwrap().success());
        let wanted = ["a/loop", "dead", "link", "loop", "pipe"];
        let wanted = wanted.map(|name| format!("not-a-file {folder}/{name}"));
        assert_eq!(faults(&project), wanted);
        bounded(&project, &["build"]).exits(1);
        assert!(!project.path().join("site").exists());
    }
}

#[test]
fn a_file_that_may_not_be_read_is_a_fault() {
    for path in [
        "spec/api.yaml",
        "spec/guide.md",
        "static/a.css",
        "templates/base.html",
    ] {
        let project = Project::new().file(path, "");
        let closed = tool("chmod")
            .args(["000", path])
            .current_dir(project.path())
            .status();
        assert!(closed.unwrap().success());
        let ran = project.without_powers(&["build"]).exits(1);
        let wanted = format!("error[unreadable-file]: permission denied\n--> {path}\n");
        assert!(ran.stderr.starts_with(&wanted), "{}", ran.stderr);
        assert!(!project.path().join("site").exists());
    }
}

#[test]
fn forty_thousand_faults_are_told_in_bounded_time() {
    let lines: String = (0..20_000)
        .map(|n| format!("      a [x](dead{n}) b {{{{ x }}}}\n"))
        .collect();
    let block = API.replace(
        "    method",
        &format!("    description: |\n{lines}    method"),
    );
    assert_eq!(api(block).len(), 40_000);
    let text = format!("{}{}", "{{ x }} and ".repeat(100), "y".repeat(100_000)).repeat(90);
    let line = API.replace("title: Chat", &format!("title: \"{text}\""));
    let project = Project::new().file("spec/api.yaml", line);
    assert_eq!(faults(&project).len(), 9_000);
    let ran = bounded(&project, &["check"]).exits(1);
    let first = "error[unknown-variable]: unknown variable `x`\n--> spec/api.yaml:5:13\n";
    assert!(ran.stderr.starts_with(first), "{}", &ran.stderr[..500]);
    assert!(
        ran.stderr.contains("… and 8900 more"),
        "{}",
        ran.stderr.len()
    );
}

#[test]
fn entities_of_a_drawing_are_not_expanded() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1 1\">";
    let drawing = |entities: &str, uses: &str| {
        let drawing = format!("<!DOCTYPE svg [{entities}]>{svg}{uses}</svg>");
        let project = with_guide("---\ntitle: Guide\n---\n![A](a.svg)\n");
        faults(&project.file("spec/a.svg", drawing))
    };
    let attributes: String = (0..1_900).map(|n| format!(" a{n}='1'")).collect();
    let text = "x".repeat(20_000);
    let many: String = (0..60_000)
        .map(|n| format!("<!ENTITY e{n} \"a\">"))
        .collect();
    let each: String = (0..60_000).map(|n| format!("&e{n};")).collect();
    for (entities, uses) in [
        (format!("<!ENTITY a \"{text}\">"), "&a;".repeat(100_000)),
        (
            format!("<!ENTITY a \"<g{attributes}/>\">"),
            "&a;".repeat(12_000),
        ),
        (many, each),
    ] {
        assert_eq!(drawing(&entities, &uses), ["active-drawing spec/a.svg"]);
    }
    assert_eq!(drawing("", "<path d=\"M0 0\"/>"), [""; 0]);
}

#[test]
fn a_record_of_many_keys_is_read_in_one_pass() {
    let keys: Vec<String> = (0..100_000).map(|n| format!("\"{n:x}\":1")).collect();
    let keys = keys.join(",");
    for record in [
        format!("{{\"bot_id\":1.5,{keys}}}"),
        format!("{{\"bot_id\":1.5,\"x\":{{{keys}}}}}"),
    ] {
        let project = Project::new().file("bots.jsonl", record);
        let build = ["build", "--bots", "bots.jsonl", "--ignore-columns", "x"];
        let ran = bounded(&project, &build).exits(1);
        assert!(ran.stderr.contains("[wrong-type]"), "{:.400}", ran.stderr);
    }
}
