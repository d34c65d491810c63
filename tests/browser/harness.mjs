// What the tests of the pages share: a browser, a check with a silent console and no network, and the search for faults of access.
// The packages lie where SLEDFORM_BROWSER_TESTS says (`./test` installs them), the browser where SLEDFORM_CHROMIUM says.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const require = createRequire(join(process.env.SLEDFORM_BROWSER_TESTS, "package.json"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

// A browser in a container has no sandbox of its own.
export const browser = await chromium.launch({
  executablePath: process.env.SLEDFORM_CHROMIUM || "/usr/bin/chromium",
  args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
});
let failed = false;

export const address = (path) => pathToFileURL(resolve(path)).href;

// Milliseconds from the start of loading until the page says that it is ready, by the page's own clock.
export const ready = async (page, path) => {
  await page.goto(address(path));
  await page.waitForFunction(() => document.documentElement.dataset.ready);
  return page.evaluate(() => Number(document.documentElement.dataset.ready));
};

export async function check(name, path, { width = 1280, height = 900, scheme = "light" }, steps) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: scheme, bypassCSP: false });
  const page = await context.newPage();
  const said = [], asked = [];
  page.on("console", (m) => { if (["error", "warning"].includes(m.type())) said.push(m.text()); });
  page.on("pageerror", (e) => said.push(e.message));
  page.on("request", (r) => { if (!/^(data|blob|file):/.test(r.url())) asked.push(r.url()); });
  try {
    const took = await ready(page, path);
    await steps(page);
    assert.deepEqual(said, [], "the console stays silent");
    assert.deepEqual(asked, [], "nothing is asked of the network");
    console.log(`ok ${name} (ready after ${Math.round(took)} ms)`);
  } catch (error) {
    failed = true;
    console.log(`FAILED ${name}\n${error.message}`);
  }
  await context.close();
}

// Every size and theme that people have: nothing sticks out, nothing is out of reach.
export async function checkAccess(path) {
  for (const [width, height, scheme] of [[390, 844, "dark"], [390, 844, "light"], [1280, 900, "light"], [1280, 900, "dark"]]) {
    await check(`fits and is accessible at ${width} px, ${scheme}`, path, { width, height, scheme }, async (page) => {
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
}

export const finish = async () => {
  await browser.close();
  process.exit(failed ? 1 : 0);
};
