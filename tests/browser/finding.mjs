// The search as a page runs it, without a browser: the scripts of a site, on its index.
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { repository } from "./browser.mjs";

const ours = (name) => import(pathToFileURL(join(repository, "static", name)));

/** The stemmers, by language; other languages have none. */
const stemmers = Object.fromEntries(readdirSync(join(repository, "static"))
  .map((name) => [name.match(/^stemmer-(\w+)\.js$/)?.[1], name]).filter(([language]) => language));

/** A function from a query to its results in a site: their titles, pages and anchors. */
export async function searchOf(folder) {
  const page = readFileSync(join(folder, "index.html"), "utf8");
  const { 1: language } = page.match(/<html lang="([^"]+)"/);
  const rows = JSON.parse(readFileSync(join(folder, page.match(/data-index="([^"]+)"/)[1]), "utf8"));
  const [{ read, finder, languageOf }, { default: MiniSearch }] = await Promise.all(["search.js", "minisearch.js"].map(ours));
  const stemmer = stemmers[language.split("-")[0]];
  const { entries, synonyms } = read(rows, "", "", "");
  const find = await finder(MiniSearch, entries, synonyms, languageOf(language, stemmer && (await ours(stemmer)).default));
  return (query) => {
    const { found, isSimilar } = find(query);
    const places = found.map(({ id }) => {
      const { title, file, anchor, path } = entries[id];
      return { title, file, place: decodeURIComponent(`${file}${anchor}`), path };
    });
    return { found: places, isSimilar };
  };
}
