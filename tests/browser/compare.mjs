// Opens a comparison in headless Chromium: both clips play at the same moment of the stride, curves are clicked, the table is cut.
// usage: node compare.mjs COMPARE.html
import assert from "node:assert/strict";
import { check, checkAccess, finish } from "./harness.mjs";

const [page_file] = process.argv.slice(2);
const places = (page) => page.evaluate(() => sync.places());
const loaded = (page) => page.waitForFunction(() => sync.places().every((p) => p) && [...document.querySelectorAll("video")].every((v) => v.readyState >= 2), null, { timeout: 10000 });

await check("both clips are set to the same moment of the stride", page_file, {}, async (page) => {
  await loaded(page);
  for (const percent of [0, 50, 90]) {
    await page.evaluate((p) => sync.seek(p), percent);
    await page.waitForTimeout(400);
    const at = await places(page);
    assert.equal(at.length, 2);
    for (const { wanted, shown, span } of at) {
      assert.ok(Math.abs(shown - wanted) < 0.02, `at ${percent} % the video is at ${shown} s, not ${wanted} s`);
      assert.ok(Math.abs(wanted - (span[0] + (percent / 100) * (span[1] - span[0]))) < 1e-6, "the moment is that of the stride");
    }
  }
  const before = await page.evaluate(() => sync.stride());
  await page.keyboard.press("Shift+ArrowRight");
  assert.equal(await page.evaluate(() => sync.stride()), before + 1, "a stride on");
  assert.ok((await page.evaluate(() => sync.phase())) < 1e-6, "at its start");
  await page.keyboard.press("ArrowRight");
  assert.ok(Math.abs((await page.evaluate(() => sync.phase())) - 2) < 1e-6, "and a little further");
});

await check("they play in step, however long their strides", page_file, {}, async (page) => {
  await loaded(page);
  await page.evaluate(() => sync.seek(0));
  await page.waitForTimeout(300);
  const start = await places(page);
  await page.keyboard.press("Space");
  await page.waitForTimeout(2500);
  const at = await places(page);
  await page.keyboard.press("Space");
  const lengths = at.map(({ span }) => span[1] - span[0]);
  console.log(`  strides of ${lengths.map((l) => l.toFixed(2)).join(" and ")} s; off by ${at.map((p) => (p.shown - p.wanted).toFixed(3)).join(" and ")} s`);
  at.forEach((place, i) => {
    assert.ok(place.shown > start[i].shown + 0.2, `clip ${i + 1} moved from ${start[i].shown} to ${place.shown} s`);
    // A quarter of a second here would be seen; the clips are pulled together well below it.
    assert.ok(Math.abs(place.shown - place.wanted) < 0.2, `clip ${i + 1} is at ${place.shown} s, not ${place.wanted} s`);
  });
  await page.waitForTimeout(300);
  for (const { wanted, shown } of await places(page)) assert.ok(Math.abs(shown - wanted) < 0.02, "at rest both are exact");
});

await check("curves lead to the moment, the table to what changed", page_file, {}, async (page) => {
  await loaded(page);
  const chart = page.locator(".plot", { hasText: "Trunk lean" }).first(), over = chart.locator(".u-over");
  await over.scrollIntoViewIfNeeded();
  const box = await over.boundingBox();
  await over.click({ position: { x: box.width * 0.3, y: box.height * 0.5 } });
  assert.ok(Math.abs((await page.evaluate(() => sync.phase())) - 30) < 1, "a click at 30 % goes there");
  const mark = await chart.locator(".u-now").evaluate((m) => new DOMMatrix(getComputedStyle(m).transform).e);
  assert.ok(Math.abs(mark - 0.3 * box.width) < 4, "and the cursor with it");
  assert.match(await chart.locator(".tip").textContent(), /^30 %: .+ −?\d+°, .+ −?\d+°$/);
  const rows = () => page.$$eval("#every tbody tr", (all) => all.filter((r) => !r.hidden).map((r) => r.className));
  const all = await rows();
  assert.ok(all.includes("noise") && all.includes("changed"), "numbers that changed, and others");
  await page.locator("#only-changes").check();
  assert.ok(!(await rows()).includes("noise"), "noise is hidden");
});

for (const width of [1000, 390]) {
  await check(`every column is in sight at ${width} px`, page_file, { width }, async (page) => {
    const room = await page.$$eval(".main-numbers", (all) => all.map((t) => t.scrollWidth - t.parentElement.clientWidth));
    assert.ok(room.length === 2 && room.every((over) => over <= 1), `tables stick out by ${room} px`);
  });
}

await check("curves differ by more than their colour", page_file, {}, async (page) => {
  assert.ok((await page.locator(".plot .legend .two.dashed").count()) > 0, "the second is dashed");
});

await checkAccess(page_file);
await finish();
