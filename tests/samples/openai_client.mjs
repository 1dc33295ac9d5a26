// OpenAI's own client against the mock: a completion, its stream, and a refusal.
import OpenAI from "openai";

const client = new OpenAI({ baseURL: process.argv[2], apiKey: "any", maxRetries: 0 });
const messages = [{ role: "user", content: "Count to three." }];
const whole = await client.chat.completions.create({ model: "small", messages });
console.log(whole.choices[0].message.content);
const pieces = [];
for await (const chunk of await client.chat.completions.create({ model: "small", messages, stream: true })) {
  pieces.push(chunk.choices[0].delta.content ?? "");
}
console.log(pieces.join("|"));
await client.chat.completions.create({ model: "small", messages: [] }).catch((error) => console.log(error.error.message));
