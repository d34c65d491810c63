// The web app as a coach uses it, in headless Chromium: sends a clip, watches it being analysed, opens the report, jumps to a
// fault, changes the style, compares with a second clip, sees the trend, shares, deletes. And every page by keyboard, on a
// phone, in light and dark.
// usage: node serve.mjs http://127.0.0.1:PORT CLIP SECOND-CLIP
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const [base, first, second] = process.argv.slice(2);
const require = createRequire(join(process.env.SLEDFORM_BROWSER_TESTS, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
// A browser in a container has no sandbox of its own.
const browser = await chromium.launch({ executablePath: process.env.SLEDFORM_CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
const ANALYSIS_MS = 180000;
let failed = false;

async function check(name, { width = 1280, height = 900, scheme = "light", refused = null } = {}, steps) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: false });
  const page = await context.newPage();
  page.setDefaultTimeout(15000);
  const said = [], asked = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type()) && !refused?.test(m.text())) said.push(`${m.text()} (${m.location().url})`); });
  page.on("pageerror", (e) => said.push(e.message));
  page.on("request", (r) => { if (!r.url().startsWith(base) && !/^(data|blob):/.test(r.url())) asked.push(r.url()); });
  page.on("dialog", (d) => d.accept());
  const begun = Date.now();
  try {
    await steps(page);
    assert.deepEqual(said, [], "the console stays silent");
    assert.deepEqual(asked, [], "nothing is asked of anybody else");
    console.log(`ok ${name} (${Date.now() - begun} ms)`);
  } catch (error) {
    failed = true;
    console.log(`FAILED ${name} at ${page.url()}\n${error.message}`);
    if (process.env.SLEDFORM_SHOTS) await page.screenshot({ path: join(process.env.SLEDFORM_SHOTS, "failed.png") });
  }
  await context.close();
}

// The report is walled off: it is reached as a frame, and nothing in it reaches the app.
const report = async (page) => {
  const frame = await (await page.waitForSelector("iframe.report")).contentFrame();
  await frame.waitForFunction(() => document.documentElement.dataset.ready);
  return frame;
};

async function send(page, clip) {
  await page.goto(base);
  await page.click("text=What you know of them");
  await page.fill("#send [name=athlete]", "Ada");
  await page.fill("#send [name=load_kg]", clip === first ? "40" : "60");
  await page.selectOption("#send [name=quality]", "fast");
  await page.setInputFiles("#files", clip);
  const link = page.locator("#uploads a[data-clip]");
  await link.waitFor();
  return link.getAttribute("href");
}

let clip = null, other = null;
await check("sends a clip, watches it being analysed, and opens the report", {}, async (page) => {
  clip = await send(page, first);
  await page.locator("#queue li").first().waitFor();
  const seen = new Set();
  const done = page.locator(`.clips a[href="${clip}"]`).locator("xpath=..").locator(".badge.done");
  const begun = Date.now();
  while (!(await done.count())) {
    assert.ok(Date.now() - begun < ANALYSIS_MS, `not analysed; seen: ${[...seen].join("; ")}`);
    for (const text of await page.locator("#queue .how").allTextContents()) seen.add(text);
    await page.waitForTimeout(150);
  }
  assert.ok([...seen].some((text) => /frame \d+ of \d+/.test(text)), `progress was shown: ${[...seen].join("; ")}`);
  await page.click(`.clips a[href="${clip}"]`);
  const frame = await report(page);
  assert.ok(await frame.locator("h1").count());
});

