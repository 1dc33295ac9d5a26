// Pictures of all states of a site, into a folder: node tests/browser/screenshots.mjs FOLDER [SITE]
// With --readme it makes the two of the README instead, in docs/.
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { botId, host, launch, repository, shutDown, site, tabByTab } from "./browser.mjs";
import { still } from "./wait.mjs";

const readme = process.argv.includes("--readme");
const [folder, of = site] = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
if (!folder && !readme) {
  console.error("Say into which folder: node tests/browser/screenshots.mjs FOLDER [SITE]");
  process.exit(2);
}
const { base } = await host(resolve(of));
const widths = [390, 640, 768, 1280, 1920];

async function shoot(name, { address = "", width = 1280, height = 900, media, scripts, act = async () => {}, full = true, to = folder, ...options } = {}) {
  const context = await (await launch()).newContext({
    viewport: { width, height }, javaScriptEnabled: scripts !== "off", permissions: ["clipboard-write"], ...options,
  });
  const page = await context.newPage();
  if (media) await page.emulateMedia({ media });
  await page.goto(base + address);
  // What a state needs may not be there on this site: then it has no picture, and that is said.
  try {
    await act(page);
    // Without scripts no frame calls back, and nothing moves.
    if (scripts !== "off") await still(page);
    await page.screenshot({ path: join(to, `${name}.png`), fullPage: full });
    console.log(`${name}.png`);
  } catch (error) {
    console.log(`no ${name}.png: ${error.message.split("\n")[0]}`);
  }
  await context.close();
}

const quick = { timeout: 2000 };
const enter = (value) => async (page) => {
  await page.locator("summary").filter({ hasText: "Bot ID" }).first().click(quick);
  await page.getByLabel("Bot ID").fill(value, quick);
  await page.keyboard.press("Enter");
};

if (readme) {
  for (const colorScheme of ["light", "dark"]) {
    await shoot(`screenshot-${colorScheme}`, {
      address: `?bot_id=${botId}#chat-completion`, colorScheme, full: false, width: 1440, height: 1000,
      to: join(repository, "docs"),
      // The endpoint with all that a page can show: its fields, and its stream as events.
      act: async (page) => {
        await page.locator("#chat-completion").getByRole("tab", { name: "Stream", exact: true }).click();
        await page.locator(".endpoints").evaluate((tabs) => tabs.scrollIntoView());
        await page.evaluate(() => document.activeElement.blur());
      },
    });
  }
} else {
  mkdirSync(folder, { recursive: true });
  for (const width of widths) {
    for (const colorScheme of ["light", "dark"]) await shoot(`${colorScheme}-${width}`, { width, colorScheme });
    await shoot(`forced-colours-${width}`, { width, forcedColors: "active" });
    await shoot(`scripts-off-${width}`, { width, scripts: "off" });
    await shoot(`top-${width}`, { width, full: false });
  }
  await shoot("print", { media: "print", width: 794 });
  await shoot("not-found", { address: "404.html" });
  await shoot("guide", { address: "widget-sdk.html" });
  for (const width of [390, 1280]) {
    await shoot(`bot-id-entered-${width}`, { width, full: false, act: enter(botId) });
    await shoot(`bot-id-refused-${width}`, { width, full: false, act: enter("not an id") });
    await shoot(`copied-${width}`, { width, full: false, act: (page) => page.getByRole("button", { name: /^Copy/ }).filter({ visible: true }).last().click(quick) });
    await shoot(`search-${width}`, { width, full: false, act: async (page) => {
      await page.keyboard.press("Control+k");
      await page.locator("dialog[open], [role=combobox]:focus, input[type=search]:focus").first().waitFor(quick);
      await page.keyboard.type("stream");
    } });
  }
  await shoot("menu-390", { width: 390, full: false, act: (page) => page.getByRole("button", { name: "Menu" }).click(quick) });
  // Each tab: a picture for each, on one page.
  const context = await (await launch()).newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.goto(base);
  let number = 0;
  for await (const tab of tabByTab(page)) {
    const name = `tab-${String((number += 1)).padStart(2, "0")}-${tab.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "")}.png`;
    await page.screenshot({ path: join(folder, name) });
    console.log(name);
  }
  await context.close();
}
await shutDown();
process.exit(0);
