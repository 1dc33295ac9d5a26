// The colours of the style sheet, reckoned: text at 4.5:1 on every ground it meets, code at 5.5:1.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const css = await readFile(new URL("../../static/style.css", import.meta.url), "utf8");

function colours(selector) {
  const block = css.slice(css.indexOf(`${selector} {`)).match(/\{([^}]*)\}/)[1];
  return Object.fromEntries([...block.matchAll(/--([\w-]+): (#\w+);/g)].map(([, name, value]) => [name, value]));
}

function luminance(hex) {
  const digits = hex.length === 4 ? [...hex.slice(1)].map((d) => d + d) : hex.slice(1).match(/../g);
  const [r, g, b] = digits.map((d) => parseInt(d, 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const text = ["ink", "ink-2", "ink-3", "accent", "need"];
const code = ["ink", "string", "number", "key", "word", "quiet", "accent", "need"];

for (const [name, palette] of [
  ["light", colours(":root")],
  ["dark", colours(":root[data-theme=dark]")],
]) {
  test(`${name} colours can be read`, () => {
    const check = (front, ground, least) => {
      const ratio = contrast(palette[front], palette[ground]);
      assert.ok(ratio >= least, `--${front} on --${ground}: ${ratio.toFixed(2)}, not ${least}`);
    };
    for (const front of text) {
      for (const ground of ["paper", "raised", "sunken"]) check(front, ground, 4.5);
    }
    for (const front of text) check(front, "soft", 4.5);
    for (const front of ["warn", "ink", "accent"]) check(front, "warn-soft", 4.5);
    for (const front of code) check(front, "code", 5.5);
    check("accent", "soft", 5.5);
    check("paper", "accent", 4.5);
    check("accent", "paper", 3);
    // The end of a row of tabs that is cut, at its darkest.
    const share = Number(css.match(/--shade: color-mix\(in srgb, var\(--edge\) (\d+)%, transparent\)/)[1]) / 100;
    const channels = (hex) => (hex.length === 4 ? [...hex.slice(1)].map((d) => d + d) : hex.slice(1).match(/../g)).map((d) => parseInt(d, 16));
    for (const ground of ["paper", "raised"]) {
      const [over, under] = [palette.edge, palette[ground]].map(channels);
      palette.shade = `#${over.map((level, at) => Math.round(level * share + under[at] * (1 - share)).toString(16).padStart(2, "0")).join("")}`;
      for (const front of ["ink", "ink-2", "accent"]) check(front, "shade", 4.5);
    }
  });
}

test("both ways to dark have the same colours", () => {
  assert.deepEqual(colours(":root:not([data-theme=light])"), colours(":root[data-theme=dark]"));
});
