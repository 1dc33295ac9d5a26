// axe-core on an open page: what it finds, and what it leaves open, unless that has an answer here.
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

const source = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

// Questions that axe leaves open, each with the answer, looked up on the element that it asks about.
const answers = `({
  // What scrolls in its box may be half hidden, code by the copy button, cells and tabs by an edge,
  // tabs with a shadow at it: theme.test.mjs reckons these colours. A sign with a name in words is
  // no text.
  "color-contrast": (element) => element.closest("pre, [data-tabs] > ul, [role=group]:has(> table)") !== null
    || (!/[\\p{L}\\p{N}]/u.test(element.textContent) && element.hasAttribute("aria-label")),
  // The name says in words what the sign means.
  "label-content-name-mismatch": (element) => !/[\\p{L}\\p{N}]/u.test(element.textContent),
  // Only asked where the colours cannot be told; an underline needs none. A heading that links to
  // itself is no link within a text.
  "link-in-text-block": (element) => getComputedStyle(element).textDecorationLine === "underline"
    || element.closest("h2, h3, h4") !== null,
})`;

// The debugging protocol is not bound by the page's policy; a script element would be.
const run = (root) => `(async () => {
  const answers = ${answers};
  const { violations, incomplete } = await axe.run(${root}, {
    runOnly: ${JSON.stringify(tags)}, resultTypes: ["violations", "incomplete"],
    // Nobody taps on paper.
    rules: { "target-size": { enabled: !matchMedia("print").matches } },
  });
  const each = (rules) => rules.flatMap(({ id, nodes }) => nodes.map((node) => ({ id, node })));
  const open = each(incomplete).filter(({ id, node }) => !answers[id]?.(document.querySelector(node.target[0])));
  return [...each(violations), ...open].map(({ id, node }) => {
    const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
    return id + ": " + node.target.join(" ") + "\\n    " + node.html.slice(0, 160) + "\\n    " + why;
  });
})()`;

/** What is wrong with the page as it stands, or with what the expression `root` names: a text for each fault. */
export async function faults(page, root = "document") {
  const session = await page.context().newCDPSession(page);
  await session.send("Runtime.evaluate", { expression: source });
  const { result, exceptionDetails } = await session.send("Runtime.evaluate", {
    expression: run(root), awaitPromise: true, returnByValue: true,
  });
  await session.detach();
  if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
  return result.value;
}
