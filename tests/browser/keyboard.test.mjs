// With a keyboard alone: the first stop skips to the content, every stop is seen and shows that it
// has the focus, and no single letter does anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { host, none, open, pagesOf, site } from "./browser.mjs";

test("the first stop skips to the content", async (t) => {
  const page = await open(t, "", { reducedMotion: "reduce" }); // The link comes at once, and not on its way.
  const { base } = await host();
  for (const path of pagesOf(site)) {
    await page.goto(base + path);
    await page.keyboard.press("Tab");
    const link = page.locator(":focus");
    assert.match(await link.evaluate((element) => element.outerHTML), /^<a [^>]*href="#/, path);
    const box = await link.boundingBox();
    assert.ok(box.x >= 0 && box.y >= 0, "the link is not in view when it has the focus");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.localName), "main");
    await page.keyboard.press("Tab");
    assert.ok(await page.evaluate(() => document.activeElement.closest("main")), "the next stop is not in the content");
  }
});

// Goes through all stops of a page; `look` may say a fault of the one that has the focus.
async function walk(page, look, key = "Tab") {
  const found = [];
  let last = 0;
  await page.evaluate(() => {
    document.activeElement.blur();
    for (const element of document.querySelectorAll("[data-seen]")) delete element.dataset.seen;
    scrollTo(0, 0);
  });
  for (let count = 0; count < 600; count++) {
    await page.keyboard.press(key);
    const stop = await page.evaluate(() => {
      const element = document.activeElement;
      if (element === document.body || "seen" in element.dataset) return null;
      element.dataset.seen = "";
      return element.outerHTML.match(/^<[^>]*>/)[0].slice(0, 120);
    });
    if (!stop) break;
    last = count;
    const fault = await look(stop);
    if (fault) found.push(`${stop}: ${fault}`);
  }
  assert.ok(last > 10, `only ${last} stops`);
  none(found);
}

for (const [name, options] of Object.entries({
  desktop: {}, phone: { viewport: { width: 320, height: 640 } }, "scripts blocked": { scripts: "blocked" },
})) {
  test(`no stop is hidden by anything: ${name}`, async (t) => {
    // Without motion: what slides in is looked at when it is there.
    const page = await open(t, "", { ...options, reducedMotion: "reduce" });
    const look = () => page.evaluate(() => {
      const element = document.activeElement;
      const inView = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0
        && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth);
      if (inView.length === 0) return "not in view";
      // A tall panel begins below the bar, and its end may be out of view.
      const seen = inView.some((box) => {
        const points = [[0.5, 0.5], [0.1, 0.5], [0.9, 0.5], [0.5, 0.15], [0.5, 0.85]];
        return points.some(([x, y]) => {
          const top = Math.max(box.top, 0);
          const bottom = Math.min(box.bottom, innerHeight);
          const at = document.elementFromPoint(box.left + box.width * x, top + (bottom - top) * y);
          return at !== null && (element.contains(at) || at.contains(element) && at.closest("label, summary") !== null);
        });
      });
      if (!seen) return "covered by something";
      const bar = document.querySelector("header").getBoundingClientRect();
      const box = element.getBoundingClientRect();
      const stuck = getComputedStyle(document.querySelector("header")).position === "sticky";
      if (stuck && !element.closest("header, .side, .skip") && box.top < bar.bottom - 1 && box.bottom > bar.top && box.height < innerHeight - bar.bottom) {
        return `its top, ${Math.round(box.top)}, is under the bar, ${Math.round(bar.bottom)}`;
      }
      return null;
    });
    await walk(page, look);
    // Backwards, stops come into view from above, where the bar is.
    await walk(page, look, "Shift+Tab");
  });
}

function luminance(data, at) {
  const [r, g, b] = [0, 1, 2].map((channel) => data[at + channel] / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

// How many pixels differ between two pictures by a contrast of 3:1 or more.
function changed(one, other) {
  const [a, b] = [one, other].map((picture) => PNG.sync.read(picture));
  let count = 0;
  for (let at = 0; at < Math.min(a.data.length, b.data.length); at += 4) {
    const [low, high] = [luminance(a.data, at), luminance(b.data, at)].sort((x, y) => x - y);
    if ((high + 0.05) / (low + 0.05) >= 3) count += 1;
  }
  return count;
}

for (const [name, options] of Object.entries({
  light: {}, dark: { colorScheme: "dark" }, "forced colours": { forcedColors: "active" },
})) {
  test(`each kind of stop shows that it has the focus: ${name}`, async (t) => {
    const page = await open(t, "", { ...options, reducedMotion: "reduce" });
    const kinds = new Set();
    await walk(page, async () => {
      const { kind, box } = await page.evaluate(() => {
        const element = document.activeElement;
        const { x, y, width, height } = element.getBoundingClientRect();
        const edge = 6;
        const clip = { x: Math.max(0, x - edge), y: Math.max(0, y - edge) };
        clip.width = Math.min(innerWidth - clip.x, width + 2 * edge);
        clip.height = Math.min(innerHeight - clip.y, height + 2 * edge);
        const kind = [element.localName, element.className, element.getAttribute("role"), element.parentElement.localName,
          element.parentElement.className, element.closest("header, nav, main, footer")?.localName].join("|");
        return { kind, box: clip };
      });
      if (kinds.has(kind)) return null;
      kinds.add(kind);
      const shot = () => page.screenshot({ clip: box, caret: "hide", animations: "disabled" });
      const focused = await shot();
      await page.evaluate(() => { window.focused = document.activeElement; window.focused.blur(); });
      // What is only there while it has the focus is seen by being there.
      const there = await page.evaluate(() => window.focused.getBoundingClientRect().bottom > 0);
      const plain = await shot();
      await page.evaluate(() => window.focused.focus({ preventScroll: true, focusVisible: true }));
      const count = changed(focused, plain);
      // A line of two pixels along the shorter side is the least that counts as an outline.
      const least = 2 * Math.min(box.width, box.height) * 0.7;
      return there && count < least ? `only ${count} pixels change by 3:1, not ${Math.round(least)}` : null;
    });
    assert.ok(kinds.size >= 8, [...kinds].join(" "));
    t.diagnostic(`${kinds.size} kinds of stops`);
  });
}

test("no key without Ctrl, Alt or Meta is a shortcut", async (t) => {
  const page = await open(t);
  const { base } = await host();
  await page.goto(base);
  const state = () => page.evaluate(() => [
    location.href, scrollY, document.activeElement.localName, document.body.innerText, document.documentElement.outerHTML.length,
    document.querySelectorAll("dialog[open], :popover-open, details[open]").length,
  ].join());
  const before = await state();
  for (const key of "abcdefghijklmnopqrstuvwxyz0123456789/?.,;'[]-=`".split("").concat(["Shift+/", "Shift+g", "Escape"])) {
    await page.keyboard.press(key);
    assert.equal(await state(), before, `${key} does something`);
  }
});
