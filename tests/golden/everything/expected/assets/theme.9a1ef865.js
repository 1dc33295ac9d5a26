// What the first paint needs: that scripts run, and the reader's colours.
"use strict";
{
  const root = document.documentElement;
  const { classList } = root;
  classList.add("js");
  // The reader's values change the lines of a page: it is shown when they are filled in.
  const { names = "" } = document.currentScript.dataset;
  const wait = (value) => names.split(" ").some(value) && classList.add("waits");
  wait((name) => new URLSearchParams(location.search).get(name));
  try {
    wait((name) => sessionStorage.getItem(`botdocs.entered.${name}`));
    const chosen = localStorage.getItem("botdocs.theme");
    if (/^(dark|light)$/.test(chosen)) root.dataset.theme = chosen;
  } catch { /* There may be no storage. */ }
  // If the other script fails, the page is as it is without scripts.
  addEventListener("error", ({ target }) => {
    if (document.readyState === "complete") return;
    if (target === window || target.localName === "script") classList.remove("js", "waits");
  }, true);
}
