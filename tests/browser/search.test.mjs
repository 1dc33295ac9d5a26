// Looking things up: SITE is the generic site of the shipped spec, BOTS a site with the folder
// `bots/ada` whose bot has no endpoint `search`, LARGE a site of a thousand endpoints.
import "./machine.mjs";
import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";
import { still } from "./wait.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const sites = {
  shipped: resolve(process.env.SITE ?? join(here, "../../site")),
  bots: process.env.BOTS,
  large: process.env.LARGE,
};
// Run by hand there may be no such site.
const lacks = (name) => ({ skip: !sites[name] && process.env.BOTDOCS_TESTS_SKIP_NOTHING !== "1" });
const botId = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
const servers = {};
let browser;

before(async () => {
  for (const [name, folder] of Object.entries(sites)) {
    if (folder) servers[name] = await serve(folder);
  }
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"],
  });
});
after(async () => {
  await browser?.close();
  Object.values(servers).forEach((server) => server.close());
});

const at = (site, path = "") => `http://127.0.0.1:${servers[site].port}/${path}`;

// Opens a page in a fresh profile; what it asked for is in `page.asked`. The test fails if the page
// reports an error, breaks its policy, asks for anything elsewhere or stores something.
async function open(t, address = at("shipped"), options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  const faults = [];
  page.asked = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("dialog", (dialog) => { faults.push(`ran: ${dialog.message()}`); dialog.dismiss(); });
  page.on("console", (message) => {
    const isWanted = message.text().includes("CORS") || message.text().includes("net::ERR_FAILED");
    if (message.text().startsWith("violated")) faults.push(message.text());
    if (message.type() === "error" && !(address.startsWith("file:") && isWanted)) faults.push(message.text());
  });
  page.on("request", (request) => {
    page.asked.push(request.url());
    if (new URL(request.url()).host !== new URL(address).host) faults.push(`asked for ${request.url()}`);
  });
  await page.addInitScript(() => document.addEventListener("securitypolicyviolation", (event) => {
    console.log(`violated ${event.violatedDirective}: ${event.sample}`);
  }));
  await page.goto(address);
  t.after(async () => {
    if (options.javaScriptEnabled !== false && !address.startsWith("file:")) {
      assert.deepEqual(await page.evaluate(() => [localStorage.length, document.cookie]), [0, ""]);
    }
    await context.close();
    assert.deepEqual(faults, []);
  });
  return page;
}

const field = (page) => page.getByRole("combobox", { name: "Search fields, events, guides" });
const status = (page) => page.locator("dialog [role=status]");
const options = (page) => page.getByRole("option");

// Types a query into the search and waits for what it finds.
async function search(page, query) {
  if (!(await page.locator("dialog.search").isVisible())) await page.keyboard.press("Control+k");
  await field(page).fill(query);
  await page.waitForFunction((query) => {
    const [dialog, input] = ["dialog.search", "dialog input"].map((name) => document.querySelector(name));
    return input.value === query && !dialog.textContent.includes("Type the name");
  }, query);
  await still(page);
  return options(page).allInnerTexts();
}

// A result in one line: its title and where it stands.
const brief = (text) => text.split("\n")[0].replace(/\s+/g, " ").trim();

test("nothing of the search is loaded before it is opened", async (t) => {
  const page = await open(t);
  await page.waitForLoadState("networkidle");
  const isSearch = (url) => /search|minisearch/.test(url);
  assert.deepEqual(page.asked.filter(isSearch), []);
  await search(page, "prompt");
  await page.keyboard.press("Escape");
  await search(page, "message");
  const names = page.asked.filter(isSearch).map((url) => url.replace(/.*\/(\w+)(\.[0-9a-f]{8})?(\.\w+)$/, "$1$3"));
  assert.deepEqual(names.sort(), ["minisearch.js", "search.js", "search.json"]);
});

