// Keys, clicks, copying and addresses on every site: what the page takes, and what it leaves to the
// browser. BRANDED is a German site whose guide has code with blanks at its edges.
import assert from "node:assert/strict";
import { test } from "node:test";
import { built, host, none, open, pagesOf, themed } from "./browser.mjs";

const sites = { ...themed, branded: built("BRANDED") };
const modifiers = ["altKey", "ctrlKey", "metaKey", "shiftKey"];

// Calls `look` on every page of every site, with scripts.
async function everyPage(t, look, options = {}) {
  for (const [name, folder] of Object.entries(sites)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder, ...options });
    for (const path of pagesOf(folder)) {
      await page.goto(base + path);
      await look(page, `${name}/${path}`, base + path);
    }
  }
}

// The tabs of every list, those in closed panels too: events need no place on the screen.
const withTabs = (page, act, given) => page.evaluate(`(${act})(${JSON.stringify(given)})`);

test("arrows, Home and End with another key held switch no tab and stay the browser's", async (t) => {
  const found = [];
  let tried = 0;
  await everyPage(t, async (page, where) => {
    const { faults, number } = await withTabs(page, (held) => {
      const faults = [];
      let number = 0;
      for (const list of document.querySelectorAll("[role=tablist]")) {
        const chosen = list.querySelector("[aria-selected=true]");
        for (const modifier of held) {
          for (const key of ["ArrowLeft", "ArrowRight", "Home", "End"]) {
            const event = new KeyboardEvent("keydown", { key, [modifier]: true, bubbles: true, cancelable: true });
            chosen.dispatchEvent(event);
            number += 1;
            if (event.defaultPrevented) faults.push(`${list.ariaLabel} takes ${modifier} ${key}`);
            if (list.querySelector("[aria-selected=true]") !== chosen) faults.push(`${list.ariaLabel} switches by ${modifier} ${key}`);
          }
        }
      }
      return { faults, number };
    }, modifiers);
    tried += number;
    found.push(...faults.map((fault) => `${where}: ${fault}`));
  });
  assert.ok(tried > 100);
  none(found);
});

test("an arrow chooses the tab on its side, whichever way the page is written", async (t) => {
  const found = [];
  let tried = 0;
  await everyPage(t, async (page, where) => {
    for (const direction of ["ltr", "rtl"]) {
      const { faults, number } = await withTabs(page, (dir) => {
        document.documentElement.dir = dir;
        const faults = [];
        let number = 0;
        for (const list of document.querySelectorAll("[role=tablist]")) {
          const tabs = [...list.querySelectorAll("[role=tab]")];
          if (tabs.length < 3) continue;
          for (const [key, step] of [["ArrowRight", 1], ["ArrowLeft", -1]]) {
            tabs[1].click();
            tabs[1].dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
            number += 1;
            const to = tabs.findIndex((tab) => tab.ariaSelected === "true");
            if (to !== 1 + (dir === "rtl" ? -step : step)) faults.push(`${list.ariaLabel}, ${dir}: ${key} chooses tab ${to}`);
          }
        }
        return { faults, number };
      }, direction);
      tried += number;
      found.push(...faults.map((fault) => `${where}: ${fault}`));
    }
  });
  assert.ok(tried > 0);
  none(found);
});

test("a click on a tab with a key held stays the browser's", async (t) => {
  const found = [];
  let tried = 0;
  await everyPage(t, async (page, where) => {
    const { faults, number } = await withTabs(page, (held) => {
      let prevented;
      addEventListener("click", (event) => { prevented = event.defaultPrevented; event.preventDefault(); });
      const faults = [];
      let number = 0;
      for (const tab of document.querySelectorAll("[role=tab][aria-selected=false]")) {
        for (const modifier of held) {
          tab.dispatchEvent(new MouseEvent("click", { [modifier]: true, bubbles: true, cancelable: true }));
          number += 1;
          if (prevented) faults.push(`${tab.id} takes ${modifier}`);
          if (tab.ariaSelected === "true") faults.push(`${tab.id} is chosen by ${modifier}`);
        }
      }
      return { faults, number };
    }, modifiers);
    tried += number;
    found.push(...faults.map((fault) => `${where}: ${fault}`));
  });
  assert.ok(tried > 0);
  none(found);
});

// Opens the search and types a query.
async function search(page, query) {
  if (!(await page.locator("dialog.search").isVisible())) await page.keyboard.press("Control+k");
  const field = page.locator("dialog.search [role=combobox]");
  // Only a search that is set up says that it knows whether it has results.
  await page.waitForFunction(() => document.querySelector("dialog.search [role=status]").textContent !== "");
  await field.fill(query);
  await page.waitForFunction(() => document.querySelector("dialog.search [role=status]").textContent
    !== document.querySelector("dialog.search").dataset.sayHint);
  return field;
}
const titles = (page) => page.locator("dialog.search [role=option]").evaluateAll((all) =>
  all.map((option) => option.getAttribute("href")));

