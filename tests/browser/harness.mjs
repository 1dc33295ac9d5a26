// What the browser tests share: Chromium, the built site on a port, and a page in a fresh profile
// that fails its test if it reports an error, breaks its own policy or asks for anything elsewhere.
import assert from "node:assert/strict";
import { dirname, join, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

export const here = dirname(fileURLToPath(import.meta.url));
export const site = resolve(process.env.SITE ?? join(here, "../../site"));
// A site of every construct of the spec format.
export const everything = resolve(process.env.EVERYTHING ?? join(here, "../golden/everything/expected"));
export const botId = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

const browserOptions = {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--disable-dev-shm-usage",
    // A name that is no secure origin, where there is no clipboard API.
    "--host-resolver-rules=MAP docs.test 127.0.0.1",
  ],
};

// Starts a browser and a host of `folder` for the tests of a file. `base` is where the site is,
// `insecure` the same at an address that is no secure origin.
export function startSite(folder = site) {
  const started = { open };
  let browser, server;
  before(async () => {
    server = await serve(folder);
    started.base = `http://127.0.0.1:${server.port}/`;
    started.insecure = `http://docs.test:${server.port}/`;
    browser = await chromium.launch(browserOptions);
  });
  after(async () => {
    await browser?.close();
    server?.close();
  });
  async function open(t, address = "", options = {}) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const page = await context.newPage();
    const faults = [];
    page.on("pageerror", (error) => faults.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(message.text());
    });
    page.on("request", (request) => {
      const url = request.url();
      const own = [started.base, started.insecure].some((base) => url.startsWith(base));
      if (!own && !url.startsWith("file:")) faults.push(`asked for ${url}`);
    });
    await page.goto(address.includes(":") ? address : started.base + address);
    t.after(async () => {
      await context.close();
      assert.deepEqual(faults, []);
    });
    return page;
  }
  return started;
}
