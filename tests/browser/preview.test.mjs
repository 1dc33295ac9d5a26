// What a writer sees in the preview, in a real browser: BOTDOCS is the program.
import "./machine.mjs";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { still } from "./wait.mjs";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.BOTDOCS ?? join(repository, "target/debug/botdocs");
const botId = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
let browser;
// The pages of the test that runs: they are closed before their server, whose end they would report.
const contexts = [];

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
      "--disable-background-networking", "--disable-component-update", "--disable-sync",
      "--disable-dev-shm-usage", "--host-resolver-rules=MAP *.test 127.0.0.1",
    ],
  });
});
after(() => browser?.close());

// A copy of the shipped project, and its preview.
async function preview(t, change = async () => {}) {
  const folder = await mkdtemp(join(tmpdir(), "botdocs-preview-"));
  await cp(join(repository, "spec"), join(folder, "spec"), { recursive: true });
  const file = (path) => join(folder, path);
  const edit = async (path, from, to) => {
    const text = await readFile(file(path), "utf8");
    assert.ok(text.includes(from), `${path} has ${from}`);
    await writeFile(file(path), text.replace(from, to));
  };
  await change({ file, edit });
  let server, ended;
  const end = () => (server.kill("SIGINT"), ended);
  const begin = (port) => new Promise((resolve, reject) => {
    server = spawn(program, ["serve", folder, "--port", port, "--editor", "vscode"], { stdio: ["ignore", "ignore", "pipe"] });
    ended = new Promise((resolve) => server.once("exit", resolve));
    createInterface(server.stderr).on("line", (line) => {
      const found = line.match(/^serving (\S+)/);
      if (found) resolve(found[1]);
    });
    server.once("exit", () => reject(new Error("the preview ended")));
  });
  t.after(async () => {
    for (const context of contexts.splice(0)) await context.close();
    await end();
    await rm(folder, { recursive: true });
  });
  return { base: await begin("0"), edit, file, begin, end };
}

async function open(t, address, faultless = true) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 700 } });
  contexts.push(context);
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
  await page.goto(address);
  t.after(() => faultless && assert.deepEqual(faults, []));
  // Until it has heard of the version that it shows.
  if (faultless) {
    await page.waitForFunction(() => performance.getEntriesByType("resource")
      .some((entry) => entry.initiatorType === "fetch" && entry.name === location.href.split("#")[0]));
  }
  return page;
}

const seen = (page, text) => page.waitForFunction((text) => document.body.textContent.includes(text), text);
const top = (page, selector) => page.$eval(selector, (element) => element.getBoundingClientRect().top);
const panel = (page) => page.locator("botdocs-preview");

test("a save is on the page, and the reader's place stays", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  // Another endpoint, examples in another tab, an open part, a bot's ID, a place far down.
  await page.locator(".endpoints > ul a").nth(1).click();
  const panelId = await page.$eval(".endpoint:not([hidden])", (element) => element.id);
  const inner = page.locator(`#${panelId} .card[data-tabs] a[role=tab][aria-selected=false]`).first();
  const innerHref = await inner.getAttribute("href");
  await inner.click();
  await page.locator("details.reader summary").click();
  await page.fill("details.reader input", botId);
  await page.click("details.reader button[type=submit]");
  const details = page.locator(`#${panelId} details:visible`).first();
  const hasDetails = await details.count() > 0;
  if (hasDetails) await details.evaluate((element) => { element.open = true; });
  await page.evaluate(() => scrollTo({ top: 500, behavior: "instant" }));
  const place = await page.evaluate(() => {
    const fields = [...document.querySelectorAll("[id]")].filter((e) => e.getClientRects().length);
    const field = fields.find((e) => e.getBoundingClientRect().top > 100);
    return { id: field.id, top: field.getBoundingClientRect().top };
  });
  await page.evaluate(() => { window.before = true; });
  await edit("spec/integration.yaml", "title: Integration\n", "title: Integration of today\n");
  await seen(page, "Integration of today");
  await page.waitForFunction(() => !window.before);
  await page.waitForLoadState("load");
  await still(page);
  assert.equal(await page.$eval(".endpoint:not([hidden])", (element) => element.id), panelId);
  assert.equal(await page.locator(`a[role=tab][href="${innerHref}"]`).getAttribute("aria-selected"), "true");
  assert.ok(await page.evaluate((id) => document.body.textContent.includes(id), botId));
  if (hasDetails) assert.ok(await details.evaluate((element) => element.open));
  const now = await top(page, `[id="${place.id}"]`);
  assert.ok(Math.abs(now - place.top) < 3, `${place.id} was at ${place.top} and is at ${now}`);
});

