// Streams: as rows and as they are sent, played, stopped, copied; and long lines.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { everything, startSite } from "./browser.mjs";
import { still } from "./wait.mjs";

const docs = startSite();
const parley = startSite(everything);
const clipboard = { permissions: ["clipboard-read", "clipboard-write"] };

// Opens the stream of an endpoint and gives its pane.
async function stream(t, host = docs, address = "#_chat-completion.example.default.stream", options = clipboard) {
  const page = await host.open(t, address, options);
  const pane = page.locator(`[id="${address.split("#")[1]}"]`);
  await pane.waitFor();
  return { page, pane };
}

const later = (pane) => pane.locator(".sent:not(.here)").count();
const plays = (pane) => pane.evaluate((element) => element.classList.contains("playing"));
const boxes = (page) => page.evaluate(() =>
  [...document.querySelectorAll(".card > div:not([hidden]), .sent, .joined, .joined span, .tools, .tools > *, .endpoint:not([hidden]) .what")]
    .map((element) => JSON.stringify(element.getBoundingClientRect())));

for (const [shape, host, address, rows] of [
  ["named events", docs, "#_chat-completion.example.default.stream", 6],
  ["data told apart", parley, "chat.html#_complete.example.default.stream", 7],
  ["JSON Lines", parley, "chat.html#_search.example.default.stream", 4],
  ["plain text", parley, "chat.html#_tell.example.default.stream", 4],
]) {
  test(`a stream of ${shape} is laid out and copied as it is sent`, async (t) => {
    const { page, pane } = await stream(t, host, address);
    const items = pane.locator(".sent");
    assert.equal(await items.count(), rows);
    const tops = () => items.evaluateAll((all) => all.map((item) => item.getBoundingClientRect().top));
    const asRows = await tops();
    assert.ok(asRows.every((top, index) => index === 0 || top > asRows[index - 1]), "a row each");
    const twin = await readFile(join(host === docs ? process.env.SITE ?? "../../site" : everything, host === docs ? "index.md" : "chat.md"), "utf8");
    const text = await pane.locator("code").first().evaluate((code) => code.textContent);
    const blocks = [text.replace(/\n+$/, ""), text.trimEnd().replace(/^/gm, "    ").replace(/^ +$/gm, "")];
    assert.ok(blocks.some((block) => twin.includes(block)), "the twin holds the same");
    for (const raw of [false, true]) {
      if (raw) await pane.getByLabel("Raw").check();
      await pane.getByRole("button", { name: /^Copy/ }).click();
      await page.waitForFunction(() => document.querySelector("[role=status]").textContent.startsWith("Copied"));
      assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
    }
    const shown = await pane.locator("code").first().evaluate((code) => code.innerText);
    assert.equal(shown, text, "raw shows every line end");
  });
}

test("a row has the name before the data, and says the name where the wire does not", async (t) => {
  const { pane } = await stream(t);
  const [name, data] = await pane.locator(".sent").nth(1).locator("> span").evaluateAll((lines) =>
    lines.map((line) => ({ text: line.textContent, ...line.getBoundingClientRect().toJSON() })));
  assert.deepEqual([name.text, data.text], ["event: message\n", "data: Choose “Forgot password?” \n"]);
  assert.ok(name.top === data.top && name.right < data.left, "side by side");
  const { pane: matched } = await stream(t, parley, "chat.html#_complete.example.default.stream");
  const before = await matched.locator(".sent").last().evaluate((item) => getComputedStyle(item, "::before").content);
  assert.equal(before, '"done"');
});

