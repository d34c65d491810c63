// Logging in as people do, in headless Chromium: a password that is wrong, one that is right, work, and out again; and a viewer,
// who may look alone.
// usage: node login.mjs http://127.0.0.1:PORT, where coach and eve (a viewer) have the password below
import assert from "node:assert/strict";
import { check, finish } from "./app.mjs";

const [base] = process.argv.slice(2);
const WORD = "push the floor away";

async function logIn(page, name, word) {
  await page.fill("[name=name]", name);
  await page.fill("[name=password]", word);
  await Promise.all([page.waitForNavigation(), page.click("button:has-text('Log in')")]);
}

await check(base, "logs in, works, and logs out", { refused: /422/ }, async (page) => {
  await page.goto(`${base}/athletes`);
  assert.ok(page.url().includes("/login?next=%2Fathletes"), page.url());
  await logIn(page, "coach", "wrong password");
  assert.ok(await page.locator(".problem").count(), "a wrong password is told");
  await logIn(page, "coach", WORD);
  assert.equal(page.url(), `${base}/athletes`, "back to where one wanted to go");
  await page.fill("form.inline [name=name]", "Ada");
  await Promise.all([page.waitForNavigation(), page.click("text=Add an athlete")]);
  assert.ok((await page.locator("tbody").textContent()).includes("Ada"));
  await page.goto(`${base}/settings`);
  await Promise.all([page.waitForURL(/\/login/), page.click("text=Log out")]);
  await page.goto(`${base}/athletes`);
  assert.ok(page.url().includes("/login"), "out is out");
});

await check(base, "lets a viewer look and no more", {}, async (page) => {
  await page.goto(`${base}/login`);
  await logIn(page, "eve", WORD);
  assert.equal(page.url(), `${base}/`);
  assert.equal(await page.locator("#send").count(), 0);
  await page.goto(`${base}/athletes`);
  assert.equal(await page.locator("text=Add an athlete").count(), 0);
});

await finish();
