// Opens reports in headless Chromium as a coach would: plays, clicks a finding, a stride, a plot, and sees the video's time move.
// usage: node report.mjs REPORT-WITH-CLIP.html REPORT-OF-A-MINUTE.html
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { check, checkAccess, finish, ready } from "./harness.mjs";

const [report, minute] = process.argv.slice(2);
// A page of a minute at 60 frames a second, without pictures and clip.
const MOST_BYTES = 1.5e6, MOST_MS = 1000;

const now = (page) => page.evaluate(() => player.time());
const videoTime = (page) => page.evaluate(() => document.getElementById("video").currentTime);
const moved = (page, from) => page.waitForFunction((t) => Math.abs(player.time() - t) > 0.05, from, { timeout: 5000 });
const fileTime = (page, time) => page.evaluate((t) => D.videos[0].start + t * D.videos[0].rate, time);
// What a chart looks like.
const look = (chart) => chart.evaluate((figure) => figure.querySelector("canvas").toDataURL());
const chartOf = (page, title) => page.locator(".plot", { hasText: title }).first();

await check("plays, steps and seeks", report, {}, async (page) => {
  await page.waitForFunction(() => document.getElementById("video").readyState >= 2, null, { timeout: 10000 });
  const [start, startOfVideo] = [await now(page), await videoTime(page)];
  await page.keyboard.press("Space");
  await moved(page, start);
  await page.keyboard.press("Space");
  await page.waitForTimeout(200);
  assert.ok((await videoTime(page)) > startOfVideo, "the video itself plays");
  const paused = await now(page);
  await page.waitForTimeout(400);
  assert.equal(await now(page), paused, "a pause holds");
  await page.keyboard.press("ArrowRight");
  const step = (await now(page)) - paused;
  assert.ok(step > 0 && step < 0.1, `one frame on, not ${step} s`);
  for (const what of [".evidence", ".chip", "#strides tbody tr:last-child"]) {
    const target = page.locator(what).first();
    await page.evaluate(() => player.seek(0));
    await target.click();
    await page.waitForTimeout(500);
    const wanted = Number(await target.evaluate((e) => e.dataset.seek ?? STRIDES[e.dataset.stride].start));
    assert.ok(wanted > 0.1, `${what} lies within the clip`);
    assert.ok(Math.abs((await now(page)) - wanted) < 0.05, `${what}: at ${await now(page)} s, not ${wanted} s`);
    const shown = await videoTime(page);
    assert.ok(Math.abs(shown - (await fileTime(page, wanted))) < 0.06, `${what}: the video is at ${shown} s`);
  }
  const heading = page.locator("#strides thead th:nth-child(4) button");
  await heading.click();
  const column = await page.$$eval("#strides tbody tr", (rows) => rows.map((r) => +r.cells[3].textContent));
  assert.deepEqual(column, [...column].sort((a, b) => a - b), "the table is sorted");
});

await check("plots are read, clicked and zoomed, and follow the video", report, {}, async (page) => {
  const titles = await page.$$eval(".plot figcaption", (all) => all.map((one) => one.firstChild.textContent));
  for (const title of ["Trunk lean", "Knee bend over the stride", "Step time", "Step length", "Speed over the run", "Feet on the ground"]) {
    assert.ok(titles.includes(title), `${title} is not among ${titles.join(", ")}`);
  }
  const charts = await page.locator(".plot:has(canvas)").count();
  assert.ok(charts >= 6, `${charts} charts`);
  const trunk = chartOf(page, "Trunk lean"), over = trunk.locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  await page.evaluate(() => player.seek(0));
  await over.click({ position: { x: box.width * 0.6, y: box.height * 0.4 } });
  const at = await now(page), duration = await page.evaluate(() => DURATION);
  assert.ok(Math.abs(at - 0.6 * duration) < 0.05, `a click at 60 % goes to ${at} s of ${duration} s`);
  assert.match(await trunk.locator(".tip").textContent(), /^\d+\.\d\d s: −?\d+°$/);
  // The cursor of every plot is where the video is.
  const cursors = await page.$$eval(".plot:has(.u-over) .u-now", (marks) => marks.filter((m) => !m.hidden).length);
  assert.ok(cursors >= charts, `${cursors} cursors on ${charts} charts`);
  const place = () => trunk.locator(".u-now").evaluate((mark) => new DOMMatrix(getComputedStyle(mark).transform).e);
  assert.ok(Math.abs((await place()) - 0.6 * box.width) < 4, "the cursor is where the click was");
  await page.evaluate(() => player.seek(0.25 * DURATION));
  assert.ok(Math.abs((await place()) - 0.25 * box.width) < 4, "the cursor follows the clip");
  // A drag zooms every chart over time, a double click shows all again.
  const speed = chartOf(page, "Speed over the run");
  const before = [await look(trunk), await look(speed)];
  const shown = () => page.evaluate(() => plots.charts.shown());
  await page.mouse.move(box.x + box.width * 0.2, box.y + 40);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.5, box.y + 40, { steps: 5 });
  await page.mouse.up();
  await page.waitForTimeout(200);
  const zoomed = [await look(trunk), await look(speed)];
  assert.ok(zoomed[0] !== before[0] && zoomed[1] !== before[1], "a drag zooms in on both");
  for (const [from, to] of await shown()) {
    assert.ok(Math.abs(from - 0.2 * duration) < 0.05 && Math.abs(to - 0.5 * duration) < 0.05, `${from} to ${to} s are shown`);
  }
  assert.ok(Math.abs((await now(page)) - 0.25 * duration) < 0.05, "a drag does not seek");
  await page.locator("[data-zoom='1e9']").click();
  await page.waitForTimeout(200);
  for (const [from, to] of await shown()) assert.deepEqual([from, to], [0, duration], "all is shown again");
});

