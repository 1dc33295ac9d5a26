//! Tables of texts in which a variable decides an origin, or does not.

use super::{decides, is_segment, readings};

mod names;

/// Returns whether a variable decides in one of the readings of a text.
fn decides_once(text: &str) -> bool {
    readings(text)
        .iter()
        .any(|text| decides(text, "x").is_some())
}

#[test]
fn what_is_a_part_of_an_origin_is_found_wherever_it_stands() {
    for text in [
        "url: https://{{ x }}.example.com",
        "url: \"https://{{x}}/v1\"",
        "url: https://api.example.com{{ x }}/v1",
        "url: https://api.example.com:{{ x }}/v1",
        "url: https://api.example.com:443{{ x }}",
        "url: https://key={{ x }}@api.example.com",
        "url: https://{{ x }}@api.example.com",
        "url: https://api.{{ y }}.{{ x }}/v1",
        "url: {{ x }}://api.example.com/",
        "url: http{{ x }}://api.example.com/",
        "url: //{{ x }}/v1",
        r#""https:\/\/{{ x }}\/v1""#,
        r"https:\\{{ x }}\v1",
        "[a](https://a-{{ x }}.example.com)",
        "<https://{{ x }}>",
        "curl -H a {{ x }}/v1/chat",
        "curl '{{ x }}:8080/v1'",
        "--url={{ x }}.api.example.com",
        "see https://a.example/b//{{ x }}",
        "href=\"https://{{ site.x }}.example.com\"",
    ] {
        assert!(decides(text, "x").is_some(), "{text}");
    }
}

#[test]
fn what_is_an_address_alone_or_with_others_decides() {
    for text in [
        "curl {{ x }}",
        "curl '{{ x }}'",
        "sh -c \"curl -sS {{ x }}\"",
        "ssh box 'curl {{ x }}'",
        "subprocess.run(\"curl -s {{ x }}\", shell=True)",
        "TOKEN=$(curl -s {{ x }} | jq -r .token)",
        "TOKEN=\"$(curl -s {{ x }})\"",
        "true;curl {{ x }}",
        "/usr/bin/curl {{ x }}",
        "curl.exe {{ x }}",
        "curl --retry-connrefused {{ x }}",
        "`curl -sS {{ x }}` prints",
        "$ curl -X POST -H \"Authorization: Bearer $KEY\" -d @a {{ x }}",
        "curl -d {{ y }} --url-query a=b {{ x }}",
        "curl https://api.example.com/v1 {{ x }}",
        "curl -x {{ x }} https://api.example.com/v1",
        "curl --connect-to {{ x }} https://api.example.com/v1",
        "http POST {{ x }}",
        "wget -q {{ x }}",
        "wget -O out {{ x }}",
        "http --json {{ x }}",
        "curl -H A:\\ -1 -d -x {{ x }}",
        "Invoke-RestMethod -Method Post -Uri {{ x }}",
        "irm {{ x }}",
        "HOST={{ x }}",
        "export API_HOST=\"{{ x }}\"",
        "const baseUrl = \"{{ x }}\";",
        "\"host\": \"{{ x }}\"",
        "--proxy {{ x }}",
        "fetch('{{ x }}')",
        "new URL(\"{{ x }}\")",
        "-H \"Host: {{ x }}\"",
        "-H \"Host: api.{{ x }}\"",
        "Host: {{ x }}.example.com",
        "Host: a-{{ x }}",
        ":authority: {{ x }}",
        "X-Forwarded-Host: {{ y }}-{{ x }}",
        "Forwarded: for=192.0.2.1;host=a-{{ x }}",
        "Referer: {{ x }}",
        "Referer: https://{{ x }}/",
        "curl -e {{ x }} https://api.example.com/v1",
        "curl --referer {{ x }} https://api.example.com/v1",
        "headers: {\"Origin\": \"bot-{{ x }}\"}",
        "post(\"https://\" + \"{{ x }}\" + path)",
        "'https://' . '{{ x }}'",
        "client = Client(base_url=\"{{ x }}\")",
        "{{ x }}{{ y }}",
        "{{ y }}{{ x }}",
        "{{ x }}.{{ y }}",
        "{{ y }}.{{ x }}",
        "{{ x }}:{{ y }}",
        "https:/{{ x }}/v1",
        "https:{{ x }}",
        "{{ x | lower }}.example.com/",
        "wscat -c {{ x }}.app",
        "requests.post(\"{{ x }}.app\")",
    ] {
        assert!(decides(text, "x").is_some(), "{text}");
    }
}

