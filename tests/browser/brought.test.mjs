// What an address brings: values are judged as the generator judges them, none of them leads
// anywhere else, and each is shown, can be undone, and is stored only when the reader keeps it.
// VALUES has a variable for each row of `tests/values.json`; ORIGINS a variable in every place where
// a text can stand.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { botId, built, here, none, pagesOf, startSite } from "./browser.mjs";

const docs = startSite();
const judged = startSite(built("VALUES"));
const origins = startSite(built("ORIGINS"));
const stored = (page) => page.evaluate(() => Object.entries({ ...sessionStorage, ...localStorage }));
const code = async (page) => JSON.parse(await page.locator(".card pre").first().textContent()).bot_id;

test("values are judged as the table says", async (t) => {
  const page = await judged.open(t, "index.html");
  const rows = JSON.parse(await readFile(join(here, "../values.json"), "utf8"));
  for (const row of rows) {
    for (const [is, list] of [["", row.right], ["wrong", row.wrong]]) {
      for (const value of list) {
        const found = await page.evaluate(([name, text]) =>
          refusal(rulesOf(document.getElementById(`_for.${name}`)), text) && "wrong", [row.name, value]);
        assert.equal(found, is, `${row.name}: ${JSON.stringify(value)}`);
      }
    }
  }
});

const host = "evil.test";
const variables = [
  "scheme", "sub", "region", "port", "user", "tail", "api_url", "docs_url", "free", "plain", "bot_id",
  "escaped", "bare", "setting", "one", "two", "api_host", "unknown",
];
const hostile = [
  `https://${host}`, `https://${host}/v1`, `//${host}`, host, `${host}/`, `${host}:443`, `.${host}/`, `@${host}/`, `x@${host}`,
  `${host}#`, `${host}?`, `\\\\${host}`, `https:\\\\${host}`, `a.${host}`, `%2f%2f${host}`, `443@${host}`, `a b https://${host}`,
  `x://${host}`, `javascript:fetch("//${host}")`, "evil。test", `${host}\n`, `api.example.com@${host}`, `https://api.example.com@${host}/`,
  `/${host}`, `http:/${host}`, "evil\u{ad}.\u{ad}test", "evil․test", "evil．test", "／／evil．test", "x＠evil｡test",
];
// Addresses that have no name, as clients read them.
const numbers = ["2.2.2.2", "0x2.2.2.2", "2.0x20202", "02.02.02.02", "[2:2::2]", "http://33686018", "/33686018"];

// Every host that an address on the page leads to, and whether the name stands anywhere else than
// in what the reader is told and asked.
const foreign = (page, sought = host) => page.evaluate((name) => {
  const found = [];
  const plain = (text) => text.normalize("NFKC").replaceAll("。", ".").replaceAll("\u{ad}", "");
  for (const element of document.querySelectorAll("*")) {
    for (const attribute of ["href", "src", "action", "formaction", "title", "alt", "aria-label"]) {
      const text = element.getAttribute(attribute) ?? "";
      // What goes along to other pages of the site is judged again there.
      const own = new URL(text, location).origin === location.origin ? new URL(text, location).pathname : text;
      if (plain(decodeURIComponent(own.replaceAll("%", "%25"))).includes(name)) found.push(`${attribute}=${text}`);
    }
  }
  const text = plain(document.body.textContent);
  if (text.includes(name)) found.push(text.slice(text.indexOf(name) - 60).slice(0, 90));
  return found;
}, sought);

