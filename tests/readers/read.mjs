// Reads the streams of a JSON list on standard input with eventsource-parser, in pieces as a network
// brings them, and prints what it dispatches as JSON.
import { readFileSync } from "node:fs";
import { createParser } from "eventsource-parser";

const streams = JSON.parse(readFileSync(0, "utf8"));
const read = (text) => {
  const events = [];
  const parser = createParser({
    onEvent: ({ event, data, id }) => events.push([event ?? "message", data, id ?? null]),
  });
  for (let at = 0; at < text.length; at += 7) {
    parser.feed(text.slice(at, at + 7));
  }
  return events;
};
console.log(JSON.stringify(streams.map(read)));
