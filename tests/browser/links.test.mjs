// No link and no anchor is dead, on the pages and in their Markdown twins, of every site. Offline:
// addresses elsewhere are not asked for.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { built, golden, repository, site } from "./browser.mjs";

const lychee = join(repository, "target/lychee/bin/lychee");
const sites = { shipped: site, ...golden, ...(process.env.BOT_PAGES ? { bots: built("BOT_PAGES") } : {}) };

function check(folder) {
  assert.ok(existsSync(lychee), `${lychee} is missing: run ./test`);
  // A site that is to stand below a path is put there; its own address is taken for that place.
  const parent = mkdtempSync(join(tmpdir(), "links-"));
  try {
    const canonical = readFileSync(join(folder, "index.html"), "utf8").match(/<link rel="canonical" href="([^"]+)"/)?.[1];
    const root = canonical ? new URL("./", canonical) : null;
    const place = join(parent, root?.pathname ?? "");
    cpSync(folder, place, { recursive: true });
    const remap = ["--remap", "(.*)\\.md#(.*) $1.html#$2"]; // A twin names the places of its page.
    if (root) remap.push("--remap", `^${root.href.replaceAll(".", "\\.")} file://${place}`);
    const options = ["--offline", "--include-fragments", "--no-progress", "--format", "json", "--root-dir", parent, ...remap];
    let output;
    try {
      output = execFileSync(lychee, [...options, join(place, "**/*.html"), join(place, "**/*.md"), join(place, "**/llms*.txt")], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], maxBuffer: 1 << 26 });
    } catch (error) {
      output = error.stdout || assert.fail(error.stderr);
    }
    const { total, successful, error_map: errors = {} } = JSON.parse(output);
    const dead = Object.entries(errors).flatMap(([page, links]) =>
      links.map((link) => `${page.replace(place, "")}: ${link.url} (${link.status?.text ?? link.status})`));
    return { total, successful, dead };
  } finally {
    rmSync(parent, { recursive: true });
  }
}

for (const [name, folder] of Object.entries(sites)) {
  test(`no dead link or anchor: ${name}`, (t) => {
    const { total, successful, dead } = check(folder);
    assert.ok(successful > 10, `only ${successful} of ${total} links were followed`);
    assert.deepEqual(dead, []);
    t.diagnostic(`${successful} of ${total} links followed`);
  });
}

test("a dead link and a dead anchor are found", () => {
  const folder = mkdtempSync(join(tmpdir(), "dead-"));
  try {
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>x</title><a href='#there'>a</a><a href='#gone'>b</a><a href='gone.html'>c</a><p id=there>");
    assert.equal(check(folder).dead.length, 2);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
