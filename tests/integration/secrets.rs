//! Values that look like live keys, and those that only nearly do.
//!
//! The keys are put together when the tests run, so that no scanner takes this repository for a
//! leak. All are made up.

use std::io::Read;

use serde_json::Value;

use super::project::{API, Project};
use super::support::mock::Mock;
use super::support::preview::Preview;
use super::support::running::Running;

const DIGITS: &str = "7391064825";
const HEX: &str = "9f3b1c7e2a8d4f60";
const CAPITALS: &str = "Q7ZT3V8M1NCR5BYWKD2E";
const MIXED: &str = "Xq3ZtV81mNcR5bYwKd7eLp0sFg";

/// So many characters of an alphabet, as mixed as a key's.
fn random(alphabet: &str, length: usize) -> String {
    let characters: Vec<char> = alphabet.chars().collect();
    let mut state = 20_261_122_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        characters[(state >> 16) as usize % characters.len()]
    };
    (0..length).map(|_| next()).collect()
}

/// A key of each shape: its vendor, and its parts.
fn keys() -> Vec<(&'static str, String)> {
    [keys_by_prefix(), keys_by_parts(), keys_in_addresses()].concat()
}

fn keys_by_prefix() -> Vec<(&'static str, String)> {
    let key = |vendor, parts: &[&str]| (vendor, parts.concat());
    let mixed = |length| random(MIXED, length);
    let hex = |length| random(HEX, length);
    let capitals = |length| random(CAPITALS, length);
    vec![
        key("OpenAI", &["sk", "-", &mixed(48)]),
        key("OpenAI project", &["sk-", "proj-", &mixed(48)]),
        key("Anthropic", &["sk-", "ant-", "api03-", &mixed(80)]),
        key("OpenRouter", &["sk-", "or-v1-", &hex(64)]),
        key("Stripe secret", &["sk", "_live_", &mixed(24)]),
        key("Stripe restricted", &["rk", "_live_", &mixed(24)]),
        key("Stripe webhook", &["wh", "sec_", &mixed(32)]),
        key("GitHub personal", &["gh", "p_", &mixed(36)]),
        key("GitHub server", &["gh", "s_", &mixed(36)]),
        key("GitHub fine-grained", &["github", "_pat_", &mixed(60)]),
        key("Amazon", &["AK", "IA", &capitals(16)]),
        key("Google", &["AI", "za", &mixed(35)]),
        key("Google OAuth", &["GOC", "SPX-", &mixed(28)]),
        key("SendGrid", &["S", "G.", &mixed(22), ".", &mixed(43)]),
        key("Mailgun", &["ke", "y-", &hex(32)]),
        key("Twilio", &["A", "C", &hex(32)]),
        key("npm", &["np", "m_", &mixed(36)]),
        key("PyPI", &["py", "pi-", &mixed(60)]),
        key("DigitalOcean", &["dop", "_v1_", &hex(64)]),
        key("Hugging Face", &["h", "f_", &mixed(34)]),
        key("Groq", &["gs", "k_", &mixed(52)]),
        key("Replicate", &["r", "8_", &mixed(37)]),
        key("Shopify", &["shp", "at_", &hex(32)]),
        key("Square", &["sq0", "atp-", &mixed(22)]),
        key("Linear", &["lin", "_api_", &mixed(40)]),
        key("New Relic", &["NR", "AK-", &capitals(27)]),
        key("Atlassian", &["AT", "ATT", &mixed(60)]),
        key("Docker", &["dckr", "_pat_", &mixed(27)]),
        key("Vault", &["hv", "s.", &mixed(30)]),
        key("Hugging Face organisation", &["api", "_org_", &mixed(34)]),
        key("NVIDIA", &["nv", "api-", &mixed(64)]),
        key("Cerebras", &["cs", "k-", &hex(48)]),
        key("ElevenLabs", &["s", "k_", &hex(48)]),
        key("Pinecone", &["pc", "sk_", &mixed(64)]),
        key("Tavily", &["tv", "ly-dev-", &mixed(32)]),
        key("LangSmith", &["ls", "v2_pt_", &hex(32), "_", &hex(10)]),
        key("Databricks", &["da", "pi", &hex(32)]),
        key("Notion", &["nt", "n_", &random(DIGITS, 11), &mixed(35)]),
        key("Meta", &["EA", "AM", &mixed(120)]),
        key("GitLab deploy", &["gl", "dt-", &mixed(20)]),
    ]
}

