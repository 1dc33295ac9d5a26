// Tabs, streams, copying, wrapping, the reader's values, light and dark. Everything is on the page
// without it. It writes text and never markup, and stores only what the reader chose.
"use strict";

const root = document.documentElement;
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
root.classList.add("js");

// Keys belong to an input method while it composes; Safari marks the one that ends it by its code.
const composes = (event) => event.isComposing || event.keyCode === 229;

// ---- Messages: attributes of the script's element. ----

const words = document.currentScript.dataset;
const phrase = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

// ---- What was chosen before. Without storage, a choice holds for this page. ----

const store = (kind) => ({
  get(key) {
    try { return window[kind].getItem(`botdocs.${key}`); } catch { return null; }
  },
  set(key, value) {
    try {
      if (value === null) window[kind].removeItem(`botdocs.${key}`);
      else window[kind].setItem(`botdocs.${key}`, value);
    } catch { /* See above. */ }
  },
});
const [always, visit] = ["localStorage", "sessionStorage"].map(store);

// ---- The live region. ----

const status = document.querySelector("[role=status]");
function say(text) {
  status.textContent = "";
  setTimeout(() => { status.textContent = text; }, 50);
}

// ---- Buttons; `unseen` names which of several it is. ----

function makeButton(className, text, name) {
  const button = document.createElement("button");
  const label = document.createTextNode(text);
  button.type = "button";
  button.className = className;
  button.append(label);
  if (name) {
    const more = document.createElement("span");
    more.className = "unseen";
    more.textContent = ` ${name}`;
    button.append(more);
  }
  return { button, label };
}

// What a pane or place is called: `Stream, Follow up, Chat`.
function nameOf(place) {
  const example = place.closest(".rail[data-tabs] > section")?.querySelector("h3");
  const endpoint = place.closest(".endpoint")?.querySelector("h2");
  return [place.dataset.copy, example?.textContent, endpoint?.textContent].filter(Boolean).join(", ");
}

// ---- Light and dark: the system's, until the reader wants the other, which `theme.js` reads. ----

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
    always.set("theme", own);
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
      // Browsers put the middle of a tall element in view.
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
    if (at < 0 || to === undefined || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
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
    // Only what changes is touched: forty panels that stay closed cost nothing.
    if (other.getAttribute("aria-selected") === String(chosen)) return;
    other.setAttribute("aria-selected", chosen);
    other.tabIndex = chosen ? 0 : -1;
    panels[index].tabIndex = chosen ? 0 : -1;
    if (chosen) panels[index].removeAttribute("hidden");
    else panels[index].setAttribute("hidden", "until-found"); // so that the browser's search finds it
  });
}

// What a reader's choice brings with it, besides the panel.
function choose(tab, how) {
  stopPlaying();
  select(tab);
  pair(tab);
  note(tab, how);
  bringIntoList(tab);
}