for (const visit of ["nothing", "what an older script stored"]) {
  test(`no address leads a page to another host, with ${visit} stored`, async (t) => {
    const page = await origins.open(t, "index.html");
    const found = [];
    for (const value of hostile) {
      if (visit !== "nothing") {
        await page.evaluate(([names, text]) => {
          for (const name of names) sessionStorage.setItem(`botdocs.value.${name}`, text);
        }, [variables, value]);
      }
      const query = new URLSearchParams(variables.map((name) => [name, value]));
      for (const path of pagesOf(built("ORIGINS"))) {
        for (const address of [`${path}?${query}`, path]) {
          await page.goto(`${origins.base}${address}`);
          for (const fault of await foreign(page)) found.push(`${path} with ${JSON.stringify(value)}: ${fault}`);
        }
      }
      assert.deepEqual(await stored(page), [], value);
    }
    for (const value of numbers) {
      await page.goto(`${origins.base}guide.html?${new URLSearchParams(variables.map((name) => [name, value]))}`);
      for (const fault of await foreign(page, value.normalize("NFKC"))) found.push(fault);
    }
    // A word or a number alone is no host in prose, but in a host or a command it is one.
    for (const value of ["evil", "33686018", "0x2020202"]) {
      for (const path of ["index.html", "guide.html"]) {
        await page.goto(`${origins.base}${path}?${new URLSearchParams(variables.map((name) => [name, value]))}`);
        const text = await page.locator("main").textContent();
        const words = text.match(/[^\s"']*\w+[^\s"']*/g).filter((word) => word.includes(value));
        for (const word of words) {
          if (new RegExp(String.raw`^(?:\w+:)?//[^/?#]*${value}|^${value}(?:://|\.\w)`).test(word)) found.push(word);
        }
        const code = await page.locator("main pre").allTextContents();
        for (const line of code.join("\n").split("\n")) {
          if (new RegExp(`(?:curl|HOST|get\\(|knows\\().*[\\s="'.](?:${value})+['"]?\\)?$`).test(line)) found.push(line);
        }
        assert.ok(words.length > 0, "what decides no host is filled in");
      }
    }
    none(found);
  });
}

test("a long value is judged in one pass", async (t) => {
  const page = await origins.open(t, "index.html");
  for (const part of ["1", "1.", "0x", "0xf", "[a", "a", ".", "。", "/:"]) {
    await page.evaluate((text) => faultOfLink(document.getElementById("_for.free"), text), part.repeat(1e6 / part.length));
  }
});

test("what is entered decides a host, and is kept", async (t) => {
  const page = await origins.open(t, "index.html");
  await page.locator(".reader summary").click();
  await page.locator('[name="api_url"]').fill("https://own.example:8443/x");
  await page.getByRole("button", { name: "Fill in" }).click();
  for (const again of [false, true]) {
    if (again) await page.reload();
    assert.match(await page.locator("main").textContent(), /https:\/\/own\.example:8443\/x\/v1/);
  }
  await page.goto(`${origins.base}index.html?api_url=https://${host}`);
  assert.match(await page.locator("main").textContent(), /own\.example/);
  assert.deepEqual(await foreign(page), []);
  assert.match(await page.locator("[id='_wrong.api_url']").textContent(), /Enter it yourself/);
});

test("a theme that can't show what a link brought takes nothing from it", async (t) => {
  const page = await docs.open(t, "index.html");
  await page.route("**/index.html*", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replaceAll("brought", "other") });
  });
  const before = await code(page);
  await page.goto(`${docs.base}index.html?bot_id=${botId}`);
  assert.equal(await page.locator(".brought").count(), 0);
  assert.equal(await code(page), before);
});

test("what a link brought is shown, and can be undone or kept", async (t) => {
  const page = await docs.open(t, `?bot_id=${botId}&x=1`);
  const notice = page.locator(".brought");
  assert.equal(await notice.locator("span").textContent(), `Bot ID: ${botId}`);
  assert.equal(await code(page), botId);
  assert.deepEqual(await stored(page), []);
  await notice.getByRole("button", { name: "Undo" }).click();
  assert.equal(await code(page), "YOUR_BOT_ID");
  assert.equal(page.url(), `${docs.base}?x=1`);
  assert.ok(await notice.isHidden());
  assert.equal(await page.locator("a[href*='bot_id=']").count(), 0);
  await page.goto(`${docs.base}?bot_id=${botId}`);
  await notice.getByRole("button", { name: "Keep" }).click();
  assert.ok(await notice.isHidden());
  assert.deepEqual(await stored(page), [["botdocs.entered.bot_id", botId]]);
  // What was entered comes back when another link is undone.
  await page.goto(`${docs.base}?bot_id=${botId.replace("019", "018")}`);
  assert.equal(await code(page), botId.replace("019", "018"));
  await notice.getByRole("button", { name: "Undo" }).click();
  assert.equal(await code(page), botId);
  await page.goto(docs.base);
  assert.equal(await code(page), botId);
  assert.ok(await notice.isHidden());
});