fn keys_by_parts() -> Vec<(&'static str, String)> {
    let key = |vendor, parts: &[&str]| (vendor, parts.concat());
    let mixed = |length| random(MIXED, length);
    let hex = |length| random(HEX, length);
    let capitals = |length| random(CAPITALS, length);
    vec![
        key("GitLab", &["gl", "pat-", &mixed(20)]),
        key(
            "Slack bot",
            &["xo", "xb-", &random(DIGITS, 12), "-", &mixed(24)],
        ),
        key(
            "Slack webhook",
            &[
                "https://hooks",
                ".slack.com/services/",
                "T",
                &capitals(8),
                "/B",
                &capitals(8),
                "/",
                &mixed(24),
            ],
        ),
        key(
            "JSON Web Token",
            &[
                "ey",
                "J",
                &mixed(30),
                ".ey",
                "J",
                &mixed(40),
                ".",
                &mixed(43),
            ],
        ),
        key(
            "Slack app",
            &[
                "xa",
                "pp-1-",
                &capitals(10),
                "-",
                &random(DIGITS, 12),
                "-",
                &hex(64),
            ],
        ),
        key("Telegram", &[&random(DIGITS, 10), ":A", "A", &mixed(33)]),
        key(
            "Discord",
            &["M", &mixed(23), ".", &mixed(6), ".", &mixed(27)],
        ),
        key("Perplexity", &["pp", "lx-", &mixed(48)]),
        key("Basic", &["Basic", " YWRhOmh1bnRlcjJ4eXo="]),
        key("password", &["https://ada:", "hunter2xyz@"]),
        key(
            "private key, encrypted",
            &["-----BEGIN", " ENCRYPTED PRIVATE", " KEY"],
        ),
        key("private key", &["-----BEGIN", " RSA PRIVATE", " KEY"]),
        key(
            "private key in short lines",
            &[
                &["-----BEGIN", " PRIVATE", " KEY-----\\n"].concat(),
                &[16; 8].map(mixed).join("\\n"),
            ],
        ),
        key(
            "private key with its body",
            &[
                &["-----BEGIN", " PRIVATE", " KEY-----\\n"].concat(),
                &mixed(64),
                "\\n",
                &mixed(64),
                "\\n",
                &mixed(20),
            ],
        ),
    ]
}

fn keys_in_addresses() -> Vec<(&'static str, String)> {
    let key = |vendor, parts: &[&str]| (vendor, parts.concat());
    let mixed = |length| random(MIXED, length);
    let hex = |length| random(HEX, length);
    let uuid = [8, 4, 4, 4, 12].map(hex).join("-");
    vec![
        key(
            "Discord webhook",
            &[
                "https://ptb.",
                "discord.com/api/webhooks/",
                &random(DIGITS, 18),
                "/",
                &mixed(68),
            ],
        ),
        key(
            "Microsoft Teams webhook",
            &[
                "https://a.webhook.",
                "office.com/webhookb2/",
                &uuid,
                "@",
                &uuid,
                "/IncomingWebhook/",
                &hex(32),
                "/",
                &uuid,
            ],
        ),
        key("Microsoft Entra", &[&mixed(3), "8Q", "~", &mixed(34)]),
        key("Azure", &["Account", "Key=", &mixed(86), "=="]),
        key("token as user", &["https://", &mixed(32), "@"]),
    ]
}

fn report(project: &Project) -> Vec<Value> {
    let ran = project.run(&["check", "--format", "json"]);
    let report: Value =
        serde_json::from_str(&ran.stdout).unwrap_or_else(|error| panic!("{error}: {ran:?}"));
    report["diagnostics"].as_array().unwrap().clone()
}

/// A page with one key in a request's example.
fn page(key: &str) -> String {
    API.replace(
        "{bot_id: \"{{ bot_id }}\"}",
        &format!(
            "{{api_key: \"{key}\", bot_id: \"{{{{ bot_id }}}}\"}}\n      additionalProperties: true"
        ),
    )
}

#[test]
fn a_key_of_every_shape_is_found_where_it_stands_and_masked() {
    for (vendor, key) in keys() {
        let project = Project::new().file("spec/api.yaml", page(&key));
        let found = report(&project);
        assert_eq!(found.len(), 1, "{vendor}: {found:?}");
        assert_eq!(found[0]["code"], "live-secret", "{vendor}");
        let label = &found[0]["labels"][0];
        assert_eq!(
            (&label["file"], &label["line"]),
            (&"spec/api.yaml".into(), &11.into()),
            "{vendor}"
        );
        let column = label["column"].as_u64().unwrap();
        assert!((27..70).contains(&column), "{vendor}: column {column}");
        for arguments in [
            &["check"][..],
            &["check", "--format", "json"],
            &["check", "--format", "github"],
            &["build"],
        ] {
            let ran = project.run(arguments).exits(1);
            shows_no_run_of(&key, &ran.stdout, vendor);
            shows_no_run_of(&key, &ran.stderr, vendor);
        }
    }
}

/// What of a key is behind what names its service.
fn behind_the_service(key: &str) -> &str {
    let before = ["/services/", "/webhooks/", "/webhookb2/", "Key="];
    let mut behind = before.iter().filter_map(|before| key.split_once(before));
    behind.next().map_or(key, |it| it.1)
}

/// No more than six characters of a key in a row stand in what was printed, whatever their case.
#[track_caller]
fn shows_no_run_of(key: &str, printed: &str, vendor: &str) {
    // These words are no secret, and an address says only whose the key is.
    let key = key.rsplit_once("-----").map_or(key, |it| it.1);
    let key = behind_the_service(key);
    let key = key.split("/IncomingWebhook/").next().unwrap();
    let key = key.rsplit_once("://").map_or(key, |it| it.1);
    let key = key.strip_prefix("Basic ").unwrap_or(key);
    if ["private key", "private key, encrypted"].contains(&vendor) {
        return;
    }
    let (key, printed) = (key.to_ascii_lowercase(), printed.to_ascii_lowercase());
    for start in 0..key.len() - 6 {
        let run = &key[start..start + 7];
        assert!(!printed.contains(run), "{vendor}: `{run}` in {printed}");
    }
}

/// All that the program prints about a project, in every form.
fn printed(project: &Project, flags: &[&str]) -> String {
    let mut all = String::new();
    for command in [
        &["check"][..],
        &["check", "--format", "json"],
        &["check", "--format", "github"],
        &["build"],
    ] {
        let ran = project.run(&[command, flags].concat()).exits(1);
        all += &(ran.stdout + &ran.stderr);
    }
    all
}

