// What a site's own colour, logo and links look like: LOOK is the folder of a site that sets them,
// and SITE of one that sets none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PNG } from "pngjs";
import { built, none, overflow, startSite } from "./browser.mjs";
import { still } from "./wait.mjs";

const look = startSite(built("LOOK"));
const open = (t, address = "chat.html", options = {}) => look.open(t, address, options);

const style = (page, selector, property) =>
  page.locator(selector).first().evaluate((element, name) => getComputedStyle(element)[name], property);
const accents = { light: "rgb(122, 42, 107)", dark: "rgb(241, 169, 224)" };

for (const scheme of ["light", "dark"]) {
  test(`the accent reaches links, tabs, buttons and holes in ${scheme}`, async (t) => {
    const page = await open(t, "chat.html", { colorScheme: scheme });
    const accent = accents[scheme];
    for (const selector of [".prose a[href]", ".side [aria-current]", "[role=tab][aria-selected=true]", "main .hole"]) {
      assert.equal(await style(page, selector, "color"), accent, selector);
    }
    await page.locator(".reader summary").click();
    assert.equal(await style(page, "button[type=submit]", "backgroundColor"), accent);
    // The quiet ground has the accent's hue: more red than green in this one, in both palettes.
    const [red, green] = (await style(page, "main .hole", "backgroundColor")).match(/\d+/g).map(Number);
    assert.ok(red > green, `${red} ${green}`);
  });

  test(`the reader's choice against ${scheme} turns accent and logo`, async (t) => {
    const page = await open(t, "chat.html", { colorScheme: scheme });
    const other = scheme === "light" ? "dark" : "light";
    const shown = async () => [await page.locator(".logo.light").isVisible(), await page.locator(".logo.dark").isVisible()];
    assert.deepEqual(await shown(), [scheme === "light", scheme === "dark"]);
    await page.getByRole("button", { name: "Dark theme" }).click();
    assert.deepEqual(await shown(), [other === "light", other === "dark"]);
    await page.mouse.move(0, 600);
    await page.waitForFunction(
      ([selector, colour]) => getComputedStyle(document.querySelector(selector)).color === colour,
      [".prose a[href]", accents[other]],
    );
    await page.emulateMedia({ media: "print" });
    assert.deepEqual(await shown(), [true, false]);
    assert.equal(await style(page, ".prose a[href]", "color"), accents.light);
    assert.equal(await style(page, "main .hole", "backgroundColor"), "rgb(255, 255, 255)");
  });
}

test("nothing moves when a slow logo comes", async (t) => {
  const page = await open(t, "about:blank");
  let release;
  const late = new Promise((resolve) => { release = resolve; });
  await page.route("**/parley*.svg", async (route) => {
    await late;
    await route.continue();
  });
  await page.addInitScript(() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
      .observe({ type: "layout-shift", buffered: true });
  });
  await page.goto(`${look.base}chat.html`, { waitUntil: "domcontentloaded" });
  const logo = page.locator(".logo.light");
  const before = await logo.boundingBox();
  assert.equal(await logo.evaluate((image) => image.complete), false);
  release();
  await page.waitForFunction(() => document.querySelector(".logo.light").complete);
  await still(page);
  assert.deepEqual(await logo.boundingBox(), before);
  assert.deepEqual([before.width, before.height], [84, 28]);
  assert.equal(await page.evaluate(() => window.moved), 0);
  const name = await page.locator(".brand").evaluate((link) => link.querySelector(".logo.light").alt);
  await page.getByRole("link", { name }).and(page.locator(".brand")).waitFor();
});

test("links of the header are in the menu where the header has no room", async (t) => {
  for (const [width, javaScriptEnabled] of [[390, true], [390, false], [320, true]]) {
    const page = await open(t, "index.html", { viewport: { width, height: 800 }, javaScriptEnabled });
    const link = page.getByRole("link", { name: "Dashboard" });
    assert.equal(await link.count(), 0, "hidden until the menu is open");
    await page.getByRole("button", { name: "Menu" }).click();
    await link.waitFor();
    assert.equal(await link.getAttribute("href"), "https://parley.example/dashboard");
    await page.getByRole("navigation", { name: "Links" }).getByRole("link", { name: "Chat API" }).click();
    await page.waitForURL("**/chat.html");
    assert.equal(
      await page.locator(".side .links [aria-current=page]").textContent(),
      "Chat API",
    );
    const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(overflow <= 0, `${overflow} too wide at ${width}`);
  }
  const wide = await open(t, "chat.html");
  assert.equal(await wide.getByRole("link", { name: "Dashboard" }).count(), 1);
  assert.equal(await wide.locator(".top > [aria-current=page]").textContent(), "Chat API");
});

