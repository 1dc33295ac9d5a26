// The EventSource of browsers, as a package for Node.js, against the mock: prints each event as JSON.
import { EventSource } from "eventsource";

const [address, body] = process.argv.slice(2);
const headers = { Authorization: "Bearer any", "Content-Type": "application/json" };
const source = new EventSource(address, {
  fetch: (input, init) => fetch(input, { ...init, method: "POST", headers: { ...init.headers, ...headers }, body }),
});
const print = ({ type, data }) => console.log(JSON.stringify([type, data]));
for (const name of ["message", "chat_id", "token_usage", "__done__"]) source.addEventListener(name, print);
source.addEventListener("__done__", () => source.close());