// Left and right strides overlap by half: the one that was asked for is the one that is shown, wherever it was asked for.
await check("a stride asked for is the one that is shown, and the next is the next", report, {}, async (page) => {
  const label = () => page.evaluate(() => document.getElementById("now").textContent);
  const shown = () => page.evaluate(() => ({
    label: document.getElementById("now").textContent.split(",")[0],
    rows: [...document.querySelectorAll("#strides tr.now")].map((row) => +row.dataset.stride + 1),
  }));
  const isShown = async (stride, how) => assert.deepEqual(await shown(), { label: `stride ${stride}`, rows: [stride] }, how);
  const count = await page.locator("#strides tbody tr").count();
  for (const chip of await page.locator(".chip").all()) {
    await chip.click();
    await isShown(Number(await chip.textContent()), "after its button");
    const says = await chip.getAttribute("data-says");
    assert.ok((await label()).includes(` · ${says}`), `${await label()} says ${says}`);
  }
  // Play shows the stride that was asked for from its beginning, and again.
  const chip = page.locator(".chip").first();
  await chip.click();
  const ends = await chip.evaluate((e) => STRIDES[e.dataset.stride].end);
  await page.keyboard.press("Space");
  let latest = 0;
  for (const until = Date.now() + 2500; Date.now() < until; await page.waitForTimeout(20)) latest = Math.max(latest, await now(page));
  await page.keyboard.press("Space");
  assert.ok(latest < ends + 0.15, `a stride that ends at ${ends} s played on to ${latest} s`);
  await isShown(Number(await chip.textContent()), "after it was played");
  await page.locator("[data-show=loop]").click();
  assert.match(await label(), /^strides? \d+ (left|right)/, "the strides of both legs, where none was asked for");
  for (let stride = 1; stride <= count; stride += 1) {
    await page.locator(`#strides tr[data-stride="${stride - 1}"] td`).first().click();
    await isShown(stride, "after its row");
  }
  const over = chartOf(page, "Step length").locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const { width, height } = await over.boundingBox();
  const x = await page.evaluate((i) => (i - 0.4) / (STRIDES.length + 0.2), 2);
  await over.click({ position: { x: width * x, y: height / 2 } });
  await isShown(2, "after its point");
  await page.evaluate(() => player.seek(STRIDES[0].start, 0));
  for (let stride = 2; stride <= count; stride += 1) {
    await page.keyboard.press("Shift+ArrowRight");
    await isShown(stride, "by stride");
  }
});

await check("the clip comes to whoever reads far from it, and goes back", report, { width: 390, height: 844 }, async (page) => {
  const docked = () => page.evaluate(() => document.getElementById("player").classList.contains("docked"));
  const inSight = () => page.evaluate(() => { const box = document.getElementById("stage").getBoundingClientRect(); return box.top >= 0 && box.bottom <= innerHeight; });
  await page.locator(".evidence").first().click();
  assert.ok((await docked()) && (await inSight()), "beside the card");
  assert.ok(await page.locator("#play").isVisible(), "with its buttons");
  await page.locator("#undock").click();
  assert.equal(await docked(), false, "put back");
  await page.locator("#strides tbody tr").first().click();
  assert.ok((await docked()) && (await inSight()), "beside the table");
  await page.locator("#player").scrollIntoViewIfNeeded();
  await page.waitForFunction(() => !document.getElementById("player").classList.contains("docked"), null, { timeout: 3000 });
});

await checkAccess(report);

await check("paper says which clip it is", report, {}, async (page) => {
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".who").isVisible());
  assert.match(await page.locator(".who").textContent(), /sled-push\.mp4.* strides \(\d+ left, \d+ right\) in \d/);
});

await check("lines of the two sides differ by more than their colour", report, {}, async (page) => {
  assert.equal(await chartOf(page, "Knee bend").locator(".legend .right.dashed").count(), 1);
});

await check("without its clip the page says so", minute, {}, async (page) => {
  await page.locator("#message").waitFor({ timeout: 3000 });
  assert.match(await page.locator("#message").textContent(), /^The clip \S+ was not found/);
});

await check("a minute at 60 frames a second", minute, {}, async (page) => {
  const bytes = statSync(minute).size;
  // The best of three: others use this machine too.
  const times = [];
  for (let i = 0; i < 3; i += 1) times.push(await ready(page, minute));
  console.log(`  ${(bytes / 1e6).toFixed(2)} MB; ready after ${times.map((t) => Math.round(t)).join(", ")} ms`);
  assert.ok(bytes < MOST_BYTES, `${bytes} bytes`);
  assert.ok(Math.min(...times) < MOST_MS, "ready in a second");
  assert.ok((await page.locator(".plot canvas").count()) >= 6, "with its plots");
});

await finish();
