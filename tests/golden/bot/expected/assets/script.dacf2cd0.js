// What a page can do beyond being read: tabs, copying, the reader's own values, light and dark.
// Everything is on the page without it. It reads the address only to compare it with what the page
// has, writes text and never markup, and stores something only when the reader chose it.
"use strict";

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
root.classList.add("js");

// ---- What was chosen before. Storage may be switched off. ----

const recall = (key) => {
  try { return localStorage.getItem(`botdocs.${key}`); } catch { return null; }
};
const remember = (key, value) => {
  try {
    if (value === null) localStorage.removeItem(`botdocs.${key}`);
    else localStorage.setItem(`botdocs.${key}`, value);
  } catch { /* Then it holds for this page only. */ }
};

// ---- Saying things to those who don't see them change. ----

const status = document.querySelector("[role=status]");
function say(text) {
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 50);
}

// ---- Light and dark: the system's, until the reader wants the other. ----

const systemDark = matchMedia("(prefers-color-scheme: dark)");
const systemTheme = () => (systemDark.matches ? "dark" : "light");
const currentTheme = () => root.dataset.theme ?? systemTheme();

function setUpTheme(button) {
  const show = () => button.setAttribute("aria-pressed", currentTheme() === "dark");
  button.hidden = false;
  button.addEventListener("click", () => {
    const theme = currentTheme() === "dark" ? "light" : "dark";
    const own = theme === systemTheme() ? null : theme;
    if (own) root.dataset.theme = own;
    else delete root.dataset.theme;
    remember("theme", own);
    show();
  });
  systemDark.addEventListener("change", show);
  show();
}

// ---- Tabs, as the ARIA Authoring Practices describe them. ----

const tabOf = new Map(); // from a panel
const tabSets = new Map(); // from the box around tabs and panels

function setUpTabs(box, number) {
  const list = box.querySelector(":scope > ul");
  const tabs = all("a", list);
  const panels = [...box.children].filter((child) => child !== list);
  list.setAttribute("role", "tablist");
  list.setAttribute("aria-label", box.dataset.tabs);
  tabs.forEach((tab, index) => {
    const panel = panels[index];
    tab.id ||= `_tab.${number}.${index}`;
    tab.parentElement.setAttribute("role", "none");
    tab.setAttribute("role", "tab");
    tab.setAttribute("aria-controls", panel.id);
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", tab.id);
    panel.addEventListener("beforematch", () => select(tab));
    panel.addEventListener("focus", () => {
      // Browsers put the middle of a tall element in view; its beginning is what one wants.
      if (panel.matches(":focus-visible") && panel.getBoundingClientRect().top < 0) panel.scrollIntoView();
    });
    tabOf.set(panel, tab);
  });
  tabSets.set(box, { tabs, panels });
  select(tabs[0]);
  list.addEventListener("click", (event) => {
    const tab = event.target.closest("[role=tab]");
    if (!tab || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    choose(tab, "pushState");
  });
  list.addEventListener("keydown", (event) => {
    const step = getComputedStyle(list).direction === "rtl" ? -1 : 1;
    const at = tabs.indexOf(event.target);
    const to = { ArrowRight: at + step, ArrowLeft: at - step, Home: 0, End: -1 }[event.key];
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    const tab = tabs.at(to % tabs.length);
    choose(tab, "replaceState");
    tab.focus({ preventScroll: true });
  });
}

function select(tab) {
  const { tabs, panels } = tabSets.get(tab.closest("[data-tabs]"));
  tabs.forEach((other, index) => {
    const chosen = other === tab;
    if (other.getAttribute("aria-selected") === String(chosen)) return; // Many endpoints cost time.
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    panels[index].tabIndex = chosen ? 0 : -1;
    if (chosen) panels[index].removeAttribute("hidden");
    else panels[index].setAttribute("hidden", "until-found"); // so that the browser's search finds it
  });
}

// What a reader's choice brings with it, besides the panel.
function choose(tab, how) {
  const list = tab.closest("[role=tablist]");
  const [inner, outer] = [tab, list].map((element) => element.getBoundingClientRect());
  select(tab);
  pair(tab);
  note(tab, how);
  list.scrollLeft += Math.min(0, inner.left - outer.left) + Math.max(0, inner.right - outer.right);
}

// The streaming request goes with the stream: choosing one chooses the other.
function pair(tab) {
  const example = tab.closest(".card")?.parentElement;
  if (!example) return;
  const streams = (other) => other.hasAttribute("data-streams");
  for (const box of all(".card[data-tabs]", example)) {
    const { tabs } = tabSets.get(box);
    const chosen = tabs.find((other) => other.getAttribute("aria-selected") === "true");
    const match = tabs.find((other) => streams(other) === streams(tab));
    if (match && streams(chosen) !== streams(tab)) select(match);
  }
}

// An endpoint is a place of its own: it shows in the address and in the browser's history.
function note(tab, how) {
  if (!tab.closest("[data-tabs]").classList.contains("endpoints") || tab.hash === location.hash) return;
  try { history[how](null, "", tab.hash); } catch { /* Not allowed for some pages from disk. */ }
}

// Opens all that hides an anchor, and says what was there and whether something was closed.
function reveal(hash) {
  let id = hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* Then it is meant as it is. */ }
  const target = id ? document.getElementById(id) : null;
  let opened = false;
  for (let at = target; at; at = at.parentElement) {
    const tab = tabOf.get(at);
    if (tab && at.hasAttribute("hidden")) {
      select(tab);
      opened = true;
    }
    if (at.localName === "details" && at !== target && !at.open) at.open = opened = true;
  }
  return { target, opened };
}

