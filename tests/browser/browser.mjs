// What all browser tests share: one browser a file, pages that report every fault, and the states
// in which a page must hold.
import "./machine.mjs";
import assert from "node:assert/strict";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serve.mjs";

export const here = dirname(fileURLToPath(import.meta.url));
export const repository = join(here, "../..");
export const botId = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";

/** The folder of a site that `tests/browser/main.rs` builds, by the variable that names it. */
export function built(name) {
  assert.ok(process.env[name], `${name} names no site: run the tests by \`cargo test --test browser\``);
  return resolve(process.env[name]);
}

/** The generic site of the shipped spec. Run by hand, the tests take the committed one. */
export const site = process.env.SITE ? built("SITE") : join(repository, "site");

/** The golden sites, by name, as they are built now. Run by hand, the tests take the committed ones. */
export const golden = Object.fromEntries(
  readdirSync(join(repository, "tests/golden"))
    .map((name) => [name, process.env.GOLDEN ? join(built("GOLDEN"), name) : join(repository, "tests/golden", name, "expected")])
    .filter(([, folder]) => existsSync(folder)),
);

/** A site of every construct of the spec format. */
export const { everything } = golden;

/** The sites that look as the built-in theme does. */
export const { "own-theme": _, ...themed } = { shipped: site, ...golden };

/** The paths of a site's files with an ending, sorted. */
export const files = (folder, ending) => readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith(ending))
  .map((entry) => relative(folder, join(entry.parentPath ?? entry.path, entry.name))).sort();

/** The pages of a site; not those that only lead to where a page is now. */
export const pagesOf = (folder) =>
  files(folder, ".html").filter((path) => !readFileSync(join(folder, path), "utf8").includes('http-equiv="refresh"'));

/** Fails if there are any faults, and says each. */
export function none(faults) {
  if (faults.length > 0) assert.fail(`${faults.length} faults:\n  ${[...new Set(faults)].slice(0, 40).join("\n  ")}`);
}

// ---- The browser and the hosts, each started when first asked for ----

const servers = new Map();
let browser;

export const flags = [
  "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
  // A name that is no secure origin, where there is no clipboard API.
  "--host-resolver-rules=MAP docs.test 127.0.0.1",
];

export function launch(more = []) {
  browser ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: [...flags, ...more] });
  return browser;
}

export function host(folder = site) {
  if (!servers.has(folder)) servers.set(folder, serve(folder));
  return servers.get(folder);
}

export async function shutDown() {
  await (await browser)?.close();
  for (const server of servers.values()) (await server).close();
}
after(shutDown);

// ---- Pages ----

/** In which states a page must hold: what the browser is told, beyond a desktop's window and light. */
export const states = {
  light: {},
  dark: { colorScheme: "dark" },
  "320 px": { viewport: { width: 320, height: 640 } },
  print: { media: "print" },
  "scripts blocked": { scripts: "blocked" },
};

/** A fresh profile, and the list of faults that its pages report. */
export async function profile(folder, options = {}) {
  const { media, scripts, before, allowed = () => false, ...rest } = options;
  const { port, reported } = await host(folder);
  const context = await (await launch()).newContext({
    viewport: { width: 1280, height: 900 }, javaScriptEnabled: scripts !== "off", ...rest,
  });
  const faults = [];
  const fault = (text) => allowed(text) || faults.push(text);
  const seen = reported.length;
  // Scripts are blocked by giving empty ones: with JavaScript off, no checker could run either.
  if (scripts === "blocked") {
    await context.route("**/*.js", (route) => route.fulfill({ contentType: "text/javascript", body: "" }));
  }
  if (scripts !== "off") {
    await context.addInitScript(() => addEventListener("securitypolicyviolation", (event) => {
      console.error(`policy: ${event.effectiveDirective} stopped ${event.blockedURI} ${event.sample}`);
    }));
  }
  if (before) await context.addInitScript(before);
  context.on("weberror", (error) => fault(error.error().message));
  context.on("dialog", (dialog) => {
    fault(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  context.on("console", (message) => message.type() === "error" && fault(message.text()));
  context.on("request", (request) => {
    const { host, protocol } = new URL(request.url());
    const own = [`127.0.0.1:${port}`, `docs.test:${port}`].includes(host) || ["file:", "data:", "blob:"].includes(protocol);
    if (!own) fault(`asked for ${request.url()}`);
  });
  context.on("response", async (response) => {
    if ((await response.allHeaders().catch(() => ({})))["set-cookie"]) fault(`cookie from ${response.url()}`);
  });
  const close = async () => {
    const cookies = await context.cookies();
    // What a page still asks for when its test is over, as its icon, is no matter of the test.
    await Promise.all([context, ...context.pages()].map((routed) => routed.unrouteAll({ behavior: "ignoreErrors" })));
    await context.close();
    none([...faults, ...reported.slice(seen).filter((text) => !allowed(text)), ...cookies.map((cookie) => `cookie ${cookie.name}`)]);
  };
  const newPage = async () => {
    const page = await context.newPage();
    if (media) await page.emulateMedia({ media });
    return page;
  };
  return { context, faults, newPage, close };
}

/**
 * Opens a page in a fresh profile. The test fails if it reports an error, breaks its own policy,
 * sets a cookie or asks for anything elsewhere.
 */
export async function open(t, address = "", { folder = site, ...options } = {}) {
  const { newPage, close } = await profile(folder, options);
  const { base } = await host(folder);
  const page = await newPage();
  t.after(close);
  await page.goto(/^\w+:/.test(address) ? address : base + address);
  return page;
}

/**
 * A site for all tests of a file, and how to open its pages. `base` is where it is, `insecure` the
 * same at an address that is no secure origin.
 */
export function startSite(folder = site) {
  const started = { open: (t, address, options) => open(t, address, { folder, ...options }) };
  before(async () => {
    const { base } = await host(folder);
    started.base = base;
    started.insecure = base.replace("127.0.0.1", "docs.test");
  });
  return started;
}

// ---- What stands on an API page, found by its roles ----

/** The panels of the endpoints: those of the first list of tabs, or all of them without scripts. */
export const ids = (page) => page.$$eval(".endpoint", (panels) => panels.map((panel) => panel.id));
export const shown = (page) =>
  page.$$eval(".endpoint", (panels) => panels.filter((p) => !p.hasAttribute("hidden")).map((p) => p.id));

/** How far a page can be scrolled sideways. */
export const overflow = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);

/** Shows the panel of each tab of a page in turn, those within panels too. */
export async function* tabByTab(page) {
  const count = await page.locator("[role=tab]").count();
  for (let at = 0; at < count; at++) {
    const name = await page.locator("[role=tab]").nth(at).evaluate((tab) => {
      // A tab within a closed panel: the panels around it are opened first.
      const around = [];
      for (let up = tab.closest("[role=tabpanel]"); up; up = up.parentElement.closest("[role=tabpanel]")) around.unshift(up);
      for (const panel of around) document.getElementById(panel.getAttribute("aria-labelledby")).click();
      tab.click();
      return [...around.map((panel) => panel.id), tab.textContent.trim().split("\n")[0]].join(" › ");
    });
    yield name;
  }
}