await check("jumps to a fault in the report, which reaches nothing of the app", { refused: /connect|fetch/i }, async (page) => {
  await page.goto(base + clip);
  const frame = await report(page);
  const target = frame.locator(".evidence, .chip").first();
  await target.click();
  const wanted = Number(await target.getAttribute("data-seek"));
  await frame.waitForFunction((t) => Math.abs(player.time() - t) < 0.06, wanted);
  const video = await frame.evaluate(async () => {
    const video = document.getElementById("video");
    for (let i = 0; i < 100 && (!video.readyState || video.seeking); i += 1) await new Promise((done) => { setTimeout(done, 50); });
    return { source: video.currentSrc, at: video.currentTime, width: video.videoWidth };
  });
  assert.ok(video.width > 0 && video.source.endsWith("/clip.mp4"), `the clip plays: ${JSON.stringify(video)}`);
  assert.ok(Math.abs(video.at - wanted) < 0.1, `the video is at ${video.at}, not ${wanted}`);
  const reached = await frame.evaluate(async () => { try { return (await fetch("/api/v1/clips")).status; } catch { return "nothing"; } });
  assert.equal(reached, "nothing");
  assert.equal(await frame.evaluate(() => window.origin), "null", "it has no origin, so no cookie and no storage");
});

await check("disagrees with a finding and writes a note", {}, async (page) => {
  await page.goto(base + clip);
  const card = page.locator("ul.cards > li").first();
  await card.locator("summary").click();
  await card.locator("textarea").fill("The floor slopes here");
  await Promise.all([page.waitForNavigation(), card.locator("button").click()]);
  assert.ok((await page.locator(".dispute").textContent()).includes("The floor slopes here"));
  await page.fill("[aria-labelledby=notes-title] textarea", "Next time film lower");
  await Promise.all([page.waitForNavigation(), page.click("[aria-labelledby=notes-title] form:last-of-type button")]);
  assert.ok((await page.locator("[aria-labelledby=notes-title]").textContent()).includes("Next time film lower"));
});

await check("changes the style and sees the findings change", {}, async (page) => {
  await page.goto(base + clip);
  const before = await page.locator("ul.cards").textContent();
  await page.selectOption("#correct [name=exercise]", "sled-push");
  await page.selectOption("#correct [name=style]", "tall");
  const begun = Date.now();
  await Promise.all([page.waitForNavigation(), page.click("text=Judge again")]);
  const took = Date.now() - begun;
  assert.notEqual(await page.locator("ul.cards").textContent(), before, "the findings are others");
  assert.equal(await page.locator("#correct [name=style]").inputValue(), "tall");
  const judged = await report(page);
  assert.ok((await judged.locator("body").textContent()).includes("tall"));
  assert.equal(await judged.locator(".evidence img").count(), await judged.locator(".evidence").count(), "evidence keeps its photos");
  assert.ok(took < 10000, `it took ${took} ms`);
  console.log(`  judged again after ${took} ms`);
});

await check("sends a second clip, trims it on the player, compares both, sees the trend and the team", {}, async (page) => {
  other = await send(page, second);
  await page.goto(`${base}${other}/prepare`);
  await page.waitForFunction(() => document.getElementById("player").readyState > 1);
  await page.evaluate(() => { document.getElementById("player").currentTime = 3; });
  await page.waitForFunction(() => !document.getElementById("player").seeking);
  await page.click("text=End here");
  assert.ok(Math.abs(Number(await page.locator("[name=end_s]").inputValue()) - 3) < 0.05);
  await page.fill("#metres", "2");
  await page.click("button:has-text('Tap both ends')");
  const box = await page.locator("#marks").boundingBox();
  await page.mouse.click(box.x + box.width * 0.3, box.y + box.height * 0.8);
  await page.mouse.click(box.x + box.width * 0.7, box.y + box.height * 0.8);
  assert.match(await page.locator("[name=known_length]").inputValue(), /^\d+,\d+,\d+,\d+=2$/);
  await Promise.all([page.waitForURL(base + other), page.click("#prepare button:has-text('Save')")]);
  await page.waitForSelector("iframe.report", { timeout: ANALYSIS_MS });
  await page.waitForFunction(() => document.querySelector(".head .badge.done"), null, { timeout: ANALYSIS_MS });
  await page.click("[aria-labelledby=compare-title] button");
  await page.waitForURL(/\/compare/);
  assert.ok((await page.locator("tbody tr").count()) > 10, "both have values");
  const compared = await report(page);
  assert.ok((await compared.locator("video").count()) >= 2, "both clips are there");
  await page.goto(`${base}/athletes`);
  await page.click("tbody a");
  assert.equal(await page.locator(".trend circle").count() > 0, true);
  assert.ok((await page.locator(".trend").textContent()).includes("kg"));
  await page.goto(`${base}/team`);
  assert.ok(await page.locator("table.team tbody a").count());
});

