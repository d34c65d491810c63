// Opens a report in headless Chromium as a coach would: plays, clicks a finding, a stride, a plot, and sees the time move.
// usage: node report.mjs REPORT.html [CHROMIUM]
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const [report, program = "/usr/bin/chromium"] = process.argv.slice(2);
const page_url = pathToFileURL(resolve(report)).href;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
// A browser in a container has no sandbox of its own.
const browser = await chromium.launch({ executablePath: program, args: ["--no-sandbox"] });
let failed = false;

async function check(name, width, height, colorScheme, steps) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme, bypassCSP: false });
  const page = await context.newPage();
  const said = [], asked = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) said.push(m.text()); });
  page.on("pageerror", (e) => said.push(e.message));
  page.on("request", (r) => { if (!/^(data|blob|file):/.test(r.url())) asked.push(r.url()); });
  try {
    const begun = Date.now();
    await page.goto(page_url);
    await page.waitForFunction(() => document.documentElement.dataset.ready === "yes");
    const took = Date.now() - begun;
    await steps(page);
    assert.deepEqual(said, [], "the console stays silent");
    assert.deepEqual(asked, [], "nothing is asked of the network");
    console.log(`ok ${name} (ready after ${took} ms)`);
  } catch (error) {
    failed = true;
    console.log(`FAILED ${name}\n${error.message}`);
  }
  await context.close();
}

const now = (page) => page.evaluate(() => player.time());
const videoTime = (page) => page.evaluate(() => (document.getElementById("video").readyState ? document.getElementById("video").currentTime : null));
const moved = (page, from) => page.waitForFunction((t) => Math.abs(player.time() - t) > 0.05, from, { timeout: 5000 });

await check("plays, steps and seeks", 1280, 900, "light", async (page) => {
  await page.waitForTimeout(500);
  const start = await now(page);
  await page.keyboard.press("Space");
  await moved(page, start);
  await page.keyboard.press("Space");
  await page.waitForTimeout(200);
  const paused = await now(page);
  await page.waitForTimeout(400);
  assert.equal(await now(page), paused, "a pause holds");
  await page.keyboard.press("ArrowRight");
  const step = (await now(page)) - paused;
  assert.ok(step > 0 && step < 0.1, `one frame on, not ${step} s`);
  for (const what of [".evidence", ".chip", "#strides tbody tr:last-child"]) {
    const target = page.locator(what).first();
    if (!(await target.count())) continue;
    await page.evaluate(() => player.seek(0));
    await target.click();
    await page.waitForTimeout(500);
    const wanted = Number(await target.evaluate((e) => e.dataset.seek ?? STRIDES[e.dataset.stride].start));
    assert.ok(Math.abs((await now(page)) - wanted) < 0.05, `${what}: at ${await now(page)} s, not ${wanted} s`);
    const shown = await videoTime(page);
    if (shown !== null) assert.ok(Math.abs(shown - (await page.evaluate((t) => D.videos[0].start + t * D.videos[0].rate, wanted))) < 0.06, `${what}: the video is at ${shown} s`);
  }
  const plot = page.locator(".plot svg").first();
  if (await plot.count()) {
    await page.evaluate(() => player.seek(0));
    const box = await plot.boundingBox();
    await plot.click({ position: { x: box.width * 0.6, y: box.height * 0.4 } });
    assert.ok((await now(page)) > 0.3 * (await page.evaluate(() => DURATION)), "a click on a plot goes there");
  }
  const heading = page.locator("#strides thead th:nth-child(4) button");
  if (await heading.count()) {
    await heading.click();
    const column = await page.$$eval("#strides tbody tr", (rows) => rows.map((r) => +r.cells[3].textContent));
    assert.deepEqual(column, [...column].sort((a, b) => a - b), "the table is sorted");
  }
});

for (const [width, height, scheme] of [[390, 844, "dark"], [1280, 900, "light"], [1280, 900, "dark"]]) {
  await check(`fits and is accessible at ${width} px, ${scheme}`, width, height, scheme, async (page) => {
    await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
    assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= width, "nothing sticks out to the side");
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => axe.run());
    const bad = violations.filter((v) => ["serious", "critical"].includes(v.impact));
    const told = bad.map((v) => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`);
    assert.deepEqual(told, [], "no serious violation");
    const minor = violations.filter((v) => !bad.includes(v)).map((v) => v.id);
    if (minor.length) console.log(`  lesser remarks: ${minor.join(", ")}`);
  });
}

await browser.close();
process.exit(failed ? 1 : 0);