// Lists of many tabs scroll, in one way or the other.
function bringIntoList(tab) {
  const list = tab.closest("[role=tablist]");
  const [inner, outer] = [tab, list].map((element) => element.getBoundingClientRect());
  list.scrollLeft += Math.min(0, inner.left - outer.left) + Math.max(0, inner.right - outer.right);
  list.scrollTop += Math.min(0, inner.top - outer.top - 8) + Math.max(0, inner.bottom - outer.bottom + 8);
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

// The address has what is open: an endpoint is an entry of the history, an example a part of it.
function note(tab, how) {
  if (anchorOf(tab.hash) === anchorOf(location.hash)) return;
  const outer = tab.closest("[data-tabs]").classList.contains("endpoints");
  try { history[outer ? how : "replaceState"](null, "", tab.hash); } catch { /* Some pages from disk may not. */ }
}

// The anchor that a fragment means: addresses escape letters in several ways.
function anchorOf(hash) {
  let id = hash.slice(1);
  try { id = decodeURIComponent(id); } catch { /* It is meant as it is. */ }
  return id.normalize();
}

// Opens all that hides an anchor, and returns what was there and whether something was closed.
function reveal(hash) {
  const id = anchorOf(hash);
  const target = id ? document.getElementById(id) : null;
  let opened = false;
  for (let at = target; at; at = at.parentElement) {
    const tab = tabOf.get(at);
    if (tab && at.hasAttribute("hidden")) {
      select(tab);
      pair(tab);
      bringIntoList(tab);
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

// ---- The entry of “On this page” for what is being read. ----

// A heading that is jumped over crosses no line of an observer: so this listens to scrolling.
function setUpContents(contents) {
  const entries = [];
  for (const link of all("a", contents)) {
    const part = document.getElementById(anchorOf(link.hash));
    if (part) entries.push({ link, part });
  }
  const mark = () => {
    const shown = entries.filter(({ part }) => !part.closest("[hidden]"));
    const top = ({ part }) => part.getBoundingClientRect().top;
    let current = shown.findLast((entry) => top(entry) <= innerHeight * 0.4);
    if (scrollY > 0 && scrollY + innerHeight >= root.scrollHeight - 2) {
      // The last parts may be too short to come up.
      const asked = shown.find((entry) => entry.part.id === anchorOf(location.hash) && top(entry) >= 0);
      current = asked ?? shown.at(-1);
    }
    for (const { link } of entries) {
      if (link !== current?.link) link.removeAttribute("aria-current");
    }
    current?.link.setAttribute("aria-current", "location");
  };
  let waiting = false;
  const later = () => {
    if (!waiting) requestAnimationFrame(() => { waiting = false; mark(); });
    waiting = true;
  };
  for (const event of ["scroll", "resize", "popstate"]) addEventListener(event, later, { passive: true });
  document.addEventListener("click", later);
  document.addEventListener("keyup", later);
  later();
}

// ---- Playing a stream: its items come one by one. ----

// What is still to come is dimmed, so nothing moves.
let stopPlaying = () => {};

function setUpStream(tools) {
  const pane = tools.parentElement;
  const code = pane.querySelector("pre");
  const items = all(".sent", code);
  const pieces = all(".joined > span > span", pane);
  const { button, label } = makeButton("play", words.sayPlay, nameOf(pane));
  const pace = Math.max(60, Math.min(600, 12000 / items.length)); // milliseconds
  let timer;
  const end = (said) => {
    clearTimeout(timer);
    stopPlaying = () => {};
    pane.classList.remove("playing");
    for (const element of [...items, ...pieces]) element.classList.remove("here", "now");
    label.data = words.sayPlay;
    say(said);
  };
  const play = (at, joined) => {
    items[at - 1]?.classList.remove("now");
    const item = items[at];
    if (!item) return end(words.sayEnded);
    item.classList.add("here", "now");
    if ("adds" in item.dataset) pieces[joined++]?.classList.add("here");
    const [inner, outer] = [item, code].map((element) => element.getBoundingClientRect());
    code.scrollTop += Math.min(0, inner.top - outer.top) + Math.max(0, inner.bottom - outer.bottom);
    timer = setTimeout(play, pace, at + 1, joined);
  };
  button.addEventListener("click", () => {
    if (pane.classList.contains("playing")) return stopPlaying();
    stopPlaying();
    stopPlaying = () => end(words.sayStopped);
    pane.classList.add("playing");
    label.data = words.sayStop;
    say(phrase(words.sayPlaying, { number: items.length }));
    timer = setTimeout(play, pace / 2, 0, 0);
  });
  tools.prepend(button);
}

// ---- Long lines scroll or wrap, on all pages. ----

function setUpWrapping() {
  const buttons = [];
  const show = () => {
    const wraps = always.get("wrap") !== null;
    root.classList.toggle("wrap", wraps);
    for (const button of buttons) button.setAttribute("aria-pressed", wraps);
  };
  for (const place of all(".rail, .code")) {
    const { button } = makeButton("wrap-lines", words.sayWrap);
    button.addEventListener("click", () => {
      const before = button.getBoundingClientRect().top;
      always.set("wrap", root.classList.contains("wrap") ? null : "yes");
      show();
      scrollBy(0, button.getBoundingClientRect().top - before); // Code above may have another height.
    });
    const list = place.querySelector(":scope > ul");
    if (list) list.after(button);
    else place.prepend(button);
    buttons.push(button);
  }
  show();
}

// ---- Samples: in the language chosen last. ----

function setUpSamples() {
  const blocks = all(".samples");
  const show = (name) => {
    for (const details of blocks.flatMap((block) => [...block.children])) {
      if (details.dataset.sample === name) details.open = true; // Which closes the others of its block.
    }
  };
  document.addEventListener("click", (event) => {
    const summary = event.target.closest(".samples summary");
    if (!summary) return;
    const before = summary.getBoundingClientRect().top;
    const name = summary.parentElement.dataset.sample;
    event.preventDefault(); // One is always open.
    always.set("sample", name || null);
    show(name);
    scrollBy(0, summary.getBoundingClientRect().top - before);
  });
  show(always.get("sample") ?? "");
}

// ---- Copying the text that is shown. ----

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch { /* Not allowed: see below. */ }
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

// A button that copies what `text` gives; `failed` is told of a fault, or of none.
function makeCopyButton(className, title, name, text, failed) {
  const { button, label } = makeButton(className, title, name);
  let timer;
  button.addEventListener("click", async () => {
    const copied = await text();
    const done = copied !== null && await copy(copied);
    failed(done);
    label.data = done ? words.sayCopied : words.sayFailed;
    if (done && name) say(phrase(words.sayCopiedWhat, { what: name }));
    clearTimeout(timer);
    timer = setTimeout(() => { label.data = title; }, 2000);
  });
  return button;
}

function addCopyButton(place, name) {
  const code = () => place.querySelector("details[open] code") ?? place.querySelector("code");
  // Of a session, the commands alone can be run.
  const text = () => {
    const commands = all(".command", code());
    if (!commands.length) return code().textContent;
    // A line end at the end would run the last command when it is pasted.
    return commands.map((command) => command.textContent).join("").replace(/\n$/, "");
  };
  place.append(makeCopyButton("copy", words.sayCopy, name, text, (done) => {
    if (done) return;
    getSelection().selectAllChildren(code());
    say(words.sayFailedHelp);
  }));
}

function setUpCopying() {
  for (const place of all("[data-copy]")) addCopyButton(place, nameOf(place));
  all(".code").forEach((place, index) => {
    const title = place.querySelector("figcaption")?.textContent;
    const code = phrase(words.sayCode, { language: place.dataset.language, number: index + 1 });
    addCopyButton(place, [title, code].filter(Boolean).join(", "));
  });
}

// The page's twin, with the reader's values.
function setUpTwin(place) {
  const link = place.querySelector("a");
  const why = document.createElement("small");
  const isFile = location.protocol === "file:";
  let twin = null;
  let fault;
  const load = () => {
    if (isFile) return null;
    twin ??= fetch(link.href)
      .then((response) => (response.ok ? response.text() : null))
      .catch(() => null)
      .then((text) => {
        if (text === null) twin = null;
        return text;
      });
    return twin;
  };
  const text = async () => {
    const given = await load();
    fault = given !== null ? words.sayNotCopied : isFile ? words.sayFromDisk : words.sayNotLoaded;
    return given === null ? null : fillTwin(given, link.dataset.holes);
  };
  const button = makeCopyButton("copy", words.sayCopyPage, "", text, (done) => {
    why.textContent = done ? "" : fault;
    say(done ? phrase(words.sayCopiedWhat, { what: words.sayPage }) : fault);
  });
  // Some browsers copy only at once when asked: so it is loaded when a reader is about to ask.
  for (const event of ["pointerenter", "focus"]) button.addEventListener(event, load);
  place.prepend(button);
  place.append(why);
}

// ---- The reader's own values, on pages that are for no bot. ----

// The same encoders as in `src/hole/mod.rs`; `tests/encodings.json` holds both.
const encoders = {
  json: (text) => text.replace(/["\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g, (character) => {
    const short = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };
    return short[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  }),
  url: (text) => encodeURIComponent(text).replace(/[!'()*]/g, (character) =>
    `%${character.charCodeAt(0).toString(16).toUpperCase()}`),
  sse: (text) => text.replace(/\r\n?|\n/g, "\ndata: "),
  shell: (text) => text.replaceAll("'", "'\\''"),
  single: (text) => text.replace(/['\\]/g, "\\$&"),
  powershell: (text) => text.replace(/['‘’‚‛]/g, "$&$&"),
  goraw: (text) => text.replaceAll("`", '` + "`" + `'),
  indent: (text) => text.replace(/\r\n?|\n/g, "\n    "),
  markdown: (text) => text
    .replace(new RegExp([
      String.raw`[\\\x60*[\]<|~"]`, // Markup wherever it stands.
      String.raw`(?<![\p{Alphabetic}\p{N}])_|_(?![\p{Alphabetic}\p{N}])`,
      String.raw`!(?=\[|$)|(?<!\P{White_Space})#|^[>+\-=(]|^:(?=\p{White_Space}|-|$)`,
      String.raw`(?<=^[0-9]*)[.)](?=\p{White_Space}|$)|&(?=[#0-9A-Za-z]*(?:;|$))`,
    ].join("|"), "gu"), "\\$&")
    .replace(/^[ \t\n\r]|[ \t\n\r]$/g, "&#32;").replace(/[\t\n\r]/g, " "),
};
const encode = (text, names) => names.reduce((value, name) => encoders[name]?.(value) ?? value, text);

// What the reader gave, by variable; a variable that is not here shows what stands in for it.
const values = new Map();

// An automaton from `PatternShape` in `src/hole/pattern.rs`: a state reads a character `of` some
// ranges, or goes on `to` others. A browser's own patterns can take years.
function automaton(shape, next) {
  const [[kind, value]] = Object.entries(shape);
  if (kind === "of") return { of: value, next };
  if (kind === "any") return { to: value.map((part) => automaton(part, next)) };
  if (kind === "all") return value.reduceRight((then, part) => automaton(part, then), next);
  const [part, least, most] = value;
  let state = next;
  if (most === null) {
    state = { to: [next] };
    state.to.push(automaton(part, state));
  }
  for (let count = least; count < most; count++) state = { to: [next, automaton(part, state)] };
  for (let count = 0; count < least; count++) state = automaton(part, state);
  return state;
}

function matches(shape, text) {
  const end = {};
  const reach = (states) => {
    const reached = new Set(states);
    for (const { to = [] } of reached) for (const state of to) reached.add(state);
    return reached;
  };
  let states = reach([automaton(shape, end)]);
  for (const character of text) {
    const code = character.codePointAt(0);
    const reads = ({ of = [] }) => of.some((first, at) => at % 2 === 0 && first <= code && code <= of[at + 1]);
    states = reach([...states].filter(reads).map((state) => state.next));
  }
  return states.has(end);
}

// What is wrong with a value, or nothing, as `Variable::refuses` in `src/hole/variable.rs`.
function refusal(rules, value) {
  if (rules.longest !== null && [...value].length > rules.longest) return "long";
  if (/[\0\u{f0000}-\u{10ffff}]/u.test(value)) return "form";
  if (rules.id && !/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(value)) return "form";
  if (rules.id && /^(?:con|prn|aux|nul|(?:com|lpt)[0-9])$/i.test(value)) return "form";
  if (rules.shape && !matches(rules.shape, value)) return "form";
  if (rules.segment && /^\.\.?$/.test(value)) return "form";
  const address = /^(?![^?#]*\/(?:\.|%2[Ee]){1,2}(?:[/?#]|$))https?:\/\/(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?(?:[/?#][!#-;=?-[\]_a-z~]*)?$/;
  return rules.url && !address.test(value) ? "address" : "";
}

const rulesOf = (input) => JSON.parse(input.dataset.rules);

// The same in words. Fields hold no characters that can't be seen.
function faultOf(input, value) {
  const rules = rulesOf(input);
  const kind = refusal(rules, value) || (/\p{Cc}|\p{Cs}/u.test(value) ? "form" : "");
  if (!kind) return "";
  const fault = (expected) => `${phrase(words.sayWrong, { variable: input.labels[0].textContent })} ${expected}`;
  if (kind === "long") return fault(phrase(words.sayLong, { number: rules.longest }));
  if (kind === "address") return fault(words.sayAddress);
  const { example } = input.dataset;
  if (example) return fault(phrase(words.sayLike, { example }));
  return fault(rules.pattern ? phrase(words.sayPattern, { pattern: rules.pattern }) : "");
}

// Whoever wrote a link may want the reader's key: so its value decides no host, and names none.
function faultOfLink(input, value) {
  const namesHost = /(?:^|[:/])\/|[\\@]|[^\s.][.。][^\s\d.]|\d\.\d+\.\d+\.\d|0x[\da-f]+\.|\.0x|\[[\da-f]*:/i;
  if (!rulesOf(input).linkable || namesHost.test(value.normalize("NFKC"))) return words.sayTyped;
  return faultOf(input, value);
}

function fill(shown) {
  for (const hole of all("data.hole")) {
    const value = shown.get(hole.value);
    if (value !== undefined) hole.textContent = encode(value, hole.dataset.as?.split(" ") ?? []);
  }
  for (const attribute of ["href", "src", "title", "alt", "aria-label"]) {
    for (const element of all(`[data-fill-${attribute}]`)) {
      const recipe = JSON.parse(element.getAttribute(`data-fill-${attribute}`));
      const parts = recipe.map((part) =>
        typeof part === "string" ? part : encode(shown.get(part[0]) ?? "", part.slice(1)));
      element.setAttribute(attribute, parts.join(""));
    }
  }
}

// A twin as it is on the host holds what stands in for the values; `recipe` says where.
function fillTwin(text, recipe) {
  let at = 0;
  let filled = "";
  for (const hole of recipe?.split(";") ?? []) {
    const [before, length, name, ...encodings] = hole.split(" ");
    const [from, to] = [at + Number(before), at + Number(before) + Number(length)];
    const value = values.get(name);
    filled += text.slice(at, from) + (value === undefined ? text.slice(from, to) : encode(value, encodings));
    at = to;
  }
  return filled + text.slice(at);
}

// A value of the address goes along to the other pages of the folder; one that was entered stays in
// the browser.
function carry(name, value) {
  const [folder] = location.pathname.match(/^.*\//) ?? ["/"];
  for (const link of all(".top a, .side a, main a")) {
    if (link.protocol !== location.protocol || link.host !== location.host) continue;
    if (link.pathname === location.pathname || !link.pathname.startsWith(folder)) continue;
    if (link.pathname.slice(folder.length).includes("/")) continue;
    const address = new URLSearchParams(link.search);
    if (value) address.set(name, value);
    else address.delete(name);
    if (value || link.search) link.search = address;
  }
}

function setUpReader(reader) {
  const form = reader.querySelector("form");
  const inputs = all("input[data-rules]", form);
  const notice = document.querySelector(".brought");
  const show = () => fill(new Map(inputs.map(({ name, placeholder }) => [name, values.get(name) ?? placeholder])));
  const judge = (input, fault) => {
    input.setAttribute("aria-invalid", Boolean(fault));
    document.getElementById(`_wrong.${input.name}`).textContent = fault;
  };
  // A value from the address comes before what was entered; the reader may keep it. A page without
  // the notice takes none.
  const restore = () => {
    const given = new URLSearchParams(location.search);
    const brought = [];
    for (const input of inputs) {
      const [asked, entered] = [given.get(input.name), visit.get(`entered.${input.name}`)];
      const fault = asked && asked !== entered ? faultOfLink(input, asked) : "";
      const isBrought = notice && asked && asked !== entered && !fault;
      const value = isBrought ? asked : entered && !faultOf(input, entered) ? entered : "";
      // An older script stored what links brought.
      visit.set(`value.${input.name}`, null);
      judge(input, fault);
      input.value = value;
      if (value) values.set(input.name, value);
      else values.delete(input.name);
      if (!isBrought) continue;
      carry(input.name, value);
      brought.push(`${input.labels[0].textContent}: ${value}`);
    }
    if (!notice) return;
    notice.hidden = !brought.length;
    notice.querySelector("span").textContent = brought.join(", ");
  };
  // What links bring leaves the address.
  const forget = () => {
    const address = new URL(location);
    for (const { name } of inputs) {
      address.searchParams.delete(name);
      carry(name, null);
    }
    if (address.search !== location.search) {
      try { history.replaceState(null, "", address); } catch { /* Some pages from disk may not. */ }
    }
  };
  // What the reader now says holds, also when the page is loaded anew.
  const keep = () => {
    for (const input of inputs) {
      input.value = input.value.trim();
      judge(input, "");
      if (input.value) values.set(input.name, input.value);
      else values.delete(input.name);
      visit.set(`entered.${input.name}`, input.value || null);
    }
    forget();
    if (notice) notice.hidden = true;
    show();
  };
  const close = () => {
    reader.open = false;
    reader.querySelector("summary").focus();
  };
  notice?.querySelector("[data-keep]").addEventListener("click", () => {
    for (const input of inputs) input.value = values.get(input.name) ?? "";
    keep();
    reader.querySelector("summary").focus();
    say(words.sayFilled);
  });
  notice?.querySelector("[data-undo]").addEventListener("click", () => {
    const left = new URL(location);
    for (const { name } of inputs) left.searchParams.delete(name);
    forget();
    // Some pages from disk may not.
    if (location.search !== left.search) return location.replace(left);
    restore();
    show();
    reader.querySelector("summary").focus();
    say(words.sayUndone);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    for (const input of inputs) judge(input, input.value.trim() && faultOf(input, input.value.trim()));
    const bad = inputs.find((input) => input.getAttribute("aria-invalid") === "true");
    if (bad) return bad.focus();
    keep();
    close();
    say(words.sayFilled);
  });
  form.addEventListener("reset", (event) => {
    event.preventDefault();
    for (const input of inputs) input.value = "";
    keep();
    say(words.sayCleared);
  });
  reader.addEventListener("keydown", (event) => event.key === "Escape" && !composes(event) && reader.open && close());
  document.addEventListener("click", (event) => {
    if (!reader.contains(event.target)) reader.open = false;
  });
  // A page that the browser kept may have been left before the value came.
  addEventListener("pageshow", (event) => {
    if (!event.persisted) return;
    restore();
    show();
  });
  restore();
  if (values.size) show();
  reader.hidden = false;
}

// ---- Search, loaded when the reader opens it. ----

function setUpSearch(button) {
  const dialog = document.querySelector("dialog.search");
  const apple = /Mac|iP/.test(navigator.platform);
  let loading;
  const open = async () => {
    if (!dialog.open) dialog.showModal();
    dialog.querySelector("input").select();
    const { script, sayFromDisk, sayHint, sayNotLoaded } = dialog.dataset;
    const status = dialog.querySelector("[role=status]");
    // Also after a failure.
    if (!loading) status.textContent = sayHint;
    loading ??= import(new URL(script, document.baseURI)).then((search) => search.setUp(dialog, reveal));
    try { await loading; } catch {
      loading = undefined;
      status.textContent = location.protocol === "file:" ? sayFromDisk : sayNotLoaded;
    }
  };
  button.addEventListener("click", open);
  document.addEventListener("keydown", (event) => {
    const { altKey, code, ctrlKey, key, metaKey, shiftKey } = event;
    // Where the letters are not Latin, the key that has K elsewhere.
    const isK = key.toLowerCase() === "k" || (code === "KeyK" && !/^[a-z]$/i.test(key));
    if (composes(event) || !isK || altKey || shiftKey || (apple ? !metaKey || ctrlKey : !ctrlKey || metaKey)) return;
    event.preventDefault();
    open();
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog || event.target.closest("button")) dialog.close();
  });
  if (apple) button.querySelector("kbd").textContent = "⌘ K";
  button.setAttribute("aria-keyshortcuts", apple ? "Meta+K" : "Control+K");
  button.hidden = false;
}

// ---- Setting up. ----

// A project's own frame may lack `theme.js`.
if (/^(dark|light)$/.test(always.get("theme"))) root.dataset.theme = always.get("theme");
all("button.theme").forEach(setUpTheme);
all("[data-tabs]").forEach(setUpTabs);
setUpWrapping();
setUpSamples();
setUpCopying();
all("[data-play]").forEach(setUpStream);
all("[data-twin]").forEach(setUpTwin);
all("details.reader").forEach(setUpReader);
all("[data-contents]").forEach(setUpContents);
all("button.find").forEach(setUpSearch);

const { target: first } = reveal(location.hash);
if (first?.closest(".moved")) location.replace(first.href);
else first?.scrollIntoView();
// An old page's refresh would drop the place on it.
const renamed = document.querySelector("meta[http-equiv=refresh]") && document.querySelector("main > p:not(.moved) > a");
if (renamed && !first && !renamed.hash && location.hash) location.replace(renamed.href + location.hash);
addEventListener("popstate", goToHash);
document.addEventListener("keydown", (event) => event.key === "Escape" && !composes(event) && stopPlaying());
addEventListener("beforeprint", () => stopPlaying());
addEventListener("beforeprint", () => all("main details:not([name])").forEach((details) => { details.open = true; }));
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href^='#']:not([role=tab])");
  if (link) reveal(link.hash);
});
document.querySelector(".side")?.addEventListener("click", (event) => {
  if (event.target.closest("a")) event.currentTarget.hidePopover?.();
});
