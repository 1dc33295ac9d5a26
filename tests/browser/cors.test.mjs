// A page of another origin and the mock, in a real browser: BOTDOCS is the program.
import "./machine.mjs";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer } from "node:http";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const repository = join(dirname(fileURLToPath(import.meta.url)), "../..");
const program = process.env.BOTDOCS ?? join(repository, "target/debug/botdocs");
const botId = "019dd3d4-4b7e-71eb-9561-5cf790a5da57";
const ended = [];
let browser, mock, permitted, other;

// An empty page of an origin of its own.
const origin = () => new Promise((resolve) => {
  const server = createServer((_, response) => response.setHeader("Content-Type", "text/html").end("<!doctype html><title>x</title>"));
  server.listen(0, "127.0.0.1", () => resolve(`http://localhost:${server.address().port}`));
  ended.push(() => server.close());
});

before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-dev-shm-usage"],
  });
  [permitted, other] = [await origin(), await origin()];
  const running = spawn(program, ["mock", repository, "--port", "0", "--pace", "1", "--cors", permitted], { stdio: ["ignore", "ignore", "pipe"] });
  ended.push(() => running.kill("SIGINT"));
  mock = await new Promise((resolve, reject) => {
    createInterface(running.stderr).on("line", (line) => {
      const found = line.match(/ at (http:\S+?)\/;/);
      if (found) resolve(found[1]);
    });
    running.once("exit", () => reject(new Error("the mock ended")));
  });
});
after(async () => {
  await browser.close();
  for (const end of ended) end();
});

// What a page of an origin reads of an answer; of a failed call, that it failed.
async function read(t, from, stream, credentials) {
  const page = await (await browser.newContext()).newPage();
  t.after(() => page.context().close());
  await page.goto(from);
  return page.evaluate(async ([address, body, credentials]) => {
    try {
      const answer = await fetch(address, {
        method: "POST", body: JSON.stringify(body), credentials,
        headers: { "Content-Type": "application/json", Authorization: "Bearer any", "X-Own": "1" },
      });
      return { status: answer.status, type: answer.headers.get("Content-Type"), text: await answer.text() };
    } catch (error) {
      return { failed: error.name };
    }
  }, [`${mock}/api/chat/completion`, { bot_id: botId, prompt: "How do I reset my password?", stream }, credentials]);
}

for (const credentials of ["same-origin", "include"]) {
  test(`a permitted page reads answers and streams, with credentials: ${credentials}`, async (t) => {
    const whole = await read(t, permitted, false, credentials);
    assert.equal(whole.status, 200, whole.text);
    assert.match(JSON.parse(whole.text).response, /^Choose/);
    const stream = await read(t, permitted, true, credentials);
    assert.match(stream.type, /^text\/event-stream/);
    assert.match(stream.text, /event: message\ndata: /);
  });
}

test("a page of another origin reads nothing", async (t) => {
  assert.deepEqual(await read(t, other, false, "same-origin"), { failed: "TypeError" });
});