test("playing shows the items one by one beside what they join into, and moves nothing", async (t) => {
  const { page, pane } = await stream(t);
  await page.evaluate(() => {
    window.moved = 0;
    new PerformanceObserver((list) => list.getEntries().forEach((entry) => { window.moved += entry.value; }))
      .observe({ type: "layout-shift", buffered: false });
    window.said = new Set();
    const status = document.querySelector("[role=status]");
    new MutationObserver(() => status.textContent && window.said.add(status.textContent)).observe(status, { childList: true });
  });
  const button = pane.getByRole("button", { name: /^Play/ });
  await button.scrollIntoViewIfNeeded();
  const before = await boxes(page);
  await button.click();
  await page.waitForFunction(() => document.querySelectorAll(".playing .sent.here").length === 3);
  const [joined, ...rest] = await pane.locator(".joined > span > span").evaluateAll((pieces) =>
    pieces.map((piece) => [piece.textContent, getComputedStyle(piece).opacity]));
  assert.equal(joined[0], "Choose “Forgot password?” ");
  assert.equal(rest.at(-1)[1], "0", "the last piece is still to come");
  assert.deepEqual(await boxes(page), before);
  await page.waitForFunction(() => !document.querySelector(".playing"), null, { timeout: 15_000 });
  await still(page);
  assert.deepEqual(await boxes(page), before);
  assert.equal(await page.evaluate(() => window.moved), 0);
  assert.deepEqual(await page.evaluate(() => [...window.said]), ["The stream plays: 6 items.", "The stream has ended."]);
  assert.equal(await pane.locator(".here, .now").count(), 0);
});

test("playing stops by the button, by Escape and by another tab", async (t) => {
  const { page, pane } = await stream(t);
  const play = pane.getByRole("button", { name: /^Play/ });
  const stops = {
    button: () => pane.getByRole("button", { name: /^Stop/ }).click(),
    Escape: () => page.keyboard.press("Escape"),
    tab: () => page.getByRole("tab", { name: "Responses" }).click(),
  };
  for (const [how, stop] of Object.entries(stops)) {
    await play.click();
    assert.ok(await plays(pane) && await later(pane) > 0);
    await stop();
    assert.ok(!(await plays(pane)), how);
  }
});

test("with less motion asked for, playing steps without fading", async (t) => {
  const fades = (pane) => pane.locator(".sent").first().evaluate((item) => getComputedStyle(item).transitionDuration);
  const { pane } = await stream(t, docs, undefined, { reducedMotion: "reduce" });
  assert.equal(await fades(pane), "0s");
  await pane.getByRole("button", { name: /^Play/ }).click();
  await pane.locator(".sent.here").nth(1).waitFor();
  const { pane: usual } = await stream(t, docs, undefined, { reducedMotion: "no-preference" });
  assert.notEqual(await fades(usual), "0s");
});

test("without scripts a stream is there, as rows and as it is sent", async (t) => {
  const { page, pane } = await stream(t, docs, undefined, { javaScriptEnabled: false });
  assert.equal(await page.locator(".play").count(), 0);
  const height = async () => (await pane.locator("pre").boundingBox()).height;
  const rows = await height();
  await pane.getByLabel("Raw").check();
  assert.ok(await height() > rows);
  assert.match(await pane.locator(".joined").textContent(), /Choose “Forgot password\?” on the sign-in page/);
});

test("long lines scroll by the keyboard, or wrap on every page where the reader chose it", async (t) => {
  const { page } = await stream(t, docs, "#fluent-support-chat");
  const code = page.locator("#fluent-support-chat .card pre").first();
  const overflow = () => code.evaluate((element) => element.scrollWidth - element.clientWidth);
  assert.ok(await overflow() > 0);
  await code.focus();
  await page.keyboard.press("ArrowRight");
  await page.waitForFunction((element) => element.scrollLeft > 0, await code.elementHandle());
  const button = page.getByRole("button", { name: "Wrap lines" }).locator("visible=true");
  assert.equal(await button.getAttribute("aria-pressed"), "false");
  await button.click();
  assert.equal(await button.getAttribute("aria-pressed"), "true");
  assert.equal(await overflow(), 0);
  await page.goto(`${docs.base}identity-verification.html`);
  const buttons = page.getByRole("button", { name: "Wrap lines" });
  const last = buttons.last();
  assert.equal(await last.getAttribute("aria-pressed"), "true");
  await last.scrollIntoViewIfNeeded();
  await page.setViewportSize({ width: 390, height: 800 });
  await last.evaluate((element) => element.scrollIntoView({ block: "center" }));
  const top = async () => Math.round((await last.boundingBox()).y);
  const before = await top();
  await last.focus();
  await page.keyboard.press("Enter");
  await still(page);
  assert.ok(Math.abs(await top() - before) <= 1, "what the reader looks at stays where it is");
  assert.deepEqual(await page.evaluate(() => localStorage.length), 0);
});
