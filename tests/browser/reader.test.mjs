// What the reader enters or brings along: the values that the examples are filled in with, and the
// page as Markdown with them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { botId, everything, site, startSite } from "./browser.mjs";

const docs = startSite();
const parley = startSite(everything);
const { open } = docs;
const code = (page) => page.locator(".card pre").first().textContent();
const stored = (page) => page.evaluate(() => [localStorage.length, sessionStorage.length]);
const enter = async (page, value) => {
  if (!(await page.getByLabel("Bot ID").isVisible())) await page.locator(".reader summary").click();
  await page.getByLabel("Bot ID").fill(value);
  await page.getByRole("button", { name: "Fill in" }).click();
};

test("an ID in the address fills the examples, goes along, and is kept for the visit where the reader keeps it", async (t) => {
  const page = await open(t, `?bot_id=${botId}`);
  assert.equal(JSON.parse(await code(page)).bot_id, botId);
  assert.equal(await page.locator(".reader summary code").textContent(), botId);
  const guide = page.locator(".side a:not([aria-current])").first();
  assert.match(await guide.getAttribute("href"), new RegExp(botId));
  assert.deepEqual(await stored(page), [0, 0]);
  await page.getByRole("button", { name: "Keep" }).click();
  assert.deepEqual(await stored(page), [0, 1]);
  await page.goto(docs.base);
  assert.equal(JSON.parse(await code(page)).bot_id, botId);
});

test("values go along to the pages of the site, and to nothing else", async (t) => {
  const page = await open(t, `?bot_id=${botId}`);
  await page.route(({ pathname }) => pathname === "/", async (route) => {
    const response = await route.fetch();
    const links = ["widget-sdk.html", "assets/form.pdf", "mailto:a@example.com", "https://a.example/widget-sdk.html"]
      .map((href) => `<a class=probe href="${href}">x</a>`).join("");
    const label = `<a class=probe data-fill-aria-label='["About ",["bot_id"]]' aria-label="About your bot">x</a>`;
    return route.fulfill({ response, body: (await response.text()).replace("</main>", `${links}${label}</main>`) });
  });
  await page.reload();
  const probes = await page.$$eval(".probe", (all) => all.map((e) => e.getAttribute("aria-label") ?? e.getAttribute("href")));
  assert.deepEqual(probes, [
    `${docs.base}widget-sdk.html?bot_id=${botId}`, "assets/form.pdf", "mailto:a@example.com", "https://a.example/widget-sdk.html",
    `About ${botId}`,
  ]);
});

test("an entered ID fills text and attributes, and can be taken back", async (t) => {
  const page = await open(t, "?bot_id=019dd3d4-0000-71eb-9561-5cf790a5da57&x=1#responses");
  await page.evaluate(() => {
    const link = document.createElement("a");
    link.dataset.fillHref = '["https://a.example/",["bot_id","url"],"?q=",["bot_id","json","url"]]';
    link.id = "filled";
    document.querySelector("main").append(link);
  });
  await enter(page, ` ${botId} `);
  const holes = await page.$$eval("data.hole[value=bot_id]", (all) => [...new Set(all.map((e) => e.textContent))]);
  assert.deepEqual(holes, [botId]);
  assert.equal(await page.locator("#filled").getAttribute("href"), `https://a.example/${botId}?q=${botId}`);
  // What was entered holds, not what the address said; nothing of it leaves the browser.
  assert.equal(page.url(), `${docs.base}?x=1#responses`);
  assert.equal(await page.locator("a[href*='?bot_id']").count(), 0);
  await page.reload();
  assert.match(await code(page), new RegExp(botId));
  assert.deepEqual(await stored(page), [0, 1]);
  await page.locator(".reader summary").click();
  await page.getByRole("button", { name: "Clear" }).click();
  assert.deepEqual(await stored(page), [0, 0]);
  assert.equal(JSON.parse(await code(page)).bot_id, "YOUR_BOT_ID");
  await page.reload();
  assert.equal(JSON.parse(await code(page)).bot_id, "YOUR_BOT_ID");
});

