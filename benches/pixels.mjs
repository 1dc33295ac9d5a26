// Measures a save to changed pixels in Chromium: `node benches/pixels.mjs ADDRESS FILE EDITS`, where a
// preview runs at ADDRESS. Each edit puts a new word into the first field's description in FILE; the
// time ends with the frame after the one in which the page has the word, since that one was shown.
// It needs what `tests/browser` needs. `benches/preview.py` runs it.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";

const { chromium } = createRequire(new URL("../tests/browser/", import.meta.url))("playwright-core");

const [address, file, edits] = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run", "--disable-background-networking"],
});
try {
  const page = await (await browser.newContext({ viewport: { width: 1280, height: 800 } })).newPage();
  // Runs in each page before its own scripts, and so sees the first frame too.
  await page.addInitScript(() => {
    let last = "";
    const look = () => {
      const [word = ""] = document.body?.innerText.match(/pixel-\d+\./) ?? [];
      if (word && word !== last) {
        last = word;
        requestAnimationFrame(() => console.log(word, performance.timeOrigin + performance.now()));
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await page.goto(address);
  const place = decodeURIComponent(new URL(address).hash.slice(1));
  if (place && !(await page.evaluate((id) => document.getElementById(id)?.checkVisibility(), place))) {
    throw new Error(`the page shows no place ${place}`);
  }
  const original = await readFile(file, "utf8");
  const times = [];
  for (let number = 0; number <= edits; number += 1) {
    const word = `pixel-${number}.`;
    const seen = page.waitForEvent("console", { predicate: (message) => message.text().startsWith(word), timeout: 60_000 });
    const text = original.replace(/^( {10}description: )/m, `$1${word} `);
    if (text === original) throw new Error(`${file} has no field`);
    const start = performance.timeOrigin + performance.now();
    await writeFile(file, text);
    const end = Number((await seen).text().split(" ")[1]);
    // The first one warms up.
    if (number) times.push(end - start);
    await new Promise((resolve) => setTimeout(resolve, 300 + Math.random() * 500));
  }
  await writeFile(file, original);
  console.log(JSON.stringify(times));
} finally {
  await browser.close();
}
