// Weight, size, stillness and quickness of the Integration page.
import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { test } from "node:test";
import { botId, built, host, launch, none, open, pagesOf, site } from "./browser.mjs";
import { still } from "./wait.mjs";

const kilobytes = (bytes) => Math.round(bytes / 102.4) / 10;

test("HTML, CSS and the scripts before and after the page stay within 24, 10, 1 and 10 KB, by gzip -6", async (t) => {
  const weights = { document: 0, stylesheet: 0, theme: 0, script: 0 };
  const page = await open(t, "404.html");
  const { base } = await host();
  // The icon of the page before may still come.
  const asked = new Map();
  page.on("request", (request) => asked.set(request.url(), request.resourceType()));
  await page.goto(base, { waitUntil: "networkidle" });
  for (const [url, kind] of asked) {
    const type = url.includes("/theme.") ? "theme" : kind;
    const body = await (await page.request.get(url)).body();
    weights[type] = (weights[type] ?? 0) + gzipSync(body, { level: 6 }).length;
  }
  t.diagnostic(Object.entries(weights).map(([type, bytes]) => `${type} ${kilobytes(bytes)} KB`).join(", "));
  assert.deepEqual(Object.keys(weights).sort().filter((type) => !["document", "stylesheet", "theme", "script", "image", "other"].includes(type)), []);
  assert.ok(weights.document > 0 && weights.document <= 24 * 1024, `HTML: ${weights.document}`);
  assert.ok(weights.stylesheet > 0 && weights.stylesheet <= 10 * 1024, `CSS: ${weights.stylesheet}`);
  assert.ok(weights.theme > 0 && weights.theme <= 1024, `JS before the page: ${weights.theme}`);
  assert.ok(weights.script > 0 && weights.script <= 10 * 1024, `JS: ${weights.script}`);
  assert.ok(asked.size <= 5, `${[...asked.keys()]}`);
});

test("an endpoint with its samples has at most 900 elements", async (t) => {
  const page = await open(t);
  const sizes = await page.$$eval(".endpoint", (all) => all.map((panel) => [panel.id, panel.querySelectorAll("*").length]));
  const total = await page.evaluate(() => document.querySelectorAll("*").length);
  t.diagnostic(`${sizes.map(([id, count]) => `${id} ${count}`).join(", ")}; the page ${total}`);
  assert.ok(sizes.length >= 2);
  for (const [id, count] of sizes) assert.ok(count > 50 && count <= 900, `${id}: ${count}`);
});

// ---- Nothing moves while the page loads ----

const ways = {
  "as it is": {},
  dark: { colorScheme: "dark" },
  "dark chosen": { stored: { "botdocs.theme": "dark" } },
  "a bot ID kept": { stored: { "botdocs.entered.bot_id": botId } },
  "a bot ID in the address": { search: `?bot_id=${botId}` },
  "a place in the address": { place: true },
  "a slow phone": { viewport: { width: 390, height: 800 }, slow: true },
  "a phone, a bot ID kept": { viewport: { width: 390, height: 800 }, stored: { "botdocs.entered.bot_id": botId } },
};
for (const [name, { stored = {}, search = "", place, slow, ...options }] of Object.entries(ways)) {
  test(`nothing moves while a page loads: ${name}`, async (t) => {
    const page = await open(t, "404.html", options);
    const { base } = await host();
    await page.evaluate((stored) => { for (const [key, value] of Object.entries(stored)) { localStorage.setItem(key, value); sessionStorage.setItem(key, value); } }, stored);
    await page.addInitScript(() => {
      window.moved = [];
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
        const nodes = entry.sources.map(({ node }) => node);
        const tables = new Set(nodes.map((node) => (node?.closest ? node : node?.parentElement)?.closest("td, th")?.closest("table")));
        // The entry of the navigation has no such time yet while the page is parsed.
        const parsed = performance.getEntriesByType("navigation")[0].domInteractive || Infinity;
        window.moved.push({
          text: `${entry.value.toFixed(4)}: ${nodes.map((node) => node?.outerHTML?.slice(0, 80)).join(" and ")}`,
          isArriving: entry.startTime < parsed && tables.size === 1 && !tables.has(undefined),
        });
      })).observe({ type: "layout-shift", buffered: true });
    });
    if (slow) {
      const session = await page.context().newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await session.send("Network.enable");
      await session.send("Network.emulateNetworkConditions", { offline: false, latency: 150, downloadThroughput: 100_000, uploadThroughput: 50_000 });
    }
    const found = [];
    for (const path of pagesOf(site)) {
      const id = place && path === "index.html"
        ? await page.goto(base).then(() => page.$$eval("[role=tabpanel][hidden] .fields li li", (all) => all[0]?.id ?? "")) : "";
      let moved;
      // A busy machine can paint a table whose last rows have not arrived; the columns fit their cells,
      // so they move when the rows come. It is a fault of the page if it happens each time.
      for (let load = 0; load < 3; load++) {
        await page.goto("about:blank");
        await page.goto(`${base}${path}${search}${id ? `#${id}` : ""}`);
        await still(page);
        moved = await page.evaluate(() => window.moved);
        if (moved.length === 0 || !moved.every(({ isArriving }) => isArriving)) break;
      }
      found.push(...moved.map(({ text }) => `${path} moved by ${text}`));
    }
    none(found);
  });
}

