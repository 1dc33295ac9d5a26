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
/** How much more an entry counts that is what was typed, or another form of it, or begins so. */
const EXACT = 10;
const STEMMED = 4;
const BEGINS = 3;
/** How much an entry of any kind counts whose text has all that was typed in one piece. */
const SAYS = 8;
/** How near to the best an entry that is only similar must come. */
const NEAR = 0.4;

/** How much an entry counts that has a synonym or another spelling of what was typed. */
const OTHERWISE = 0.7;

/** Words of a language that are no reason to find nothing, without accents. */
const STOPS = {
  en: `a about an and any are as at be by can could do does for from get had has have how i if in
    into is it its me must my no not of on or our should so that the their them then there these they this to us was
    we were what when where which who why will with would you your`,
  de: `aber alle als am an auch auf aus bei bin bis da damit dann das dass dem den der des die dies diese diesem
    diesen dieser dieses doch du ein eine einem einen einer eines er es fur hat habe haben hier ich ihr im in
    ist ja kann konnen man mein meine mich mir mit muss nach nicht noch nur oder sein sich sie sind so soll uber
    um und uns unter vom von vor wann warum was welche welcher welches wenn wer werden wie wir wird wo wozu zu
    zum zur`,
};

/** Loads the library and the index, and lets the dialog search. */
export async function setUp(dialog, reveal) {
  texts = dialog.dataset;
  const { library, stemmer, index, pages, here } = texts;
  const at = (address) => new URL(address, document.baseURI);
  const [{ default: MiniSearch }, Stemmer, rows] = await Promise.all([
    import(at(library)),
    stemmer && import(at(stemmer)).then((loaded) => loaded.default),
    load(at(index)),
  ]);
  const language = languageOf(document.documentElement.lang, Stemmer);
  let { entries, synonyms } = read(rows, pages, here, carried());
  let find = await finder(MiniSearch, entries, synonyms, language);
  let latest = null;
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
    options = found.slice(0, MOST).map((result, at) => option(entries, language, result, at));
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
    const update = {};
    latest = update;
    const rows = read(await load(at(index)), pages, here, carried());
    const search = await finder(MiniSearch, rows.entries, rows.synonyms, language);
    // An update that began later has the last word.
    if (latest !== update) return;
    ({ entries, synonyms } = rows);
    find = search;
    if (input.value.trim()) show();
  });
}

