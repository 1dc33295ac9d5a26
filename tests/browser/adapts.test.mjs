// The page adapts to its reader: to a small window, large text, wide spacing, no motion, own colours.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { PNG } from "pngjs";
import { botId, built, host, none, open, overflow, pagesOf, repository, site, tabByTab, themed } from "./browser.mjs";
import { still } from "./wait.mjs";

const css = await readFile(join(repository, "static/style.css"), "utf8");

// What sticks out of the window without a box of its own to scroll in.
const cut = (page) => page.evaluate(() => {
  const scrolls = (element) => {
    for (let up = element; up && up !== document.body; up = up.parentElement) {
      const { overflowX, position, clipPath } = getComputedStyle(up);
      if (/auto|scroll/.test(overflowX) || clipPath !== "none" || (position === "fixed" && up.matches(".skip, [popover]"))) return true;
    }
    return false;
  };
  return [...document.body.querySelectorAll("*")]
    .filter((element) => element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true }))
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 0 && (right > innerWidth + 1 || left < -1) && !scrolls(element);
    })
    .map((element) => `${element.outerHTML.match(/^<[^>]*>/)[0].slice(0, 100)} sticks out`);
});

for (const [name, viewport] of Object.entries({
  "320 px wide": { width: 320, height: 640 },
  // A window of 1280 by 1024 at four times the size.
  "at 400 %": { width: 320, height: 256 },
})) {
  test(`no page scrolls sideways: ${name}`, async (t) => {
    const found = [];
    for (const [site, folder] of Object.entries(themed)) {
      const { base } = await host(folder);
      const page = await open(t, "", { folder, viewport });
      for (const path of pagesOf(folder)) {
        await page.goto(base + path);
        const sideways = await overflow(page);
        if (sideways > 0) found.push(`${site}/${path} scrolls by ${sideways}`);
        found.push(...(await cut(page)).map((fault) => `${site}/${path}: ${fault}`));
        for await (const tab of tabByTab(page)) {
          if (await overflow(page) > 0) found.push(`${site}/${path} scrolls in ${tab}`);
          found.push(...(await cut(page)).map((fault) => `${site}/${path} in ${tab}: ${fault}`));
        }
      }
    }
    none(found);
  });
}

// Between the named widths too: what has room at 320 px and at a desktop's may have none at 640.
for (const [name, folder, under = "", given] of [
  ["of a bot", built("BOT_PAGES"), `bots/${botId}/`],
  ["for everyone", site],
  ["with the reader's own ID", site, "", botId],
  ["in German with a logo and links", built("BRANDED")],
  ["of a bot in German with a logo and links", built("BRANDED_BOT")],
]) {
  test(`no page scrolls sideways from 320 to 1400 px: ${name}`, async (t) => {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    if (given) {
      await page.locator(".reader summary").click();
      await page.getByLabel("Bot ID").fill(given);
      await page.getByLabel("Bot ID").press("Enter");
      await page.locator(".reader summary").getByText(given).waitFor();
    }
    const paths = pagesOf(folder).filter((path) => path.startsWith(under));
    assert.ok(paths.length > 0);
    const found = [];
    for (const path of paths) {
      await page.goto(base + path);
      for (let width = 320; width <= 1400; width += 10) {
        await page.setViewportSize({ width, height: 800 });
        await page.waitForFunction((wanted) => innerWidth === wanted, width);
        const sideways = await overflow(page);
        if (sideways > 0) found.push(`${path} scrolls by ${sideways} at ${width} px`);
        const hidden = await page.locator(".top :is(.bot, .reader > summary) code").evaluateAll((all) =>
          all.filter((code) => code.checkVisibility() && code.clientWidth < 20).length);
        if (hidden > 0) found.push(`${path} shows no ID at ${width} px`);
      }
    }
    none(found);
  });
}

test("at 400 % the content has room beside what sticks to the top", async (t) => {
  const page = await open(t, "", { viewport: { width: 320, height: 256 } });
  await page.evaluate(() => scrollTo(0, 600));
  const bar = await page.locator("header").first().evaluate((header) => header.getBoundingClientRect().bottom);
  assert.ok(bar <= 128, `the bar takes ${bar} of 256`);
});