#[test]
fn escapes_hide_no_origin() {
    for text in [
        r#"url: "https:\x2f\x2f{{ x }}""#,
        r#"url: "https:\u002f\U0000002f{{ x }}""#,
        r#"url: "https://\x7b{ x }}""#,
        "url: \"https://\\\n  {{ x }}\"",
        "curl https://\\\n{{ x }}",
        "curl -sS \\\n  {{ x }}",
        "[a](https:&#47;&#x2F;{{ x }})",
        "[a](https:&sol;&sol;{{ x }})",
        "[a](https&colon;//{{ x }})",
        r#""a\n{{ x }}.example.com/v1""#,
        r#""import a\nBOT='{{ x }}'\ncurl https://$BOT.example.com""#,
        r#""const bot = \"{{ x }}\";\nfetch(`https://${bot}.example.com`)""#,
        r#""{\"url\": \"https:\\/\\/{{ x }}\\/v1\"}""#,
    ] {
        assert!(decides_once(text), "{text}");
    }
}

#[test]
fn a_name_in_code_hides_no_origin() {
    for text in [
        "A={{ x }}\ncurl -H \"Authorization: Bearer $KEY\" $A",
        "BOT=\"{{ x }}\"\ncurl \"https://$BOT.example.com/v1\"",
        "BOT={{ x }}\nH=$BOT.example.com\ncurl https://$H/v1",
        r#"bot = "{{ x }}"; post(f"https://{bot}.example.com/v1")"#,
        r#"const bot = "{{ x }}"; fetch(`https://${bot}.example.com`)"#,
        r#"bot := "{{ x }}"; http.Get(fmt.Sprintf("https://%s.example.com", bot))"#,
    ] {
        assert!(decides_once(text), "{text}");
    }
    for text in [
        "BOT={{ x }}\ncurl https://api.example.com/bots/$BOT",
        "HOST=api.example.com BOT={{ x }}\ncurl \"https://$HOST/bots/${BOT}/chat\"",
        r#"bot = "{{ x }}"; post(f"https://{host}/bots/{bot}")"#,
        r#"bot = "{{ x }}"; get("https://api.example.com/bots/" + bot + "/chat")"#,
        "bot_id: \"{{ x }}\"\npath: /bots/{bot_id}/chat",
        r#"{"bot_id": "{{ x }}"} and the bot's `bot_id`"#,
    ] {
        assert!(!decides_once(text), "{text}");
    }
}

#[test]
fn what_stands_behind_the_host_or_in_no_address_decides_none() {
    for text in [
        "url: https://api.example.com/v1/{{ x }}",
        "url: https://api.example.com/{{ x }}.json",
        "url: https://api.example.com?bot={{ x }}",
        "url: https://api.example.com/#{{ x }}",
        "path: /bots/{{ x }}/chat",
        "bot_id: {{ x }}",
        "Your bot is {{ x }}.",
        "the file {{ x }}.json, or {{ x }}-1",
        r#"{"bot_id": "{{ x }}", "a": 1}"#,
        "https://{{ y }}.example.com/{{ x }}",
        "https://example.com and {{ x }}",
        "{{ y }}/{{ x }}",
        "/bots/{{ y }}{{ x }}",
        "curl -d {{ x }} https://api.example.com/v1",
        "curl -sSu {{ x }} https://api.example.com/v1",
        "curl -d 'bot={{ x }}' https://api.example.com/v1",
        "curl https://api.example.com/v1 -d '{\"bot_id\": \"{{ x }}\"}'",
        "curl --data-urlencode {{ x }} https://api.example.com/v1",
        "Use curl for the bot {{ x }}.",
        "`curl` sends {{ x }}",
        "The host of {{ x }}",
        "BOT_ID={{ x }}",
        "bots.get(\"{{ x }}\")",
        "// {{ x }}",
        "{{ y }} {{ x }}",
        "{{ y }}-{{ x }}",
    ] {
        assert!(!decides_once(text), "{text}");
    }
}

#[test]
fn variables_that_may_be_a_whole_part_of_a_path_are_found() {
    for text in [
        "/a/{{ x }}/b",
        "/a/{{x}}",
        "/a/.{{ x }}",
        "/a/{{ x }}.",
        "/a/{{ y }}{{ x }}",
        "/a/{{ x }}{{ y }}",
        "\"https://h/{{ x }}\"",
        "example: \"{{ x }}\"",
        "{\"example\":\"{{ x }}\"}",
        "https://h/{{ x }}?a",
    ] {
        assert!(is_segment(text, "x"), "{text}");
    }
    for text in [
        "/a/{{ y }}",
        "a {{ x }} b",
        "/a/b{{ x }}",
        "/a/{{ x }}-b",
        "k: \"{{ x }}\"",
    ] {
        assert!(!is_segment(text, "x"), "{text}");
    }
}

/// Checks the texts of two tables: those that decide in one of their readings, and those that do
/// not.
fn judge(deciding: &[&str], others: &[&str]) {
    let wrong = |texts: &[&str], decides: bool| -> Vec<String> {
        let wrong = texts.iter().filter(|text| decides_once(text) != decides);
        wrong.map(|text| (*text).to_owned()).collect()
    };
    let (missed, alarms) = (wrong(deciding, true), wrong(others, false));
    assert!(
        missed.is_empty() && alarms.is_empty(),
        "missed: {missed:#?}\nfalse alarms: {alarms:#?}"
    );
}