/// All that the preview prints and answers about a project that has faults.
fn previewed(project: &Project, flags: &[&str]) -> String {
    let preview = Preview::start(project, flags);
    let panel = preview.get("/_botdocs/faults.json").text();
    assert!(!preview.faults().is_empty());
    let pages = preview.get("/").text() + &preview.get("/api.html").text();
    preview.running.said.join("\n") + &panel + &pages
}

#[test]
fn a_key_of_every_shape_is_masked_in_the_preview_and_while_watching() {
    let mut fields = String::new();
    for (at, (_, key)) in keys().iter().enumerate() {
        fields += &format!("key_{at}: \"{key}\", ");
    }
    let page = API.replace(
        "{bot_id: \"{{ bot_id }}\"}",
        &format!("{{{fields}bot_id: \"{{{{ bot_id }}}}\"}}\n      additionalProperties: true"),
    );
    let project = Project::new().file("spec/api.yaml", page);
    let told = previewed(&project, &[]);
    assert!(told.matches("looks like a live key").count() >= keys().len());
    let mut running = Running::start(project.command(&["build", "--watch"]));
    running.line("the report", |line| line.contains("errors"));
    let told = told + &running.said.join("\n");
    for (vendor, key) in keys() {
        shows_no_run_of(&key, &told, vendor);
    }
}

/// A mock or preview that gets a client's key prints nothing of it, and quotes none whole.
#[test]
fn a_key_in_a_request_is_printed_nowhere() {
    let page = API.replace(
        "    request:",
        "    parameters: {query: {n: {type: integer}, api_key: {type: string}}}\n    request:",
    );
    let project = Project::new().file("spec/api.yaml", page);
    let mut mock = Mock::start(&project, &[]);
    let preview = Preview::start(&project, &[]);
    for (vendor, key) in keys() {
        // As they are they can't stand in an address.
        let others = [
            "Slack webhook",
            "Discord webhook",
            "Microsoft Teams webhook",
            "token as user",
            "Azure",
            "Telegram",
            "Basic",
            "password",
        ];
        if vendor.starts_with("private key") || others.contains(&vendor) {
            continue;
        }
        let path = key.replace(['\\', ' ', '/', ':'], "-");
        let header = format!("Authorization: Bearer {path}\r\nContent-Type: application/json\r\n");
        let body = format!("{{\"bot_id\": 1, \"key\": \"{key}\"}}");
        for path in [
            format!("/{path}"),
            format!("/chat?api_key={path}"),
            format!("/chat?n={path}"),
            format!("/chat?{path}={path}"),
        ] {
            let answer = mock.ask("POST", &path, &header, &body);
            assert!(answer.status >= 400, "{path}");
            shows_no_run_of(&key, &answer.text(), vendor);
            preview.get(&path);
        }
    }
    // Nothing else is printed of a client: the next line is about its end, or never comes.
    let printed = |running: &mut Running| {
        while running.line_within(std::time::Duration::ZERO).is_some() {}
        running.said.join("\n")
    };
    let mut running = preview.running;
    let told = printed(&mut mock.running) + &printed(&mut running);
    for (vendor, key) in keys() {
        shows_no_run_of(&key, &told, vendor);
    }
}

/// What a command is given is quoted back where it is wrong.
#[test]
fn a_key_in_an_argument_is_masked() {
    let project = Project::new();
    for (vendor, key) in keys() {
        if vendor.starts_with("private key") {
            continue;
        }
        let (flag, set) = (format!("--{key}"), format!("{key}=x"));
        let (value, named) = (format!("bot_id={key}!"), format!("{key}.yaml"));
        for arguments in [
            &[key.as_str()][..],
            &[&flag],
            &["help", &key],
            &["explain", &key],
            &["man", &key],
            &["schema", &key],
            &["theme", "eject", &key],
            &["check", &key],
            &["check", "--format", &key],
            &["check", "--bots", &named],
            &["build", "--bot", &format!("{key}!")],
            &["build", "--set", &set],
            &["build", "--set", &value],
            &["build", "--shard", &key],
            &["merge", &key, &named],
            &["serve", "--host", &key],
            &["test", "--set", &value],
            &["mock", "--set", &value],
        ] {
            let ran = project.run(arguments);
            assert_ne!(ran.code, Some(0), "{arguments:?}: {ran:?}");
            shows_no_run_of(&key, &(ran.stdout + &ran.stderr), vendor);
        }
    }
}

/// Names of files stand in every report, and lead editors to them.
#[test]
fn a_key_in_the_name_of_a_file_is_masked() {
    for at in [0, 4, 7, 13] {
        let (vendor, key) = &keys()[at];
        let page = format!("spec/{key}.yaml");
        let project = Project::new()
            .file("spec/site.yaml", "title: Docs\n")
            .file(&page, "title: @\n")
            .file(
                "spec/guide.md",
                format!("---\ntitle: Guide\n---\n[a]({key}.md)\n"),
            )
            .file(&format!("templates/{key}.html"), "{% if %}");
        let told = printed(&project, &[]) + &previewed(&project, &["--editor", "vscode"]);
        shows_no_run_of(key, &told, vendor);
    }
}

