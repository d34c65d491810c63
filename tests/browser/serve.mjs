// The web app as a coach uses it, in headless Chromium: sends a clip, watches it being analysed, opens the report, jumps to a
// fault, changes the style, compares with a second clip, sees the trend, shares, deletes. And every page by keyboard, on a
// phone, in light and dark.
// usage: node serve.mjs http://127.0.0.1:PORT CLIP SECOND-CLIP
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { browser, check as checkAt, finish, require } from "./app.mjs";

const [base, first, second] = process.argv.slice(2);
const check = (...all) => checkAt(base, ...all);
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const ANALYSIS_MS = 180000;

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
  assert.ok((await page.locator(".card .dispute").textContent()).includes("The floor slopes here"));
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

await check("withholds the annotated video with the old verdict until the new one is drawn", {}, async (page) => {
  await page.goto(base + clip);
  if (await page.locator("#overlay").count()) await page.locator("#overlay a").waitFor({ timeout: ANALYSIS_MS });
  await page.reload();
  assert.ok(await page.locator("ul.files a[href$='overlay.mp4']").count(), "it is among the files again");
});

await check("keeps what two tabs change at once", {}, async (page) => {
  const other = await page.context().newPage();
  for (const tab of [page, other]) {
    await tab.goto(base + clip);
    await tab.click("summary:has-text('Athlete, day, load')");
  }
  const save = async (tab, field, value) => {
    await tab.fill(`details [name=${field}]`, value);
    await Promise.all([tab.waitForNavigation(), tab.click("details form[data-method=PATCH] button:has-text('Save')")]);
  };
  await save(page, "load_kg", "45");
  await save(other, "title", "second tab.mp4");
  await page.reload();
  assert.equal(await page.locator("details [name=load_kg]").inputValue(), "45", "the second tab left the load alone");
  assert.equal(await page.locator("details [name=title]").inputValue(), "second tab.mp4");
});

await check("says of a refused clip that it failed, and sends it with what is filled in then", { refused: /400/ }, async (page) => {
  await page.goto(base);
  await page.click("text=What you know of them");
  await page.fill("#send [name=load_kg]", "heavy");
  await page.setInputFiles("#files", first);
  const row = page.locator("#uploads li.failed");
  await row.waitFor();
  assert.match(await row.locator(".how").textContent(), /Failed: Load: "heavy" is not a number/);
  assert.equal(await row.locator("progress").isVisible(), false);
  await page.fill("#send [name=load_kg]", "50");
  await row.locator("button:has-text('Try again')").click();
  const done = page.locator("#uploads li:not(.failed)");
  await done.locator("a[data-clip]").waitFor();
  assert.match(await done.locator(".how").textContent(), /here already. What you filled in was not taken over/);
});

await check("goes on with an upload after a long outage", { refused: /ERR_FAILED|Failed to load/ }, async (page) => {
  await page.addInitScript(() => {
    const real = window.setTimeout;
    window.setTimeout = (act, delay, ...all) => real(act, delay >= 1000 && delay <= 30000 ? delay / 100 : delay, ...all);
  });
  await page.goto(base);
  let tries = 0;
  await page.route("**/api/v1/uploads**", (route) => { tries += 1; return route.abort(); });
  await page.setInputFiles("#files", first);
  // More than the six that once were all.
  while (tries < 9) await page.waitForTimeout(50);
  assert.match(await page.locator("#uploads .how").textContent(), /goes on by itself/);
  await page.unroute("**/api/v1/uploads**");
  await page.locator("#uploads a[data-clip]").waitFor();
});

await check("says that the server is gone", { refused: /ERR_FAILED|Failed to load/ }, async (page) => {
  await page.route("**/api/v1/queue", (route) => route.abort());
  await page.goto(base);
  await page.waitForFunction(() => document.getElementById("said").textContent.includes("cannot be reached"));
});

await check("refuses a start beyond the clip's end where it is typed", {}, async (page) => {
  await page.goto(`${base}${clip}/prepare`);
  await page.waitForFunction(() => document.getElementById("player").readyState > 0);
  await page.fill("[name=start_s]", "500");
  await page.click("#prepare button:has-text('Save')");
  assert.match(await page.locator("[name=start_s]").evaluate((field) => field.validationMessage), /The clip lasts 5\.\d s/);
  assert.ok(page.url().endsWith("/prepare"), "nothing was sent");
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
  await page.goto(base);
  for (const tick of await page.locator(".clips input[type=checkbox]").all()) await tick.check();
  await page.locator(".clips input[type=checkbox]").first().uncheck();
  await page.click("text=Compare the two chosen");
  assert.match(await page.locator("#said").textContent(), /tick two of them. One is ticked now/);
  assert.equal(await page.locator(".clips input:checked").count(), 1, "the choice stays");
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
  assert.match(await page.locator("output.link").textContent(), /Only this computer opens this link.*--listen/);
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

await finish();
