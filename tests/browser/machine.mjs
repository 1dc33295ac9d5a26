// What a test's browser and tools take from the machine, the same on each: fonts, language, time
// zone, and no configuration of the user. Imported before anything is started.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const home = mkdtempSync(join(tmpdir(), "botdocs-browser-"));
process.on("exit", () => rmSync(home, { recursive: true, force: true }));

for (const name of Object.keys(process.env)) {
  if (/^(LC_\w+|LANGUAGE|CHROMIUM_FLAGS|GTK_\w+|QT_\w+|FONTCONFIG_\w+)$/.test(name)) delete process.env[name];
}
Object.assign(process.env, {
  FONTCONFIG_FILE: fileURLToPath(new URL("fonts.conf", import.meta.url)),
  HOME: home, XDG_CONFIG_HOME: home, XDG_CACHE_HOME: home, XDG_DATA_HOME: home,
  LANG: "C.UTF-8", LC_ALL: "C.UTF-8", TZ: "UTC",
});