/// A part of a key has no key's shape.
#[test]
fn a_key_that_is_cut_short_or_changed_is_masked() {
    for at in [0, 2, 4, 7, 9, 28] {
        let (vendor, key) = &keys()[at];
        let long = "x/".repeat(30);
        let half = &key[..key.len() / 2];
        let small = key.to_lowercase();
        let broken = format!("{half}\\\n        {}", &key[key.len() / 2..]);
        let guide = |text: &str| {
            let text = format!("---\ntitle: Guide\n---\n{text}\n\n## {key}\n");
            Project::new()
                .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
                .file("spec/guide.md", text)
        };
        let stream = API.replace(
            "fields: {response: {type: string}}, example: {response: Hello}",
            &format!("stream: {{format: sse, events: {{a: {{data: text}}}}, example: \"{key}: x\\n\\n\"}}"),
        );
        for project in [
            guide(&format!("[a]({long}{key})")),
            guide(&format!("[a](#{half})")),
            guide(&format!("[a](#{small}x)")),
            guide(&format!("[a](nowhere-{half}.md)")),
            Project::new().file("spec/api.yaml", stream),
            Project::new().file("spec/api.yaml", page(&broken)),
            Project::new().file("spec/api.yaml", page(&broken) + "oops: 1\n"),
            Project::new().file("spec/api.yaml", page(&format!("a\\n{key}"))),
            Project::new().file("spec/api.yaml", page(&format!("a\\u0020{key}"))),
            Project::new().file("spec/api.yaml", page(&format!("https://x/?k%3D{key}"))),
            Project::new().file("spec/api.yaml", page("x") + &format!("{half}: 1 # {key}\n")),
        ] {
            let told = printed(&project, &[]);
            assert!(told.contains("live-secret"), "{vendor}: {told}");
            shows_no_run_of(key, &told, vendor);
        }
    }
}

/// The body of a private key stands on lines of its own.
#[test]
fn the_lines_of_a_private_key_are_masked() {
    let line = || random(MIXED, 64);
    let body = format!(
        "{}\n    {}\n    {}==\n",
        line(),
        random(HEX, 64),
        random(MIXED, 22)
    );
    for (head, tail) in [
        ("", "oops: 1\n"),
        ("RSA ", "  @\n"),
        ("ENCRYPTED ", "    {{ nope }}\n"),
    ] {
        let text = format!(
            "{API}description: |\n    -----BEGIN {head}PRIVATE KEY-----\n    {body}    -----END {head}PRIVATE KEY-----\n{tail}"
        );
        let project = Project::new().file("spec/api.yaml", text);
        let told = printed(&project, &[]);
        for line in body.lines() {
            shows_no_run_of(line.trim().trim_end_matches('='), &told, head);
        }
    }
}

/// Whatever is wrong, wherever it stands: the line is drawn, and a message may quote it.
#[test]
fn a_key_is_masked_in_reports_of_other_faults() {
    let key = ["sk", "_live_", &random(MIXED, 24)].concat();
    let files = [
        ("spec/api.yaml", format!("title: \"{key}\n")),
        ("spec/api.yaml", format!("title: @{key}\n")),
        ("spec/api.yaml", format!("title: Chat\n{key}: {key}\n")),
        ("spec/site.yaml", format!("title: [{key}\n")),
        (
            "spec/site.yaml",
            format!("title: Docs\nnavigation: [{key}]\n"),
        ),
        ("spec/guide.md", format!("---\ntitle: @{key}\n---\n")),
        ("bots.yaml", format!("- {{bot_id: {key}!}}\n")),
        ("bots.yaml", format!("- {{bot_id: ada, {key}: x}}\n")),
        ("bots.yaml", format!("- {{bot_id: @{key}}}\n")),
        ("bots.csv", format!("bot_id\n{key}!\n")),
        ("bots.csv", format!("bot_id\n{key},{key}\n")),
        ("bots.jsonl", format!("{{\"bot_id\": \"{key}!\"}}\n")),
        ("bots.jsonl", format!("{{\"bot_id\": {key}\n")),
    ];
    for (path, text) in files {
        let project = Project::new().file(path, &text);
        let bots = match path.starts_with("bots") {
            true => &["--bots", path][..],
            false => &[],
        };
        for (command, ending) in [
            (&["check"][..], ""),
            (&["check", "--format", "json"], ""),
            (&["check", "--format", "github"], ""),
            (&["build"], "; nothing was written"),
        ] {
            let ran = project.run(&[command, bots].concat()).exits(1);
            let said = [ran.stdout.as_str(), &ran.stderr].concat();
            shows_no_run_of(&key, &said, &text);
            assert!(ran.stderr.contains(ending), "{text}{command:?}: {said}");
        }
        let drawn = project.run(&[&["check"], bots].concat()).stderr;
        assert!(drawn.contains("sk_liv***"), "{text}: {drawn}");
    }
}

#[test]
fn a_waiver_with_a_reason_lets_a_value_pass() {
    for (vendor, key) in keys() {
        let waiver = |value: &str| {
            format!(
                "waivers:\n  - {{code: live-secret, value: \"{value}\", reason: It is meant for browsers.}}\n"
            )
        };
        let in_page = Project::new().file("spec/api.yaml", page(&key) + &waiver(&key));
        assert_eq!(report(&in_page), [] as [Value; 0], "{vendor}");
        let site = format!("title: Docs\nnavigation: [api]\n{}", waiver(&key));
        let in_site = Project::new()
            .file("spec/api.yaml", page(&key))
            .file("spec/site.yaml", &site);
        assert_eq!(report(&in_site), [] as [Value; 0], "{vendor}");
        let unused = Project::new().file("spec/site.yaml", &site);
        let codes: Vec<Value> = report(&unused).iter().map(|d| d["code"].clone()).collect();
        assert_eq!(codes, ["unused-waiver"], "{vendor}");
    }
}

