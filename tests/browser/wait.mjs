// What tests wait for instead of a time.
import assert from "node:assert/strict";

/** Waits until a page is loaded and drawn, and all that moves on it has ended. */
export const still = (page) => page.evaluate(async () => {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  await document.fonts.ready;
  const ends = (animation) => animation.effect?.getComputedTiming().endTime < Infinity;
  const frames = async () => { for (let count = 0; count < 2; count++) await new Promise(requestAnimationFrame); };
  await frames();
  await Promise.all(document.getAnimations().filter(ends).map((animation) => animation.finished.catch(() => {})));
  await frames();
  // What observers are told of a frame comes after it.
  await new Promise((done) => { requestIdleCallback(done); });
});

/** Waits until something outside the page holds. */
export async function until(holds) {
  for (let count = 0; count < 1000 && !(await holds()); count++) await new Promise((done) => { setTimeout(done, 10); });
  assert.ok(await holds(), `never: ${holds}`);
}