function goToHash() {
  const { target, opened } = reveal(location.hash);
  if (target?.closest(".moved")) location.replace(target.href);
  else if (opened && !tabOf.has(target)) target.scrollIntoView();
  else if (!location.hash) tabSets.forEach(({ tabs }, box) => box.matches(".endpoints") && select(tabs[0]));
}

// ---- Copying: exactly the text that is shown. ----

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* Not a secure address, or not allowed: the old way may still work. */ }
  const area = document.createElement("textarea");
  const focused = document.activeElement;
  area.className = "unseen";
  area.value = text;
  document.body.append(area);
  area.select();
  const set = (event) => {
    event.clipboardData.setData("text/plain", text);
    event.preventDefault();
  };
  document.addEventListener("copy", set, { once: true });
  let done = false;
  try { done = document.execCommand("copy"); } catch { /* Said below. */ }
  document.removeEventListener("copy", set);
  area.remove();
  focused?.focus();
  return done;
}

function addCopyButton(place, code, name) {
  const button = document.createElement("button");
  const label = document.createTextNode("Copy");
  const more = document.createElement("span");
  let timer;
  button.type = "button";
  button.className = "copy";
  more.className = "unseen";
  more.textContent = ` ${name}`;
  button.append(label, more);
  button.addEventListener("click", async () => {
    const done = await copy(code.textContent);
    if (!done) getSelection().selectAllChildren(code);
    label.data = done ? "Copied" : "Failed";
    say(done ? `Copied: ${name}` : "Copying failed. The text is selected: copy it with the keyboard.");
    clearTimeout(timer);
    timer = setTimeout(() => { label.data = "Copy"; }, 2000);
  });
  place.append(button);
}

function setUpCopying() {
  for (const place of all("[data-copy]")) {
    const example = place.closest("[data-tabs=Examples] > section")?.querySelector("h3");
    const endpoint = place.closest(".endpoint")?.querySelector("h2");
    const names = [place.dataset.copy, example?.textContent, endpoint?.textContent];
    addCopyButton(place, place.querySelector("code"), names.filter(Boolean).join(", "));
  }
  all(".code").forEach((place, index) => {
    addCopyButton(place, place.querySelector("code"), `${place.dataset.language} code ${index + 1}`);
  });
}

// ---- The reader's own values, on pages that are for no bot. ----

// The same encoders as in `src/hole.rs`; `tests/encodings.json` holds both.
const encoders = {
  json: (text) => text.replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };
    return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }),
  url: (text) => encodeURIComponent(text).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  sse: (text) => text.replace(/\r\n?|\n/g, "\ndata: "),
};
const encode = (text, names) => names.reduce((value, name) => encoders[name]?.(value) ?? value, text);

