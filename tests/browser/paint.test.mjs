// The first paint: a page of which only the first half has arrived is shown in the chosen colours, in
// Chromium and in Firefox.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join } from "node:path";
import { after, test } from "node:test";
import { chromium, firefox } from "playwright-core";
import { PNG } from "pngjs";
import { flags, none, open, site } from "./browser.mjs";

// In Firefox the fonts of a page that still loads are never ready, and a screenshot would wait for them.
process.env.PW_TEST_SCREENSHOT_NO_FONTS_READY = "1";

const types = {
  ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".json": "application/json", ".svg": "image/svg+xml",
};

/** Serves the site; of `index.html` it sends the first half, and the second when `release` is called. */
async function serveHalves() {
  const state = { asked: [], release: () => {}, isHeld: false };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://x");
    state.asked.push(pathname);
    const path = join(site, pathname);
    let body;
    try { body = readFileSync(path); } catch { return response.writeHead(404).end(); }
    response.writeHead(200, { "content-type": types[extname(path)] ?? "text/plain", "cache-control": "no-store" });
    if (pathname !== "/index.html") return response.end(body);
    const half = body.length >> 1;
    state.isHeld = true;
    state.release = () => {
      state.isHeld = false;
      response.end(body.subarray(half));
    };
    return response.write(body.subarray(0, half));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return Object.assign(state, { base: `http://127.0.0.1:${server.address().port}/` });
}

/** The colour of the ground of what a window shows, at the lower edge of the page's own column. */
async function ground(page) {
  const { data, width, height } = PNG.sync.read(await page.screenshot());
  const at = 4 * (width * (height - 2) + (width >> 1));
  return [...data.subarray(at, at + 3)];
}

const browsers = {
  Chromium: () => chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: flags }),
  Firefox: () => firefox.launch({ channel: "moz-firefox", executablePath: process.env.FIREFOX ?? "/usr/bin/firefox-esr" }),
};
for (const [name, launch] of Object.entries(browsers)) {
  test(`${name} paints the first half of a page in the chosen colours, before the second is sent`, async (t) => {
    const server = await serveHalves();
    const browser = await launch();
    t.after(() => browser.close());
    const grounds = {};
    const cases = [["light", null], ["light", "dark"], ["dark", "light"]];
    // Firefox is driven by WebDriver BiDi, which emulates no system's colours; it is light.
    if (name === "Chromium") cases.push(["dark", null]);
    for (const [colorScheme, chosen] of cases) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, colorScheme });
      const page = await context.newPage();
      await page.goto(`${server.base}404.html`);
      await page.evaluate((chosen) => chosen && localStorage.setItem("botdocs.theme", chosen), chosen);
      server.asked.length = 0;
      await page.goto(`${server.base}index.html`, { waitUntil: "commit" });
      // Resolves when something of the page was painted; a page that waits for its end never is.
      await page.evaluate(() => new Promise((resolve) => {
        new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").forEach(resolve))
          .observe({ type: "paint", buffered: true });
      }));
      const first = await ground(page);
      assert.ok(server.isHeld, "the second half was sent");
      assert.equal(await page.evaluate(() => document.readyState), "loading");
      server.release();
      await page.waitForLoadState("load");
      const whole = await ground(page);
      assert.deepEqual(first, whole, `${colorScheme}, chosen ${chosen}`);
      assert.ok(new Set(server.asked).size <= 5, server.asked.join(" "));
      grounds[chosen ?? colorScheme] ??= whole;
      assert.deepEqual(whole, grounds[chosen ?? colorScheme]);
      await context.close();
    }
    assert.notDeepEqual(grounds.light, grounds.dark);
  });
}

/** Opens a page whose script is another; faults of that script are wanted. */
async function withScript(t, address, body) {
  const page = await open(t, "404.html", { allowed: (text) => /wanted|ERR_FAILED|Unexpected/.test(text) });
  await page.route("**/script.*.js", (route) => body === null ? route.abort() : route.fulfill({ contentType: "text/javascript", body }));
  await page.goto(new URL(address, page.url()).href);
  return page;
}

test("a script that is not loaded, or fails, hides nothing", async (t) => {
  const found = [];
  for (const body of [null, "throw new Error('wanted')", "this is wanted"]) {
    for (const address of ["index.html", "index.html?bot_id=abc"]) {
      const page = await withScript(t, address, body);
      const hidden = await page.$$eval("main, .endpoint", (all) => all.filter((element) =>
        !element.checkVisibility({ visibilityProperty: true })).map((element) => element.id));
      found.push(...hidden.map((id) => `${address} with ${body}: #${id} is hidden`));
    }
  }
  none(found);
});

test("a page waits only for values of its variables", async (t) => {
  const waits = async (address, before) => {
    const page = await withScript(t, "404.html", "");
    if (before) await page.evaluate(before);
    await page.goto(new URL(address, page.url()).href);
    return page.evaluate(() => document.documentElement.classList.contains("waits"));
  };
  assert.equal(await waits("index.html?utm_source=x&a=b"), false);
  assert.equal(await waits("index.html?bot_id="), false);
  assert.equal(await waits("index.html?bot_id=abc"), true);
  assert.equal(await waits("index.html", () => sessionStorage.setItem("botdocs.entered.bot_id", "abc")), true);
  assert.equal(await waits("index.html", () => sessionStorage.setItem("botdocs.entered.other", "abc")), false);
});