// A word of Latin letters that the index of a page's site has in a title.
const wordOf = (page) => page.evaluate(async () => {
  const dialog = document.querySelector("dialog.search");
  const rows = await (await fetch(new URL(dialog.dataset.index, document.baseURI))).json();
  return rows.flatMap((row) => row[2].match(/[a-z]{4,}/giu) ?? []).find((word) => /[aeiou]/.test(word));
});

for (const [name, folder] of Object.entries(sites)) {
  test(`a result that is clicked with a key held, or by the middle button, stays the browser's: ${name}`, async (t) => {
    const page = await open(t, "", { folder });
    await search(page, await wordOf(page));
    const faults = await page.evaluate((held) => {
      const dialog = document.querySelector("dialog.search");
      let prevented;
      addEventListener("click", (event) => { prevented = event.defaultPrevented; event.preventDefault(); });
      addEventListener("auxclick", (event) => { prevented = event.defaultPrevented; event.preventDefault(); });
      const [option] = dialog.querySelectorAll("[role=option]");
      return [...held.map((key) => ["click", { [key]: true }]), ["auxclick", { button: 1 }]].flatMap(([type, how]) => {
        option.dispatchEvent(new MouseEvent(type, { ...how, bubbles: true, cancelable: true }));
        const said = [prevented && "is taken", !dialog.open && "closes the search"].filter(Boolean);
        if (!dialog.open) dialog.showModal();
        return said.map((what) => `${type} ${JSON.stringify(how)} ${what}`);
      });
    }, modifiers);
    none(faults);
  });

  test(`keys of an input method choose no result: ${name}`, async (t) => {
    const page = await open(t, "", { folder });
    const field = await search(page, await wordOf(page));
    const faults = await field.evaluate((input) => {
      const dialog = input.closest("dialog");
      const before = input.getAttribute("aria-activedescendant");
      return [{ isComposing: true }, { keyCode: 229 }].flatMap((how) => ["Enter", "ArrowDown", "ArrowUp"].flatMap((key) => {
        const event = new KeyboardEvent("keydown", { key, ...how, bubbles: true, cancelable: true });
        input.dispatchEvent(event);
        const said = [
          event.defaultPrevented && "is taken", !dialog.open && "closes the search",
          input.getAttribute("aria-activedescendant") !== before && "moves",
        ].filter(Boolean);
        if (!dialog.open) dialog.showModal();
        return said.map((what) => `${key} ${JSON.stringify(how)} ${what}`);
      }));
    });
    none(faults);
  });

  test(`accents make no difference to what is found: ${name}`, async (t) => {
    const page = await open(t, "", { folder });
    const word = await wordOf(page);
    await search(page, word);
    const plain = await titles(page);
    assert.ok(plain.length > 0, word);
    // With the accent as a character of its own, and within the letter.
    for (const form of ["NFD", "NFC"]) {
      await search(page, word.replace(/[aeiou]/, "$&\u0301").normalize(form));
      await page.waitForFunction((wanted) => JSON.stringify([...document.querySelectorAll("dialog.search [role=option]")]
        .map((option) => option.getAttribute("href"))) === wanted, JSON.stringify(plain), { timeout: 5000 })
        .catch(async () => assert.deepEqual(await titles(page), plain, `${word}, ${form}`));
    }
  });
}

test("a German word is found without its accents, an Arabic one without its points", async (t) => {
  for (const [site, typed, first] of [["german", "gesprache", "Gespräche"], ["arabic", "سُؤَال", "سؤال"]]) {
    const page = await open(t, "", { folder: sites[site] });
    await search(page, typed);
    const status = page.locator("dialog.search [role=status]");
    const similar = await page.locator("dialog.search").evaluate((dialog) => dialog.dataset.saySimilar.split("{")[0]);
    assert.equal(await page.locator("dialog.search [role=option]").first().locator("strong, code").first().textContent(), first);
    assert.ok(!(await status.textContent()).startsWith(similar), await status.textContent());
  }
});