#[test]
fn a_waiver_for_one_value_waives_no_other() {
    let (one, other) = (keys()[4].1.clone(), keys()[7].1.clone());
    let waiver = format!("waivers:\n  - {{code: live-secret, value: \"{one}\", reason: Why.}}\n");
    let project = Project::new().file("spec/api.yaml", page(&other) + &waiver);
    let mut codes: Vec<String> = report(&project)
        .iter()
        .map(|d| d["code"].as_str().unwrap().to_owned())
        .collect();
    codes.sort();
    assert_eq!(codes, ["live-secret", "unused-waiver"]);
    for short in [&one[..8], "_", "s"] {
        let waiver =
            format!("waivers:\n  - {{code: live-secret, value: \"{short}\", reason: Why.}}\n");
        let project = Project::new().file("spec/api.yaml", page(&one) + &waiver);
        let codes: Vec<Value> = report(&project).iter().map(|d| d["code"].clone()).collect();
        assert!(codes.contains(&"live-secret".into()), "{short}: {codes:?}");
    }
}

#[test]
fn keys_are_found_in_guides_front_matter_comments_and_site() {
    let key = &keys()[4].1;
    let guide =
        format!("---\ntitle: Guide\n---\n```sh\ncurl -H 'Authorization: Bearer {key}'\n```\n");
    let project = Project::new()
        .file(
            "spec/site.yaml",
            format!("title: Docs  # {key}\nnavigation: [api, guide]\n"),
        )
        .file("spec/guide.md", guide);
    let places: Vec<String> = report(&project)
        .iter()
        .map(|d| {
            format!(
                "{} {}:{}",
                d["code"].as_str().unwrap(),
                d["file"].as_str().unwrap(),
                d["labels"][0]["line"]
            )
        })
        .collect();
    assert_eq!(
        places,
        [
            "live-secret spec/guide.md:5",
            "live-secret spec/site.yaml:1"
        ]
    );
}

/// All that gets to the site is looked through, and what does not may hold what it likes.
#[test]
fn keys_are_found_in_files_that_are_published_with_the_pages() {
    let key = &keys()[4].1;
    let guide = "---\ntitle: Guide\n---\n[Example](examples/call.sh)\n";
    let project = Project::new()
        .file("spec/site.yaml", "title: Docs\nnavigation: [api, guide]\n")
        .file("spec/guide.md", guide)
        .file("spec/examples/call.sh", format!("#!/bin/sh\nKEY={key}\n"))
        .file("spec/examples/notes.txt", key)
        .file("static/own.js", format!("const key = \"{key}\";\n"))
        .file("templates/_foot.html", format!("{{# {key} #}}"))
        .file("templates/messages/en.ftl", format!("# {key}\n"));
    let found = report(&project)
        .into_iter()
        .filter(|d| d["code"] == "live-secret");
    let places: Vec<String> = found
        .map(|d| d["file"].as_str().unwrap().to_owned())
        .collect();
    let expected = [
        "spec/examples/call.sh",
        "static/own.js",
        "templates/_foot.html",
        "templates/messages/en.ftl",
    ];
    assert_eq!(places, expected);
    let ran = project.run(&["check"]).exits(1);
    assert!(
        ran.stderr.contains("in line 2 looks like a live key"),
        "{}",
        ran.stderr
    );
    shows_no_run_of(key, &ran.stderr, "published");
    let waiver = format!("waivers: [{{code: live-secret, value: \"{key}\", reason: Public.}}]\n");
    let project = project.file(
        "spec/site.yaml",
        format!("title: Docs\nnavigation: [api, guide]\n{waiver}"),
    );
    assert!(
        report(&project)
            .iter()
            .all(|d| d["code"] != "live-secret" && d["code"] != "unused-waiver")
    );
}

/// A key in a file, as each format may write it: the file, its text, and the line of the fault.
fn hidings(key: &str) -> Vec<(&'static str, String, Option<u64>)> {
    let with = |sign: &str| key.replace('_', sign);
    let (head, tail) = key.split_at(12);
    vec![
        ("spec/guide.md", with(r"\_"), Some(4)),
        ("spec/guide.md", with("&#95;"), Some(4)),
        ("spec/guide.md", with("&lowbar;"), Some(4)),
        ("spec/guide.md", format!("{head}**{tail}**"), Some(4)),
        ("spec/guide.md", format!("{head}*{tail}*."), Some(4)),
        (
            "spec/guide.md",
            format!("https://example.com/?a%3D{key}"),
            Some(4),
        ),
        ("spec/api.yaml", format!(r"Use:\n{key}"), Some(11)),
        ("spec/api.yaml", with(r"\x5f"), Some(11)),
        ("spec/api.yaml", with(r"\u005f"), Some(11)),
        (
            "templates/_side.html",
            format!("{{{{ \"{head}\" ~ \"{tail}\" }}}}"),
            Some(1),
        ),
        (
            "templates/_side.html",
            format!("{{% if site.for_bot %}}{{{{ \"{head}\" ~ \"{tail}\" }}}}{{% endif %}}"),
            Some(1),
        ),
        (
            "templates/_side.html",
            format!("{head}<!-- - -->{tail}"),
            Some(1),
        ),
        (
            "templates/_side.html",
            format!("{head}<kbd>{tail}</kbd>"),
            Some(1),
        ),
        ("static/notes.txt", format!("%PDF-1.7 ({key}) Tj"), None),
        (
            "static/a.png",
            format!("\u{89}PNG tEXtComment\0{key}\0\0"),
            None,
        ),
    ]
}

