// The strict policy holds, with Trusted Types, while every control is used; nothing is asked for
// elsewhere, no cookie is set, and something is stored only when the reader chose it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { botId, files, host, none, open, pagesOf, repository, site, themed } from "./browser.mjs";
import { useEverything } from "./controls.mjs";
import { headersOf } from "./serve.mjs";
import { until } from "./wait.mjs";

const policy = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
  + "base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'";

test("the policy stands on every page and in the headers", async () => {
  for (const folder of Object.values(themed)) {
    const headers = (await headersOf(folder))("/index.html");
    assert.equal(headers["content-security-policy"], `${policy}; frame-ancestors 'self'`);
    for (const path of pagesOf(folder)) {
      const html = (await readFile(join(folder, path), "utf8")).replaceAll("&#39;", "'");
      assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${policy}">`), path);
    }
  }
});

test("it is enforced: what a page may not do is stopped and reported", async (t) => {
  const page = await open(t, "", { allowed: (text) => /policy|Content Security Policy|csp-report|requires 'Trusted/.test(text) });
  const { reported } = await host();
  const before = reported.length;
  const stopped = page.waitForEvent("console", (message) => message.text().startsWith("policy: "));
  const thrown = await page.evaluate(() => {
    try { document.body.innerHTML += "x"; } catch (error) { return error.name; }
    return null;
  });
  assert.equal(thrown, "TypeError");
  assert.match((await stopped).text(), /require-trusted-types-for/);
  const report = page.waitForRequest("**/_reports");
  await page.evaluate(() => {
    const script = document.createElement("script");
    script.textContent = "window.ran = true";
    document.head.append(script);
  }).catch(() => {});
  await report;
  assert.equal(await page.evaluate(() => window.ran), undefined);
  await until(() => reported.length > before);
});

for (const by of ["mouse", "keyboard"]) {
  test(`0 reports while every control is used by ${by}`, async (t) => {
    const page = await open(t, "", { permissions: ["clipboard-read", "clipboard-write"] });
    const used = await useEverything(page, { by, write: by === "mouse" ? botId : "zzqx!" });
    t.diagnostic(`${used.length} controls used`);
    const expected = [/^tab: /, /^summary: /, /^button: Copy/, /^button: Dark theme/, /^button: (Fill in|Clear)/, /^input: Bot ID/];
    for (const control of expected) assert.ok(used.some((name) => control.test(name)), `${control} in ${used.join(", ")}`);
  });
}

test("nothing is stored before the reader chooses something", async (t) => {
  const page = await open(t);
  const stored = () => page.evaluate(async () => [
    ...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie,
    ...(await indexedDB.databases()).map(({ name }) => name),
    ...(await globalThis.caches?.keys() ?? []), ...(await navigator.serviceWorker?.getRegistrations() ?? []),
  ].filter(Boolean));
  const { base } = await host();
  for (const path of pagesOf(site)) {
    await page.goto(base + path);
    assert.deepEqual(await stored(), [], path);
  }
  await page.goto(base);
  await page.getByRole("button", { name: "Dark theme" }).click();
  assert.equal((await stored()).length, 1);
});

test("no page of any site asks for anything elsewhere", async (t) => {
  const found = [];
  for (const [name, folder] of Object.entries(themed)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    for (const path of pagesOf(folder)) {
      // Which host a page asks, `open` watches; here, that what it asks for is there.
      page.on("response", (response) => response.ok() || found.push(`${name}/${path}: ${response.status()} ${response.url()}`));
      await page.goto(base + path);
    }
  }
  none(found);
});

test("the style sheet and the scripts name nothing elsewhere", async () => {
  const folder = join(repository, "static");
  const names = [...files(folder, ".css"), ...files(folder, ".js")];
  assert.ok(names.length > 2);
  for (const name of names) {
    const text = await readFile(join(folder, name), "utf8");
    assert.doesNotMatch(text, /@import|url\(\s*["']?(https?:)?\/\/|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function/, name);
  }
});