test("what is typed and focused stays", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  await page.locator("details.reader summary").click();
  await page.fill("details.reader input", "half an I");
  await page.evaluate(() => { window.before = true; });
  await edit("spec/integration.yaml", "title: Integration\n", "title: Integration of today\n");
  await page.waitForFunction(() => !window.before);
  await seen(page, "Integration of today");
  await page.waitForFunction(() => document.activeElement?.value === "half an I");
  assert.ok(await page.$eval("details.reader", (element) => element.open));
});

test("a hundred saves are on the page without a flag", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  let last = "title: Integration\n";
  const times = [];
  for (let number = 0; number < 100; number += 1) {
    const next = `title: Integration ${number}.\n`;
    const start = performance.now();
    await edit("spec/integration.yaml", last, next);
    await page.waitForFunction((text) => document.querySelector("h1")?.textContent === text, `Integration ${number}.`, { polling: "raf" });
    times.push(performance.now() - start);
    last = next;
  }
  times.sort((a, b) => a - b);
  t.diagnostic(`from the save to the page: median ${times[50].toFixed(0)} ms, at most ${times[99].toFixed(0)} ms`);
});

test("a style sheet is swapped without a reload", async (t) => {
  const { base, file } = await preview(t, async ({ file }) => {
    await cp(join(repository, "static"), file("static"), { recursive: true });
  });
  const page = await open(t, base);
  await page.evaluate(() => { window.before = true; });
  const css = await readFile(file("static/style.css"), "utf8");
  for (const color of ["rgb(1, 2, 3)", "rgb(3, 2, 1)"]) {
    await writeFile(file("static/style.css"), `${css}\nbody { outline-color: ${color}; }\n`);
    await page.waitForFunction((color) => getComputedStyle(document.body).outlineColor === color, color);
  }
  assert.ok(await page.evaluate(() => window.before), "the page was not loaded again");
  await page.waitForFunction(() => document.querySelectorAll("link[rel=stylesheet]").length === 1);
});

test("a change of another page leaves this one alone", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  const asked = [];
  page.on("request", (request) => asked.push(new URL(request.url()).pathname));
  await page.evaluate(() => { window.before = true; });
  const looked = page.waitForResponse((response) => response.url().endsWith("faults.json"));
  await edit("spec/widget-sdk.md", "\n## ", "\nAnother paragraph.\n\n## ");
  await looked;
  const again = page.waitForResponse((response) => response.url().endsWith("faults.json"));
  await edit("spec/widget-sdk.md", "Another paragraph.", "Yet another one.");
  await again;
  assert.ok(await page.evaluate(() => window.before), "the page was not loaded again");
});

test("an open search finds what another page says now", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  await page.keyboard.press("Control+k");
  const field = page.locator("dialog.search input");
  const status = page.locator("dialog.search [role=status]");
  await field.fill("zebrafinch");
  await page.waitForFunction(() => !document.querySelector("dialog.search [role=option]"));
  await page.evaluate(() => { window.stays = true; });
  await edit("spec/widget-sdk.md", "\n## ", "\nA zebrafinch sings.\n\n## ");
  await page.waitForFunction(() => document.querySelector("dialog.search [role=option]")?.textContent.includes("zebrafinch"));
  assert.ok(await page.evaluate(() => window.stays), "the page was not loaded again");
  assert.equal(await field.inputValue(), "zebrafinch");
  assert.match(await status.textContent(), /1/);
});

test("faults stand over the last good page until they are mended", async (t) => {
  const { base, edit } = await preview(t);
  const page = await open(t, base);
  await page.evaluate(() => { window.before = true; });
  await edit("spec/integration.yaml", "title: Integration\n", "titel: Integration\n");
  await panel(page).locator("h2").waitFor();
  const text = await panel(page).locator("section").textContent();
  assert.match(text, /error\[unknown-key\]: unknown key `titel`/);
  assert.match(text, /did you mean `title`\?/);
  const link = await panel(page).locator("a").first().getAttribute("href");
  assert.match(link, /^vscode:\/\/file\/.*\/spec\/integration\.yaml:\d+:\d+$/);
  assert.ok(await page.locator("h1").isVisible(), "the last good page is behind it");
  await page.screenshot({ path: process.env.SHOT ?? join(tmpdir(), "botdocs-panel.png") });
  await panel(page).getByText("Hide").click();
  assert.equal(await panel(page).count(), 0);
  await edit("spec/integration.yaml", "titel: Integration\n", "titel: <img src=x>\n");
  await panel(page).locator("h2").waitFor();
  await edit("spec/integration.yaml", "titel: <img src=x>\n", "title: Mended\n");
  await seen(page, "Mended");
  await panel(page).waitFor({ state: "detached" });
});

