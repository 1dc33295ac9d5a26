// What a reader does with the built site, in a real browser: SITE is its folder, RENAMED that of a
// site whose page `old` has another name now.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { botId, built, here, ids, overflow, shown, site, startSite } from "./browser.mjs";
import { still } from "./wait.mjs";

const docs = startSite();
const { open } = docs;

test("tabs follow the keyboard and wrap", async (t) => {
  const page = await open(t);
  const panels = await ids(page);
  const list = page.getByRole("tablist", { name: "Endpoints" });
  await list.getByRole("tab").first().focus();
  await page.keyboard.press("ArrowLeft");
  assert.deepEqual(await shown(page), [panels.at(-1)]);
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  assert.deepEqual(await shown(page), [panels[1]]);
  await page.keyboard.press("End");
  assert.deepEqual(await shown(page), [panels.at(-1)]);
  await page.keyboard.press("Home");
  assert.deepEqual(await shown(page), [panels[0]]);
  const [selected, stops, panelStops] = await list.evaluate((element) => {
    const tabs = [...element.querySelectorAll("[role=tab]")];
    const controlled = tabs.map((tab) => document.getElementById(tab.getAttribute("aria-controls")));
    return [
      tabs.filter((tab) => tab.getAttribute("aria-selected") === "true").length,
      tabs.filter((tab) => tab.tabIndex === 0).length,
      controlled.filter((panel) => panel.tabIndex === 0).map((panel) => panel.id),
    ];
  });
  assert.deepEqual([selected, stops, panelStops], [1, 1, [panels[0]]]);
  await page.keyboard.press("Tab");
  const top = (await page.locator(`[id="${panels[0]}"]:focus`).boundingBox()).y;
  assert.ok(top >= 0 && top < 900, `the focused panel begins at ${top}`);
  await page.keyboard.press("Shift+Tab");
  await list.getByRole("tab").first().and(page.locator(":focus")).waitFor();
});

test("addresses open what is behind a tab, and back goes back", async (t) => {
  const page = await open(t);
  const [first, second] = await ids(page);
  const field = await page.$eval(`[id="${second}"] .fields .fields li`, (item) => item.id);
  await page.goto(`${docs.base}#${field}`);
  await page.reload();
  assert.deepEqual(await shown(page), [second]);
  assert.ok(await page.locator(`[id="${field}"]`).isVisible());
  await page.getByRole("tab").first().click();
  assert.deepEqual([await shown(page), new URL(page.url()).hash], [[first], `#${first}`]);
  await page.goBack();
  assert.deepEqual(await shown(page), [second]);
  await page.goForward();
  assert.deepEqual(await shown(page), [first]);
  const event = await page.$eval(`[id="${second}"] .events li`, (item) => item.id);
  await page.evaluate((id) => { location.hash = id; }, event);
  await page.waitForFunction((id) => document.getElementById(id).checkVisibility({ contentVisibilityAuto: true }), event);
  assert.deepEqual(await shown(page), [second]);
});

test("the streaming request comes with the stream", async (t) => {
  const page = await open(t);
  const card = page.locator(".endpoint").first().locator(".card");
  await card.getByRole("tab", { name: "Stream", exact: true }).first().click();
  const request = page.getByRole("tab", { name: "Streaming request" }).first();
  assert.equal(await request.getAttribute("aria-selected"), "true");
});

for (const [how, options] of [
  ["with scripts switched off", { scripts: "off" }],
  ["with the script blocked", { scripts: "blocked" }],
]) {
  test(`everything is there ${how}`, async (t) => {
    const page = await open(t, "", options);
    for (const element of await page.locator(".endpoint, .card > div").all()) {
      assert.ok(await element.isVisible());
    }
    const links = page.locator(".endpoints > ul a");
    await links.last().click();
    const id = new URL(page.url()).hash.slice(1);
    const top = (await page.locator(`[id="${id}"]`).boundingBox()).y;
    assert.ok(top >= 0 && top < 400, `${id} stands at ${top}`);
    assert.equal(await page.locator("button.copy").count(), 0);
    assert.ok(await page.locator("details.reader").isHidden());
  });
}

for (const [how, insecure] of [["", false], [" on an insecure address", true]]) {
  test(`copying gives exactly what is shown${how}`, async (t) => {
    const page = await open(t, insecure ? docs.insecure : "", {
      permissions: insecure ? [] : ["clipboard-read", "clipboard-write"],
    });
    assert.equal(await page.evaluate(() => isSecureContext), !insecure);
    const pane = page.locator(".card > div:not([hidden])").first();
    const shownText = await pane.locator("code").first().evaluate((code) => code.textContent);
    const button = pane.locator("button.copy");
    const names = await page.locator("button.copy").allTextContents();
    assert.equal(new Set(names).size, names.length, "buttons have names of their own");
    await button.click();
    await page.waitForFunction(() => document.querySelector("[role=status]").textContent.startsWith("Copied"));
    assert.ok(await button.evaluate((element) => element === document.activeElement));
    await page.evaluate(() => document.querySelector("main").append(document.createElement("textarea")));
    await page.locator("textarea").focus();
    await page.keyboard.press("Control+V");
    const copied = await page.locator("textarea").inputValue();
    assert.equal(copied, shownText);
    JSON.parse(copied);
  });
}