/// What a reader sees is looked through, however it is written.
#[test]
fn keys_are_found_however_a_file_writes_them() {
    let key = &keys()[4].1;
    let (_, tail) = key.split_at(12);
    for (path, text, line) in hidings(key) {
        let content = match path {
            "spec/guide.md" => {
                format!("---\ntitle: Guide\n---\nUse {text} here. {{{{ nobody }}}}\n")
            }
            "spec/api.yaml" => page(&text),
            _ => text.clone(),
        };
        let site = "title: Docs\nnavigation: [api, guide]\n";
        let guide = "---\ntitle: Guide\n---\nText.\n";
        let project = Project::new()
            .file("spec/site.yaml", site)
            .file("spec/guide.md", guide);
        // A fault in the same line shows no more of it.
        let has_faults = path == "spec/guide.md";
        let project = project.file(path, content.as_str());
        let said = project.run(&["check"]).exits(1).stderr;
        shows_no_run_of(tail, &said, &text);
        let project = match has_faults {
            true => project.file(path, content.replace("{{ nobody }}", "")),
            false => project,
        };
        let found = report(&project);
        let found = found.iter().filter(|d| d["code"] == "live-secret");
        let found: Vec<_> = found.collect();
        assert_eq!(found.len(), 1, "{text}: {found:?}");
        assert_eq!(found[0]["file"], path, "{text}");
        assert_eq!(found[0]["labels"][0]["line"].as_u64(), line, "{text}");
        // A site without bots has no page of one.
        let build = match text.contains("for_bot") {
            true => &["build", "--bot", "ada"][..],
            false => &["build"],
        };
        let printed = format!("{found:?}") + &project.run(build).exits(1).stderr;
        shows_no_run_of(tail, &printed, &text);
        assert!(!project.path().join("site").exists());
        passes_by_its_waiver(key, project, &text);
    }
}

/// A waiver of the key alone lets the project pass, and is needed.
#[track_caller]
fn passes_by_its_waiver(key: &str, project: Project, text: &str) {
    let waiver = format!("waivers: [{{code: live-secret, value: \"{key}\", reason: Public.}}]\n");
    let site = format!("title: Docs\nnavigation: [api, guide]\n{waiver}");
    let found = report(&project.file("spec/site.yaml", site));
    let mut codes = found.iter().map(|d| d["code"].as_str().unwrap());
    let is_other = |code: &str| !["live-secret", "unused-waiver"].contains(&code);
    assert!(codes.all(is_other), "{text}");
}

/// Also the name of a file goes out.
#[test]
fn a_key_in_the_name_of_a_published_file_is_found() {
    let key = keys().into_iter().find(|it| it.0 == "Mailgun").unwrap().1;
    let guide = "---\ntitle: Guide\n---\nText.\n";
    for path in [format!("static/{key}.txt"), format!("spec/{key}.md")] {
        let project = Project::new().file(path.as_str(), guide).file(
            "spec/site.yaml",
            match path.starts_with("spec") {
                true => format!("title: Docs\nnavigation: [api, {key}]\n"),
                false => "title: Docs\nnavigation: [api]\n".to_owned(),
            },
        );
        let ran = project.run(&["check"]).exits(1);
        assert!(ran.stderr.contains("live-secret"), "{path}: {}", ran.stderr);
        shows_no_run_of(&key, &ran.stderr, &path);
    }
}

#[test]
fn placeholders_ids_and_prose_are_no_keys() {
    let hash = random(HEX, 64);
    for text in [
        "sk-your-key-here-please-change",
        "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "sk_live_YYYYYYYYYYYYYYYYYYYYYYYY",
        "sk_live_0000000000000000000000",
        "YOUR_API_KEY",
        "Bearer YOUR_API_KEY_FROM_THE_DASHBOARD_PAGE",
        "Bearer $EXAMPLE_API_KEY_OF_THE_ENVIRONMENT",
        "token: the-token-that-you-got-from-the-dashboard",
        "api_key: replace-this-with-the-key-of-your-bot",
        "ghp_your_personal_access_token_goes_here",
        "AKIAEXAMPLEEXAMPLEEX",
    ] {
        let project = Project::new().file("spec/api.yaml", page(text));
        assert_eq!(report(&project), [] as [Value; 0], "{text}");
    }
    for text in [
        "019dd3d4-4b7e-71eb-9561-5cf790a5da57",
        "https://docs.example.com/a-long-path/that-goes-on/and-on/and-on-1234567890",
        "whisk-away-the-crumbs-and-task-management-of-everyone-2024",
        "The key-value pairs, the token usage and the secret of good documentation in 2026",
        &format!("sha256:{hash}"),
        &format!("\\\"etag\\\": \\\"{hash}\\\""),
        "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk",
        "chatcmpl-9x2KqPfTzVb3LmNcRsYwD7e",
        "https://user:password1@example.com/",
        "https://USER:PASS@example.com",
        "postgres://$DB_USER:$DB_PASSWORD@localhost:5432/app",
        "Authorization: Basic dXNlcjpwYXNzd29yZA==",
        "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==",
        "123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11",
        "AWS_SECRET_ACCESS_KEY=YOUR_SECRET_ACCESS_KEY_OF_THE_CONSOLE_00",
    ] {
        let project = Project::new().file("spec/api.yaml", page(text).replace("api_key", "note"));
        assert_eq!(report(&project), [] as [Value; 0], "{text}");
    }
}

