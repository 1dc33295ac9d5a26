// axe-core finds nothing on any page in any state: neither a violation nor an open question.
import { test } from "node:test";
import { faults } from "./axe.mjs";
import { host, none, open, pagesOf, profile, states, tabByTab, themed } from "./browser.mjs";

for (const [state, options] of Object.entries(states)) {
  test(`no fault on any page: ${state}`, async () => {
    const found = [];
    for (const [name, folder] of Object.entries(themed)) {
      const { newPage, close } = await profile(folder, options);
      const { base } = await host(folder);
      const page = await newPage();
      for (const path of pagesOf(folder)) {
        await page.goto(base + path);
        found.push(...(await faults(page)).map((fault) => `${name}/${path}: ${fault}`));
      }
      await close();
    }
    none(found);
  });
}

for (const scheme of ["light", "dark"]) {
  test(`no fault behind any tab: ${scheme}`, async (t) => {
    const page = await open(t, "", { colorScheme: scheme });
    const found = [];
    for await (const tab of tabByTab(page)) {
      found.push(...(await faults(page, "document.querySelector('[role=tabpanel]:not([hidden])')")).map((fault) => `${tab}: ${fault}`));
    }
    none(found);
  });
}
