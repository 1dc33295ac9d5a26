// What a host and other tools get: headers, hashed names, addresses in the head, the Markdown twin.
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { built, files, golden, host, none, open, pagesOf, site, themed } from "./browser.mjs";
import { headersOf } from "./serve.mjs";

test("the headers that only a host can send", async () => {
  for (const folder of Object.values(themed)) {
    const headersFor = await headersOf(folder);
    for (const path of ["/", "/index.html", "/404.html", "/assets/x.css", "/bots/ada/index.html"]) {
      const headers = headersFor(path);
      assert.match(headers["content-security-policy"], /frame-ancestors 'self'/);
      assert.equal(headers["x-content-type-options"], "nosniff");
      assert.equal(headers["referrer-policy"], "strict-origin-when-cross-origin");
    }
    assert.match(headersFor("/index.md")["content-type"], /^text\/markdown/);
    assert.match(headersFor("/bots/ada/index.html")["x-robots-tag"], /noindex/);
    assert.equal(headersFor("/index.html")["x-robots-tag"], undefined);
  }
});

test("assets are kept for ever, pages are asked for anew", async () => {
  for (const folder of Object.values(themed)) {
    const headersFor = await headersOf(folder);
    for (const path of files(folder, "")) {
      const kept = headersFor(`/${path}`)["cache-control"] ?? "";
      if (path.startsWith("assets/")) assert.match(kept, /max-age=31536000, immutable/, path);
      else assert.doesNotMatch(kept, /immutable|max-age=[1-9]/, path);
    }
  }
});

test("the name of an asset says its content", async () => {
  // One name, one content: over all sites, and in none two names for one file.
  const contents = new Map();
  for (const folder of [...Object.values(themed), golden["own-theme"]]) {
    for (const path of files(join(folder, "assets"), "")) {
      assert.match(path, /\.[0-9a-f]{8}\.\w+$/);
      const content = await readFile(join(folder, "assets", path), "base64");
      assert.equal(contents.get(path) ?? content, content, path);
      contents.set(path, content);
    }
  }
  assert.equal(new Set(contents.values()).size, contents.size, "two names for one content");
});