/// A project with a bot's `note` and `bot_token` on its page.
fn with_values(waivers: &str) -> Project {
    let site = format!(
        "title: Docs\nnavigation: [api, guide]\nvariables:\n  note: {{placeholder: a note}}\n  \
         bot_token: {{placeholder: YOUR_TOKEN}}\n{waivers}"
    );
    Project::new().file("spec/site.yaml", site).file(
        "spec/guide.md",
        "---\ntitle: Guide\n---\n{{ note }}, {{ bot_token }}.\n",
    )
}

/// A bot's value in each form of a list, with its line, and with the bot's name where that is told.
fn lists(name: &str, value: &str) -> [(&'static str, String, usize); 4] {
    [
        (
            "bots.csv",
            format!("bot_id,{name}\nada,\nbob,\"{value}\"\n"),
            3,
        ),
        (
            "bots.jsonl",
            format!("{{\"bot_id\": \"ada\"}}\n{{\"{name}\": \"{value}\", \"bot_id\": \"bob\"}}\n"),
            2,
        ),
        (
            "bots.yaml",
            format!("- bot_id: ada\n- bot_id: bob\n  {name}: {value}\n"),
            3,
        ),
        (
            "bots.json",
            format!(
                "[{{\"bot_id\": \"ada\"}},\n{{\"bot_id\": \"bob\", \"{name}\": \"{value}\"}}]\n"
            ),
            2,
        ),
    ]
}

/// A list comes from elsewhere, and its values go to pages as those of the spec do.
#[test]
fn a_key_in_a_list_of_bots_is_found_where_it_stands_and_masked() {
    let token = random(MIXED, 40);
    let by_name = ("a random token", token, "bot_token");
    let by_shape = keys().into_iter();
    let by_shape = by_shape.map(|(vendor, key)| (vendor, key, "note"));
    for (number, (vendor, key, name)) in by_shape.chain([by_name]).enumerate() {
        // The scheme of an address is no part of it.
        let key = match key.strip_prefix("https://hooks") {
            Some(rest) => format!("hooks{rest}"),
            None => key,
        };
        // Nor is the service's own host.
        let random = behind_the_service(&key);
        let project = with_values("");
        let of_all = lists(name, &key);
        // Each key in one form at least, and some in all.
        let some = if number % 8 == 0 || name == "bot_token" {
            &of_all[..]
        } else {
            &of_all[number % 4..][..1]
        };
        for (file, list, line) in some {
            let check = ["check", "--format", "json", "--bots", file];
            let ran = project.write_and_run(file, list, &check).exits(1);
            let report: Value = serde_json::from_str(&ran.stdout).unwrap();
            let found = report["diagnostics"].as_array().unwrap();
            assert_eq!(found.len(), 1, "{vendor}: {found:?}");
            // A string with escapes is reported as a whole, from its quote on.
            let is_whole = key.contains('\\') && file.ends_with(".jsonl");
            let begins = list.lines().nth(line - 1).unwrap().find(random).unwrap();
            let column = begins + 1 - usize::from(is_whole);
            let label = &found[0]["labels"][0];
            let place = (
                &found[0]["code"],
                &label["file"],
                &label["line"],
                &label["column"],
            );
            let expected: [Value; 4] = [
                "live-secret".into(),
                (*file).into(),
                (*line).into(),
                column.into(),
            ];
            let [code, path, line, column] = &expected;
            assert_eq!(place, (code, path, line, column), "{vendor}");
            let message = found[0]["message"].as_str().unwrap();
            assert!(message.starts_with("bot `bob`: "), "{vendor}: {message}");
            for command in [&["check", "--format", "github"][..], &["check"], &["build"]] {
                let ran = project.run(&[command, &["--bots", file]].concat()).exits(1);
                shows_no_run_of(random, &ran.stdout, vendor);
                shows_no_run_of(random, &ran.stderr, vendor);
                shows_no_run_of(random, &found[0].to_string(), vendor);
            }
            assert!(!project.path().join("site").exists());
        }
    }
}

#[test]
fn a_key_in_a_column_that_is_ignored_or_waived_harms_nobody() {
    let (key, token) = (keys()[4].1.clone(), random(MIXED, 40));
    let waiver = |value: &str| {
        format!("waivers: [{{code: live-secret, value: \"{value}\", reason: For browsers.}}]\n")
    };
    for (name, value, waived) in [
        ("note", &key, key.as_str()),
        ("note", &key, "{{ note }}"),
        ("bot_token", &token, &token),
        ("bot_token", &token, "{{bot_token}}"),
        ("bot_token", &key, "{{ bot_token }}"),
    ] {
        let project = with_values(&waiver(waived));
        for (file, list, _) in lists(name, value) {
            let list_of = ["--strict", "--bots", file];
            let check = [&["check"][..], &list_of].concat();
            project.write_and_run(file, &list, &check).exits(0);
            project.run(&[&["build"][..], &list_of].concat()).exits(0);
            let page = project.read("site/bots/bob/guide.html");
            assert!(page.contains(value.as_str()), "{file} {waived}");
            // No other value is waived by it.
            let other = list.replace(value.as_str(), &keys()[7].1);
            let code = i32::from(!waived.contains(name));
            project.write_and_run(file, &other, &check).exits(code);
        }
        let set = format!("{name}={value}");
        project.run(&["build", "--generic", "--out", "x"]).exits(0);
        project
            .run(&["build", "--set", &set, "--out", "y"])
            .exits(0);
    }
    let project = with_values("");
    let ignored = ["build", "--bots", "bots.csv", "--ignore-columns", "key"];
    let list = format!("bot_id,key\nada,{key}\n");
    project.write_and_run("bots.csv", &list, &ignored).exits(0);
    let unknown = with_values(&waiver("{{ nobody }}"));
    let ran = unknown.run(&["check"]).exits(1);
    assert!(
        ran.stderr.contains("unknown variable `nobody`"),
        "{}",
        ran.stderr
    );
    // Where there is a list, nobody knows without it what is not needed.
    let project = with_values(&(waiver(&key) + "bots: bots.csv\n"));
    project
        .write_and_run("bots.csv", "bot_id\nada\n", &["check", "--strict"])
        .exits(0);
}

#[test]
fn a_key_in_a_list_is_skipped_with_its_bot() {
    let key = &keys()[4].1;
    let project = with_values("");
    let list = format!("bot_id,note\nada,Ada\nbob,{key}\n");
    let build = ["build", "--bots", "bots.csv", "--skip-bad-bots"];
    let ran = project.write_and_run("bots.csv", &list, &build).exits(4);
    assert!(
        ran.stderr.contains("warning[live-secret]: bot `bob`"),
        "{}",
        ran.stderr
    );
    shows_no_run_of(key, &ran.stderr, "Stripe");
    assert!(project.path().join("site/bots/ada").exists());
    assert!(!project.path().join("site/bots/bob").exists());
}

#[test]
fn a_key_on_the_command_line_goes_to_no_page() {
    let (key, token) = (&keys()[4].1, random(MIXED, 40));
    let project = with_values("");
    let note = format!("note={key}");
    let named = format!("bot_token={token}");
    let address = format!("https://example.com/{key}");
    for (arguments, key) in [
        (&["build", "--set", &note][..], key),
        (&["build", "--bot", key], key),
        (&["build", "--set", &named], &token),
        (&["serve", "--port", "0", "--set", &note], key),
        (&["build", "--site-url", &address], key),
    ] {
        let ran = project.run(arguments).exits(2);
        assert!(
            ran.stderr.contains("looks like a live key"),
            "{}",
            ran.stderr
        );
        shows_no_run_of(key, &ran.stderr, "a flag");
        assert!(!project.path().join("site").exists());
    }
}

/// A file is looked through for what people find in it, whatever its encoding.
#[test]
fn keys_are_found_in_files_of_other_encodings() {
    let key = &keys()[4].1;
    let latin = [b"caf\xe9\n".as_slice(), key.as_bytes()].concat();
    let utf_16 = |order: fn(u16) -> [u8; 2]| {
        let text = format!("\u{feff}line\n{key}\n");
        text.encode_utf16().flat_map(order).collect::<Vec<u8>>()
    };
    let project = Project::new()
        .file("static/latin.txt", latin)
        .file("static/big.txt", utf_16(u16::to_be_bytes))
        .file("static/little.txt", utf_16(u16::to_le_bytes));
    let found = report(&project).into_iter();
    let found = found.filter(|d| d["code"] == "live-secret");
    let found: Vec<String> = found
        .map(|d| format!("{} {}", d["file"], d["message"]))
        .collect();
    assert_eq!(found.len(), 3, "{found:?}");
    for found in found {
        assert!(found.contains("in line 2 looks like"), "{found}");
        shows_no_run_of(key, &found, "a file");
    }
}

/// Image editors pack what they note in a picture: in chunks of text, with their names before it.
#[test]
fn keys_are_found_in_packed_texts_of_pictures() {
    let key = &keys()[4].1;
    let text = format!("made with {key}");
    let packed = |text: &str| {
        let mut packed = Vec::new();
        flate2::read::ZlibEncoder::new(text.as_bytes(), flate2::Compression::best())
            .read_to_end(&mut packed)
            .unwrap();
        packed
    };
    let png = |kind: &[u8], before: &[u8]| {
        let data = [before, &packed(&text)].concat();
        let length = (data.len() as u32).to_be_bytes();
        [b"\x89PNG\r\n\x1a\n", &length[..], kind, &data, &[0; 4]].concat()
    };
    let project = Project::new()
        .file("static/one.png", png(b"zTXt", b"Comment\0\0"))
        .file(
            "static/two.png",
            png(b"iTXt", b"XML:com.adobe.xmp\0\x01\0\0\0"),
        );
    let found = report(&project).into_iter();
    let found = found.filter(|d| d["code"] == "live-secret");
    let found: Vec<String> = found
        .map(|d| format!("{} {}", d["file"], d["message"]))
        .collect();
    assert_eq!(found.len(), 2, "{found:?}");
    for found in found {
        let place = "in a compressed text of the picture looks like a live key";
        assert!(found.contains(place), "{found}");
        shows_no_run_of(key, &found, "a picture");
    }
}
