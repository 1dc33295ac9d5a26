// The search in its dialog, loaded when the reader opens it. It looks words up in the index that
// the build wrote (see `src/pages/search.rs`), here in the browser: nothing that is typed leaves the
// page. Results are made of text and elements, never of markup.

/** What the search says, in the language of the page: attributes of the dialog. */
let texts;
const phrase = (text, values) => text.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place);

/** How many results are shown at most. */
const MOST = 40;
/** How long the text of a result is at most, and how much of it stands before the first match. */
const LENGTH = 150;
const BEFORE = 40;

/** How much more an entry of a kind counts than a passage of a text, and how much less a step down. */
const WEIGHT = { endpoint: 2.5, page: 2, field: 1.6, event: 1.6, response: 1.6, part: 1.1, heading: 1 };
const STEP = 0.1;
/** How much more an entry counts that is what was typed, or begins so. */
const EXACT = 10;
const BEGINS = 3;
/** How much an entry of any kind counts whose text has all that was typed in one piece. */
const SAYS = 8;
/** How near to the best an entry that is only similar must come. */
const NEAR = 0.4;

/** Loads the library and the index, and lets the dialog search. */
export async function setUp(dialog, reveal) {
  texts = dialog.dataset;
  const { library, index, pages, here } = texts;
  const [{ default: MiniSearch }, rows] = await Promise.all([
    import(new URL(library, document.baseURI)),
    load(new URL(index, document.baseURI)),
  ]);
  let entries = read(rows, pages, here);
  let find = await finder(MiniSearch, entries);
  const input = dialog.querySelector("[role=combobox]");
  const list = dialog.querySelector("[role=listbox]");
  const status = dialog.querySelector("[role=status]");
  let options = [];
  let active = -1;

  const activate = (at) => {
    options[active]?.setAttribute("aria-selected", false);
    active = at;
    const option = options[active];
    option?.setAttribute("aria-selected", true);
    option?.scrollIntoView({ block: "nearest" });
    if (option) input.setAttribute("aria-activedescendant", option.id);
    else input.removeAttribute("aria-activedescendant");
  };
  const show = () => {
    clearTimeout(waiting);
    waiting = undefined;
    const query = input.value.trim();
    const { found, isSimilar } = find(query);
    options = found.slice(0, MOST).map((result, at) => option(entries, result, at));
    list.replaceChildren(...options);
    list.scrollTop = 0;
    list.hidden = !options.length;
    input.setAttribute("aria-expanded", options.length > 0);
    status.textContent = count(query, found.length, options.length, isSimilar);
    activate(options.length ? 0 : -1);
  };

  // Keys that come while a search still runs are looked up together.
  let waiting;
  const catchUp = () => {
    if (waiting) show();
  };
  input.addEventListener("input", () => { waiting ??= setTimeout(catchUp); });
  input.addEventListener("keydown", (event) => {
    // Keys belong to an input method while it composes; Safari marks the one that ends it by its code.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter") catchUp();
    if (!options.length) return;
    const to = { ArrowDown: active + 1, ArrowUp: active - 1 }[event.key];
    if (to !== undefined) activate((to + options.length) % options.length);
    else if (event.key === "Enter") options[active].click();
    else return;
    event.preventDefault();
  });
  // The field keeps the focus: the list is read from there.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    dialog.close();
    if (!link.getAttribute("href").startsWith("#")) return;
    const { target } = reveal(link.hash);
    const place = target?.hasAttribute("tabindex") ? target : target?.querySelector("a");
    setTimeout(() => place?.focus({ preventScroll: true }));
  });
  if (input.value.trim()) show();
  else status.textContent = texts.sayHint;
  // A preview says so when the site has changed under a page that stays.
  document.addEventListener("botdocs-update", async () => {
    entries = read(await load(new URL(index, document.baseURI)), pages, here);
    find = await finder(MiniSearch, entries);
    if (input.value.trim()) show();
  });
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

/** The rows of the index as entries, each with the titles of what it stands in and its link. */
function read(rows, pages, here) {
  const entries = [];
  const along = carried();
  for (const [back, kind, title, address, text, line = ""] of rows) {
    const outer = back ? entries[entries.length - back] : undefined;
    const file = outer ? outer.file : address;
    const anchor = outer ? address || `${outer.anchor}.${title}` : "";
    const path = outer ? [...outer.path, outer.title] : [];
    const href = file === here ? anchor || "#_main" : pages + file + along + anchor;
    const name = normal(title);
    const full = outer ? `${outer.full} ${name}` : name;
    const call = normal(line);
    const weight = WEIGHT[kind] / (1 + STEP * path.length);
    const id = entries.length;
    entries.push({ id, kind, title, text, line, file, anchor, path, href, name, full, call, weight });
  }
  return entries;
}

/** The reader's values that came by the address, which go along to other pages. */
function carried() {
  const given = new URLSearchParams(location.search);
  const inputs = [...document.querySelectorAll(".reader input")];
  const own = inputs.filter((input) => input.value && input.value === given.get(input.name));
  return own.length ? `?${new URLSearchParams(own.map((input) => [input.name, input.value]))}` : "";
}