// What a reader expects first; ranks are what search lives by.
for (const [query, first] of [
  ["prompt", "prompt Integration › Chat Completion › Request body"],
  ["chat/fs", "Fluent Support Chat Integration"],
  ["/chat/fs", "Fluent Support Chat Integration"],
  ["POST /chat/fs", "Fluent Support Chat Integration"],
  ["fluent support", "Fluent Support Chat Integration"],
  ["message", "message Integration › Chat Completion › Stream"],
  ["responses message", "message Integration › Responses › Request body"],
  ["temprature", "temperature Integration › Chat Completion › Request body"],
  ["401", "401 Integration › Chat Completion › Responses"],
  ["bot_id", "bot_id Integration › Chat Completion › Request body"],
  ["chat_id", "chat_id Integration › Chat Completion › Stream"],
  ["chat id", "chat_id Integration › Chat Completion › Stream"],
  ["ticket_conversation.role", "role Integration › Fluent Support Chat › Request body › ticket_conversation"],
  ["ticket_conversation[].role", "role Integration › Fluent Support Chat › Request body › ticket_conversation"],
  ["support_agent", "role Integration › Fluent Support Chat › Request body › ticket_conversation"],
  ["__done__", "__done__ Integration › Chat Completion › Stream"],
  ["output tok", "output_tokens Integration › Chat Completion › Stream › token_usage"],
  ["injectwidget", "injectWidget Widget SDK"],
  ["unauthorized", "Unauthorized response Integration › Troubleshooting"],
  ["CORS", "CORS error in the browser Integration › Troubleshooting"],
  ["identity verification", "Identity Verification"],
  ["HMAC-SHA256", "Sign the visitor Identity Verification"],
]) {
  test(`first for “${query}”: ${first}`, async (t) => {
    const page = await open(t);
    const found = (await search(page, query)).map(brief);
    assert.equal(found[0], first, found.slice(0, 5).join("\n"));
  });
}

test("the keyboard does all of it, and screen readers are told", async (t) => {
  const page = await open(t);
  const button = page.getByRole("button", { name: /^Search fields, events, guides/ });
  assert.equal(await button.getAttribute("aria-keyshortcuts"), "Control+K");
  await page.getByRole("tab").first().focus();
  await page.keyboard.press("Control+k");
  assert.ok(await field(page).evaluate((input) => input === document.activeElement));
  assert.equal(await field(page).getAttribute("aria-expanded"), "false");
  const found = await search(page, "token");
  assert.equal(await status(page).textContent(), `${found.length} results`);
  assert.ok(found.length > 2);
  assert.equal(await field(page).getAttribute("aria-expanded"), "true");
  const chosen = () => page.evaluate(() => {
    const input = document.querySelector("[role=combobox]");
    const list = document.getElementById(input.getAttribute("aria-controls"));
    const selected = [...list.querySelectorAll("[aria-selected=true]")];
    const active = document.getElementById(input.getAttribute("aria-activedescendant"));
    return [selected.length, selected[0] === active, [...list.children].indexOf(active)];
  });
  assert.deepEqual(await chosen(), [1, true, 0]);
  await page.keyboard.press("ArrowUp");
  assert.deepEqual(await chosen(), [1, true, found.length - 1]);
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  assert.deepEqual(await chosen(), [1, true, 1]);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("dialog.search").isHidden());
  assert.ok(await page.getByRole("tab").first().evaluate((tab) => tab === document.activeElement));
  await button.click();
  await search(page, "xyzzyq");
  assert.deepEqual(await field(page).getAttribute("aria-activedescendant"), null);
  await page.mouse.click(5, 5);
  assert.ok(await page.locator("dialog.search").isHidden());
  assert.ok(await button.evaluate((element) => element === document.activeElement));
});

test("no single letter opens it, nor K with other keys", async (t) => {
  const page = await open(t);
  for (const keys of ["k", "/", "s", "Shift+K", "Alt+k", "Control+Shift+K", "Control+Alt+k"]) {
    await page.keyboard.press(keys);
    assert.ok(await page.locator("dialog.search").isHidden(), keys);
  }
});

test("on a Mac it is the command key", async (t) => {
  const page = await open(t);
  await page.addInitScript(() => Object.defineProperty(navigator, "platform", { value: "MacIntel" }));
  await page.reload();
  assert.equal(await page.locator("button.find kbd").textContent(), "⌘ K");
  await page.keyboard.press("Control+k");
  assert.ok(await page.locator("dialog.search").isHidden());
  await page.keyboard.press("Meta+k");
  assert.ok(await page.locator("dialog.search").isVisible());
});