// Whether a value may be filled in: the variable's own rules, and nothing that can't be seen.
function fits(input, value) {
  const { pattern, url } = input.dataset;
  if (!value || /\p{Cc}|\p{Cs}/u.test(value)) return false;
  if (input.maxLength > 0 && [...value].length > input.maxLength) return false;
  if (url !== undefined && !(/^https?:\/\/\S+$/.test(value) && URL.canParse(value))) return false;
  return pattern === undefined || new RegExp(`^(?:${pattern})$`, "u").test(value);
}

function fill(values) {
  for (const hole of all("data.hole")) {
    const value = values.get(hole.value);
    if (value !== undefined) hole.textContent = encode(value, hole.dataset.as?.split(" ") ?? []);
  }
  for (const attribute of ["href", "src", "title", "alt"]) {
    for (const element of all(`[data-fill-${attribute}]`)) {
      const recipe = JSON.parse(element.getAttribute(`data-fill-${attribute}`));
      const parts = recipe.map((part) =>
        typeof part === "string" ? part : encode(values.get(part[0]) ?? "", part.slice(1)));
      element.setAttribute(attribute, parts.join(""));
    }
  }
}

function setUpReader(reader) {
  const form = reader.querySelector("form");
  const wrong = form.querySelector(".wrong");
  const inputs = all("input", form);
  const given = new URLSearchParams(location.search);
  const values = new Map();
  const show = () => {
    for (const input of inputs) values.set(input.name, input.value || input.placeholder);
    fill(values);
  };
  for (const input of inputs) {
    const value = [given.get(input.name), recall(`value.${input.name}`)].find((v) => fits(input, v));
    if (value) input.value = value;
    // A value from the address goes along to the other pages, and nowhere else.
    if (value && value === given.get(input.name)) {
      for (const link of all(".side a, .prose a")) {
        if (link.host !== location.host || link.pathname === location.pathname) continue;
        link.search = new URLSearchParams([...new URLSearchParams(link.search), [input.name, value]]);
      }
    }
  }
  if (inputs.some((input) => input.value)) show();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const bad = inputs.find((input) => input.value.trim() && !fits(input, input.value.trim()));
    for (const input of inputs) input.setAttribute("aria-invalid", input === bad);
    wrong.textContent = bad ? `This is no ${bad.labels[0].textContent}.` : "";
    if (bad) return bad.focus();
    for (const input of inputs) {
      input.value = input.value.trim();
      remember(`value.${input.name}`, input.value || null);
    }
    show();
    close();
    say("The examples are filled in.");
  });
  form.addEventListener("reset", () => setTimeout(() => {
    wrong.textContent = "";
    for (const input of inputs) {
      input.setAttribute("aria-invalid", false);
      remember(`value.${input.name}`, null);
    }
    show();
    say("The examples show placeholders again.");
  }));
  const close = () => {
    reader.open = false;
    reader.querySelector("summary").focus();
  };
  reader.addEventListener("keydown", (event) => event.key === "Escape" && reader.open && close());
  document.addEventListener("click", (event) => {
    if (!reader.contains(event.target)) reader.open = false;
  });
  reader.hidden = false;
}

// ---- Setting up. ----

const chosenTheme = recall("theme");
if (chosenTheme === "dark" || chosenTheme === "light") root.dataset.theme = chosenTheme;
all("button.theme").forEach(setUpTheme);
all("[data-tabs]").forEach(setUpTabs);
setUpCopying();
all("details.reader").forEach(setUpReader);

const { target: first } = reveal(location.hash);
if (first?.closest(".moved")) location.replace(first.href);
else first?.scrollIntoView();
// An old page's refresh would drop the place on it.
const renamed = document.querySelector("meta[http-equiv=refresh]") && document.querySelector("main > p:not(.moved) > a");
if (renamed && !first && !renamed.hash && location.hash) location.replace(renamed.href + location.hash);
addEventListener("popstate", goToHash);
addEventListener("beforeprint", () => all("main details").forEach((details) => { details.open = true; }));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']:not([role=tab])");
  if (link) reveal(link.hash);
});
document.querySelector(".side")?.addEventListener("click", (event) => {
  if (event.target.closest("a")) event.currentTarget.hidePopover?.();
});
