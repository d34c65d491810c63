// Forms that change something: their fields go to the API as JSON, and the page shows what became of it.
"use strict";
const csrf = () => document.querySelector("meta[name=csrf]")?.content ?? "";
const said = (text) => { document.getElementById("said").textContent = text; };

// Asks the API; an answer that is a problem becomes an error with its sentence.
async function ask(method, address, body) {
  const headers = { "X-CSRF-Token": csrf() };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  let answer;
  try {
    answer = await fetch(address, { method, headers, body: body === undefined ? undefined : JSON.stringify(body) });
  } catch {
    throw Object.assign(new Error("The server cannot be reached. Is it running, and are you on its network?"), { unreachable: true });
  }
  if (answer.status === 401) { location.href = `/login?next=${encodeURIComponent(location.pathname + location.search)}`; }
  const text = await answer.text();
  const told = text && answer.headers.get("Content-Type")?.includes("json") ? JSON.parse(text) : null;
  if (!answer.ok) throw new Error(told?.error ?? `The server answered ${answer.status}.`);
  return told;
}

// What a field held when the page came.
function before(field) {
  if (field.options) return ([...field.options].find((option) => option.defaultSelected) ?? field.options[0])?.value ?? "";
  return field.defaultValue;
}

// What corrects something sends what was changed here and nothing else: the rest may have been changed elsewhere since.
function fieldsOf(form) {
  const all = {}, isCorrection = form.dataset.method === "PATCH";
  for (const field of form.elements) {
    if (!field.name || field.disabled || field.type === "file" || (field.type === "checkbox" && !field.checked)) continue;
    if (isCorrection && field.value === before(field)) continue;
    all[field.name] = field.dataset.number ? Number(field.value) : field.value;
  }
  return all;
}

// A link or token is shown once, ready to be copied.
function show(form, label, value, more) {
  const place = form.parentElement.querySelector("output.link");
  place.hidden = false;
  place.replaceChildren();
  const field = Object.assign(document.createElement("input"), { value, readOnly: true });
  field.setAttribute("aria-label", label);
  const copy = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy" });
  copy.addEventListener("click", async () => {
    field.select();
    try { await navigator.clipboard.writeText(value); said("Copied."); } catch { said("Press Ctrl-C to copy."); }
  });
  const words = Object.assign(document.createElement("span"), { textContent: `${label}. ${more}` });
  place.append(words, field, copy);
  field.focus();
  field.select();
}

function then(form, told) {
  const next = form.dataset.then;
  if (next === "reload") location.reload();
  else if (next === "clip") location.href = `/clips/${told.clip.id}`;
  else if (next === "share") show(form, "Link for the athlete", told.url, `It works until ${told.until}; it is shown only now.${told.caution ? ` ${told.caution}` : ""}`);
  else if (next === "token") show(form, "Token", told.token, "It is shown only now.");
  else location.href = next;
}

document.addEventListener("submit", async (event) => {
  const form = event.target;
  const ticks = form.querySelectorAll("[name=clip][type=checkbox]");
  if (ticks.length) {
    const ticked = [...ticks].filter((tick) => tick.checked).length;
    if (ticked !== 2) {
      event.preventDefault();
      said(`Two clips are compared: tick two of them. ${ticked === 0 ? "None is" : ticked === 1 ? "One is" : `${ticked} are`} ticked now.`);
    }
    return;
  }
  if (!form.dataset.api) return;
  event.preventDefault();
  if (form.dataset.ask && !confirm(form.dataset.ask)) return;
  const button = event.submitter ?? form.querySelector("button");
  if (button) button.disabled = true;
  if (form.dataset.busy) said(form.dataset.busy);
  try {
    const fields = fieldsOf(form);
    const some = Object.keys(fields).length > 0;
    if (form.dataset.method === "PATCH" && !some && !form.dataset.also && form.dataset.then === "reload") {
      said("Nothing was changed.");
      if (button) button.disabled = false;
      return;
    }
    const told = await ask(form.dataset.method, form.dataset.api, some || form.dataset.method === "PATCH" ? fields : undefined);
    if (form.dataset.also) await ask("POST", form.dataset.also);
    said("");
    then(form, told);
  } catch (error) {
    said(error.message);
  }
  if (button) button.disabled = false;
});

// The choice that belongs to the exercise chosen; others are not sent.
for (const select of document.querySelectorAll("select[data-chooses=exercise]")) {
  const follow = () => {
    for (const label of select.form.querySelectorAll("[data-shown-for]")) {
      const fits = label.dataset.shownFor === select.value;
      label.hidden = !fits;
      label.querySelector("select").disabled = !fits;
    }
  };
  select.addEventListener("change", follow);
  follow();
}
