// Uses every control of a page, whatever there is: what is new on the page is used by itself.

// Marks the next control that was not used yet, and says how to use it. What is inside comes before
// what closes it: the topmost dialog first, tabs last, and what leads away not at all.
function next() {
  const is = "a[href], button, summary, input, select, textarea, [role=button], [role=tab], [role=option], [role=combobox], [role=switch], [role=checkbox]";
  const top = [...document.querySelectorAll("dialog[open], :popover-open, details.reader[open]")].at(-1);
  const within = [...(top ?? document).querySelectorAll(is)];
  const usable = within.filter((element) =>
    !("used" in element.dataset) && !element.disabled && element.checkVisibility({ contentVisibilityAuto: true, visibilityProperty: true })
    && !(element.localName === "a" && (element.origin + element.pathname !== location.origin + location.pathname || element.hasAttribute("download"))));
  const kind = (element) => element.getAttribute("role") ?? element.localName;
  const rank = (element) => ["a", "input", "textarea", "select", "button", "option", "summary", "tab"].indexOf(kind(element));
  const found = usable.sort((one, other) => rank(one) - rank(other))[0];
  if (!found) {
    // A dialog may hold nothing to use: then it is only closed.
    if (top) top.dataset.done = "";
    return top ? { kind: "close" } : null;
  }
  document.querySelector("[data-using]")?.removeAttribute("data-using");
  found.dataset.used = found.dataset.using = "";
  const name = found.getAttribute("aria-label") ?? found.labels?.[0]?.textContent ?? found.textContent;
  return { kind: kind(found), name: name.trim().replace(/\s+/g, " ").slice(0, 60), writes: /^(input|textarea)$/.test(found.localName) && !/checkbox|radio/.test(found.type) };
}

/**
 * Uses them by mouse or by keyboard; gives what was used, as `kind: name`.
 *
 * What is written is no ID, and the search finds nothing of it: Enter would lead to another page.
 */
export async function useEverything(page, { by = "mouse", write = "zzqx!", after = async () => {} } = {}) {
  const used = [];
  for (let count = 0; count < 1500; count++) {
    const control = await page.evaluate(next);
    if (!control) return used;
    if (control.kind === "close") {
      await page.keyboard.press("Escape");
      const open = await page.evaluate(() => document.querySelector("dialog[open], :popover-open, details.reader[open]") !== null);
      if (open) throw new Error(`Escape does not close what ${used.at(-1)} opened`);
      continue;
    }
    used.push(`${control.kind}: ${control.name}`);
    const element = page.locator("[data-using]");
    if (control.writes) {
      await element.fill(write);
      await element.press("Enter");
      // If that closed what the field is in, there is more in it to use.
      await element.evaluate((field) => { if (field.closest("details")) field.closest("details").open = true; });
    } else if (control.kind === "a" || control.kind === "option") {
      await element.evaluate((link) => link.click());
    } else if (by === "keyboard") {
      await element.focus();
      await page.keyboard.press(control.kind === "tab" ? "Enter" : "Space");
    } else if (control.kind === "select") {
      await element.evaluate((select) => {
        select.selectedIndex = select.options.length - 1;
        select.dispatchEvent(new Event("change", { bubbles: true }));
      });
    } else {
      await element.click({ timeout: 5000 });
    }
    if (control.kind === "summary") {
      // Left open, so that what is inside is used too.
      await element.evaluate((summary) => { summary.parentElement.open = true; });
    }
    // What opened is there in the next frame.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await after(used.at(-1));
  }
  throw new Error(`the page has no end of controls: ${used.slice(-30).join(", ")}`);
}
