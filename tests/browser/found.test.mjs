// The search finds what a page shows, and what readers mean by their words: the search's own code on the
// index of a site, without a browser but for the text of the pages.
import assert from "node:assert/strict";
import { test } from "node:test";
import { golden, none, open, pagesOf, site, themed } from "./browser.mjs";
import { searchOf } from "./finding.mjs";

// ---- Every word of a page ----

// Arabic and Japanese have no stemmer, and Japanese no spaces.
// What is not looked for, and why: everything outside `main`, which is the same on every page; and within it
// the bodies of code (`pre`), whose keywords nobody looks for, and the holes (`data`), whose values no index may have.
const notSearched = "pre, script, style, template, svg, data";
// Parts of a line, which end no word.
const inline = "a abbr b bdi code data del em i ins kbd mark q s small span strong sub sup time u var wbr".split(" ");
// The pages of no content: the one for a missing address.
const empty = ["404.html"];

const japanese = process.env.JAPANESE && { japanese: process.env.JAPANESE };
for (const [name, folder] of Object.entries({ ...themed, ...japanese })) {
  test(`every word of each page is found, and leads to this page: ${name}`, async (t) => {
    const find = await searchOf(folder);
    const lost = [];
    let count = 0;
    for (const path of pagesOf(folder)) {
      // The pages of bots repeat the generic ones.
      if (empty.includes(path) || path.includes("/")) continue;
      const page = await open(t, path, { folder, scripts: "blocked" });
      const text = await page.evaluate(([notSearched, inline]) => {
        const main = document.querySelector("main").cloneNode(true);
        main.querySelectorAll(notSearched).forEach((element) => element.replaceWith(" "));
        main.querySelectorAll("*").forEach((element) => {
          if (!inline.includes(element.localName)) { element.before("\n"); element.after("\n"); }
        });
        return main.textContent;
      }, [notSearched, inline]);
      for (const word of new Set(text.match(/[\p{L}\p{N}\p{M}]+/gu))) {
        count++;
        const { found, isSimilar } = find(word);
        if (isSimilar || !found.some(({ file }) => file === path)) lost.push(`${path}: ${word}`);
      }
    }
    assert.ok(count > 50, `${count} words`);
    t.diagnostic(`${count} words`);
    none(lost);
  });
}

// ---- What readers type ----

/** Fails for each query whose first result is another than the wanted one. */
async function firsts(folder, table) {
  const find = await searchOf(folder);
  const wrong = [];
  for (const [query, ...wanted] of table) {
    const places = find(query).found.map(({ place }) => place);
    if (!wanted.includes(places[0] ?? "nothing")) wrong.push(`“${query}”: ${places.slice(0, 3).join(", ") || "nothing"}; wanted: ${wanted.join(" or ")}`);
  }
  none(wrong);
}