/** A function from what was typed to the entries that have it, the best first. */
async function finder(MiniSearch, entries) {
  const index = new MiniSearch({
    fields: ["title", "call", "text"],
    tokenize: (text) => [...wordsOf(text)].map(({ word }) => word),
    processTerm: (word) => {
      const parts = word.split(/(?<=\p{Ll})(?=\p{Lu})/u);
      return parts.length > 1 ? [word, ...parts].map(fold) : fold(word);
    },
  });
  // In pieces, so that one can type meanwhile.
  await index.addAllAsync(entries, { chunkSize: 500 });
  const plain = { processTerm: fold, prefix: true, boost: { title: 5, call: 3 } };
  const fuzzy = { ...plain, fuzzy: (term) => (term.length > 3 ? 0.25 : false) };
  // The shortest words are in every text.
  const long = (word) => (/^\p{scx=Latin}{1,3}$/u.test(word) ? null : fold(word));
  return (query) => {
    const whole = normal(query);
    const words = whole.split(" ");
    // Whether each word but some stands in the name of an entry, or of something around it.
    const isPlace = (id, but = []) =>
      words.every((word) => but.includes(word) || ` ${entries[id].full}`.includes(` ${word}`));
    const hasAll = ({ id, queryTerms }) => isPlace(id, queryTerms);
    const boostDocument = (id) => {
      const { name, call, text, weight } = entries[id];
      const isNamed = whole === name || (whole.endsWith(` ${name}`) && isPlace(id));
      if (isNamed || call.endsWith(whole)) return weight * EXACT * words.length;
      if (name.startsWith(whole)) return weight * BEGINS;
      return words.length > 1 && text.includes(query) ? SAYS : weight;
    };
    const search = (options) => {
      const found = index.search(query, { ...options, boostDocument });
      return found.sort((a, b) => b.score - a.score || a.id - b.id);
    };
    const found = search({ ...plain, filter: hasAll });
    if (found.length) return { found, isSimilar: false };
    let close = search({ ...fuzzy, filter: hasAll });
    if (!close.length) close = search({ ...fuzzy, processTerm: long });
    return { found: close.filter(({ score }) => score > NEAR * close[0].score), isSimilar: true };
  };
}

/** The words of a text in the form in which they are compared. */
const normal = (text) => [...wordsOf(text)].map(({ word }) => fold(word)).join(" ");

/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "word" });

/** The words of a text with their places. */
function* wordsOf(text) {
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}]+/gu)) {
    if (!segmenter || !UNSPACED.test(word)) yield { word, at: index };
    else for (const part of segmenter.segment(word)) yield { word: part.segment, at: index + part.index };
  }
}

/** A word without case, accents, and points for vowels. */
function fold(word) {
  return word.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u0652]/g, "").toLowerCase();
}

function count(query, found, shown, isSimilar) {
  if (!query) return texts.sayHint;
  if (!found) return phrase(texts.sayNone, { query });
  if (isSimilar) return phrase(texts.saySimilar, { number: found });
  if (shown < found) return phrase(texts.sayFirst, { shown, number: found });
  return found === 1 ? texts.sayOne : phrase(texts.sayMany, { number: found });
}

/** A result: what it is, where it stands, and what is said there. */
function option(entries, { id, terms }, at) {
  const entry = entries[id];
  const matched = new Set(terms);
  const link = document.createElement("a");
  link.id = `_found.${at}`;
  link.setAttribute("role", "option");
  link.tabIndex = -1;
  link.href = entry.href;
  link.setAttribute("aria-selected", false);
  const isCode = ["field", "event", "response"].includes(entry.kind);
  link.append(element(isCode ? "code" : "strong", marked(entry.title, matched)));
  if (entry.path.length) link.append(" ", element("small", trail(entry.path)));
  const text = [entry.line, entry.text].filter(Boolean).join(" · ");
  if (text) link.append(" ", element("span", marked(excerpt(text, matched), matched)));
  return link;
}

function element(name, children) {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}

/** Each name in a direction of its own. */
function trail(path) {
  return path.flatMap((name, at) => [...(at ? [" › "] : []), element("bdi", [name])]);
}

/** A text in which the words that were found are marked. */
function marked(text, matched) {
  const parts = [];
  let from = 0;
  for (const { word, at } of matches(text, matched)) {
    parts.push(text.slice(from, at), element("mark", [word]));
    from = at + word.length;
  }
  return [...parts, text.slice(from)];
}

function* matches(text, matched) {
  for (const { word, at } of wordsOf(text)) {
    const parts = [word, ...word.split(/(?<=\p{Ll})(?=\p{Lu})/u)];
    if (parts.some((part) => matched.has(fold(part)))) yield { word, at };
  }
}

/** The part of a long text around the first word that was found. */
function excerpt(text, matched) {
  if (text.length <= LENGTH) return text;
  const at = matches(text, matched).next().value?.at ?? 0;
  const from = at > BEFORE ? text.indexOf(" ", at - BEFORE) + 1 : 0;
  const start = from > at ? at : from;
  const space = text.lastIndexOf(" ", start + LENGTH);
  const end = start + LENGTH >= text.length ? text.length : Math.max(space, at + 1);
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}
