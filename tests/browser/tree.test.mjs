// What a screen reader is told of the Integration page, as the browser's accessibility tree has it:
// `integration-page.aria.yaml`, to be read by people. UPDATE_GOLDEN=1 writes it anew.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { here, open } from "./browser.mjs";

const golden = join(here, "integration-page.aria.yaml");

test("the accessibility tree is the one that was read", async (t) => {
  const page = await open(t);
  const tree = `${await page.locator("body").ariaSnapshot()}\n`;
  if (process.env.UPDATE_GOLDEN === "1") await writeFile(golden, tree);
  const expected = (await readFile(golden, "utf8")).split("\n");
  const found = tree.split("\n");
  const at = found.findIndex((line, number) => line !== expected[number]);
  assert.ok(at < 0 && found.length === expected.length,
    `from line ${at + 1} on:\n  ${found.slice(at, at + 8).join("\n  ")}\nnot:\n  ${expected.slice(at, at + 8).join("\n  ")}\nIf the new one is right: UPDATE_GOLDEN=1 cargo test --test browser`);
});

test("what changes is said by one status that is there before", async (t) => {
  const page = await open(t);
  assert.equal(await page.getByRole("status").count(), 1);
  assert.equal((await page.getByRole("status").textContent()).trim(), "");
});

test("landmarks: one main, one banner, one content info, and navigations with names of their own", async (t) => {
  const page = await open(t);
  for (const role of ["main", "banner", "contentinfo"]) assert.equal(await page.getByRole(role).count(), 1, role);
  const names = await page.getByRole("navigation").evaluateAll((all) => all.map((element) => element.getAttribute("aria-label")));
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.every(Boolean));
});
