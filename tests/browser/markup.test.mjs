// Every page of the shipped site and of the golden ones is valid HTML, in the eyes of two checkers.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { HtmlValidate } from "html-validate";
import { built, files, golden, none, repository, site } from "./browser.mjs";

const folders = [site, ...Object.values(golden), ...(process.env.BOT_PAGES ? [built("BOT_PAGES")] : [])];
const pages = folders.flatMap((folder) => files(folder, ".html").map((path) => join(folder, path)));
const brief = (path) => path.replace(`${repository}/`, "");

test("the Nu Html Checker finds no error", async () => {
  const jar = createRequire(import.meta.url).resolve("vnu-jar/build/dist/vnu.jar");
  const icons = folders.flatMap((folder) => files(folder, ".svg").map((path) => join(folder, path)));
  const options = ["--also-check-svg", "--exit-zero-always", "--stdout", "--format", "json"];
  const { stdout } = await promisify(execFile)("java", ["-jar", jar, ...options, ...pages, ...icons], { maxBuffer: 1 << 26 });
  const errors = JSON.parse(stdout).messages
    .filter(({ type, subType }) => type !== "info" || subType === "warning")
    // On disk it takes each file for another origin's; policy.test.mjs asks a browser.
    .filter(({ message }) => !message.startsWith("Resource violates Content Security Policy"));
  none(errors.map((m) => `${brief(m.url.replace("file:", ""))}:${m.lastLine}: ${m.message}\n    ${m.extract?.trim()}`));
});

test("html-validate finds no error", async () => {
  assert.ok(pages.length > 10);
  const validator = new HtmlValidate({
    extends: ["html-validate:recommended", "html-validate:document"],
    rules: {
      // Ways to write the same thing.
      "attr-quotes": "off",
      "doctype-style": "off",
      // Letters first is a rule of old HTML; the theme's own ids begin with `_`.
      "valid-id": ["error", { relaxed: true }],
      // What a stream sends may end in a space, and an author's title in its own time.
      "no-trailing-whitespace": "off",
      "long-title": "off",
      // Results of the search are options that one types for: no `select` can show them.
      "prefer-native-element": ["error", { exclude: ["listbox"] }],
      // A browser that opens the page from disk refuses files with integrity.
      "require-sri": "off",
    },
  });
  const found = [];
  for (const path of pages) {
    const report = await validator.validateFile(path);
    for (const { messages } of report.results) {
      found.push(...messages.map((m) => `${brief(path)}:${m.line}: ${m.ruleId}: ${m.message}`));
    }
  }
  none(found);
});
