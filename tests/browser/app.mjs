// What the tests of the web app share: a browser, and a check with a silent console that asks nobody else.
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { join } from "node:path";

export const require = createRequire(join(process.env.SLEDFORM_BROWSER_TESTS, "package.json"));
const { chromium } = require("playwright-core");
// A browser in a container has no sandbox of its own.
export const browser = await chromium.launch({ executablePath: process.env.SLEDFORM_CHROMIUM || "/usr/bin/chromium", args: ["--no-sandbox"] });
let failed = false;

export async function check(base, name, { width = 1280, height = 900, scheme = "light", refused = null } = {}, steps) {
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

export const finish = async () => {
  await browser.close();
  process.exit(failed ? 1 : 0);
};