const chat = "index.html#chat-completion";
const fluent = "index.html#fluent-support-chat";
const guide = (name, anchor = "") => `${name}.html${anchor}`;
// `nothing exact` is a query for what the pages do not have: then the search shows only what is similar, and its status reads so.
const english = [
  // The words of the interface
  ["authentication", "index.html#_authentication"],
  ["how to authenticate", "index.html#_authentication"],
  ["auth", "index.html#_authentication"],
  ["bearer", "index.html#_authentication"],
  ["Authorization", "index.html#_authentication"],
  ["authorization header", "index.html#_authentication", "index.html#unauthorized-response"],
  ["base url", "index.html#_base-url"],
  ["baseurl", "index.html#_base-url"],
  ["what is the base url", "index.html#_base-url"],
  ["url", "index.html#_base-url"],
  ["request body", `${chat}.request`],
  ["response", `${chat}.response.200.response`],
  ["responses", "index.html#responses"],
  // Keys
  ["api key", "index.html#_authentication", "index.html#credentials"],
  ["apikey", "index.html#_authentication", "index.html#credentials"],
  ["API-Key", "index.html#_authentication", "index.html#credentials"],
  ["credentials", "index.html#credentials"],
  ["password", "index.html#_authentication", "index.html#credentials"],
  ["pasword", "index.html#_authentication", "index.html#credentials"],
  ["login", "index.html#_authentication"],
  ["log in", "index.html#_authentication"],
  // Streams
  ["streaming", `${chat}.request.stream`, `${chat}.stream`],
  ["streams", `${chat}.request.stream`, `${chat}.stream`],
  ["sse", `${chat}.stream`, `${fluent}.stream`],
  ["server-sent events", `${chat}.stream`, `${fluent}.stream`],
  ["end of stream", `${chat}.stream`, `${chat}.stream.done`],
  ["__done__", `${chat}.stream.done`],
  ["errors in mid stream", "index.html#errors-in-mid-stream"],
  // Languages of samples
  ["python", "index.html#_chat-completion.example.default.request.python"],
  ["curl", "index.html#_chat-completion.example.default.request.curl"],
  ["powershell", "index.html#_chat-completion.example.default.request.powershell"],
  ["typescript", "index.html#_chat-completion.example.default.request.typescript"],
  ["golang", "index.html#_chat-completion.example.default.request.go"],
  ["node", guide("identity-verification", "#nodejs")],
  // Names, joined and in parts
  ["chat_id", `${chat}.stream.chat_id`],
  ["chat id", `${chat}.stream.chat_id`],
  ["chatId", `${chat}.stream.chat_id`],
  ["chatid", `${chat}.stream.chat_id`],
  ["bot_id", `${chat}.request.bot_id`],
  ["botId", `${chat}.request.bot_id`],
  ["where do I find my bot id", `${chat}.request.bot_id`],
  ["web search", `${chat}.request.enable_web_search`],
  ["websearch", `${chat}.request.enable_web_search`],
  ["enableWebSearch", `${chat}.request.enable_web_search`],
  ["output tok", `${chat}.stream.token_usage.output_tokens`],
  ["token", `${chat}.stream.token_usage`],
  ["token usage", `${chat}.stream.token_usage`],
  ["ticket_conversation.role", `${fluent}.request.ticket_conversation.role`],
  ["ticketConversation", `${fluent}.request.ticket_conversation`],
  ["injectwidget", guide("widget-sdk", "#inject-widget")],
  ["inject widget", guide("widget-sdk", "#inject-widget")],
  ["POST /chat/fs", fluent],
  ["/chat/fs", fluent],
  // Errors
  ["401", `${chat}.response.401`],
  ["unauthorized", "index.html#unauthorized-response"],
  ["cors errors", "index.html#cors-error-in-the-browser"],
  ["troubleshoot", "index.html#troubleshooting", guide("embed-the-widget", "#troubleshooting")],
  // Misspelt
  ["temprature", `${chat}.request.temperature`],
  ["indentity verfication", guide("identity-verification")],
  ["authentification", "index.html#_authentication"],
  ["credentals", "index.html#credentials"],
  // Guides
  ["embedding the widget", guide("embed-the-widget")],
  ["how do I install the widget", guide("embed-the-widget")],
  ["verify identities", guide("identity-verification")],
  ["HMAC-SHA256", guide("identity-verification", "#sign")],
  ["signatures", guide("widget-sdk", "#signed")],
  ["user email", guide("widget-sdk", "#visitor")],
  ["visitors", guide("widget-sdk", "#visitor")],
  ["colors", guide("widget-settings", "#appearance")],
  ["the widget sdk", guide("widget-sdk")],
];

test("readers find first what they mean", async () => {
  assert.ok(english.length >= 60);
  await firsts(site, english);
});

test("what the pages do not have is not found as written", async () => {
  const find = await searchOf(site);
  const queries = ["dark mode", "rate limit", "timeout", "kubernetes", "xyzzyq"];
  assert.deepEqual(queries.filter((query) => find(query).found.length && !find(query).isSimilar), []);
});

test("stop words alone never lead to nothing", async () => {
  const find = await searchOf(site);
  const queries = ["the widget", "what is the widget", "how do I use the api key", "where is my chat id", "is it the prompt"];
  assert.deepEqual(queries.filter((query) => !find(query).found.length), []);
  const german = await searchOf(golden.german);
  assert.deepEqual(["wie stelle ich eine frage", "was ist der schlüssel", "wo ist der server"].filter((query) => !german(query).found.length), []);
});

const page = "index.html";
test("German readers find first what they mean", () => firsts(golden.german, [
  ["authentifizierung", `${page}#_authentication`],
  ["authentifizieren", `${page}#_authentication`],
  ["wie authentifiziere ich mich", `${page}#_authentication`],
  ["schlüssel", `${page}#_authentication`],
  ["schluessel", `${page}#_authentication`],
  ["bearer", `${page}#_authentication`],
  ["basis-url", `${page}#_base-url`],
  ["antwort", `${page}#fragen.response.200.antwort`],
  ["antworten", `${page}#fragen.response`, `${page}#fragen.response.200.antwort`],
  ["frage", `${page}#fragen.request.frage`],
  ["fragen", `${page}#fragen`],
  ["kosten", `${page}#was-es-kostet`],
  ["was kostet das", `${page}#was-es-kostet`],
  ["sprachen", `${page}#fragen.response.200.antwort`],
  ["python", `${page}#_fragen.example.default.request.python`],
]));

// ---- Languages without a stemmer ----

test("Japanese words are found within a text without spaces", { skip: !japanese && process.env.BOTDOCS_TESTS_SKIP_NOTHING !== "1" }, () => firsts(japanese.japanese, [
  ["認証", "guide.html#認証"],
  ["質問", "index.html#ask"],
  ["温度", "guide.html#認証"],
  ["サーバー", "guide.html#認証"],
]));