async function load(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: ${response.status}`);
  return response.json();
}

/** How the words of a language are compared: each has a stem, and some are no reason to find nothing. */
export function languageOf(tag, Stemmer) {
  const stemmer = Stemmer && new Stemmer();
  const stems = new Map();
  const stem = (word) => {
    if (!stemmer) return fold(word);
    if (!stems.has(word)) stems.set(word, fold(stemmer.stemWord(word.toLowerCase())));
    return stems.get(word);
  };
  const stops = new Set(STOPS[tag.split("-")[0].toLowerCase()]?.split(/\s+/));
  // `maxTokens` is also two words.
  const formsOf = (word) => [...new Set([word, ...partsOf(word)].flatMap((part) => [fold(part), stem(part)]))];
  return { stem, stops, formsOf };
}

/** The rows of the index as entries, each with the titles of what it stands in and its link; and the synonyms. */
export function read(rows, pages, here, along) {
  const entries = [];
  const synonyms = [];
  for (const [back, kind, title, address, text, line = "", words = ""] of rows) {
    if (kind === "synonyms") {
      synonyms.push(...Object.entries(words));
      continue;
    }
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
    entries.push({ id, kind, title, text, line, words, file, anchor, path, href, name, full, call, weight });
  }
  return { entries, synonyms };
}

/** The reader's values that came by the address, which go along to other pages. */
function carried() {
  const given = new URLSearchParams(location.search);
  const inputs = [...document.querySelectorAll(".reader input")];
  const own = inputs.filter((input) => input.value && input.value === given.get(input.name));
  return own.length ? `?${new URLSearchParams(own.map((input) => [input.name, input.value]))}` : "";
}

/** A function from what was typed to the entries that have it, the best first. */
export async function finder(MiniSearch, entries, synonyms, { stem, stops, formsOf }) {
  const index = new MiniSearch({
    fields: ["title", "call", "text", "words"],
    tokenize: (text) => [...[...wordsOf(text)].map(({ word }) => word), ...joinedOf(text)],
    processTerm: formsOf,
  });
  // In pieces, so that one can type meanwhile.
  await index.addAllAsync(entries, { chunkSize: 500 });
  const stemsOf = (text) => [...wordsOf(text)].map(({ word }) => stem(word)).join(" ");

  // The entries that have all words, but for those that are no reason to find nothing.
  const search = (words, query, options = {}) => {
    const asked = words.filter((word) => !stops.has(fold(word)));
    if (!asked.length) asked.push(...words);
    const typed = new Set(asked.map(fold));
    const whole = words.map(fold).join(" ");
    const stemmed = asked.map(stem).join(" ");
    const stands = (word, { full, stems }) => ` ${full}`.includes(` ${fold(word)}`) || ` ${stems()} `.includes(` ${stem(word)} `);
    // Whether each word but some stands in the name of an entry, or of something around it.
    const isPlace = (id, but = []) =>
      asked.every((word) => but.includes(fold(word)) || but.includes(stem(word)) || stands(word, named[id]));
    const boostDocument = (id) => {
      const { name, call, text, weight } = entries[id];
      const isNamed = whole === name || (whole.endsWith(` ${name}`) && isPlace(id));
      if (isNamed || call.endsWith(whole)) return weight * EXACT * asked.length;
      if (stemmed === named[id].own()) return weight * STEMMED * asked.length;
      if (name.startsWith(whole)) return weight * BEGINS;
      // A name with `_` is code, which prose does not write as words.
      const says = text.includes(query) || (!query.includes("_") && named[id].text().includes(` ${whole} `));
      return words.length > 1 && says ? SAYS : weight;
    };
    return index.search(query, {
      tokenize: () => asked,
      processTerm: (word) => [...new Set([fold(word), stem(word)])],
      // A stem stands for a whole word: `us`, of `using`, begins no `user`.
      prefix: (term) => typed.has(term),
      boost: { title: 5, call: 3, words: 0.5 },
      filter: ({ id, queryTerms }) => isPlace(id, queryTerms),
      boostDocument,
      ...options,
    });
  };
  const named = entries.map(({ title, full, text }) => {
    let own, all, plain;
    return {
      full, own: () => (own ??= stemsOf(title)), stems: () => (all ??= stemsOf(full)), text: () => (plain ??= ` ${normal(text)} `),
    };
  });
  const phrases = synonyms.map(([phrase, others]) => [stemsOf(phrase).split(" "), others.map(plainWords)]);

  // What was typed, with synonyms.
  const otherwise = (words, isSame = (a, b) => a === b) => {
    const others = [];
    const stems = words.map(stem);
    for (const [phrase, replaced] of phrases) {
      const at = stems.findIndex((_, at) => phrase.every((word, more) => isSame(word, stems[at + more])));
      if (at < 0) continue;
      for (const other of replaced) others.push([...words.slice(0, at), ...other, ...words.slice(at + phrase.length)]);
    }
    return others;
  };
  // Each entry once, the best first.
  const merged = (lists) => {
    const best = new Map();
    for (const result of lists.flat()) {
      if (!(best.get(result.id)?.score >= result.score)) best.set(result.id, result);
    }
    return [...best.values()].sort((a, b) => b.score - a.score || a.id - b.id);
  };
  // `rateLimit` for `rate limit`, `web hook` for `webhook`, and `apikey` for `API key`, whose words must stand
  // side by side.
  const respelt = (words) => {
    const split = words.flatMap(partsOf);
    if (split.length > words.length) return [search(split, split.join(" "))];
    if (words.length > 1) return words.length < 4 ? [search([words.join("")], words.join(""))] : [];
    const [word] = words;
    if (!word || word.length > 30) return [];
    const ways = Array.from({ length: Math.max(0, word.length - 3) }, (_, at) => [word.slice(0, at + 2), word.slice(at + 2)]);
    return ways.map((way) => {
      const phrase = ` ${way.map(fold).join(" ")} `;
      const says = ({ id }) => ` ${entries[id].name} `.includes(phrase) || named[id].text().includes(phrase);
      return search(way, way.join(" "), { prefix: false }).filter(says);
    });
  };
  const fuzzy = (term) => (term.length > 3 ? 0.25 : false);
  return (query) => {
    const words = plainWords(query);
    const less = (result) => ({ ...result, score: result.score * OTHERWISE });
    const others = otherwise(words).map((other) => search(other, other.join(" ")).map(less));
    let found = merged([search(words, query), ...others]);
    if (!found.length) found = merged(respelt(words));
    if (found.length) return { found, isSimilar: false };
    // With a misspelt word, of the pages or of the synonyms.
    const near = otherwise(words, isNear).map((other) => search(other, other.join(" ")).map(less));
    let close = merged([search(words, query, { fuzzy }), ...near]);
    // With some of the words; the shortest of them are in every text.
    const asked = words.filter((word) => !stops.has(fold(word)));
    const long = asked.filter((word) => !/^\p{scx=Latin}{1,3}$/u.test(word));
    for (const some of [long, asked, words]) {
      if (!close.length && some.length) close = merged([search(some, query, { fuzzy, filter: () => true })]);
    }
    return { found: close.filter(({ score }) => score > NEAR * close[0].score), isSimilar: true };
  };
}

/** Whether two words differ by at most one letter, or by the order of two. */
function isNear(a, b = "") {
  if (a === b) return true;
  if (Math.min(a.length, b.length) < 5) return false;
  let from = 0;
  while (a[from] === b[from]) from++;
  const rest = (word, skipped) => word.slice(from + skipped);
  return rest(a, 1) === rest(b, 1) || rest(a, 1) === rest(b, 0) || rest(a, 0) === rest(b, 1)
    || (a[from] === b[from + 1] && a[from + 1] === b[from] && rest(a, 2) === rest(b, 2));
}

/** The words of a text. */
const plainWords = (text) => [...wordsOf(text)].map(({ word }) => word);

/** The words in a joined name: `max` and `Tokens`. */
const partsOf = (word) => word.split(/(?<=[\p{Ll}\p{N}]{2})(?=\p{Lu})/u);

/** The names of a text whose parts hang together, in one piece: `chatid`, `email`. */
const joinedOf = (text) =>
  [...text.matchAll(/[\p{L}\p{N}\p{M}]+(?:[_-][\p{L}\p{N}\p{M}]+)+/gu)].map(([name]) => name.replace(/[_-]/g, ""));

/** The words of a text in the form in which they are compared. */
const normal = (text) => [...wordsOf(text)].map(({ word }) => fold(word)).join(" ");

/** Scripts that put no spaces between words. */
const UNSPACED = /[\p{scx=Han}\p{scx=Hiragana}\p{scx=Katakana}\p{scx=Thai}\p{scx=Lao}\p{scx=Khmer}\p{scx=Myanmar}]/u;
const segmenter = globalThis.Intl?.Segmenter && new Intl.Segmenter(undefined, { granularity: "word" });

/** The words of a text with their places. */
function* wordsOf(text) {
  // Soft hyphens and the like, which nobody sees, end no word.
  for (const { 0: word, index } of text.matchAll(/[\p{L}\p{N}\p{M}\u00ad\u200b\u2060]+/gu)) {
    if (!segmenter || !UNSPACED.test(word)) yield { word, at: index };
    else for (const part of segmenter.segment(word)) yield { word: part.segment, at: index + part.index };
  }
}

/** A word without case, accents, points for vowels, and what nobody sees. */
function fold(word) {
  return word.normalize("NFKD").replace(/[\u0300-\u036f\u0591-\u05c7\u064b-\u0652\u00ad\u200b\u2060]/g, "").toLowerCase();
}

function count(query, found, shown, isSimilar) {
  if (!query) return texts.sayHint;
  if (!found) return phrase(texts.sayNone, { query });
  if (isSimilar) return phrase(texts.saySimilar, { number: found });
  if (shown < found) return phrase(texts.sayFirst, { shown, number: found });
  return found === 1 ? texts.sayOne : phrase(texts.sayMany, { number: found });
}

/** A result: what it is, where it stands, and what is said there. */
function option(entries, { formsOf }, { id, terms }, at) {
  const entry = entries[id];
  const found = new Set(terms);
  const matched = (word) => formsOf(word).some((form) => found.has(form));
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
    if (matched(word)) yield { word, at };
  }
}

/** The part of a long text around the first word that was found. */
function excerpt(text, matched) {
  if (text.length <= LENGTH) return text;
  const { at = 0, word = "" } = matches(text, matched).next().value ?? {};
  // Some languages have no spaces, and some words are long.
  const around = (near, space, least, most) =>
    space >= least && space <= most ? space : near - (text.charCodeAt(near) >> 10 === 0x37);
  const before = Math.max(0, at - BEFORE);
  const start = before && around(before, text.indexOf(" ", before) + 1, before, at);
  const after = start + LENGTH;
  const end = after >= text.length
    ? text.length
    : around(after, text.lastIndexOf(" ", after), at + word.length, after);
  return `${start ? "… " : ""}${text.slice(start, end)}${end < text.length ? " …" : ""}`;
}