test("each page has a title, a description and its one address of its own", async (t) => {
  for (const [name, folder] of Object.entries(themed)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    const seen = { title: new Set(), canonical: new Set() };
    for (const path of pagesOf(folder).filter((path) => path !== "404.html")) {
      await page.goto(base + path);
      const head = await page.evaluate(() => ({
        title: document.title,
        description: document.querySelector("meta[name=description]")?.content,
        canonical: document.querySelector("link[rel=canonical]")?.getAttribute("href"),
        robots: document.querySelector("meta[name=robots]")?.content,
        headings: [...document.querySelectorAll("h1")].length,
        viewport: document.querySelector("meta[name=viewport]")?.content,
      }));
      assert.ok(head.title.length > 5 && !seen.title.has(head.title), `${name}/${path}: ${head.title}`);
      seen.title.add(head.title);
      assert.equal(head.headings, 1, `${name}/${path}`);
      assert.match(head.viewport, /width=device-width/);
      assert.doesNotMatch(head.viewport, /maximum-scale|user-scalable/);
      if (name === "shipped") assert.ok(head.description?.length > 20, `${path} has no description`);
      if (head.canonical) {
        assert.match(head.canonical, /^https:\/\//);
        assert.ok(!seen.canonical.has(head.canonical));
        seen.canonical.add(head.canonical);
      }
      assert.equal(head.robots?.includes("noindex") ?? false, name === "bot", `${name}/${path}: ${head.robots}`);
    }
    if (existsSync(join(folder, "sitemap.xml"))) {
      const listed = [...(await readFile(join(folder, "sitemap.xml"), "utf8")).matchAll(/<loc>([^<]+)</g)].map(([, url]) => url);
      assert.deepEqual(listed.sort(), [...seen.canonical].sort(), name);
    }
  }
});

test("a bot's pages are not for search engines, and name the page that is", async (t) => {
  const folder = built("BOT_PAGES");
  const bots = pagesOf(folder).filter((path) => path.startsWith("bots/"));
  assert.ok(bots.length >= 2);
  const { base } = await host(folder);
  const page = await open(t, "", { folder });
  for (const path of bots) {
    await page.goto(base + path);
    assert.match(await page.$eval("meta[name=robots]", (meta) => meta.content), /noindex/);
    const canonical = await page.$eval("link[rel=canonical]", (link) => link.href);
    assert.doesNotMatch(canonical, /bots\//);
    // The values stand there: there is nothing to fill in.
    assert.doesNotMatch(await page.locator("body").textContent(), /YOUR_BOT_ID/);
    assert.equal(await page.locator("form").count(), 0);
    assert.match(await page.locator("header").textContent(), new RegExp(path.split("/")[1]));
  }
});

test("each page has a Markdown twin, linked and said so", async (t) => {
  for (const [name, folder] of Object.entries(themed)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    for (const path of pagesOf(folder).filter((path) => path !== "404.html")) {
      await page.goto(base + path);
      const href = await page.$eval("link[rel=alternate][type='text/markdown']", (link) => link.getAttribute("href"));
      assert.equal(href, path.split("/").at(-1).replace(/\.html$/, ".md"), `${name}/${path}`);
      const twin = await readFile(join(folder, dirname(path), href), "utf8");
      const heading = (await page.locator("h1").first().textContent()).trim();
      assert.ok(twin.match(/^# (.+)$/m), `${name}/${href} has no heading`);
      assert.ok(heading.length > 0);
      assert.ok(await page.locator(`a[href="${href}"]`).count() > 0, `${name}/${path} has no link to its twin`);
      const response = await page.request.get(base + path.replace(/\.html$/, ".md"));
      assert.match(response.headers()["content-type"], /^text\/markdown/);
    }
  }
});

test("llms.txt has one heading, and links that lead somewhere", async () => {
  for (const [name, folder] of Object.entries(themed)) {
    const text = await readFile(join(folder, "llms.txt"), "utf8");
    assert.equal(text.match(/^# /gm).length, 1, name);
    assert.ok(text.length > 50);
    const links = [...text.matchAll(/\]\(([^)]+)\)/g)].map(([, href]) => href);
    assert.ok(links.length > 0);
    const canonical = (await readFile(join(folder, "index.html"), "utf8")).match(/rel="canonical" href="([^"]+)"/)?.[1];
    for (const href of links.filter((href) => !/^<?\w+:/.test(href) || (canonical && href.startsWith(new URL("./", canonical).href)))) {
      const [path] = (canonical ? href.replace(new URL("./", canonical).href, "") : href).split("#");
      assert.ok(existsSync(join(folder, path)), `${name}: ${href}`);
    }
  }
});

test("a page that is not there says so and leads on", async (t) => {
  const { base } = await host();
  const page = await open(t, "", { allowed: (text) => /404/.test(text) });
  const response = await page.goto(`${base}no/such/page`);
  assert.equal(response.status(), 404);
  assert.equal(await page.locator("h1").count(), 1);
  await page.locator("main a").first().click();
  assert.equal(new URL(page.url()).pathname, "/index.html");
});

test("every page works from disk", async (t) => {
  const { pathToFileURL } = await import("node:url");
  const page = await open(t);
  const found = [];
  for (const path of pagesOf(site).filter((path) => path !== "404.html")) {
    await page.goto(pathToFileURL(join(site, path)).href);
    const styled = await page.evaluate(() => getComputedStyle(document.body).marginTop === "0px" && document.documentElement.classList.contains("js"));
    if (!styled) found.push(`${path} has no style or no script from disk`);
    const absolute = await page.$$eval("[href], [src]", (all) => all.map((element) => element.getAttribute("href") ?? element.getAttribute("src")).filter((url) => url.startsWith("/")));
    found.push(...absolute.map((url) => `${path}: ${url} is not relative`));
  }
  none(found);
});

test("files and places of any name are there, on a host and from disk", async (t) => {
  const folder = built("NAMED");
  const { pathToFileURL } = await import("node:url");
  const { base } = await host(folder);
  for (const address of [base, pathToFileURL(join(folder, "index.html")).href]) {
    const page = await open(t, address, { folder });
    const widths = await page.$$eval("main img", (all) => Promise.all(all.map(async (image) => {
      await image.decode();
      return image.naturalWidth;
    })));
    assert.deepEqual(widths, Array.from({ length: 12 }, (_, at) => at + 1), address);
    const links = await page.$$eval("main a[href$='.txt']", (all) => all.map(({ href }) => href));
    assert.equal(links.length, 12);
    for (const [number, href] of links.entries()) {
      const text = address === base ? await (await page.request.get(href)).text() : await readFile(new URL(href), "utf8");
      assert.equal(text, String(number), href);
    }
    for (const [name, id] of [["1", "größe-3"], ["2", "はじめに"], ["3", "ответ"], ["4", "أهلا"]]) {
      await page.locator("main").getByRole("link", { name, exact: true }).click();
      assert.equal(await page.evaluate(() => document.querySelector(":target")?.id), id, address);
    }
  }
});
