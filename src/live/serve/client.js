// The preview's script in a page. It loads a new version without losing the reader's place, and
// shows the errors in the files. The server adds the script to the pages that it sends; no built
// site contains the script. The script relies only on the HTML and ARIA of the theme's elements,
// inserts text and never markup, and receives only numbers as notifications.
"use strict";
(() => {
  const own = document.currentScript;
  const base = new URL(".", own.src);
  const key = "botdocs.preview";
  const here = () => location.pathname + location.search;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- The reader's place, recorded by properties that an edit of the page leaves unchanged. ----

  // Identifies an element by its id, or by the nearest ancestor with an id, its tag and its index.
  function nameOf(element) {
    if (element.id) return { id: element.id };
    const around = element.parentElement?.closest("[id]");
    const like = all(element.localName, around ?? document);
    return { around: around?.id, kind: element.localName, at: like.indexOf(element) };
  }
  function byName({ id, around, kind, at }) {
    if (id) return document.getElementById(id);
    const within = around ? document.getElementById(around) : document;
    return within ? all(kind, within)[at] : null;
  }

  // Finds the topmost element in the window, whose position stays the same if content above grows.
  function topmost() {
    const ids = all("[id]").filter((element) => element.getClientRects().length);
    const inView = ids.find((element) => element.getBoundingClientRect().bottom > 0
      && element.getBoundingClientRect().height < innerHeight);
    return inView && { name: nameOf(inView), top: inView.getBoundingClientRect().top };
  }

  function keepPlace() {
    const focused = document.activeElement;
    const typed = all("input, textarea, select").filter((field) => field.type !== "hidden");
    sessionStorage.setItem(key, JSON.stringify({
      page: here(),
      scroll: [scrollX, scrollY],
      top: topmost(),
      tabs: all("[role=tab][aria-selected=true]").map((tab) => tab.getAttribute("href") ?? nameOf(tab)),
      open: all("details").map((details) => [nameOf(details), details.open]),
      dialogs: all("dialog[open]").map(nameOf),
      popovers: all(":popover-open").map(nameOf),
      fields: typed.map((field) => [nameOf(field), field.value, field.checked]),
      focus: focused && focused !== document.body ? nameOf(focused) : null,
      selection: focused?.selectionStart ?? null,
    }));
  }

  function restorePlace() {
    const kept = sessionStorage.getItem(key);
    sessionStorage.removeItem(key);
    const place = kept && JSON.parse(kept);
    if (!place || place.page !== here()) return;
    for (const [name, value, checked] of place.fields) {
      const field = byName(name);
      if (!field || (field.value === value && field.checked === checked)) continue;
      field.value = value;
      field.checked = checked;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    for (const tab of place.tabs) {
      const found = typeof tab === "string"
        ? all("[role=tab]").find((other) => other.getAttribute("href") === tab)
        : byName(tab);
      if (found && found.getAttribute("aria-selected") !== "true") found.click();
    }
    for (const [name, open] of place.open) {
      const details = byName(name);
      if (details?.localName === "details") details.open = open;
    }
    // The script that opens a dialog may also set its state, so a click on its button is preferred.
    const openers = all("button[aria-haspopup=dialog]");
    place.dialogs.forEach((name, index) => (openers.length === place.dialogs.length
      ? openers[index].click()
      : byName(name)?.showModal?.()));
    for (const name of place.popovers) byName(name)?.showPopover?.();
    const focus = place.focus && byName(place.focus);
    if (focus) {
      focus.focus({ preventScroll: true });
      if (place.selection !== null) focus.setSelectionRange?.(place.selection, place.selection);
    }
    const goBack = () => {
      const top = place.top && byName(place.top.name);
      const [left, down] = place.scroll;
      const to = top?.getClientRects().length
        ? scrollY + top.getBoundingClientRect().top - place.top.top
        : down;
      scrollTo({ left, top: down === 0 ? 0 : to, behavior: "instant" });
    };
    goBack();
    // Browsers scroll to the anchor of the URL again when the page has loaded.
    addEventListener("load", () => requestAnimationFrame(goBack), { once: true });
  }

  // ---- Loading a new version. ----

  // The names of the site's own files contain a hash of their content: `assets/style.3f2a91c0.css`.
  const hashed = /(assets\/[^"'\s]*?\.)[0-9a-f]{8}(?=["'.])/g;
  let before = null; // the version of this page that the server sent

  async function fetchPage() {
    const answer = await fetch(here(), { cache: "no-cache" });
    return { tag: answer.headers.get("etag")?.replaceAll('"', ""), text: await answer.text() };
  }

  function reload() {
    keepPlace();
    location.reload();
  }

  // Replaces a style sheet. The old style sheet stays until the new one has loaded.
  function swapSheet(old, href) {
    const link = old.cloneNode();
    link.href = href;
    link.addEventListener("load", () => old.remove(), { once: true });
    link.addEventListener("error", reload, { once: true });
    old.after(link);
  }

  // Replaces the links to files that changed, in a page that is otherwise the same.
  function swapFiles(text) {
    const [was, is] = [before.text, text].map((page) => page.match(hashed) ?? []);
    const changed = was.map((name, index) => [name, is[index]]).filter(([old, name]) => old !== name);
    for (const element of all("*")) {
      for (const attribute of [...element.attributes]) {
        const pair = changed.find(([old]) => attribute.value.includes(old));
        if (!pair) continue;
        const value = attribute.value.replaceAll(...pair);
        if (element.localName === "script") return reload();
        if (element.matches("link[rel=stylesheet]")) swapSheet(element, value);
        else element.setAttribute(attribute.name, value);
      }
    }
  }

  async function takePage() {
    const page = await fetchPage();
    before ??= page.tag === own.dataset.tag ? page : null;
    if (!before) return reload();
    if (page.tag === before.tag) {
      // Another page may have changed, and so may data that this page uses, such as a search index.
      document.dispatchEvent(new Event("botdocs-update"));
      return;
    }
    const rest = ({ text }) => text.replace(hashed, "$1").replace(/ data-tag="\w*"/, "");
    if (rest(page) !== rest(before)) return reload();
    swapFiles(page.text);
    before = page;
  }

  // ---- The panel, which shows errors, or that the preview has ended. ----

  let panel = null;
  // The style is fetched before the panel needs it, because the server may have ended by then.
  const style = new CSSStyleSheet();

  function element(name, text, ...children) {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    made.append(...children);
    return made;
  }

  function showPanel(title, faults) {
    panel?.remove();
    panel = document.createElement("botdocs-preview");
    const inside = panel.attachShadow({ mode: "open" });
    inside.adoptedStyleSheets = [style];
    const hide = element("button", "Hide");
    hide.addEventListener("click", () => { panel.remove(); });
    const list = faults.map((fault) => {
      const place = element(fault.link ? "a" : "span", fault.place ?? "");
      if (fault.link) place.href = fault.link;
      return element("li", "", place, element("pre", fault.text));
    });
    const box = element("section", "", element("header", "", element("h2", title), hide), element("ol", "", ...list));
    box.setAttribute("role", "alert");
    inside.append(box);
    document.documentElement.append(panel);
  }

  async function takeFaults() {
    const answer = await fetch(new URL("faults.json", base), { cache: "no-cache" });
    const { has_site, faults } = await answer.json();
    if (!faults.length) {
      panel?.remove();
      return;
    }
    const errors = faults.filter((fault) => fault.is_error).length;
    const state = has_site ? "this is the last good version" : "there is no site yet";
    showPanel(`${errors} ${errors === 1 ? "error" : "errors"}: ${state}`, faults);
  }

  // ---- Notifications of new versions, while the page is visible. ----

  const visible = () => new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener("visibilitychange", () => resolve(visible()), { once: true });
  });
  let leave = new AbortController();
  // All tabs of a browser share six connections to a server, so a hidden page closes its own.
  document.addEventListener("visibilitychange", () => document.hidden && leave.abort());
  addEventListener("pagehide", () => leave.abort());

  async function listen() {
    leave = new AbortController();
    const answer = await fetch(new URL("versions", base), { method: "POST", signal: leave.signal });
    style.replaceSync(await (await fetch(new URL("client.css", base))).text());
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let text = ""; ;) {
      const { value, done } = await reader.read();
      if (done) return;
      text += value;
      const end = text.lastIndexOf("\n\n");
      if (end < 0) continue;
      text = text.slice(end + 2);
      await Promise.all([takeFaults(), takePage()]);
    }
  }

  // After this many failed attempts, the server has ended rather than restarted; saves do nothing.
  const patience = 5;

  async function follow() {
    for (let failed = 0; ;) {
      await visible();
      try {
        await listen();
        failed = 0;
      } catch (error) {
        // The server has ended, or the tab was hidden: try again.
        failed = error.name === "AbortError" ? 0 : failed + 1;
      }
      if (failed === patience) showPanel("The preview has ended: this page is as it was", []);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  restorePlace();
  follow();
})();