// By the debugger's door: the page's own policy lets no script of ours in.
const accessible = async (page, place) => {
  await page.mainFrame().evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run({ exclude: ["iframe"] }));
  const bad = violations.filter((v) => ["serious", "critical"].includes(v.impact));
  const told = bad.map((v) => `${place}: ${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map((n) => n.target.join(" ")).join(", ")}`);
  assert.deepEqual(told, [], "no serious violation");
};

await check("shares a report with somebody who has no way in", {}, async (page) => {
  await page.goto(base + clip);
  await page.click("text=Make a link");
  const field = page.locator("output.link input");
  await field.waitFor();
  const link = await field.inputValue();
  const guest = await (await browser.newContext({ viewport: { width: 390, height: 844 } })).newPage();
  await guest.goto(link);
  const frame = await report(guest);
  assert.ok((await frame.locator("body").textContent()).includes("Sled"));
  assert.equal(await guest.locator("nav").count(), 0, "nothing else of the app is shown");
  await accessible(guest, "shared report");
  await page.reload();
  await Promise.all([page.waitForNavigation(), page.click("text=Take it back")]);
  const after = await guest.goto(link);
  assert.equal(after.status(), 404);
  await guest.context().close();
});

const PAGES = () => ["/", clip, `${clip}/prepare`, "/athletes", "/athletes/1", "/team", "/compare", `/compare?clip=${clip.split("/")[2]}&clip=${other.split("/")[2]}`, "/settings", "/api", "/login"];
for (const [width, height, scheme] of [[390, 844, "dark"], [1280, 900, "light"]]) {
  await check(`every page fits and is accessible at ${width} px, ${scheme}`, { width, height, scheme }, async (page) => {
    for (const place of PAGES()) {
      await page.goto(base + place);
      await page.evaluate(() => document.querySelectorAll("details").forEach((d) => { d.open = true; }));
      if (process.env.SLEDFORM_SHOTS) await page.screenshot({ path: join(process.env.SLEDFORM_SHOTS, `${width}${place.replace(/\W+/g, "-")}.png`), fullPage: true });
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${place}: ${wide} px wide`);
      await accessible(page, place);
    }
  });
}

await check("goes through a page by keyboard", {}, async (page) => {
  await page.goto(base);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "To the content");
  await page.keyboard.press("Enter");
  const stops = [];
  for (let i = 0; i < 12; i += 1) {
    await page.keyboard.press("Tab");
    stops.push(await page.evaluate(() => document.activeElement.id || document.activeElement.name || document.activeElement.textContent.slice(0, 30)));
  }
  assert.ok(stops.includes("files"), `the choice of clips is reached: ${stops.join(", ")}`);
});

await check("deletes a clip and the athlete, after asking", {}, async (page) => {
  await page.goto(base + other);
  await Promise.all([page.waitForURL(`${base}/`), page.click("text=Delete this clip")]);
  await page.goto(`${base}/athletes/1`);
  await Promise.all([page.waitForURL(`${base}/athletes`), page.click("text=Delete this athlete")]);
  assert.ok((await page.locator(".empty").textContent()).includes("Nobody yet"));
  await page.goto(base);
  assert.ok((await page.locator(".empty").textContent()).includes("No clips yet"));
  assert.ok(await page.locator("text=Try it with the sample clip").count());
});

await browser.close();
process.exit(failed ? 1 : 0);
