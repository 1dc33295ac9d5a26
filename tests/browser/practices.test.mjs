// Tabs are those of the ARIA Authoring Practices, for each list of tabs of every page; and what is
// behind one is found: by address, by the browser's own search, by going back.
import assert from "node:assert/strict";
import { test } from "node:test";
import { host, none, open, pagesOf, shown, themed } from "./browser.mjs";

test("each list, tab and panel says what it is", async (t) => {
  const found = [];
  for (const [name, folder] of Object.entries(themed)) {
    const page = await open(t, "", { folder });
    const { base } = await host(folder);
    for (const path of pagesOf(folder)) {
      await page.goto(base + path);
      found.push(...(await page.evaluate(() => {
        const faults = [];
        const check = (holds, what) => holds || faults.push(what);
        const named = (element) => element.getAttribute("aria-label")?.trim()
          || document.getElementById(element.getAttribute("aria-labelledby"))?.textContent.trim();
        for (const list of document.querySelectorAll("[role=tablist]")) {
          const tabs = [...list.querySelectorAll("[role=tab]")];
          check(named(list), "a list of tabs has no name");
          check(tabs.filter((tab) => tab.getAttribute("aria-selected") === "true").length === 1, "not one tab is selected");
          check(tabs.every((tab) => /^(true|false)$/.test(tab.getAttribute("aria-selected"))), "a tab does not say whether it is selected");
          check(tabs.filter((tab) => tab.tabIndex === 0).length === 1, "a list is not one tab stop");
          for (const tab of tabs) {
            const panel = document.getElementById(tab.getAttribute("aria-controls"));
            const chosen = tab.getAttribute("aria-selected") === "true";
            check(panel?.getAttribute("role") === "tabpanel", `${tab.id} controls no panel`);
            if (!panel) continue;
            check(panel.getAttribute("aria-labelledby") === tab.id, `${panel.id} is not named by its tab`);
            check(panel.hasAttribute("hidden") !== chosen, `${panel.id}: not the selected panel is shown`);
            if (chosen) check(panel.tabIndex === 0, `${panel.id} cannot be focused`);
            else check(panel.getAttribute("hidden") === "until-found", `${panel.id} cannot be found`);
            check([...list.children].every((item) => item.getAttribute("role") === "none" || item.getAttribute("role") === "tab"),
              "a list of tabs has other children");
          }
        }
        return faults;
      })).map((fault) => `${name}/${path}: ${fault}`));
    }
  }
  none(found);
});

test("each list takes the keys that it should, and no other", async (t) => {
  const page = await open(t);
  const lists = await page.locator("[role=tablist]").count();
  assert.ok(lists >= 2);
  let tried = 0;
  for (let at = 0; at < lists; at++) {
    const list = page.locator("[role=tablist]").nth(at);
    await list.evaluate((element) => {
      const around = [];
      for (let up = element.closest("[role=tabpanel]"); up; up = up.parentElement.closest("[role=tabpanel]")) around.unshift(up);
      for (const panel of around) document.getElementById(panel.getAttribute("aria-labelledby")).click();
    });
    if (!(await list.isVisible())) continue;
    tried += 1;
    const state = () => list.evaluate((element) => {
      const tabs = [...element.querySelectorAll("[role=tab]")];
      return [tabs.indexOf(document.activeElement), tabs.findIndex((tab) => tab.getAttribute("aria-selected") === "true")];
    });
    const last = (await list.locator("[role=tab]").count()) - 1;
    await list.locator("[role=tab]").first().click();
    for (const [key, wanted] of [
      ["ArrowLeft", last], ["ArrowRight", 0], ["ArrowRight", Math.min(1, last)], ["End", last], ["ArrowRight", 0],
      ["End", last], ["Home", 0], ["ArrowDown", 0], ["ArrowUp", 0], ["Control+ArrowRight", 0], ["x", 0],
    ]) {
      await page.keyboard.press(key);
      // Focus and selection go together: activation is automatic.
      assert.deepEqual(await state(), [wanted, wanted], `${key} in list ${at}`);
    }
    // Up and down are left to scrolling.
    const prevented = await list.evaluate((element) => new Promise((resolve) => {
      const tab = element.querySelector("[role=tab][tabindex='0']");
      const event = new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true, cancelable: true });
      tab.dispatchEvent(event);
      resolve(event.defaultPrevented);
    }));
    assert.equal(prevented, false);
  }
  assert.equal(tried, lists);
});

