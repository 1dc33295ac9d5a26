// An SSE client of others against the mock: prints each event as JSON.
import { createParser } from "eventsource-parser";

const [address, body] = process.argv.slice(2);
const response = await fetch(address, {
  method: "POST",
  headers: { Authorization: "Bearer any", "Content-Type": "application/json" },
  body,
});
const onEvent = ({ event, data }) => console.log(JSON.stringify([event ?? "message", data]));
const parser = createParser({ onEvent });
const decoder = new TextDecoder();
for await (const chunk of response.body) parser.feed(decoder.decode(chunk, { stream: true }));