test("keys of an input method close, open and stop nothing", async (t) => {
  const page = await open(t);
  await page.locator(".reader summary").click();
  const faults = await page.evaluate(() => {
    const reader = document.querySelector(".reader");
    const dialog = document.querySelector("dialog.search");
    const play = document.querySelector(".play");
    play.click();
    reader.open = true;
    const playing = () => document.querySelector(".playing") !== null;
    const found = [];
    for (const how of [{ isComposing: true }, { keyCode: 229 }]) {
      const press = (key, more = {}) => reader.querySelector("input").dispatchEvent(
        new KeyboardEvent("keydown", { key, ...how, ...more, bubbles: true, cancelable: true }));
      if (!playing()) found.push("nothing plays");
      press("Escape");
      if (!reader.open) found.push(`Escape ${JSON.stringify(how)} closes the reader's values`);
      if (!playing()) found.push(`Escape ${JSON.stringify(how)} stops the stream`);
      press("k", { ctrlKey: true });
      if (dialog.open) found.push(`Ctrl K ${JSON.stringify(how)} opens the search`);
      dialog.close();
      reader.open = true;
      if (!playing()) play.click();
    }
    return found;
  });
  none(faults);
});

test("code is copied whole, with the blanks at its edges", async (t) => {
  const found = [];
  let edges = 0;
  let sessions = 0;
  await everyPage(t, async (page, where) => {
    const blocks = await page.evaluate(async () => {
      const copied = [];
      navigator.clipboard.writeText = async (text) => { copied.push(text); };
      const shown = [];
      for (const place of document.querySelectorAll(".code, [data-copy]")) {
        const button = [...place.children].find((child) => child.matches("button.copy"));
        if (!button) continue;
        const code = place.querySelector("details[open] code") ?? place.querySelector("code");
        const number = copied.length;
        button.click();
        while (copied.length === number) await Promise.resolve();
        // Of a session in a shell, the commands without their prompts.
        const lines = code.textContent.split("\n").filter((line) => /^[$>] /.test(line));
        const whole = code.querySelector(".prompt") ? lines.map((line) => line.slice(2)).join("\n") : code.textContent;
        shown.push([whole, copied.at(-1)]);
      }
      return shown;
    });
    sessions += blocks.filter(([shown]) => shown.startsWith("curl") && shown.endsWith("--no-progress-meter")).length;
    edges += blocks.filter(([shown]) => /^\s/.test(shown)).length;
    found.push(...blocks.filter(([shown, copied]) => shown !== copied)
      .map(([shown, copied]) => `${where}: ${JSON.stringify(copied.slice(0, 60))} instead of ${JSON.stringify(shown.slice(0, 60))}`));
    if (where === "branded/index.html") {
      const own = blocks.map(([, copied]) => copied).find((copied) => copied.includes("ende = 2"));
      assert.equal(own.replace(/\n$/, ""), "    eingerückt = 1\n\n    ende = 2  ", "not as it is written");
    }
  });
  assert.ok(edges > 0, "no code has blanks at its edges");
  assert.ok(sessions > 0, "no session in a shell is copied");
  none(found);
});

test("an address whose place is percent-encoded opens what hides the place", async (t) => {
  const found = [];
  let tried = 0;
  await everyPage(t, async (page, where, address) => {
    const hidden = await page.evaluate(() => {
      const places = [...document.querySelectorAll("main [hidden=until-found] [id], main [hidden=until-found], main details:not([open]) [id]")]
        .filter((place) => place.id && !place.closest(".moved"));
      return places.filter((_, at) => at % Math.ceil(places.length / 4) === 0).map((place) => place.id);
    });
    for (const id of hidden) {
      tried += 1;
      const encoded = [...new TextEncoder().encode(id)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");
      await page.goto("about:blank");
      await page.goto(`${address}#${encoded}`);
      const isShown = await page.evaluate((wanted) => document.getElementById(wanted).checkVisibility(), id);
      if (!isShown) found.push(`${where}#${id} stays hidden`);
      // Chromium opens such places by itself when it goes to them; here it goes nowhere.
      await page.goto("about:blank");
      await page.goto(address);
      const isOpened = await page.evaluate(([wanted, hash]) => {
        history.replaceState(null, "", hash);
        dispatchEvent(new PopStateEvent("popstate"));
        return document.getElementById(wanted).checkVisibility();
      }, [id, `#${encoded}`]);
      if (!isOpened) found.push(`${where}#${id} is not opened by the script`);
    }
  });
  assert.ok(tried > 5, `${tried} places`);
  none(found);
});

test("“On this page” marks parts with names of any script", async (t) => {
  let tried = 0;
  await everyPage(t, async (page, where) => {
    const links = page.locator("[data-contents] a");
    for (let at = 0; at < await links.count(); at++) {
      const hash = await links.nth(at).evaluate((link) => link.hash);
      if (!hash.includes("%")) continue;
      tried += 1;
      await page.evaluate((wanted) => { location.hash = wanted; }, hash);
      await page.waitForFunction((wanted) => document.querySelector("[data-contents] [aria-current=location]")?.hash === wanted, hash)
        .catch(() => assert.fail(`${where}${decodeURIComponent(hash)} is not marked`));
    }
  });
  assert.ok(tried > 0);
});