test("a result opens the tab and the fold of its field and shows it", async (t) => {
  const page = await open(t);
  await search(page, "ticket_conversation role");
  await page.keyboard.press("Enter");
  assert.ok(await page.locator("dialog.search").isHidden());
  const id = "fluent-support-chat.request.ticket_conversation.role";
  assert.equal(new URL(page.url()).hash, `#${id}`);
  await page.waitForFunction((id) => document.getElementById(id).contains(document.activeElement), id);
  const box = await page.locator(`[id="${id}"]`).boundingBox();
  assert.ok(box.y >= 0 && box.y + box.height <= 900, `the field stands at ${box.y}`);
  assert.equal(page.asked.filter((url) => url.endsWith(".html")).length, 0, "the page was not loaded anew");
});

test("a result on another page leads there, with the ID of the address", async (t) => {
  const page = await open(t, at("shipped", `index.html?bot_id=${botId}`));
  await search(page, "HMAC-SHA256");
  await page.keyboard.press("Enter");
  await page.waitForURL(at("shipped", `identity-verification.html?bot_id=${botId}#sign`));
  await search(page, "Identity Verification");
  assert.equal(await options(page).first().getAttribute("href"), "#_main");
});

test("results are links that open in a tab of their own as any do", async (t) => {
  const page = await open(t);
  await search(page, "chat_id");
  const [opened] = await Promise.all([
    page.context().waitForEvent("page"),
    options(page).first().click({ modifiers: ["Control"] }),
  ]);
  await opened.waitForLoadState();
  assert.equal(new URL(opened.url()).hash, "#chat-completion.stream.chat_id");
  assert.ok(await page.locator("dialog.search").isVisible());
});

test("what is not there is said, and what is long is counted", async (t) => {
  const page = await open(t);
  assert.deepEqual(await search(page, "xyzzyq"), []);
  assert.match(await status(page).textContent(), /^Nothing found for “xyzzyq”. Try /);
  assert.equal((await search(page, "e")).length, 40);
  assert.match(await status(page).textContent(), /^The first 40 of \d+ results$/);
  await search(page, "temprature");
  assert.match(await status(page).textContent(), /similar: 2$/);
  await field(page).fill("");
  await page.waitForFunction(() => document.querySelector("dialog [role=status]").textContent.startsWith("Type the name"));
  assert.equal(await options(page).count(), 0);
});

const payloads = [
  "<img src=x onerror=alert(1)>", "<script>alert(1)</script>", "\"><svg onload=alert(1)>", "javascript:alert(1)",
  "{{constructor.constructor('alert(1)')()}}", "${alert(1)}", "'-alert(1)-'", "<iframe srcdoc='<script>alert(1)</script>'>",
  "__proto__", "constructor", "toString", "hasOwnProperty", "\u202e\u0000\ud800", ".*+?^${}()|[]\\", "%00%3Cb%3E", "a".repeat(200),
];

test("what is typed is text and nothing else", async (t) => {
  const page = await open(t);
  await search(page, "prompt");
  for (const payload of payloads) {
    await field(page).fill(payload);
    await still(page);
    const said = await status(page).textContent();
    const written = (await field(page).inputValue()).trim();
    assert.ok(said.includes(written) || /result|similar/.test(said), `${payload}: ${said}`);
    const names = await page.$$eval("dialog *", (all) => [...new Set(all.map((e) => e.localName))].sort());
    const known = ["a", "bdi", "button", "code", "div", "input", "mark", "p", "small", "span", "strong"];
    assert.deepEqual(names.filter((name) => !known.includes(name)), [], payload);
  }
});

test("what stood in the field before is looked up when it opens", async (t) => {
  const page = await open(t);
  for (const payload of payloads.slice(0, 4)) {
    await page.reload();
    await page.evaluate((text) => { document.querySelector("dialog input").value = text; }, payload);
    await page.keyboard.press("Control+k");
    await page.waitForFunction(() => /Nothing|result|similar/.test(document.querySelector("dialog [role=status]").textContent));
  }
});

test("markup in the docs is shown as it is written", async (t) => {
  const page = await open(t);
  await search(page, "injectWidget");
  const texts = await options(page).allTextContents();
  assert.ok(texts.some((text) => text.includes("</script>")), texts.join("\n"));
  assert.equal(await page.locator("dialog script, dialog img").count(), 0);
  assert.deepEqual([...new Set(await page.locator("dialog mark").allTextContents())], ["injectWidget"]);
});

