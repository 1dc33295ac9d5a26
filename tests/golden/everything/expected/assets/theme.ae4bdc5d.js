// What the first paint needs: that scripts run, and the colours that the reader chose. The frame has
// this script before the style sheet and without `defer`, so it has run before anything is painted.
"use strict";
{
  const root = document.documentElement;
  root.classList.add("js");
  // The reader's values change the lines of a page: it is shown when they are filled in.
  if (location.search.includes("=")) root.classList.add("waits");
  try {
    if (Object.keys(sessionStorage).some((key) => key.startsWith("botdocs.entered."))) root.classList.add("waits");
    const chosen = localStorage.getItem("botdocs.theme");
    if (/^(dark|light)$/.test(chosen)) root.dataset.theme = chosen;
  } catch { /* Storage may be switched off. */ }
  // Without the other script, the page is as it is without scripts.
  addEventListener("error", ({ target }) => target.localName === "script" && root.classList.remove("js", "waits"), true);
}
