// Samples: one language is shown at a time, the same in all blocks and on all pages, remembered;
// nothing is lost without scripts, on paper or to the browser's search; what is copied is what runs.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { botId, everything, host, open, profile, site } from "./browser.mjs";

// What each block shows: the name of its open language, of which there must be one.
const shown = (page) => page.evaluate(() => [...document.querySelectorAll(".samples")].map((block) => {
  const open = [...block.children].filter((details) => details.open);
  return open.length === 1 ? open[0].dataset.sample : `${open.length} are open`;
}));

const first = (page) => page.locator(".samples").filter({ visible: true }).first();
const choose = (page, title) => first(page).locator("summary", { hasText: new RegExp(`^${title}$`) }).click();

test("the chosen language is shown in all blocks, on all pages, and remembered", async (t) => {
  const { newPage, close } = await profile(everything);
  t.after(close);
  const { base } = await host(everything);
  const page = await newPage();
  await page.goto(`${base}chat.html`);
  assert.ok((await shown(page)).length > 4);
  assert.deepEqual(new Set(await shown(page)), new Set([""]));
  await choose(page, "Go");
  assert.deepEqual(new Set(await shown(page)), new Set(["go"]));
  // A choice that is made again keeps it open.
  await choose(page, "Go");
  assert.deepEqual(new Set(await shown(page)), new Set(["go"]));
  await page.reload();
  assert.deepEqual(new Set(await shown(page)), new Set(["go"]));
  const other = await newPage();
  await other.goto(`${base}documents.html`);
  assert.deepEqual(new Set(await shown(other)), new Set(["go"]));
  // A hand-written sample stands in one block: the others go on showing what they show.
  const own = page.locator("summary", { hasText: "Parley CLI" }).first();
  await own.evaluate((summary) => summary.click());
  const names = await shown(page);
  assert.ok(names.includes("own-1") && names.includes("go"), names.join(" "));
  await choose(page, "JSON");
  await page.reload();
  assert.deepEqual(new Set(await shown(page)), new Set([""]));
});

test("a choice moves nothing above it, and a keyboard makes it too", async (t) => {
  const page = await open(t, "#chat-completion");
  const summary = first(page).locator("summary", { hasText: "Ruby" });
  await summary.scrollIntoViewIfNeeded();
  const before = (await summary.boundingBox()).y;
  await summary.click();
  assert.ok(Math.abs((await summary.boundingBox()).y - before) < 1.5);
  await first(page).locator("summary", { hasText: "cURL" }).focus();
  await page.keyboard.press("Enter");
  assert.deepEqual(new Set(await shown(page)), new Set(["curl"]));
});

for (const scripts of ["off", "on"]) {
  test(`every language can be reached with scripts ${scripts}`, async (t) => {
    const { newPage, close } = await profile(site, { scripts });
    t.after(close);
    const { base } = await host(site);
    const page = await newPage();
    await page.goto(`${base}#chat-completion`);
    const block = first(page);
    const titles = await block.locator("summary").allTextContents();
    assert.deepEqual(titles, ["JSON", ...process.env.LANGUAGES.split(",")]);
    for (const title of titles) {
      // Without scripts, a click on the open one folds it.
      if (title !== titles[0] || scripts === "on") await choose(page, title);
      const code = block.locator("details[open] code");
      assert.equal(await code.count(), 1, title);
      assert.ok(await code.isVisible(), title);
    }
    // By an address, and by the browser's search: a text of PHP, which is folded away.
    const id = await block.locator("details", { hasText: "PHP" }).locator("pre").getAttribute("id");
    const found = await newPage();
    await found.goto(`${base}#${id}`);
    assert.ok(await found.locator(`[id="${id}"]`).isVisible());
    const searched = await newPage();
    await searched.goto(`${base}#:~:text=CURLOPT_HTTPHEADER`);
    await searched.waitForFunction(() => document.querySelector('.samples details[open][data-sample="php"]')).catch(() => {
      assert.fail("the browser's search did not open the fold");
    });
  });
}

for (const scripts of ["off", "on"]) {
  test(`all languages are on paper with scripts ${scripts}`, async (t) => {
    const { newPage, close } = await profile(site, { scripts });
    t.after(close);
    const page = await newPage();
    await page.goto((await host(site)).base);
    const codes = await page.locator(".samples code").allTextContents();
    assert.ok(codes.length === 45, `${codes.length}`);
    const pdf = await page.pdf({ format: "A4" });
    const options = { input: pdf, encoding: "utf8", maxBuffer: 1 << 26 };
    const printed = execFileSync("pdftotext", ["-raw", "-enc", "UTF-8", "-", "-"], options);
    const squeeze = (text) => text.replace(/\s+/g, "");
    const paper = squeeze(printed);
    for (const code of codes) {
      // A line may be parted by the end of a sheet, the first and the last are enough.
      const lines = code.trim().split("\n").map(squeeze).filter((line) => line.length > 8);
      for (const line of [lines[0], lines.at(-1)]) assert.ok(!line || paper.includes(line), line);
    }
  });
}

test("the button copies the sample of the language that is shown, with the reader's values", async (t) => {
  const page = await open(t, `?bot_id=${botId}#chat-completion`, { permissions: ["clipboard-read", "clipboard-write"] });
  const card = page.locator(".card").filter({ has: page.locator(".samples:visible") }).first();
  const panes = card.locator(":scope > div");
  const tabs = card.getByRole("tab");
  const count = await panes.filter({ has: page.locator(".samples") }).count();
  assert.ok(count >= 2, "a request and its streaming form");
  for (let index = 0; index < count; index += 1) {
    await tabs.nth(index).click();
    const pane = panes.nth(index);
    for (const title of await pane.locator("summary").allTextContents()) {
      await pane.locator("summary", { hasText: new RegExp(`^${title}$`) }).click();
      await page.evaluate(() => navigator.clipboard.writeText(""));
      await pane.locator("button.copy").click();
      await page.waitForFunction(async () => (await navigator.clipboard.readText()) !== "");
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      const text = await pane.locator("details[open] code").evaluate((code) => code.textContent);
      assert.equal(copied, text, title);
      assert.ok(copied.includes(botId) && !copied.includes("YOUR_BOT_ID"), copied);
      assert.ok(await pane.locator("details[open] code").isVisible());
    }
  }
});
