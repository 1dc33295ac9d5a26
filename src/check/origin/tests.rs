//! What decides an origin, and what does not, as tables of texts.

use super::{decides, is_segment, readings};

/// Whether a variable decides in one of the readings of a text.
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

/// What decides in one of its readings, and what does not: the texts of two tables.
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
        ],
    );
}

#[test]
fn a_name_is_followed_only_where_it_stands_for_its_value() {
    judge(
        &[
            "bot = \"{{ x }}\"\nfetch(bot)",
            "h = '{{ x }}'\nrequests.post(h + '.app')",
            "var bot string = \"{{ x }}\"\nget(\"https://\" + bot + \".example.com\")",
            "Dim bot As String = \"{{ x }}\"\nGet(\"https://\" & bot & \".example.com\")",
            "String id = \"{{ x }}\";\nget(\"https://\" + id + \".example.com\")",
            "\"bot\": \"a\"\nbot = \"{{ x }}-1\"\nbot = \"{{ x }}\"\nf\"https://{bot}.example.com\"",
            "b = \"{{ y }}\"\na = \"{{ x }}\"\nb = f\"{a}\"\nf\"https://{b}.example.com\"",
            "bot = \"{{ x }}\"\nf\"{bot}/v1\"",
            "BOT={{ x }}\ncurl {BOT}/v1",
        ],
        &[
            r#"String id = "{{ x }}"; get(String.format("https://api.example.com/v1/bots/%s/chat", id))"#,
            r#"string id = "{{ x }}"; Get(string.Join("/", "https://api.example.com", id))"#,
            r#"val id: String = "{{ x }}"; get(String.format("/bots/%s", id))"#,
            "\"id\": \"{{ x }}\"\n\"id\": \"{{ x }}-1\"\nthe identifier (id) and {id}",
            "\"id\": \"{{ x }}\"\n\"id\": \"{{ x }}-1\"\n\"/bots/{id}\", get(id)",
            "\"bot\": \"{{ x }}\"\nprint(bot.name)",
            "\"bot\": \"{{ x }}\"\nconsole.log(bot.length); if (bot.length > 3) {}",
            "example: \"{{ x }}\"\nan address (example.com)",
            "\"bot\": \"{{ x }}\"\nSend it to {bot}/messages or `{bot}/messages`.",
            "The bot is {{ x }}.\nThe API: {{ x }}\n(The.com)",
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
fn a_hole_of_a_format_takes_the_argument_at_its_place() {
    judge(
        &[
            r#"get("https://%s/v1/bots/%s" % ("{{ x }}", BOT))"#,
            r#"get("https://api.example.com/%s" % a, "https://%s.example.com" % "{{ x }}")"#,
            r#"get("https://{1}.example.com/{0}".format(HOST, "{{ x }}"))"#,
            r#"get("https://{}-{}.example.com".format("a", "{{ x }}"))"#,
            r#"fmt.Sprintf("https://%s.example.com/%s", "{{ x }}", key)"#,
            r#"String.format("https://%2$s.example.com", a, "{{ x }}")"#,
            r#"sprintf('https://%s.example.com', strtolower('{{ x }}'))"#,
            r#"bot = "{{ x }}"; get("https://%s.example.com" % bot.lower())"#,
            r#"get("https://%s.example.com", "{{ x }}")"#,
            r#"get("https://%5s/%s" % (HOST, "{{ x }}"))"#,
            r#"args = ["{{ x }}"]; get("https://{}.example.com".format(*args))"#,
            r#"bot = "{{ x }}"; host = "%s.example.com" % bot"#,
            r#"bot = "{{ x }}"; host = "{}.example.com".format(bot)"#,
            r#"host = "api-{}.example.com".format("{{ x }}")"#,
        ],
        &[
            r#"requests.get("https://%s/v1/bots/%s" % (HOST, "{{ x }}"))"#,
            r#"requests.get("https://{}/v1/bots/{}".format(HOST, "{{ x }}"))"#,
            r#"requests.get("https://{0}/v1/bots/{1}".format(HOST, "{{ x }}"))"#,
            r#"fmt.Sprintf("https://%s/v1/bots/%s", host, "{{ x }}")"#,
            r#"String.format("https://%1$s/bots/%2$s", HOST, "{{ x }}")"#,
            r#"string.Format("https://{0}/bots/{1}", host, "{{ x }}")"#,
            r#"bot = "{{ x }}"; get("https://%s/bots/%s" % (HOST, bot))"#,
            r#"print("{} is here".format("{{ x }}"))"#,
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

#[test]
fn no_text_behind_a_name_is_lost() {
    judge(
        &[
            "const id = \"{{ x }}\";\nsend({ id: id, url: \"https://\" + id + \".example.com/v1\" });",
            "const id = \"{{ x }}\";\nsend({id: id, url: `https://${id}.example.com`});",
            "const id = \"{{ x }}\";\nsend({id:id,url:\"https://\"+id+\".example.com/v1\"});",
            "A={{ x }}\ncurl ${A:-b}",
            "A={{ x }}\ncurl ${A:?unset}",
            "curl https://${A:-{{ x }}}.example.com",
            "A=${A:-{{ x }}}\ncurl https://$A.example.com",
        ],
        &[
            "const id = \"{{ x }}\";\nsend({ id: id, url: \"https://api.example.com/\" + id });",
            "id = \"{{ x }}\"\nf\"https://api.example.com/{id!s}/{id:>5}\"",
            "curl https://api.example.com/${A:-{{ x }}}/v1",
        ],
    );
}

#[test]
fn an_expression_in_a_host_is_read_as_a_whole() {
    for expression in [
        "${BOT}",
        "${process.env.BOT}",
        "${process.env['BOT']}",
        "{os.environ['BOT']}",
        "${cfg.BOT}",
        "{self.BOT}",
        "{self._BOT}",
        "#{@BOT}",
        "#{BOT.downcase}",
        "{$this->BOT}",
        "${BOT,,}",
        "${BOT%-*}",
        "${BOT:0:8}",
        "{BOT.lower()}",
        "{BOT,-10}",
        "{BOT!r:>5}",
        "${BOT || \"x\"}",
        "${ a }-${BOT ?? 'x'}",
        "!BOT!",
        "%BOT%",
        "${{ vars.BOT }}",
        "${{ env.BOT || 'a' }}",
        "%<BOT>s",
        "%(BOT)s",
        "%{BOT}",
        "$($BOT.ToLower())",
        "$(echo $BOT)",
        "\\(BOT)",
        "${\n  BOT\n}",
    ] {
        // What begins with `_` is another name.
        let name = if expression.contains("_BOT") {
            "_BOT"
        } else {
            "BOT"
        };
        for assigned in [
            format!("{name}={{{{ x }}}}"),
            format!("{name} = \"{{{{ x }}}}\""),
        ] {
            for before in ["https://", "https://api-", "https://{{ y }}-"] {
                let text = format!("{assigned}\n{before}{expression}.example.com/v1");
                assert!(decides_once(&text), "{text}");
                let text = format!("{assigned}\nhttps://{{host}}/bots/{expression}/v1");
                assert!(!decides_once(&text), "{text}");
            }
        }
    }
    judge(
        &["curl https://${ bot || \"{{ x }}\" }.example.com"],
        &[
            "bot = \"{{ x }}\"\nf\"https://{host}/bots/{bot}\"",
            "bot = \"{{ x }}\"\n`https://${cfg.host}.example.com/bots/${bot}`",
            "bot = \"{{ x }}\"\nf\"https://{self.robot}/bots/{bot}\"",
        ],
    );
}

#[test]
fn an_assignment_is_read_in_each_language() {
    for assignment in [
        "const B: &str = \"{{ x }}\";",
        "const B: &'static str = \"{{ x }}\";",
        "let B: string | undefined = \"{{ x }}\";",
        "val B: String? = \"{{ x }}\"",
        "B: Final[str] = \"{{ x }}\"",
        "B: str = \"{{ x }}\"",
        "var B string = \"{{ x }}\"",
        "var B BotId = \"{{ x }}\"",
        "String B = \"{{ x }}\";",
        "final B = '{{ x }}';",
        "let B = String::from(\"{{ x }}\");",
        "const B =\n  \"{{ x }}\";",
        "const B: string =\n  '{{ x }}';",
        "B, key = \"{{ x }}\", \"k\"",
        "key, B = \"k\", \"{{ x }}\"",
        "B = (\"{{ x }}\")",
        "B = (\n  \"{{ x }}\"\n)",
        "B <- \"{{ x }}\"",
        "#define B \"{{ x }}\"",
        "define('B', '{{ x }}');",
        "os.environ[\"B\"] = \"{{ x }}\"",
        "ENV['B'] = '{{ x }}'",
        "setx B {{ x }}",
        "set -gx B {{ x }}",
        "- name: B\n  value: \"{{ x }}\"",
        "{\"name\": \"B\", \"value\": \"{{ x }}\"}",
        "B=\"-s {{ x }}\"",
        "const B = process.env.B || \"{{ x }}\";",
        "const B = process.env.B ?? '{{ x }}';",
        "B = os.environ.get(\"B\", \"{{ x }}\")",
        "B = f\"{{ x }}\"",
        "['B' => '{{ x }}']",
        ": ${B:={{ x }}}",
        "self.B = \"{{ x }}\"",
        "this.B = \"{{ x }}\";",
        "$this->B = '{{ x }}';",
        "@B = '{{ x }}'",
        "char B[64] = \"{{ x }}\";",
        "const B = /* the bot */ \"{{ x }}\";",
        "const B: string /* the bot */ = \"{{ x }}\";",
        "B=\"${1:-{{ x }}}\"",
        "B=$(echo {{ x }})",
        "read -r B <<< \"{{ x }}\"",
        "for B in {{ y }} {{ x }}; do",
        "for (const B of [\"{{ x }}\"])",
    ] {
        let text = format!("{assignment}\nhttps://${{B}}.example.com");
        assert!(decides_once(&text), "{text}");
        let text = format!("{assignment}\nhttps://${{H}}.example.com/${{B}}");
        assert!(!decides_once(&text), "{text}");
    }
    judge(
        &["A=\"-s {{ x }}\"\ncurl $A"],
        &[
            "Client(host, bot=\"{{ x }}\")\nf\"https://{host}/v1\"",
            "bot = client.bots.get(\"{{ x }}\")\nf\"https://{bot.host}/v1\"",
            "B --bot={{ x }}\nf\"https://{B}/v1\"",
        ],
    );
}

#[test]
fn what_is_joined_goes_on_over_quotes() {
    judge(
        &[
            "curl https://api-\"{{ x }}\".example.com",
            "curl https://\"{{ x }}\".example.com",
            "\"https://api-\" + \"{{ x }}\" + \".example.com\"",
            "'https://api-' . '{{ x }}' . '.example.com'",
            "\"https://\"\n  + \"{{ x }}\"",
            "\"https://\".concat(\"{{ x }}\", \".example.com\")",
            "bot = \"{{ x }}\"\nurl = \"https://\"\n  + bot\n  + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\".concat(bot, \".example.com\")",
            "bot = \"{{ x }}\"\n[\"https://\", bot, \".example.com\"].join(\"\")",
            "bot = \"{{ x }}\"\nurl = \"https://api-\"\n  + bot\n  + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\" + cfg.bot + \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://\" + bot.lower() + \".example.com\"",
            "$this->bot = '{{ x }}';\n'https://' . $this->bot . '.example.com'",
            "bot = \"{{ x }}\"\n\"https://\" + cfg.bot",
            "a = {\"bot\": \"{{ x }}\"}\n\"https://\" + a[\"bot\"]",
            "bot = \"{{ x }}\"\n\"https://\" + str(bot)",
            "bot = \"{{ x }}\"\n\"https://\" <> bot <> \".example.com\"",
            "bot = \"{{ x }}\"\n\"https://api-\" .. bot .. \".example.com\"",
            "bot = \"{{ x }}\"\nhost = bot",
            "bot = \"{{ x }}\"\n\"https://{b}.example.com\".format(b=bot)",
            "bot = \"{{ x }}\"\nHTTPSConnection(bot)",
        ],
        &[
            "Client(\"https://api.example.com\", \"{{ x }}\")",
            "curl \"https://api.example.com\" -d \"{{ x }}\"",
            "\"https://api.example.com/bots/\" + \"{{ x }}\" + \"/chat\"",
            "bot = \"{{ x }}\"\n\"https://api.example.com/bots/\"\n  + bot",
            "bot = \"{{ x }}\"\n\"https://\" + \"bot.example.com\"",
            "bot = \"{{ x }}\"\nhttps://bot.example.com",
            "bot = \"{{ x }}\"\nhttps://api.bot.example.com",
            "bot: \"{{ x }}\"\nHOST=bot",
            "Client(host=host, bot=bot)\nbot = \"{{ x }}\"",
        ],
    );
}

#[test]
fn what_is_too_much_to_follow_decides() {
    let chain = |last: usize| {
        let links = (1..=last).map(|i| format!("A{i}=$A{}\n", i - 1));
        let links = links.rev().collect::<String>();
        format!("A0={{{{ x }}}}\n{links}curl $A{last}")
    };
    for last in 0..20 {
        assert!(decides_once(&chain(last)), "{last}");
    }
    let many = |count: usize| {
        let values = (0..count).map(|i| format!("id={{{{ y }}}}-{i}\n"));
        format!("{}id={{{{ x }}}}\n", values.collect::<String>())
    };
    for count in [1, 8, 9, 50] {
        let text = format!("{}curl https://$id.example.com", many(count));
        assert!(decides_once(&text), "{count}");
        let text = format!("{}https://api.example.com/$id", many(count));
        assert!(!decides_once(&text), "{count}");
    }
    let long = format!("B={{{{ x }}}}{}\n", "b".repeat(1 << 16));
    let uses = "https://a.example/$B ".repeat(40);
    assert!(decides_once(&format!(
        "{long}{uses}curl https://$B.example.com"
    )));
    // A name that takes its own value never ends.
    let own = "a = \"{{ x }}\"\na = \"a\" + a + \"b\"\nf\"https://api.example.com/{a}\"";
    assert!(!decides_once(own));
}