test("WCAG's text spacing cuts nothing off", async (t) => {
  const found = [];
  for (const [site, folder] of Object.entries(themed)) {
    for (const viewport of [{ width: 1280, height: 900 }, { width: 320, height: 640 }]) {
      const page = await open(t, "", { folder, viewport });
      const { base } = await host(folder);
      for (const path of pagesOf(folder)) {
        await page.goto(base + path);
        // By a sheet that the browser's protocol makes: the policy allows the page none.
        await page.evaluate(() => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-bottom: 2em !important }");
          document.adoptedStyleSheets.push(sheet);
        });
        if (await overflow(page) > 0) found.push(`${site}/${path} scrolls sideways at ${viewport.width}`);
        found.push(...(await page.evaluate(() => [...document.body.querySelectorAll("*")]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .filter((element) => {
            const { overflowX, overflowY, clipPath, textOverflow } = getComputedStyle(element);
            if (clipPath !== "none" || textOverflow === "ellipsis") return false;
            return (overflowY === "hidden" && element.scrollHeight > element.clientHeight + 1)
              || (overflowX === "hidden" && element.scrollWidth > element.clientWidth + 1);
          })
          .map((element) => `${element.outerHTML.match(/^<[^>]*>/)[0].slice(0, 100)} is cut`)))
          .map((fault) => `${site}/${path} at ${viewport.width}: ${fault}`));
      }
    }
  }
  none(found);
});

test("what is shortened with an ellipsis can be read in full elsewhere on the page", async (t) => {
  const page = await open(t);
  const shortened = await page.evaluate(() => [...document.body.querySelectorAll("*")]
    .filter((element) => getComputedStyle(element).textOverflow === "ellipsis" && element.scrollWidth > element.clientWidth)
    .map((element) => element.textContent));
  for (const text of shortened) {
    assert.ok((await page.locator("main").textContent()).includes(text), text);
  }
});

test("the style sheet moves nothing unless motion is welcome", () => {
  // Outside of `prefers-reduced-motion: no-preference` there is no word of motion.
  const start = css.indexOf("@media (prefers-reduced-motion: no-preference)");
  assert.ok(start > 0);
  let rest = css.replace(/\/\*[^]*?\*\//g, "");
  for (;;) {
    const at = rest.indexOf("@media (prefers-reduced-motion: no-preference)");
    if (at < 0) break;
    let depth = 0;
    let end = rest.indexOf("{", at);
    do {
      if (rest[end] === "{") depth += 1;
      if (rest[end] === "}") depth -= 1;
      end += 1;
    } while (depth > 0);
    rest = rest.slice(0, at) + rest.slice(end);
  }
  assert.doesNotMatch(rest, /transition|animation|@keyframes|(?<!over)scroll-behavior|view-transition/);
});

test("with reduced motion nothing moves in a browser either", async (t) => {
  const page = await open(t, "", { reducedMotion: "reduce" });
  const moving = await page.evaluate(() => [...document.querySelectorAll("*")]
    .flatMap((element) => [null, "::before", "::after"].map((part) => [element, getComputedStyle(element, part)]))
    .filter(([, style]) => style.transitionDuration.split(", ").some((time) => parseFloat(time) > 0)
      || style.animationName !== "none" || style.scrollBehavior === "smooth")
    .map(([element]) => element.outerHTML.slice(0, 80)));
  assert.deepEqual(moving, []);
  await page.getByRole("tab").nth(1).click();
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0);
});

// Shape, not colour: which pixels are ground and which are not, the ground being the commonest.
const ink = ({ data }) => {
  const pixels = Array.from({ length: data.length / 4 }, (_, i) => data.subarray(4 * i, 4 * i + 3).join());
  const times = new Map();
  for (const pixel of pixels) times.set(pixel, (times.get(pixel) ?? 0) + 1);
  const [[ground]] = [...times].sort(([, one], [, two]) => two - one);
  return pixels.map((pixel) => (pixel === ground ? "0" : "1")).join("");
};

// How many pixels of an element differ by shape between two states, and how many there are in a row.
async function shapes(page, element, first, second) {
  const pictures = [];
  for (const act of [first, second]) {
    await act();
    await page.mouse.move(0, 0);
    await page.evaluate(() => document.activeElement.blur());
    pictures.push(PNG.sync.read(await element.screenshot()));
  }
  const [one, two] = pictures.map(ink);
  return { changed: [...one].filter((pixel, index) => pixel !== two[index]).length, width: pictures[0].width };
}

test("with forced colours the selected tab differs by shape", async (t) => {
  for (const colorScheme of ["light", "dark"]) {
    const page = await open(t, "", { forcedColors: "active", colorScheme, reducedMotion: "reduce" });
    assert.ok(await page.evaluate(() => matchMedia("(forced-colors: active)").matches));
    const lists = page.locator("[role=tablist]").filter({ visible: true });
    for (let at = 0; at < await lists.count(); at++) {
      const tab = lists.nth(at).locator("[role=tab]").first();
      const other = lists.nth(at).locator("[role=tab]").last();
      const { changed, width } = await shapes(page, tab, () => tab.click(), () => other.click());
      assert.ok(changed >= width, `only ${changed} pixels tell list ${at}'s selected tab in ${colorScheme}`);
    }
  }
});