// ---- What is usual of grown documentation: CROWDED is a site of `crowded/`. ----

const crowded = startSite(built("CROWDED"));
const docs = startSite();

const box = (page, selector) => page.locator(selector).first().boundingBox();

test("a long title and six links leave the header a line, at every width", async (t) => {
  const page = await crowded.open(t, "webhooks.html");
  const links = ["Status page", "Dashboard", "Changelog", "Support forum", "Webhooks", "Sign in"];
  const faults = [];
  for (const title of ["", "Donaudampfschifffahrtsgesellschaftskapitänsmützendokumentation"]) {
    if (title) await page.locator(".brand > span").evaluate((span, text) => { span.textContent = text; }, title);
    for (let width = 320; width <= 1920; width += 40) {
      await page.setViewportSize({ width, height: 800 });
      const fault = (text) => faults.push(`${width} px ${title}: ${text}`);
      if (await overflow(page) > 0) fault(`too wide by ${await overflow(page)}`);
      const header = await box(page, ".top");
      if (header.height > 57) fault(`the header is ${header.height} high`);
      const brand = await box(page, ".brand > span");
      if (brand.y < header.y || brand.y + brand.height > header.y + header.height) fault("the title is cut off");
      if (brand.width < 60) fault(`the title has ${brand.width}`);
      // No piece of the header lies on another, and the search shows its first word.
      const pieces = await page.locator(".top > :visible").evaluateAll((all) => all.map((piece) => {
        const { left, right } = piece.getBoundingClientRect();
        const range = document.createRange();
        range.selectNodeContents(piece.matches(".find") ? piece.firstChild : piece);
        const { left: from, right: to } = range.getBoundingClientRect();
        return { left, right, from, to, name: piece.className || piece.textContent, search: piece.matches(".find") };
      }));
      pieces.forEach((piece, at) => {
        if (pieces[at + 1] && piece.right > pieces[at + 1].left) fault(`${piece.name} lies on the next`);
        if (piece.search && (piece.from < piece.left || piece.to > piece.right)) fault("the search is cut");
      });
      // Each link is to be seen at one place: in the header, beside the pages, or behind the menu.
      const seen = (selector) => page.locator(`${selector}:visible`).count();
      const places = [await seen(".top > a:not(.brand)"), await seen(".side .links a")];
      const menu = await page.getByRole("button", { name: "Menu" }).isVisible();
      if (!menu && !places.includes(links.length)) fault(`links: ${places}`);
      if (places[0] && places[1]) fault("links in two places");
    }
  }
  none(faults);
});

test("names in a table's code stay whole, and what is too wide scrolls in its box", async (t) => {
  for (const width of [320, 390, 768, 1280]) {
    const page = await crowded.open(t, "webhooks.html", { viewport: { width, height: 800 } });
    assert.equal(await overflow(page), 0, `${width} px`);
    const broken = await page.$$eval("td code", (all) =>
      all.filter((code) => code.getClientRects().length > 1).map((code) => code.textContent));
    assert.deepEqual(broken, [], `${width} px`);
    const wide = page.getByRole("group", { name: "Table" }).last();
    if (width > 400) continue;
    await wide.focus();
    await page.keyboard.press("ArrowRight");
    await page.waitForFunction((element) => element.scrollLeft > 0, await wide.elementHandle());
  }
  // Paper doesn't scroll.
  const page = await crowded.open(t, "webhooks.html", { viewport: { width: 700, height: 900 }, media: "print" });
  const hidden = await page.locator("div:has(> table)").evaluateAll((all) => all.map((part) => part.scrollWidth - part.clientWidth));
  assert.deepEqual(hidden, [0, 0]);
});

test("what an endpoint is for is said once: by its tab, or else at its head", async (t) => {
  const summary = { exact: true };
  for (const [how, options] of Object.entries({
    "on a desktop": {}, "at 768 px": { viewport: { width: 768, height: 800 } }, "on a phone": { viewport: { width: 390, height: 800 } },
    "on paper": { media: "print" }, "without scripts": { javaScriptEnabled: false },
  })) {
    const page = await crowded.open(t, "index.html", options);
    const seen = await page.getByText("Knowledge for the bot.", summary).filter({ visible: true }).count();
    assert.equal(seen, how === "without scripts" ? 2 : 1, how);
    await page.goto(`${crowded.base}calls.html`);
    assert.equal(await page.getByText("What call 0 is for.", summary).filter({ visible: true }).count(), 1, `many, ${how}`);
  }
});

