// Plays a video in headless Chromium: goes to each frame and says which the browser shows there, then plays it through.
// usage: node overlay.mjs VIDEO.mp4 TIMES.json; TIMES are when the frames are shown, s. Where browser and packages lie: `harness.mjs`.
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { address, browser, check, finish } from "./harness.mjs";

const [video, list] = process.argv.slice(2);
const times = JSON.parse(readFileSync(list, "utf8"));
const page_file = join(dirname(resolve(video)), "player.html");
writeFileSync(page_file, `<!doctype html><html data-ready="0"><video id="v" muted playsinline src="${address(video)}"></video>`);
// Chromium counts in microseconds.
const TOLERANCE = 2e-6 + 0.5 / 90000;
// Chromium 150 stops at a frame before the one asked for where frames come unevenly, 156 does not; in play both show each in time.
const EXACT_SEEKS = 156;

// The frame on which a seek settles: on its way there the browser may show one before it.
const settled = (at) => new Promise((done) => {
  const QUIET_MS = 50, v = document.getElementById("v");
  let last = null, timer = null, isThere = false, isOver = false;
  const wait = () => {
    clearTimeout(timer);
    if (isThere && last !== null) timer = setTimeout(() => { isOver = true; done(last); }, QUIET_MS);
  };
  const each = (_, meta) => {
    if (isOver) return;
    last = meta.mediaTime;
    wait();
    v.requestVideoFrameCallback(each);
  };
  v.onseeked = () => { isThere = true; wait(); };
  v.requestVideoFrameCallback(each);
  v.currentTime = at;
});

await check("the video plays frame for frame", page_file, {}, async (page) => {
  await page.waitForFunction(() => document.getElementById("v").readyState >= 2 || document.getElementById("v").error);
  const facts = await page.evaluate(() => ({ error: document.getElementById("v").error?.message, duration: document.getElementById("v").duration, width: document.getElementById("v").videoWidth }));
  assert.equal(facts.error, undefined);
  const whole = times.at(-1) + (times.at(-1) - times.at(-2));
  assert.ok(Math.abs(facts.duration - whole) < 0.002, `lasts ${facts.duration} s, not ${whole} s`);
  const known = (t) => times.some((k) => Math.abs(k - t) < TOLERANCE);
  // Backward and forward: each seek gives a frame of its own.
  const isExact = Number(browser.version().split(".")[0]) >= EXACT_SEEKS;
  const order = [...times.keys()].reverse();
  let missed = 0;
  for (const k of order) {
    const step = k + 1 < times.length ? times[k + 1] - times[k] : 0.01;
    const shown = await page.evaluate(settled, times[k] + 0.3 * step);
    const isRight = Math.abs(shown - times[k]) < TOLERANCE;
    assert.ok(isRight || (!isExact && known(shown) && shown < times[k]), `frame ${k} is at ${shown} s, not ${times[k]} s`);
    missed += isRight ? 0 : 1;
  }
  if (missed) console.log(`  Chromium ${browser.version()} stops ${missed} seeks at a frame before`);
  const seen = await page.evaluate(() => new Promise((done) => {
    const v = document.getElementById("v"), seen = [];
    const each = (_, meta) => { seen.push(meta.mediaTime); v.requestVideoFrameCallback(each); };
    v.requestVideoFrameCallback(each);
    v.onended = () => done(seen);
    v.currentTime = 0;
    v.playbackRate = 0.5;
    v.play();
  }));
  // A busy machine leaves frames out; those shown are frames of the clip, in order.
  assert.deepEqual(seen.filter((t) => !known(t)), [], "only times of frames");
  assert.ok(seen.length > times.length / 3, `${seen.length} of ${times.length} frames were shown`);
  console.log(`ok ${times.length} frames at their times, ${seen.length} of them in play`);
});
await finish();