for (const colorScheme of ["light", "dark"]) {
  const forced = { forcedColors: "active", colorScheme, reducedMotion: "reduce" };

  test(`with forced colours the chosen language differs by shape in ${colorScheme}`, async (t) => {
    const page = await open(t, "", forced);
    const names = page.locator(".samples").filter({ visible: true }).first().locator("summary");
    const [one, other] = [names.nth(1), names.nth(2)];
    const { changed, width } = await shapes(page, one, () => one.click(), () => other.click());
    assert.ok(changed >= width, `only ${changed} pixels tell the chosen language`);
  });

  test(`with forced colours the dark theme's switch differs by shape in ${colorScheme}`, async (t) => {
    const page = await open(t, "", forced);
    const button = page.getByRole("button", { name: "Dark theme" });
    const { changed, width } = await shapes(page, button, async () => {}, () => button.click());
    assert.ok(changed >= width, `only ${changed} pixels tell whether it is pressed`);
  });

  test(`with forced colours the wrapping of lines differs by shape in ${colorScheme}`, async (t) => {
    const page = await open(t, "", forced);
    const button = page.locator(".wrap-lines").filter({ visible: true }).first();
    const { changed, width } = await shapes(page, button, async () => {}, () => button.click());
    assert.ok(changed >= width, `only ${changed} pixels tell whether lines wrap`);
  });

  test(`with forced colours the result that Enter takes differs by shape in ${colorScheme}`, async (t) => {
    const page = await open(t, "", forced);
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill("chat");
    const option = page.getByRole("option").first();
    await option.waitFor();
    const picture = async () => ink(PNG.sync.read(await option.screenshot()));
    const one = await picture();
    await page.keyboard.press("ArrowDown");
    const two = await picture();
    assert.ok([...one].filter((pixel, index) => pixel !== two[index]).length > 100);
  });

  test(`with forced colours the page that is open and a refused ID are told by a border in ${colorScheme}`, async (t) => {
    const page = await open(t, "", forced);
    const width = (locator, side) => locator.evaluate((element, name) => parseFloat(getComputedStyle(element)[name]), side);
    const current = page.locator(".side [aria-current=page]").first();
    const other = page.locator(".side a:not([aria-current])").first();
    assert.notEqual(await width(current, "borderInlineStartWidth"), await width(other, "borderInlineStartWidth"));
    await page.locator(".reader summary").click();
    const input = page.getByLabel("Bot ID");
    const plain = await width(input, "borderTopWidth");
    await input.fill("wrong");
    await input.press("Enter");
    assert.equal(await input.getAttribute("aria-invalid"), "true");
    assert.notEqual(await width(input, "borderTopWidth"), plain);
  });
}

test("language and direction are said", async (t) => {
  for (const folder of Object.values(themed)) {
    const { base } = await host(folder);
    const page = await open(t, "", { folder });
    for (const path of pagesOf(folder)) {
      await page.goto(base + path);
      const { lang, dir } = await page.evaluate(() => ({ lang: document.documentElement.lang, dir: getComputedStyle(document.documentElement).direction }));
      assert.doesNotThrow(() => new Intl.Locale(lang), `${path}: ${lang}`);
      const rtl = /^(ar|he|fa|ur|ps|sd|ug|yi|dv|ckb)\b/.test(lang);
      assert.equal(dir, rtl ? "rtl" : "ltr", path);
    }
  }
});

test("without a stored choice the first paint has the system's theme, with one the reader's", async (t) => {
  for (const [colorScheme, stored] of [["light", null], ["dark", null], ["light", "dark"], ["dark", "light"]]) {
    const page = await open(t, "404.html", { colorScheme });
    if (stored) {
      await page.getByRole("button", { name: "Dark theme" }).click();
    }
    const wanted = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    // What each frame of the page shows from the very first on.
    await page.addInitScript(() => {
      window.grounds = [];
      const look = () => {
        if (document.body) window.grounds.push(getComputedStyle(document.body).backgroundColor);
        requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const { base } = await host();
    await page.goto(base);
    await still(page);
    const grounds = await page.evaluate(() => [...new Set(window.grounds)]);
    assert.deepEqual(grounds, [wanted], `${colorScheme}, chosen ${stored}`);
  }
});

test("with scripts blocked the theme is the system's", async (t) => {
  const grounds = [];
  for (const colorScheme of ["light", "dark"]) {
    for (const scripts of ["on", "blocked"]) {
      const page = await open(t, "", { colorScheme, scripts });
      grounds.push(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
    }
  }
  const [light, lightBlocked, dark, darkBlocked] = grounds;
  assert.deepEqual([lightBlocked, darkBlocked], [light, dark]);
  assert.notEqual(light, dark);
});