test("from disk it says why not, and what to do instead", async (t) => {
  const page = await open(t, pathToFileURL(join(sites.shipped, "index.html")).href);
  await page.keyboard.press("Control+k");
  await page.waitForFunction(() => document.querySelector("dialog [role=status]").textContent.includes("opened from disk"));
  assert.match(await status(page).textContent(), /Use the browser’s own search in this page/);
  await page.keyboard.press("Escape");
  assert.ok(await page.locator("dialog.search").isHidden());
});

test("without a connection it says so, and works when there is one again", async (t) => {
  const page = await open(t);
  await page.route("**/search.json", (route) => route.fulfill({ status: 503, body: "" }));
  const faults = page.listeners("console");
  page.removeAllListeners("console");
  await page.keyboard.press("Control+k");
  await page.waitForFunction(() => document.querySelector("dialog [role=status]").textContent.includes("could not be loaded"));
  await page.unroute("**/search.json");
  faults.forEach((listener) => page.on("console", listener));
  await page.keyboard.press("Escape");
  assert.ok((await search(page, "prompt")).length > 0);
});

test("without scripts there is no button for it", async (t) => {
  const page = await open(t, at("shipped"), { javaScriptEnabled: false });
  assert.ok(await page.locator("button.find").isHidden());
  assert.ok(await page.locator("dialog.search").isHidden());
});

test("on a phone it fills the screen, on paper it is not there", async (t) => {
  for (const width of [320, 390]) {
    const page = await open(t, at("shipped"), { viewport: { width, height: 700 }, hasTouch: true });
    await page.getByRole("button", { name: "Search" }).click();
    await search(page, "message");
    const box = await page.locator("dialog.search").boundingBox();
    assert.deepEqual([box.x, box.y, box.width, box.height], [0, 0, width, 700]);
    assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), width);
    for (const target of [page.locator("dialog button"), options(page).first()]) {
      assert.ok((await target.boundingBox()).height >= 24);
    }
    await page.locator("dialog").getByRole("button", { name: "Close" }).click();
    await page.emulateMedia({ media: "print" });
    assert.ok(await page.locator("button.find").isHidden());
  }
});

test("a bot's page finds what the bot has, and no more", lacks("bots"), async (t) => {
  const page = await open(t, at("bots", "bots/ada/index.html"));
  assert.match((await search(page, "chat")).map(brief)[0], /^chat API/);
  assert.equal(await options(page).first().getAttribute("href"), "#chat");
  const found = await search(page, "search");
  assert.ok(!found.some((text) => /^search /.test(brief(text))), found.join("\n"));
  assert.ok(!(await page.locator("dialog").textContent()).includes("ada"));
  await page.goto(at("bots", "bots/ada/guide.html"));
  await search(page, "chat");
  await page.keyboard.press("Enter");
  await page.waitForURL(at("bots", "bots/ada/index.html#chat"));
});

test("a thousand endpoints are searched while one types", lacks("large"), async (t) => {
  const page = await open(t, at("large"));
  const started = performance.now();
  assert.equal(brief((await search(page, "limit_777"))[0]), "limit_777 API 15 › Endpoint 777 › Request body");
  t.diagnostic(`opened and searched: ${Math.round(performance.now() - started)} ms`);
  const times = await page.evaluate(async () => {
    const input = document.querySelector("dialog input");
    const times = [];
    for (const query of ["l", "li", "lim", "limi", "limit", "endpoint 42", "limt_1", "401", "nothing of it"]) {
      input.value = query;
      const before = performance.now();
      input.dispatchEvent(new InputEvent("input"));
      await new Promise((done) => setTimeout(done));
      document.body.getBoundingClientRect();
      times.push(`${query}: ${Math.round(performance.now() - before)} ms`);
    }
    return times;
  });
  t.diagnostic(times.join(", "));
  assert.equal(brief((await search(page, "Endpoint 42"))[0]), "Endpoint 42 API 0");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => location.hash === "#endpoint-42");
  assert.match(await page.locator("[id=endpoint-42]").evaluate((panel) => String(panel.checkVisibility())), /true/);
});
