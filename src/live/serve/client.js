// The preview's part of a page: takes a new version in without losing the reader's place, and shows
// what is wrong with the files. The server puts it into the pages that it sends; it is in no site
// that is built. It knows nothing of the theme but what HTML and ARIA say of its elements, writes
// text and never markup, and hears only numbers.
"use strict";
(() => {
  const own = document.currentScript;
  const base = new URL(".", own.src);
  const key = "botdocs.preview";
  const here = () => location.pathname + location.search;
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- The reader's place, by what an edit of the page leaves as it is. ----

  // An element by its own id, else by the id around it, its kind and its place among its like.
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

  // What is at the top of the window: it stays there, whatever grows above it.
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
    // A dialog is more than what is in it: who opens it knows the rest.
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
    // Browsers go to the anchor of the address once more when all has come.
    addEventListener("load", () => requestAnimationFrame(goBack), { once: true });
  }

  // ---- Taking a new version in. ----

  // The built site's own files carry a hash of what is in them: `assets/style.3f2a91c0.css`.
  const hashed = /(assets\/[^"'\s]*?\.)[0-9a-f]{8}(?=["'.])/g;
  let before = null; // what the server sent for this page

  async function fetchPage() {
    const answer = await fetch(here(), { cache: "no-cache" });
    return { tag: answer.headers.get("etag")?.replaceAll('"', ""), text: await answer.text() };
  }

  function reload() {
    keepPlace();
    location.reload();
  }

  // Puts a new style sheet in the place of the old one, which stays until the new one is there.
  function swapSheet(old, href) {
    const link = old.cloneNode();
    link.href = href;
    link.addEventListener("load", () => old.remove(), { once: true });
    link.addEventListener("error", reload, { once: true });
    old.after(link);
  }

  // Takes files in that are others now, where the page is else the same.
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
      // Another page may have changed, and what is known of it here, such as a search's index.
      document.dispatchEvent(new Event("botdocs-update"));
      return;
    }
    const rest = ({ text }) => text.replace(hashed, "$1").replace(/ data-tag="\w*"/, "");
    if (rest(page) !== rest(before)) return reload();
    swapFiles(page.text);
    before = page;
  }

  // ---- The panel: faults, or that the preview has ended. ----

  let panel = null;
  // It is fetched before it is needed: the server may have ended then.
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

  // ---- Hearing of new versions, while somebody looks. ----

  const visible = () => new Promise((resolve) => {
    if (!document.hidden) return resolve();
    document.addEventListener("visibilitychange", () => resolve(visible()), { once: true });
  });
  let leave = new AbortController();
  // A browser has six connections for all tabs together.
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

  // A server that begins again is soon there; one that is not has ended, and a save does nothing.
  const patience = 5;

  async function follow() {
    for (let failed = 0; ;) {
      await visible();
      try {
        await listen();
        failed = 0;
      } catch (error) {
        // It has ended, or the tab was left: try again.
        failed = error.name === "AbortError" ? 0 : failed + 1;
      }
      if (failed === patience) showPanel("The preview has ended: this page is as it was", []);
      await new Promise((resolve) => setTimeout(resolve, 300));
    }
  }

  restorePlace();
  follow();
})();