test("the head of a request stands in line with its body, and a long address is shown whole", async (t) => {
  for (const width of [1280, 390]) {
    const page = await crowded.open(t, "index.html", { viewport: { width, height: 900 } });
    const request = page.locator("#upload .card").first();
    const lines = await request.locator(".to, pre").filter({ visible: true }).evaluateAll((all) => all.map((part) => {
      const range = document.createRange();
      range.selectNodeContents(part);
      const { left, top, bottom } = range.getBoundingClientRect();
      return { left, top, bottom, edge: part.getBoundingClientRect().bottom };
    }));
    assert.equal(lines.length, 2);
    // The first may begin with a hole, whose ground reaches a little to the left.
    assert.ok(Math.abs(lines[0].left - lines[1].left) < 2, `${lines[0].left} and ${lines[1].left}, ${width} px`);
    assert.ok(lines[1].top - lines[0].bottom > 8, "a line between head and body");
    await page.goto(`${crowded.base}index.html#list`);
    const address = page.locator("#list .card pre").filter({ visible: true }).first();
    assert.match(await address.textContent(), /^GET .*created_after=/);
    assert.equal(await address.evaluate((pre) => pre.scrollWidth - pre.clientWidth), 0, `${width} px`);
  }
});

test("what stands beside the text begins at one edge, from the addresses to the examples", async (t) => {
  for (const width of [1280, 1600, 1920]) {
    for (const path of ["index.html", "one.html"]) {
      const page = await crowded.open(t, path, { viewport: { width, height: 900 } });
      const code = (await box(page, ".rail")).x;
      const addresses = await page.locator("main > dl dd:visible").evaluateAll((all) => all.map((dd) => dd.getBoundingClientRect().left));
      const beside = Math.max(...addresses);
      assert.ok(Math.abs(beside - code) < 1, `${path}: ${beside} and ${code} at ${width} px`);
    }
  }
});

test("an endpoint alone on its page has no tab, and its fields stand on the first screen", async (t) => {
  const page = await crowded.open(t, "one.html");
  assert.equal(await page.getByRole("tablist", { name: "Endpoints" }).count(), 0);
  assert.equal(await page.getByRole("main").getByText("Answer a message", { exact: true }).count(), 1);
  const field = await box(page, "#answer .fields > li");
  assert.ok(field.y < 680, `its first field begins at ${field.y}`);
  await page.setViewportSize({ width: 1280, height: 400 });
  await page.locator("[data-contents] a").click();
  await page.waitForFunction(() => location.hash === "#answer" && document.querySelector("#answer h2").getBoundingClientRect().top < 200);
  await page.goto("about:blank");
  await page.goto(`${crowded.base}one.html#answer.response.200.text`);
  await page.waitForFunction(() => { const top = document.getElementById("answer.response.200.text").getBoundingClientRect().top; return top > 40 && top < 400; });
});

test("thirty endpoints leave room for one, and the chosen name is always in view", async (t) => {
  for (const viewport of [{ width: 1280, height: 900 }, { width: 768, height: 900 }, { width: 390, height: 844 }]) {
    const page = await crowded.open(t, "calls.html", { viewport });
    const list = page.getByRole("tablist", { name: "Endpoints" });
    const inside = async (name) => {
      const [outer, tab] = [await list.boundingBox(), await list.getByRole("tab", { name, exact: true }).boundingBox()];
      return tab.y >= outer.y && tab.y + tab.height <= outer.y + outer.height;
    };
    const head = await box(page, "#call-0 h2");
    assert.ok(head.y < 600, `the first endpoint begins at ${head.y}, ${viewport.width} px`);
    // Names are cut at the edge, and a shadow that goes away at the end says that more follow.
    assert.ok(await list.evaluate((element) => element.scrollHeight > element.clientHeight));
    const grounds = await list.evaluate((element) => getComputedStyle(element).backgroundAttachment);
    assert.equal(grounds, "local, local, scroll, scroll");
    assert.ok(await inside("List conversations 0"));
    await list.getByRole("tab", { selected: true }).focus();
    await page.keyboard.press("End");
    assert.ok(await inside("Replace settings 29"), `by the keyboard, ${viewport.width} px`);
    await page.keyboard.press("Home");
    assert.ok(await inside("List conversations 0"));
    await page.goto("about:blank");
    await page.goto(`${crowded.base}calls.html#call-22`);
    assert.ok(await inside("Update a message 22"), `by an address, ${viewport.width} px`);
  }
});