test("a failed copy says so and selects the text", async (t) => {
  const page = await open(t, docs.insecure);
  await page.evaluate(() => { document.execCommand = () => false; });
  const pane = page.locator(".card > div:not([hidden])").first();
  await pane.locator("button.copy").click();
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent.includes("failed"));
  assert.equal(
    await page.evaluate(() => getSelection().toString().trim()),
    await pane.locator("code").first().evaluate((code) => code.textContent.trim()),
  );
});

test("the encoders are those of the generator", async (t) => {
  const page = await open(t);
  const table = JSON.parse(await readFile(join(here, "../encodings.json"), "utf8"));
  for (const { value, ...encoded } of table) {
    for (const [name, expected] of Object.entries(encoded)) {
      const given = await page.evaluate(([name, value]) => encoders[name](value), [name, value]);
      assert.equal(given, expected, `${name} of ${JSON.stringify(value)}`);
    }
  }
});

test("hostile addresses do nothing", async (t) => {
  const page = await open(t);
  const before = await page.locator("main").textContent();
  for (const address of [
    "?bot_id=<img src=x onerror=alert(1)>", `?bot_id=${botId}%0Aevil`, "?bot_id=", "?url=https://evil.test",
    "?__proto__=x&constructor=y", "#<img src=x onerror=alert(1)>", "#__proto__", "#constructor", "#%",
    "#javascript:alert(1)",
  ]) {
    await page.goto("about:blank");
    await page.goto(docs.base + address);
    assert.equal(await page.locator("main").textContent(), before, address);
    assert.deepEqual(await shown(page), (await ids(page)).slice(0, 1), address);
  }
});

test("light and dark: the system's until chosen, then kept", async (t) => {
  const page = await open(t, "", { colorScheme: "dark" });
  const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const dark = await ground();
  await page.getByRole("button", { name: "Dark theme" }).click();
  const light = await ground();
  assert.notEqual(light, dark);
  await page.reload();
  assert.equal(await ground(), light);
  await page.getByRole("button", { name: "Dark theme" }).click();
  assert.equal(await page.evaluate(() => localStorage.length), 0);
});

test("nothing scrolls sideways on small screens", async (t) => {
  for (const width of [320, 390]) {
    const page = await open(t, "", { viewport: { width, height: 800 } });
    const pages = await page.$$eval(".side a:not([href^='#'])", (links) => links.map((link) => link.href));
    for (const address of [...pages, ...(await ids(page)).map((id) => `${docs.base}#${id}`)]) {
      await page.goto(address);
      assert.equal(await overflow(page), 0, `${address} at ${width}`);
    }
    await page.goto(docs.base);
    await page.getByRole("button", { name: "Menu" }).click();
    assert.ok(await page.getByRole("navigation", { name: "Pages" }).isVisible());
    await page.keyboard.press("Escape");
    assert.ok(await page.getByRole("navigation", { name: "Pages" }).isHidden());
  }
});

test("paper shows every panel", async (t) => {
  const page = await open(t);
  await page.emulateMedia({ media: "print" });
  for (const panel of await page.locator(".endpoint, .card > div").all()) {
    assert.ok((await panel.boundingBox()).height > 40);
    assert.equal(await panel.evaluate((element) => getComputedStyle(element).contentVisibility), "visible");
  }
  assert.ok(await page.locator("button.copy").first().isHidden());
});

test("the layout does not move while it loads", async (t) => {
  const page = await open(t, "404.html");
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(docs.base);
  await still(page);
  assert.equal(await page.evaluate(() => window.moved), 0);
});

test("an old page leads to the same place on the new one", async (t) => {
  const old = pathToFileURL(join(built("RENAMED"), "old.html")).href;
  const page = await open(t, `${old}#chat.response.200`);
  await page.waitForURL("**/index.html#chat.response.200");
  await page.goto(old);
  await page.waitForURL("**/index.html");
});

test("the page works from disk", async (t) => {
  const page = await open(t, pathToFileURL(join(site, "index.html")).href);
  const panels = await ids(page);
  await page.getByRole("tab").nth(1).click();
  assert.deepEqual(await shown(page), [panels[1]]);
  await page.locator(".side a:not([aria-current])").first().click();
  assert.ok(await page.locator("h1").isVisible());
});
