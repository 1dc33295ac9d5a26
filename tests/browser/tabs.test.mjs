// Tabs, permalinks and “On this page”, on the page of every construct and the shipped one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { everything, startSite } from "./browser.mjs";

const docs = startSite();
const parley = startSite(everything);
const { open } = docs;
const shown = (page) =>
  page.$$eval(".endpoint", (panels) => panels.filter((p) => !p.hasAttribute("hidden")).map((p) => p.id));
const current = (page) => page.$$eval("[data-contents] [aria-current]", (links) =>
  links.map((link) => [link.hash.slice(1), link.getAttribute("aria-current")]));
const becomes = (page, id) => page.waitForFunction((wanted) => {
  const links = [...document.querySelectorAll("[data-contents] [aria-current=location]")];
  return links.length === 1 && links[0].hash === `#${wanted}`;
}, id);

test("every set of tabs has the roles of the ARIA practices", async (t) => {
  const page = await parley.open(t, "chat.html");
  const faults = await page.evaluate(() => {
    const found = [];
    const fault = (set, text) => found.push(`${set.dataset.tabs}: ${text}`);
    for (const set of document.querySelectorAll("[data-tabs]")) {
      const list = set.querySelector("[role=tablist]");
      if (!list.getAttribute("aria-label")) fault(set, "no name");
      const tabs = [...list.querySelectorAll("[role=tab]")];
      const selected = tabs.filter((tab) => tab.getAttribute("aria-selected") === "true");
      if (selected.length !== 1 || tabs.some((tab) => !tab.hasAttribute("aria-selected"))) fault(set, "not one selected");
      for (const tab of tabs) {
        const panel = document.getElementById(tab.getAttribute("aria-controls"));
        const chosen = tab === selected[0];
        if (panel?.getAttribute("role") !== "tabpanel") fault(set, "no panel");
        if (panel.getAttribute("aria-labelledby") !== tab.id) fault(set, "a panel without its tab's name");
        if (tab.tabIndex !== (chosen ? 0 : -1) || panel.tabIndex !== (chosen ? 0 : -1)) fault(set, "wrong tab stops");
        if (panel.getAttribute("hidden") !== (chosen ? null : "until-found")) fault(set, "wrongly hidden");
      }
    }
    return found;
  });
  assert.deepEqual(faults, []);
});