#[test]
fn a_backslash_behind_a_variable_is_a_slash_only_before_another() {
    judge(
        &[
            r#""{{ x }}\/v1""#,
            r#""{{ x }}.example.com\n""#,
            r"see {{ x }}\.example.com",
            r"https:\\{{ x }}\n",
            r#"curl "https://{{ x }}\"""#,
        ],
        &[
            r#"{"text": "Hello {{ x }}\n"}"#,
            r#"curl -d "{\"bot\": \"{{ x }}\"}" https://api.example.com"#,
            r#""arguments": "{\"bot_id\": \"{{ x }}\"}""#,
            r#""arguments": "{\"text\": \"{{ x }}\\n\"}""#,
            r#"print("{{ x }}\n")"#,
            r#"print("{{ x }}\t{{ y }}")"#,
            r#"print("{{ x }}\u00e9\x41\0")"#,
            "Your bot is {{ x }}\\\nand",
            r"{{ x }}\",
            r"^{{ x }}\d+$",
            r#""arguments": "{\"bot_id\":\"{{ x }}\",\"q\":\"a\"}""#,
            r"C:\bots\{{ x }}\log.txt",
            r#""bot = \"{{ x }}\"\nget(\"https://api.example.com/\" + bot)""#,
        ],
    );
}

#[test]
fn a_name_takes_an_address_by_its_last_member_or_word() {
    judge(
        &[
            "new URL(\"{{ x }}\")",
            "Uri.parse(\"{{ x }}\")",
            "URI.create(\"{{ x }}\")",
            "window.fetch(\"{{ x }}\")",
            "builder.host(\"{{ x }}\")",
            "\"server\": \"{{ x }}\"",
            "\"api_base\": \"{{ x }}\"",
            "\"base_path\": \"{{ x }}\"",
            "\"server_url\": \"{{ x }}\"",
            "server_name: {{ x }}",
            "server.port={{ x }}",
            "fetch(\"https://\" + encodeURIComponent(\"{{ x }}\") + \".example.com\")",
            "const host = encodeURIComponent(\"{{ x }}\")",
            "id = quote(\"{{ x }}\")\nf\"https://{id}.example.com\"",
        ],
        &[
            "url.PathEscape(\"{{ x }}\")",
            "url.QueryEscape(\"{{ x }}\")",
            "Uri.EscapeDataString(\"{{ x }}\")",
            "HttpUtility.UrlEncode(\"{{ x }}\")",
            "URI.encode_www_form_component(\"{{ x }}\")",
            "encodeURI(\"{{ x }}\")",
            "encodeURIComponent(\"{{ x }}\")",
            "decodeURI(\"{{ x }}\")",
            "client.fetch_user(\"{{ x }}\")",
            "client.users.fetch(\"{{ x }}\")",
            "fetchBot(\"{{ x }}\")",
            "server.bots.get(\"{{ x }}\")",
            "\"knowledge_base\": \"{{ x }}\"",
            "\"base_model\": \"{{ x }}\"",
            "\"server_id\": \"{{ x }}\"",
            "\"endpoint_id\": \"{{ x }}\"",
            "\"endpointId\": \"{{ x }}\"",
            "\"domain_id\": \"{{ x }}\"",
            "\"originId\": \"{{ x }}-1\"",
            "X-Domain-Id: {{ x }}",
        ],
    );
}

#[test]
fn files_topics_and_users_are_no_hosts() {
    judge(
        &[
            "{{ x }}.sh/v1",
            "curl {{ x }}.sh",
            "curl {{ x }}/plan.pdf",
            "url: {{ x }}@api.example.com",
            "https://{{ x }}@inbox.example.com",
            "{{ x }}@api.example.com/v1",
            "curl -u {{ x }}:{{ y }} {{ x }}",
            "https://{{ x }}:{{ y }}@api.example.com",
            "{{ x }}:80",
            "{{ x }}:8080",
            "{{ x }}:12/v1",
            "{{ x }}.created.example.com",
            "{{ x }}.example.com/plan.pdf",
        ],
        &[
            "{{ x }}.md, {{ x }}.svg, {{ x }}.webp, {{ x }}.toml and {{ x }}.ini",
            "{{ x }}.wav, {{ x }}.webm, {{ x }}.zip, {{ x }}.tar and {{ x }}.gz",
            "{{ x }}.py, {{ x }}.sh, {{ x }}.ts, {{ x }}.sql, {{ x }}.tsv, {{ x }}.ogg",
            "{{ x }}.tar.gz",
            "Write to {{ x }}@inbox.example.com.",
            "Write to bot-{{ x }}@inbox.example.com, or call.",
            "curl -u {{ x }}:{{ y }} https://api.example.com",
            "curl -sSu \"{{ x }}:{{ y }}\" https://api.example.com",
            "curl --user '{{ x }}:{{ y }}' https://api.example.com",
            "curl --user={{ y }}:{{ x }} https://api.example.com",
            "the topic {{ x }}.message.created",
            "\"event\": \"{{ x }}.deleted\"",
            "the message {{ x }}:12",
            "the file {{ x }}/plan.pdf",
        ],
    );
}
