// Text that has run as script somewhere, in every string of a spec, opened in a browser: nothing
// runs, nothing is stopped because nothing tries, and every text is shown as it was written.
// HOSTILE is a folder of sites, one for each text of `tests/payloads.json`, by number.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { built, here, host, none, pagesOf, profile } from "./browser.mjs";

const payloads = JSON.parse(await readFile(join(here, "../payloads.json"), "utf8"));
const folder = built("HOSTILE");

// Where a text stands: on the page, in the names and values that attributes give, in the head.
const places = (page) => page.evaluate(() => {
  const attributes = ["title", "placeholder", "alt", "aria-label", "content"];
  return {
    text: document.documentElement.textContent,
    // Each language writes texts in its own quotes, and shows in its own tests that they arrive.
    samples: [...document.querySelectorAll('[data-sample]:not([data-sample=""])')].map((sample) => sample.textContent),
    attributes: [...document.querySelectorAll("*")].flatMap((element) =>
      attributes.filter((name) => element.hasAttribute(name)).map((name) => element.getAttribute(name))),
    title: document.title,
    headings: [...document.querySelectorAll("h1, h2")].map((heading) => heading.textContent),
  };
});
const squeeze = (text) => text.replace(/\s+/g, " ");

// How often a text stands there: as it is, in JSON, and with the characters that Markdown's entities
// name.
const count = (shown, text) => {
  const decoded = text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&#60;", "<").replaceAll("&#62;", ">")
    .replaceAll("&#x09;", "\t").replaceAll("&#x6a;", "j");
  const forms = new Set([text, JSON.stringify(text).slice(1, -1), decoded].map(squeeze));
  return [...forms].reduce((sum, form) => sum + squeeze(shown).split(form).length - 1, 0);
};

// The same, but in samples.
const countOutside = ({ text: shown, samples }, text) =>
  samples.reduce((sum, sample) => sum - count(sample, text), count(shown, text));

// Of a plain text, the same way.
async function plainly() {
  const site = join(folder, "plain");
  const { newPage, close } = await profile(site);
  const page = await newPage();
  await page.goto((await host(site)).base);
  const often = countOutside(await places(page), "w plain");
  await close();
  return often;
}

test("there are 60 texts or more", () => assert.ok(payloads.length >= 60));

// Whatever a text would call.
const listen = () => {
  for (const name of ["alert", "confirm", "prompt", "print"]) window[name] = () => console.error(`${name} ran`);
};

for (let from = 0; from < payloads.length; from += 10) {
  test(`nothing runs and nothing is lost: ${from + 1} to ${Math.min(from + 10, payloads.length)}`, async () => {
    const found = [];
    const wanted = await plainly();
    assert.ok(wanted > 40);
    for (let number = from; number < Math.min(from + 10, payloads.length); number++) {
      const site = join(folder, String(number));
      const { newPage, close } = await profile(site, { before: listen });
      const { base } = await host(site);
      const page = await newPage();
      const payload = payloads[number];
      const text = squeeze(`w ${payload}`);
      for (const path of pagesOf(site)) {
        await page.goto(`${base}${path}`);
        if (page.url() !== `${base}${path}`) found.push(`${payload} led to ${page.url()}`);
        const there = await places(page);
        // All that can be opened, hovered or focused may set something off.
        await page.evaluate(() => {
          for (const element of document.querySelectorAll("details")) element.open = true;
          for (const element of document.querySelectorAll("[role=tab], button, summary")) element.click();
          for (const element of document.querySelectorAll("main *, header *")) {
            element.dispatchEvent(new MouseEvent("mouseover", { bubbles: true }));
            element.focus?.();
          }
        });
        const look = (where, what) => squeeze(where).includes(text) || found.push(`${payload} is not in ${path}'s ${what}`);
        look(there.text, "text");
        look(there.title, "title");
        if (path !== "404.html") look(there.headings.join(" | "), "headings");
        if (path === "index.html") {
          look(there.attributes.join(" | "), "attributes");
          // As often as a plain text stands there: in none of the places is it lost.
          const often = countOutside(there, `w ${payload}`);
          if (often !== wanted) found.push(`${payload} stands ${often} times in ${path}, not ${wanted}`);
        }
      }
      await close();
    }
    none(found);
  });
}