test("a refused ID is said at its field, with what is expected", async (t) => {
  const page = await open(t);
  const input = page.getByLabel("Bot ID");
  await enter(page, "not an id");
  assert.equal(await input.getAttribute("aria-invalid"), "true");
  assert.ok(await input.evaluate((element) => element === document.activeElement));
  const description = await input.evaluate((element) =>
    element.getAttribute("aria-describedby").split(" ").map((id) => document.getElementById(id).textContent).join(" "));
  assert.match(description, /Dashboard.* This is no Bot ID. One looks like 019dd3d4-/s);
  assert.match(await code(page), /YOUR_BOT_ID/);
  await enter(page, botId);
  assert.equal(await input.getAttribute("aria-invalid"), "false");
  assert.match(await code(page), new RegExp(botId));
  await page.goto("about:blank");
  await page.goto(`${docs.base}?bot_id=wrong`);
  assert.match(await code(page), new RegExp(botId), "a wrong address takes nothing back");
  assert.equal(await input.getAttribute("aria-invalid"), "true");
});

test("the address of an endpoint is copied whole, with the reader's values", async (t) => {
  const page = await parley.open(t, "chat.html?bot_id=ada#tell", { permissions: ["clipboard-read", "clipboard-write"] });
  const call = page.locator("#tell .call");
  const text = (await call.locator("code").textContent()).trim();
  assert.match(text, /^https:\/\/api\.parley\.example\/v2\/bots\/ada\//);
  await call.getByRole("button").click();
  await page.waitForFunction(() => document.querySelector("[role=status]").textContent.startsWith("Copied"));
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), text);
  await page.setViewportSize({ width: 320, height: 700 });
  assert.equal(await call.evaluate((element) => element.scrollWidth - element.clientWidth), 0, "it wraps");
});

const paste = async (page) => {
  await page.evaluate(() => document.querySelector("main").append(document.createElement("textarea")));
  await page.locator("textarea").focus();
  await page.keyboard.press("Control+V");
  return page.locator("textarea").inputValue();
};
const said = (page, words) =>
  page.waitForFunction((text) => document.querySelector("[role=status]").textContent.includes(text), words);

for (const insecure of [false, true]) {
  test(`the page is copied as Markdown${insecure ? " on an insecure address" : ""}`, async (t) => {
    const page = await open(t, insecure ? docs.insecure : "", {
      permissions: insecure ? [] : ["clipboard-read", "clipboard-write"],
    });
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await said(page, "Copied");
    assert.equal(await paste(page), await readFile(join(site, "index.md"), "utf8"));
    await page.locator("textarea").evaluate((area) => area.remove());
    await enter(page, botId);
    await page.getByRole("button", { name: "Copy as Markdown" }).click();
    await said(page, "Copied");
    const copied = await paste(page);
    assert.equal(copied, (await readFile(join(site, "index.md"), "utf8")).replaceAll("YOUR_BOT_ID", botId));
  });
}

test("Markdown takes values as they must stand in it", async (t) => {
  const page = await parley.open(t, "chat.html", { permissions: ["clipboard-read", "clipboard-write"] });
  await page.locator(".reader summary").click();
  await page.getByLabel("Name").fill('A "d" *a*');
  await page.getByRole("button", { name: "Fill in" }).click();
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await said(page, "Copied");
  const copied = await paste(page);
  assert.ok(copied.includes('"Say hello to A \\"d\\" *a*."'), "in JSON");
  assert.ok(copied.includes('A \\"d\\" \\*a\\*'), "in words");
  const placeholders = (await readFile(join(everything, "chat.md"), "utf8")).split("your bot").length;
  assert.ok(copied.split("your bot").length < placeholders);
});

test("from disk, and where it can't be read, the Markdown says why it is not copied", async (t) => {
  const page = await open(t, pathToFileURL(join(site, "index.html")).href);
  await page.getByRole("button", { name: "Copy as Markdown" }).click();
  await said(page, "From disk");
  assert.match(await page.locator(".twin small").textContent(), /From disk/);
  await page.getByRole("link", { name: "View as Markdown" }).click();
  await page.waitForURL("**/index.md");
  const hosted = await open(t);
  await hosted.evaluate(() => {
    window.working = fetch;
    window.fetch = () => Promise.reject(new TypeError("gone"));
    navigator.clipboard.writeText = () => Promise.reject();
    document.execCommand = () => false;
  });
  await hosted.getByRole("button", { name: "Copy as Markdown" }).click();
  await said(hosted, "could not be loaded");
  await hosted.evaluate(() => { window.fetch = window.working; });
  await hosted.locator(".twin button").click();
  await said(hosted, "refused to copy");
});

test("without scripts the Markdown is a link", async (t) => {
  const page = await open(t, "", { javaScriptEnabled: false });
  assert.ok(await page.getByRole("link", { name: "View as Markdown" }).isVisible());
  assert.equal(await page.locator(".twin button").count(), 0);
});
