// Sends clips piece by piece (tus 1.0), so that a broken connection costs one piece and a closed page goes on where it was.
"use strict";
(() => {
  const form = document.getElementById("send");
  if (!form) return;
  const list = document.getElementById("uploads"), picker = document.getElementById("files"), drop = form.querySelector(".drop");
  const PIECE = 4 * 1024 * 1024, AT_ONCE = 3, PATIENCE = [1, 2, 4, 8, 15, 30];
  const waiting = [];
  let running = 0;

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));
  const wait = (seconds) => new Promise((done) => { setTimeout(done, seconds * 1000); });
  const megabytes = (bytes) => (bytes / 1048576).toFixed(bytes < 10485760 ? 1 : 0);
  // A file chosen again after the page was closed is known by these.
  const key = (file) => `upload:${file.name}:${file.size}:${file.lastModified}`;
  const forget = (file) => { try { localStorage.removeItem(key(file)); } catch { /* private window */ } };
  const remember = (job, place) => { try { localStorage.setItem(key(job.file), JSON.stringify({ place, fields: job.fields })); } catch { /* private window */ } };
  const remembered = (file) => { try { return JSON.parse(localStorage.getItem(key(file))); } catch { return null; } };

  function fields() {
    const all = {};
    for (const field of form.elements) {
      if (field.name && !field.disabled && field.value && (field.type !== "checkbox" || field.checked)) all[field.name] = field.value;
    }
    return all;
  }

  function row(file) {
    const item = document.createElement("li");
    const name = Object.assign(document.createElement("span"), { className: "name", textContent: file.name });
    const acts = Object.assign(document.createElement("span"), { className: "acts" });
    const bar = Object.assign(document.createElement("progress"), { max: 1, value: 0 });
    bar.setAttribute("aria-label", `Upload of ${file.name}`);
    const how = Object.assign(document.createElement("span"), { className: "how", textContent: "waits" });
    how.setAttribute("role", "status");
    item.append(name, acts, bar, how);
    list.append(item);
    return { item, acts, bar, how };
  }

  function button(row, text, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    made.addEventListener("click", act);
    row.acts.replaceChildren(made);
  }

  async function send(method, address, headers, body, signal) {
    const answer = await fetch(address, { method, body, signal, headers: { "Tus-Resumable": "1.0.0", "X-CSRF-Token": csrf(), ...headers } });
    if (answer.ok) return answer;
    let words = `The server answered ${answer.status}.`;
    try { words = (await answer.json()).error ?? words; } catch { /* HEAD has no body */ }
    throw Object.assign(new Error(words), { status: answer.status });
  }

  // One piece by XMLHttpRequest: only it tells how much of a body has gone out.
  const piece = (place, offset, blob, job, told) => new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    job.request = request;
    request.open("PATCH", place);
    const headers = { "Tus-Resumable": "1.0.0", "X-CSRF-Token": csrf(), "Upload-Offset": offset, "Content-Type": "application/offset+octet-stream" };
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    request.upload.onprogress = (event) => told(offset + event.loaded);
    request.onerror = () => failed(new Error("The connection broke."));
    request.onabort = () => failed(Object.assign(new Error("Cancelled."), { status: 0 }));
    request.onload = () => {
      if (request.status === 204) { done(request); return; }
      let words = `The server answered ${request.status}.`;
      try { words = JSON.parse(request.responseText).error ?? words; } catch { /* no words */ }
      failed(Object.assign(new Error(words), { status: request.status }));
    };
    request.send(blob);
  });

  // An upload goes on where it was, unless something else is told of the clip now: that came with the first piece.
  async function place(job) {
    const known = remembered(job.file);
    const same = known && (!Object.keys(job.fields).length || JSON.stringify(job.fields) === JSON.stringify(known.fields));
    if (known?.place && !same) await giveUp(job, known.place);
    if (known?.place && same) {
      try {
        const answer = await send("HEAD", known.place, {});
        job.fields = known.fields ?? {};
        return { place: known.place, offset: Number(answer.headers.get("Upload-Offset")), clip: answer.headers.get("Sledform-Clip") };
      } catch (error) { if (passes(error.status)) throw error; }
    }
    const all = { filename: job.file.name, ...job.fields };
    const metadata = Object.entries(all).map(([name, value]) => `${name} ${base64(value)}`).join(",");
    const answer = await send("POST", "/api/v1/uploads", { "Upload-Length": job.file.size, "Upload-Metadata": metadata });
    const made = answer.headers.get("Location");
    remember(job, made);
    return { place: made, offset: 0, clip: null };
  }

  // Worth another try: no answer at all, somebody else writing, a place that is off, trouble of the server's own but a full disk.
  const passes = (status) => status === undefined || status === 409 || status === 423 || (status >= 500 && status !== 507);

  // The server still writes what came last when an upload is broken off: it is asked until it lets go.
  async function giveUp(job, place) {
    forget(job.file);
    for (const seconds of [0, 0.3, 1, 3]) {
      await wait(seconds);
      try { await send("DELETE", place, {}); return; } catch (error) { if (error.status !== 423) return; }
    }
  }

  // A file that was moved away looks to the browser like a broken connection.
  async function readable(file, error) {
    if (error.status !== undefined) return;
    try { await file.slice(0, 1).arrayBuffer(); } catch { throw Object.assign(new Error("the file cannot be read any more; choose it again."), { status: 0 }); }
  }

  function failed(job, words) {
    const { row: shown } = job;
    shown.item.classList.add("failed");
    shown.bar.hidden = true;
    shown.how.textContent = `✕ Failed: ${words}`;
  }

  async function upload(job) {
    const { file, row: shown } = job;
    let tries = 0, refusals = 0, at = null;
    const told = (bytes) => {
      shown.bar.value = bytes / file.size;
      shown.how.textContent = `${megabytes(bytes)} of ${megabytes(file.size)} MB`;
    };
    button(shown, "Cancel", () => { job.cancelled = true; job.request?.abort(); job.hurry?.(); });
    while (!job.cancelled) {
      try {
        at ??= await place(job);
        job.place = at.place;
        if (at.clip) return { clip: at.clip, duplicate: false };
        const answer = await piece(at.place, at.offset, file.slice(at.offset, at.offset + PIECE), job, told);
        tries = refusals = 0;
        at.offset = Number(answer.getResponseHeader("Upload-Offset"));
        const clip = answer.getResponseHeader("Sledform-Clip");
        if (clip) return { clip, duplicate: answer.getResponseHeader("Sledform-Duplicate") === "true" };
      } catch (error) {
        if (job.cancelled) break;
        await readable(file, error);
        // A network that is away comes back, however long that takes; what the server says again and again does not change.
        refusals = error.status === undefined ? 0 : refusals + 1;
        if (!passes(error.status) || refusals > PATIENCE.length) throw error;
        shown.how.textContent = `${error.message} It goes on by itself…`;
        await Promise.race([wait(PATIENCE[Math.min(tries, PATIENCE.length - 1)]), new Promise((done) => { job.hurry = done; })]);
        tries += 1;
        at = null;
      }
    }
    if (job.place) await giveUp(job, job.place);
    throw Object.assign(new Error("Cancelled."), { cancelled: true });
  }

  // What was filled in does not reach a clip that was there before.
  function words(job, duplicate) {
    if (duplicate) return `This clip was here already.${Object.keys(job.fields).length ? " What you filled in was not taken over: open it to change it there." : ""}`;
    return job.fields.hold ? "Sent. Open it to trim it and start." : "Sent.";
  }

  async function run(job) {
    const { row: shown, file } = job;
    shown.item.classList.remove("failed");
    shown.bar.hidden = false;
    try {
      const { clip, duplicate } = await upload(job);
      forget(file);
      shown.bar.value = 1;
      shown.acts.replaceChildren();
      const link = Object.assign(document.createElement("a"), { href: `/clips/${clip}`, textContent: duplicate ? "Open it" : "Open" });
      link.dataset.clip = clip;
      shown.acts.append(link);
      shown.how.textContent = words(job, duplicate);
      document.dispatchEvent(new Event("clips-changed"));
    } catch (error) {
      // What was refused is refused again from where it stands; anything else goes on from there.
      if (!passes(error.status) && error.status !== 507) forget(file);
      if (error.cancelled) {
        shown.bar.hidden = true;
        shown.how.textContent = "Cancelled.";
      } else failed(job, error.message);
      button(shown, "Try again", () => { job.cancelled = false; job.place = null; if (error.status === 400) job.fields = fields(); shown.how.textContent = "waits"; queue(job); });
    }
  }

  function queue(job) { waiting.push(job); next(); }
  function next() {
    while (running < AT_ONCE && waiting.length) {
      running += 1;
      run(waiting.shift()).finally(() => { running -= 1; next(); });
    }
  }

  function add(files) {
    for (const file of files) {
      const job = { file, fields: fields(), row: row(file), cancelled: false };
      if (file.size > Number(form.dataset.most)) {
        failed(job, `this has ${megabytes(file.size)} MB; at most ${megabytes(Number(form.dataset.most))} MB are taken. Trim it on the phone first.`);
        continue;
      }
      queue(job);
    }
  }

  form.addEventListener("submit", (event) => event.preventDefault());
  picker.addEventListener("change", () => { add(picker.files); picker.value = ""; });
  for (const [event, over] of [["dragover", true], ["dragleave", false], ["drop", false]]) {
    drop.addEventListener(event, (e) => { e.preventDefault(); drop.classList.toggle("over", over); if (event === "drop") add(e.dataTransfer.files); });
  }
  addEventListener("beforeunload", (event) => { if (running || waiting.length) event.preventDefault(); });
})();
