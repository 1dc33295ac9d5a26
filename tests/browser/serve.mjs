// Serves a folder as a host of plain files would: compressed, with the headers that its `_headers`
// asks for, and its `404.html` for what is not there. What browsers report of the policy is kept.
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const types = {
  ".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".json": "application/json", ".png": "image/png", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8",
  ".xml": "application/xml",
};
const reports = "/_reports";

/** The rules of a `_headers` file: lines with a path, and below each its headers, indented. */
function parseHeaders(text) {
  const rules = [];
  for (const line of text.split("\n").filter((line) => line.trim())) {
    if (/^\S/.test(line)) {
      const pattern = line.trim().split("*").map((part) => part.replace(/[.?+^$()[\]{}|\\]/g, "\\$&")).join(".*");
      rules.push({ path: line.trim(), matches: new RegExp(`^${pattern}$`), headers: [] });
    } else {
      const [, name, value] = line.match(/^\s+([^:]+):\s*(.*)$/);
      rules.at(-1).headers.push([name.toLowerCase(), value.trim()]);
    }
  }
  return rules;
}

// Where a site is to stand at its host: at the path of its own address, if it knows one.
async function mount(folder) {
  const index = await readFile(join(folder, "index.html"), "utf8").catch(() => "");
  const canonical = index.match(/<link rel="canonical" href="([^"]+)"/)?.[1];
  return canonical ? new URL("./", canonical).pathname : "/";
}

/** What gives the headers for a path below a site: hosts compare rules with whole paths. */
export async function headersOf(folder) {
  const root = await mount(folder);
  const rules = parseHeaders(await readFile(join(folder, "_headers"), "utf8").catch(() => ""));
  return (path) => Object.fromEntries(rules.filter((rule) => rule.matches.test(root.slice(0, -1) + path)).flatMap((rule) => rule.headers));
}

export async function serve(folder) {
  const root = await mount(folder);
  const headersFor = await headersOf(folder);
  const reported = [];
  const answer = (response, status, path, body) => {
    const headers = { "content-type": types[extname(path)] ?? "text/plain; charset=utf-8", ...headersFor(path) };
    const policy = headers["content-security-policy"];
    // The policy a second time, only to hear of what it stops.
    if (policy) headers["content-security-policy-report-only"] = `${policy}; report-uri ${reports}`;
    response.writeHead(status, { ...headers, "content-encoding": "gzip" }).end(gzipSync(body));
  };
  const server = createServer(async (request, response) => {
    let path = normalize(decodeURIComponent(new URL(request.url, "http://x").pathname));
    if (path === reports) {
      let text = "";
      for await (const chunk of request) text += chunk;
      reported.push(text);
      return response.writeHead(204).end();
    }
    path = path.startsWith(root) ? path.slice(root.length - 1) : "/404.html";
    if (path.endsWith("/")) path += "index.html";
    const body = await readFile(join(folder, path)).catch(() => null);
    if (body) return answer(response, 200, path, body);
    const missing = await readFile(join(folder, "404.html")).catch(() => "Not found");
    return answer(response, 404, "/404.html", missing);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  return { port, base: `http://127.0.0.1:${port}${root}`, reported, close: () => server.close() };
}
