import { readFileSync } from "node:fs";
import { signVisitor, visitorText } from "./visitor.mjs";

const { vectors } = JSON.parse(readFileSync("vectors.json", "utf8"));
const answers = vectors.map(({ secret, name, email, data }) => {
  process.env.FLUENTBOT_IDENTITY_SECRET = secret;
  return { text: visitorText(name, email, data), signature: signVisitor(name, email, data) };
});

delete process.env.FLUENTBOT_IDENTITY_SECRET;
let signs_without_secret = true;
try {
  signVisitor("", "");
} catch {
  signs_without_secret = false;
}
console.log(JSON.stringify({ answers, signs_without_secret }));