test("a row of tabs that is cut says that more follow", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, "chat.html#say", { viewport: { width: 320, height: 800 }, colorScheme });
    const lists = page.locator("[role=tablist]").filter({ visible: true });
    let cut = 0;
    for (const list of await lists.all()) {
      if (await list.evaluate((element) => element.scrollWidth - element.clientWidth) < 8) continue;
      cut += 1;
      // How dark the ground is at the end of the row, and in it.
      const difference = async () => {
        const { width, data } = PNG.sync.read(await list.screenshot());
        const end = await list.evaluate((element) => element.clientLeft + element.clientWidth - 1);
        const level = (x) => data[(2 * width + x) * 4];
        return Math.abs(level(end) - level(Math.round(end / 2)));
      };
      assert.ok(await difference() > 20, `${await list.getAttribute("aria-label")}: no shadow`);
      await list.evaluate((element) => { element.scrollLeft = element.scrollWidth; });
      assert.ok(await difference() < 5, `${await list.getAttribute("aria-label")}: a shadow at its end`);
    }
    assert.ok(cut > 0, "no row is cut");
  }
});

test("on paper the names of languages are headings, all alike", async (t) => {
  const page = await crowded.open(t, "one.html", { media: "print" });
  const looks = await page.$$eval(".samples summary", (all) => all.map((summary) => {
    const { color, borderBottomWidth, fontWeight } = getComputedStyle(summary);
    return `${summary.checkVisibility()} ${color} ${borderBottomWidth} ${fontWeight}`;
  }));
  assert.ok(looks.length > 5);
  assert.deepEqual(new Set(looks), new Set(["true rgb(0, 0, 0) 0px 650"]));
});

test("the parts of a guide are listed beside its text where there is room, and stay in view", async (t) => {
  const page = await docs.open(t, "identity-verification.html", { viewport: { width: 1920, height: 900 } });
  const parts = page.getByRole("navigation", { name: "On this page" });
  const text = async () => (await page.locator("article").boundingBox());
  for (const width of [1540, 1600, 1920, 2400]) {
    await page.setViewportSize({ width, height: 900 });
    const [list, guide] = [await parts.boundingBox(), await text()];
    assert.ok(list.x >= guide.x + guide.width + 16, `${width} px: ${list.x}`);
    assert.ok(list.x + list.width <= width - 16);
    assert.equal(await overflow(page), 0);
  }
  await page.evaluate(() => scrollTo(0, 2000));
  assert.ok((await parts.boundingBox()).y > 56);
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.ok((await parts.boundingBox()).x < (await text()).x);
});

// ---- Blocks in lists, quotes and callouts of a guide ----

const branded = startSite(built("BRANDED"));

test("blocks in a list, a quote or a callout stand apart, and so do items of more than one line", async (t) => {
  const page = await branded.open(t, "index.html");
  const tight = await page.evaluate(() => {
    const block = (element) => element && !/^inline|none/.test(getComputedStyle(element).display);
    const name = (element) => element.outerHTML.slice(0, 60);
    const gap = (one, two) => two.getBoundingClientRect().top - one.getBoundingClientRect().bottom;
    const boxes = [...document.querySelectorAll(".prose :is(li, blockquote, aside) > *")];
    const items = [...document.querySelectorAll(".prose li:has(> p) + li")];
    // Beside text that no element holds, a block keeps its margin.
    const after = boxes.filter((box) => box.previousSibling?.nodeType === Node.TEXT_NODE && box.previousSibling.data.trim());
    return [
      ...boxes.filter((box) => block(box) && block(box.previousElementSibling) && !after.includes(box)
        && gap(box.previousElementSibling, box) < 7).map((box) => `${name(box)} sticks to what is above it`),
      ...items.filter((item) => gap(item.previousElementSibling, item) < 11).map((item) => `${name(item)} sticks to the item above it`),
      ...after.filter((box) => block(box) && box.localName !== "ul" && parseFloat(getComputedStyle(box).marginTop) < 7)
        .map((box) => `${name(box)} sticks to the text above it`),
    ];
  });
  none(tight);
});

test("a callout has its box at any depth", async (t) => {
  for (const [path, number] of [["index.html", 5], ["api.html", 2]]) {
    const page = await branded.open(t, path);
    const callouts = await page.locator("main [role=note]").evaluateAll((all) => all.map((note) => {
      const { borderInlineStartWidth, paddingInlineStart, backgroundColor } = getComputedStyle(note);
      const ground = getComputedStyle(document.body).backgroundColor;
      const boxed = parseFloat(borderInlineStartWidth) > 0 && parseFloat(paddingInlineStart) > 10
        && ![ground, "rgba(0, 0, 0, 0)"].includes(backgroundColor);
      return boxed ? "boxed" : note.outerHTML.slice(0, 80);
    }));
    assert.deepEqual(callouts, Array(number).fill("boxed"), path);
  }
});
