// On paper: all that tabs and folds hide, no buttons and no navigation, addresses in words, black
// on white. Printed by Chromium, and read with pdftotext.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import { host, none, open, pagesOf, themed } from "./browser.mjs";

const squeeze = (text) => text.replace(/[\s\u00ad\u200b]+/g, "");

async function print(page) {
  const pdf = await page.pdf({ format: "A4" });
  return execFileSync("pdftotext", ["-raw", "-enc", "UTF-8", "-", "-"], { input: pdf, encoding: "utf8", maxBuffer: 1 << 26 });
}

// The letters of each word, in no order: of what runs from right to left, a PDF has them as they
// lie on the paper, some of them joined.
const letters = (text) =>
  (text.normalize("NFKC").replace(/[\p{M}\p{Cf}]/gu, "").match(/\p{L}+/gu) ?? []).map((word) => [...word].sort().join(""));

// Whether a text is on the paper.
async function finder(page) {
  const printed = await print(page);
  if (await page.evaluate(() => document.documentElement.dir !== "rtl")) {
    const text = squeeze(printed);
    return (part) => text.includes(squeeze(part));
  }
  const words = new Set(letters(printed));
  return (part) => letters(part).every((word) => words.has(word));
}

for (const [how, options] of Object.entries({ "": {}, ", in dark": { colorScheme: "dark" }, ", scripts blocked": { scripts: "blocked" } })) {
  test(`all of a page is printed${how}`, async (t) => {
    const found = [];
    for (const [name, folder] of Object.entries(themed)) {
      const { base } = await host(folder);
      const page = await open(t, "", { folder, ...options });
      for (const path of pagesOf(folder).filter((path) => path !== "404.html")) {
        await page.goto(base + path);
        const isPrinted = await finder(page);
        // Texts with nothing in them that may stand apart, such as what a link leads to.
        const parts = await page.$$eval("main :is(h1, h2, h3, h4, a, code, summary, p, td, dt)", (elements) =>
          elements.filter((element) => element.childElementCount === 0 && !element.closest(".moved, [data-twin]"))
            .map((element) => element.textContent.trim()).filter((text) => text.length > 1));
        assert.ok(parts.length > 0, path);
        found.push(...parts.filter((part) => !isPrinted(part)).map((part) => `${name}/${path} does not print “${part}”`));
        const panels = await page.$$eval("pre code", (all) => all.flatMap((code) => code.textContent.trim().split("\n")));
        found.push(...panels.filter((line) => !isPrinted(line)).map((line) => `${name}/${path} does not print the code “${line}”`));
      }
    }
    none(found);
  });
}

test("nothing is printed that one can only click, and all is black on white", async (t) => {
  const page = await open(t, "", { media: "print", colorScheme: "dark" });
  const faults = await page.evaluate(() => {
    const seen = (element) => element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
    const name = (element) => element.outerHTML.slice(0, 80);
    const light = (color) => {
      const [r, g, b, a = 1] = color.match(/[\d.]+/g).map(Number);
      return a === 0 || (r + g + b) / 3 > 240;
    };
    const dark = (color) => {
      const [r, g, b] = color.match(/[\d.]+/g).map(Number);
      return (0.2126 * r + 0.7152 * g + 0.0722 * b) < 128;
    };
    return [
      ...[...document.querySelectorAll("button, nav, input, select, dialog, .skip")].filter(seen).map((e) => `${name(e)} is printed`),
      ...[...document.querySelectorAll("body, body *")].filter(seen).filter((e) => !light(getComputedStyle(e).backgroundColor)).map((e) => `${name(e)} has a ground`),
      ...[...document.querySelectorAll("main *")].filter(seen).filter((e) => !dark(getComputedStyle(e).color)).map((e) => `${name(e)} is pale`),
    ];
  });
  none(faults);
});

test("where links lead is printed", async (t) => {
  let links = 0;
  for (const [name, folder] of Object.entries(themed)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    for (const path of pagesOf(folder).filter((path) => path !== "404.html")) {
      await page.goto(base + path);
      const targets = await page.$$eval("main a[href^='http']", (all) =>
        all.filter((link) => link.host !== location.host && link.checkVisibility()).map((link) => link.getAttribute("href")));
      if (targets.length === 0) continue;
      const text = squeeze(await print(page));
      links += targets.length;
      none(targets.filter((target) => !text.includes(squeeze(target))).map((target) => `${name}/${path} does not print ${target}`));
    }
  }
  assert.ok(links > 0);
  t.diagnostic(`${links} links to elsewhere`);
});