test("many faults scroll below what hides them", async (t) => {
  const { base, file } = await preview(t);
  const page = await open(t, base);
  await page.setViewportSize({ width: 390, height: 700 });
  const text = await readFile(file("spec/integration.yaml"), "utf8");
  await writeFile(file("spec/integration.yaml"), text.replaceAll("type: string", "type: strnig"));
  const section = panel(page).locator("section");
  await section.waitFor();
  // A file that is looked at while it is written has few faults at first, and the panel is made anew.
  const measure = (section) => {
    if (section.scrollHeight <= section.clientHeight + 500) return null;
    section.scrollTo({ top: section.scrollHeight, behavior: "instant" });
    const rect = (element) => element.getBoundingClientRect();
    const boxes = [rect(section), rect(section.querySelector("button"))].map(({ top, bottom }) => ({ top, bottom }));
    return [...boxes, section.scrollTop];
  };
  let measured = null;
  while (!measured) measured = await section.evaluate(measure);
  const [box, hide, scrolled] = measured;
  assert.ok(scrolled > 500, `it scrolls far: ${scrolled}`);
  assert.ok(hide.top > box.top && hide.bottom < box.bottom, `${JSON.stringify([box, hide])}`);
});

test("a preview that has ended says so, and one that begins again takes the page on", async (t) => {
  const { base, edit, begin, end } = await preview(t);
  const page = await open(t, base, false); // a browser reports what it can't reach
  await edit("spec/integration.yaml", "title: Integration\n", "title: Before\n");
  await seen(page, "Before");
  await page.waitForFunction(() => performance.getEntriesByType("resource")
    .some((entry) => entry.name.endsWith("faults.json")));
  await end();
  await panel(page).getByText("The preview has ended").waitFor();
  assert.ok(await page.locator("h1").isVisible(), "the page is behind it");
  const place = await panel(page).locator("section").evaluate((section) => getComputedStyle(section).position);
  assert.equal(place, "fixed", "it is styled without the server");
  await begin(new URL(base).port);
  await panel(page).waitFor({ state: "detached" });
  await edit("spec/integration.yaml", "title: Before\n", "title: Again\n");
  await seen(page, "Again");
});

test("a project that is broken at the start shows why, and the page when it is mended", async (t) => {
  const { base, edit } = await preview(t, ({ edit }) =>
    edit("spec/integration.yaml", "title: Integration\n", "titel: Integration\n"));
  const page = await open(t, base, false); // a browser reports the 503
  await panel(page).locator("h2").waitFor();
  assert.match(await panel(page).locator("section").textContent(), /1 error: there is no site yet.*unknown key `titel`/s);
  await edit("spec/integration.yaml", "titel: Integration\n", "title: Mended\n");
  await page.waitForFunction(() => document.querySelector("h1")?.textContent === "Mended");
  assert.equal(await panel(page).count(), 0);
});

test("without scripts the pages are there", async (t) => {
  const { base } = await preview(t);
  const context = await browser.newContext({ javaScriptEnabled: false });
  contexts.push(context);
  const page = await context.newPage();
  await page.goto(`${base}widget-sdk.html`);
  assert.ok(await page.locator("h1").isVisible());
});

test("another website can neither read the preview nor hear of changes", async (t) => {
  const { base } = await preview(t);
  const foreign = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/html" }).end("<h1>Evil</h1>");
  });
  await new Promise((resolve) => foreign.listen(0, "127.0.0.1", resolve));
  t.after(() => foreign.close());
  const page = await open(t, `http://evil.test:${foreign.address().port}/`, false);
  const read = await page.evaluate(async (base) => {
    const read = {};
    for (const [path, options] of [
      ["", {}], ["_botdocs/faults.json", {}], ["_botdocs/client.js", {}],
      ["_botdocs/versions", { method: "POST" }], ["_botdocs/versions", { method: "POST", mode: "no-cors" }],
    ]) {
      try {
        const answer = await fetch(base + path, options);
        read[path + (options.mode ?? "")] = answer.type === "opaque" ? (await answer.text()).length : answer.status;
      } catch (error) {
        read[path + (options.mode ?? "")] = error.name;
      }
    }
    read.script = await new Promise((resolve) => {
      const script = document.createElement("script");
      script.src = `${base}_botdocs/client.js`;
      script.onload = () => resolve("loaded");
      script.onerror = () => resolve("refused");
      document.head.append(script);
    });
    return read;
  }, base);
  assert.deepEqual(read, {
    "": "TypeError", "_botdocs/faults.json": "TypeError", "_botdocs/client.js": "TypeError",
    "_botdocs/versions": "TypeError", "_botdocs/versionsno-cors": "TypeError", script: "refused",
  });
});

test("a name that was made to lead here is refused", async (t) => {
  const { base } = await preview(t);
  const page = await open(t, "about:blank", false);
  const answer = await page.goto(base.replace("127.0.0.1", "docs.test"));
  assert.equal(answer.status(), 421);
  assert.ok(!(await page.content()).includes("Integration"));
});