test("choosing a tab moves nothing above it", async (t) => {
  const page = await open(t);
  const tops = () => page.evaluate(() => ["header", "h1", "[role=tablist]"].map((selector) => document.querySelector(selector).getBoundingClientRect().top + scrollY));
  const before = await tops();
  for (const tab of await page.getByRole("tablist").first().getByRole("tab").all()) {
    await tab.click();
    assert.deepEqual(await tops(), before);
  }
});

// ---- A tab switch ----

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

// The promise is one of time: the next paint within 50 ms on a processor four times slower. A clock
// measures what else the machine does, so the work is counted that takes the time: the elements that
// are styled anew, the boxes that are laid out, and the changes of the script. It is that of the
// endpoint that is shown, however many others the page has. What the clock shows under a real slow-down
// is printed, and held by nothing.
test("with 40 endpoints, a tab is shown by work for its own endpoint alone", async (t) => {
  const page = await open(t, "", { folder: built("MANY") });
  const browser = await launch();
  const untilPainted = (at) => page.evaluate((at) => new Promise((resolve) => {
    const start = performance.now();
    performance.mark(`tab ${at}`);
    window.changes = 0;
    document.querySelectorAll("[role=tab]")[at].click();
    requestAnimationFrame(() => {
      // A message that is sent in a frame arrives when the frame is painted.
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => {
        performance.mark("painted");
        resolve({ time: performance.now() - start, changes: window.changes });
      };
      port2.postMessage(null);
    });
  }), at);
  await page.evaluate(() => {
    const count = (all) => { window.changes += all.length; };
    new MutationObserver(count).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
  });
  // A query by role would style what is hidden before it is shown.
  const tabs = await page.evaluate(() => document.querySelector("[role=tablist]").querySelectorAll("[role=tab]").length);
  assert.equal(tabs, 40);
  const sizes = await page.$$eval(".endpoint", (all) => all.map((panel) => panel.querySelectorAll("*").length));
  const everything = await page.evaluate(() => document.querySelectorAll("*").length);
  const changes = {};
  await browser.startTracing(page, { categories: ["devtools.timeline", "blink.user_timing"] });
  // The renderer begins to trace a moment later: the first switch only shows that it has.
  for (const at of [3, 1, 2, 20, 38, 39, 5]) changes[at] = (await untilPainted(at)).changes;
  const { traceEvents } = JSON.parse(await browser.stopTracing());
  const marks = traceEvents.filter(({ name, cat }) => cat === "blink.user_timing" && (name.startsWith("tab ") || name === "painted")).sort((a, b) => a.ts - b.ts);
  const all = [];
  for (const at of [1, 2, 20, 38, 39, 5]) {
    const begins = marks.findIndex(({ name }) => name === `tab ${at}`);
    const [from, to] = [marks[begins], marks[begins + 1]];
    const own = traceEvents.filter(({ pid, tid, ts }) => pid === from.pid && tid === from.tid && ts >= from.ts && ts <= to.ts);
    const sum = (wanted, count) => own.filter(({ name }) => name === wanted).reduce((all, { args }) => all + (count(args) ?? 0), 0);
    const done = {
      styled: sum("UpdateLayoutTree", (args) => args.elementCount),
      laidOut: sum("Layout", (args) => args.beginData?.dirtyObjects),
      changes: changes[at],
    };
    all.push(done);
    assert.ok(done.styled > sizes[at] / 2 && done.laidOut > sizes[at] / 2, `tab ${at}: nothing was counted: ${JSON.stringify(done)}`);
    assert.ok(done.styled <= 2 * sizes[at], `tab ${at}: ${done.styled} elements styled of ${sizes[at]}`);
    assert.ok(done.laidOut <= 2 * sizes[at], `tab ${at}: ${done.laidOut} boxes laid out for ${sizes[at]} elements`);
    assert.ok(done.changes > 0 && done.changes <= 4 * tabs, `tab ${at}: ${done.changes} changes for ${tabs} tabs`);
  }
  // What would be styled or laid out with all others is far more.
  assert.ok(everything > 20 * sizes[1], `${everything} elements, ${sizes[1]} in an endpoint`);
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate: 4 });
  const wall = [];
  for (let at = 1; at <= 10; at++) wall.push((await untilPainted(at)).time);
  t.diagnostic(`each: ${all.map((done) => JSON.stringify(done)).join(", ")}; ${sizes[1]} elements; by the clock, four times slower: ${median(wall).toFixed(0)} ms`);
});