test("a closed panel is found by the browser's search and by an address within it", async (t) => {
  const page = await open(t);
  const { base } = await host();
  // For every closed panel on the page, and a text that stands in it alone.
  const panels = await page.$$eval("[role=tabpanel][hidden]", (all) => all.map((panel) => panel.id));
  assert.ok(panels.length >= 3);
  for (const id of panels) {
    await page.goto("about:blank");
    await page.goto(base);
    assert.ok(await page.locator(`[id="${id}"]`).isHidden());
    await page.evaluate((id) => { location.hash = id; }, id);
    await page.locator(`[id="${id}"]`).waitFor();
    // Still there after a reload.
    await page.reload();
    assert.ok(await page.locator(`[id="${id}"]`).isVisible(), `${id} after a reload`);
  }
  // As the browser's own search does: by the event that it sends, on the panel that it opens.
  for (const id of panels) {
    await page.goto("about:blank");
    await page.goto(base);
    const selected = await page.evaluate((id) => {
      const panel = document.getElementById(id);
      panel.dispatchEvent(new Event("beforematch", { bubbles: true }));
      return document.getElementById(panel.getAttribute("aria-labelledby")).getAttribute("aria-selected");
    }, id);
    assert.equal(selected, "true", id);
  }
});

test("a link to a text opens what hides it", async (t) => {
  const page = await open(t);
  const { base } = await host();
  const [panel, text] = await page.$$eval("[role=tabpanel][hidden]", (all) => {
    const paragraph = (panel) => [...panel.querySelectorAll("p")].map((p) => p.firstChild?.data?.trim() ?? "")
      .find((text) => text.length > 40 && document.body.textContent.split(text).length === 2);
    const panel = all.find(paragraph);
    return [panel.id, paragraph(panel)];
  });
  const words = text.split(/\s+/).slice(0, 6).join(" ").replace(/[.,:;]+$/, "");
  await page.goto("about:blank");
  await page.goto(`${base}#:~:text=${encodeURIComponent(words).replaceAll("-", "%2D")}`);
  await page.locator(`[id="${panel}"]`).waitFor({ timeout: 5000 });
});

test("an address with a place shows that place, below what sticks to the top", async (t) => {
  const page = await open(t);
  const { base } = await host();
  const all = await page.$$eval("main [id]:not([id^='_'])", (elements) => elements.map((element) => element.id));
  assert.ok(all.length > 30);
  for (const id of all.filter((_, index) => index % 7 === 0)) {
    await page.goto("about:blank");
    await page.goto(`${base}#${id}`);
    const place = await page.evaluate(async (id) => {
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)));
      const element = document.getElementById(id);
      const { top, left, height } = element.getBoundingClientRect();
      const bar = document.querySelector("header").getBoundingClientRect().bottom;
      const end = document.documentElement.scrollHeight - innerHeight - scrollY < 2;
      return { shown: element.checkVisibility(), top, left, height, bar, end };
    }, id);
    assert.ok(place.shown, `${id} is not shown`);
    assert.ok(place.top >= place.bar - 1 || place.top + place.height > 900, `${id} is under the bar: ${JSON.stringify(place)}`);
    assert.ok(place.top < 600 || place.end, `${id} is not in view: ${JSON.stringify(place)}`);
  }
});

test("back and forward go through the tabs that were chosen", async (t) => {
  const page = await open(t);
  const tabs = page.getByRole("tablist").first().getByRole("tab");
  const count = await tabs.count();
  const visited = [];
  for (const at of [...Array(count).keys()].slice(1)) {
    await tabs.nth(at).click();
    visited.push(await shown(page));
  }
  for (const wanted of visited.slice(0, -1).reverse()) {
    await page.goBack();
    assert.deepEqual(await shown(page), wanted);
  }
  await page.goForward();
  assert.deepEqual(await shown(page), visited[1] ?? visited[0]);
});