test("an example is chosen by the keyboard, and the address says which", async (t) => {
  const page = await parley.open(t, "chat.html#say");
  const list = page.locator("#say").getByRole("tablist", { name: "Examples" });
  await list.getByRole("tab", { selected: true }).focus();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  assert.match(page.url(), /#say$/);
  await page.keyboard.press("End");
  const chosen = list.getByRole("tab", { selected: true });
  assert.equal(await chosen.textContent(), "Overloaded");
  assert.match(page.url(), /#_say\.example\.overloaded$/);
  await page.keyboard.press("ArrowRight");
  assert.equal(await chosen.textContent(), "Default");
  await page.goto("about:blank");
  await page.goto(`${parley.base}chat.html#_say.example.with-tools.stream`);
  assert.deepEqual(await shown(page), ["say"]);
  assert.equal(await chosen.textContent(), "With tools");
  const pane = page.locator('[id="_say.example.with-tools.stream"]');
  assert.ok(await pane.isVisible());
  for (const width of [1280, 390]) {
    await page.setViewportSize({ width, height: 800 });
    await page.goto("about:blank");
    await page.goto(`${parley.base}chat.html#_say.example.with-tools.stream`);
    const top = (await page.locator("#say .rail").getByRole("tab", { name: "Stream", exact: true, selected: true }).boundingBox()).y;
    assert.ok(top > 56 && top < 760, `its tab stands at ${top}, ${width} wide`);
  }
  // The request that asks for the stream comes with it.
  assert.ok(await page.locator('[id="_say.example.with-tools.stream-request"]').isVisible());
});

test("choosing an example adds no step to the history", async (t) => {
  const page = await parley.open(t, "chat.html");
  const length = () => page.evaluate(() => history.length);
  const before = await length();
  await page.getByRole("tab", { name: "Say" }).click();
  await page.locator("#say").getByRole("tab", { name: "Overloaded" }).click();
  await page.locator("#say").getByRole("tab", { name: "With tools" }).click();
  await page.getByRole("tab", { name: "Search" }).click();
  assert.equal(await length(), before + 2, "two endpoints");
  await page.goBack();
  assert.deepEqual(await shown(page), ["say"]);
  assert.match(page.url(), /#_say\.example\.with-tools$/);
});

test("fields, responses, events and examples each have a link that says so when pointed at", async (t) => {
  const page = await parley.open(t, "chat.html#say");
  const missing = await page.evaluate(() =>
    [...document.querySelectorAll("#say :is(.fields > li[id], .response, .card > div, .rail > section)")]
      .filter((part) => ![...part.querySelectorAll("a")].some((link) => decodeURIComponent(link.hash) === `#${part.id}`))
      .filter((part) => !part.querySelector(":scope > .line em"))
      .map((part) => part.id));
  assert.deepEqual(missing, []);
  const mark = (link) => link.evaluate((element) => {
    const style = getComputedStyle(element, "::after");
    return [style.content, style.opacity];
  });
  for (const selector of ["#say .fields .line a", "#say .response h4 a", "#say .events .line a"]) {
    const link = page.locator(selector).first();
    await page.mouse.move(0, 0);
    assert.deepEqual(await mark(link), ['"#" / ""', "0"], selector);
    await link.hover();
    assert.deepEqual(await mark(link), ['"#" / ""', "1"], selector);
    await page.mouse.move(0, 0);
    await page.keyboard.press("Tab");
    await link.focus();
    assert.deepEqual(await mark(link), ['"#" / ""', "1"], `${selector} by the keyboard`);
    await page.keyboard.press("Enter");
    await page.waitForFunction((element) => element.hash === location.hash, await link.elementHandle());
  }
});

test("what is folded or behind a tab is opened by a link and found by the browser's search", async (t) => {
  const page = await parley.open(t, "chat.html#say");
  const deepest = await page.evaluate(() => {
    const folded = [...document.querySelectorAll("main details .fields li[id]")];
    const depth = (element) => { let n = 0; for (let at = element; at; at = at.parentElement?.closest("details")) n += 1; return n; };
    folded.sort((a, b) => depth(b) - depth(a));
    return { id: folded[0].id, depth: depth(folded[0]) - 1 };
  });
  assert.ok(deepest.depth >= 2, `${deepest.depth} deep`);
  await page.evaluate(() => document.querySelectorAll("main details").forEach((details) => { details.open = false; }));
  await page.evaluate((id) => { location.hash = id; }, deepest.id);
  await page.waitForFunction((id) => document.getElementById(id).checkVisibility({ contentVisibilityAuto: true }), deepest.id);
  // Going to a text works as finding it does: it opens details and fires `beforematch`.
  for (const [endpoint, text] of [["say", "A name of the IANA database."], ["search", "The answer and the places."]]) {
    await page.goto("about:blank");
    await page.goto(`${parley.base}chat.html#:~:text=${encodeURIComponent(text)}`);
    const found = page.locator(`#${endpoint}`).getByText(text).first();
    const isSeen = (element) => element.checkVisibility({ contentVisibilityAuto: true });
    await page.waitForFunction(isSeen, await found.elementHandle());
    assert.deepEqual(await shown(page), [endpoint]);
  }
});

test("“On this page” follows the scroll, the tab and the end of the page", async (t) => {
  const page = await open(t);
  assert.deepEqual(await current(page), []);
  await page.locator(".endpoints").evaluate((element) => element.scrollIntoView());
  await becomes(page, "chat-completion");
  await page.getByRole("tab", { name: "Responses" }).click();
  await becomes(page, "responses");
  await page.locator("#credentials").evaluate((element) => element.scrollIntoView());
  await becomes(page, "credentials");
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await becomes(page, "whats-next");
  // Too short to come up: it is still the one that was asked for.
  await page.setViewportSize({ width: 1280, height: 1800 });
  await page.locator('[data-contents] a[href="#troubleshooting"]').click();
  await becomes(page, "troubleshooting");
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.evaluate(() => scrollTo(0, 0));
  await page.waitForFunction(() => !document.querySelector("[data-contents] [aria-current]"));
  // Headings that one jump goes over.
  await page.goto(`${docs.base}identity-verification.html`);
  await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
  await becomes(page, await page.$eval("[data-contents] li:last-child a", (link) => link.hash.slice(1)));
});

test("paper and no scripts show every example under its name", async (t) => {
  const page = await parley.open(t, "chat.html", { javaScriptEnabled: false });
  for (const heading of await page.locator("#say .rail h3, #say .card h4").all()) assert.ok(await heading.isVisible());
  const printed = await parley.open(t, "chat.html");
  await printed.emulateMedia({ media: "print" });
  for (const heading of await printed.locator("#say .rail h3, #say .card h4").all()) assert.ok(await heading.isVisible());
  for (const unused of await printed.locator(".tools, .twin, .wrap-lines").all()) assert.ok(await unused.isHidden());
});
