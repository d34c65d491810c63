// What is under way, live: asks once a second while something runs, seldom otherwise.
"use strict";
(() => {
  const BUSY = 1000, CALM = 10000;
  const left = (seconds) => (seconds === null ? "" : seconds < 60 ? `, about ${Math.max(1, Math.round(seconds))} s left` : `, about ${Math.round(seconds / 60)} min left`);
  const STAGES = { starting: "starting", watching: "watching", drawing: "drawing" };
  const words = (clip) => {
    if (clip.position) return clip.position === 1 ? "next in the queue" : `number ${clip.position} in the queue`;
    const at = clip.progress;
    if (!at) return "being analysed";
    if (at.is_cancelled) return "being cancelled";
    const stage = STAGES[at.stage] ?? at.stage;
    return at.frames ? `${stage}: frame ${at.frames}${at.expected ? ` of ${at.expected}` : ""}${left(at.left_s)}` : stage;
  };
  const share = (clip) => (clip.progress?.expected ? Math.min(1, clip.progress.frames / clip.progress.expected) : null);

  const section = document.getElementById("queue");
  const panel = document.getElementById("progress");
  const overlay = document.querySelector("#overlay[data-is=being_drawn]");
  const GONE = "The server cannot be reached; this page asks again every few seconds.";
  let timer = null, had = null, gone = false;

  function show(clips) {
    section.hidden = clips.length === 0;
    const list = section.querySelector("ul");
    const known = new Map([...list.children].map((item) => [item.dataset.clip, item]));
    for (const clip of clips) {
      const item = known.get(String(clip.id)) ?? row(clip, list);
      known.delete(String(clip.id));
      item.querySelector(".how").textContent = words(clip);
      const bar = item.querySelector("progress");
      const done = share(clip);
      bar.hidden = done === null;
      bar.value = done ?? 0;
    }
    for (const item of known.values()) item.remove();
  }

  function row(clip, list) {
    const item = document.createElement("li");
    item.dataset.clip = clip.id;
    const name = Object.assign(document.createElement("a"), { className: "name", href: `/clips/${clip.id}`, textContent: clip.title });
    const cancel = Object.assign(document.createElement("button"), { type: "button", textContent: "Cancel" });
    cancel.setAttribute("aria-label", `Cancel ${clip.title}`);
    cancel.addEventListener("click", async () => {
      cancel.disabled = true;
      try { await ask("POST", `/api/v1/clips/${clip.id}/cancel`); } catch (error) { said(error.message); }
      look();
    });
    const acts = Object.assign(document.createElement("span"), { className: "acts" });
    if (document.getElementById("send")) acts.append(cancel);
    const bar = Object.assign(document.createElement("progress"), { max: 1, hidden: true });
    bar.setAttribute("aria-label", `Analysis of ${clip.title}`);
    item.append(name, acts, bar, Object.assign(document.createElement("span"), { className: "how" }));
    list.append(item);
    return item;
  }

  // The library below is the server's: it is asked for again when something has ended, unless somebody is typing.
  async function library() {
    const section = document.querySelector("section[aria-labelledby=library-title]");
    if (!section || section.contains(document.activeElement) || section.querySelector(":checked[type=checkbox]")) return;
    const page = new DOMParser().parseFromString(await (await fetch(location.href)).text(), "text/html");
    const fresh = page.querySelector("section[aria-labelledby=library-title]");
    if (fresh) section.replaceWith(fresh);
  }

  async function ofPage() {
    const { clips } = await ask("GET", "/api/v1/queue");
    show(clips);
    const now = clips.map((clip) => clip.id).join();
    if (had !== null && had !== now) await library();
    had = now;
    return clips.length > 0;
  }

  async function ofClip() {
    const clip = await ask("GET", `/api/v1/clips/${panel.dataset.clip}`);
    if (clip.state !== panel.dataset.state && !(clip.state === "running" && panel.dataset.state === "queued")) { location.reload(); return true; }
    if (clip.state === "queued") {
      const { clips } = await ask("GET", "/api/v1/queue");
      clip.position = clips.find((one) => one.id === clip.id)?.position;
    }
    const busy = ["queued", "running"].includes(clip.state);
    if (busy) {
      panel.dataset.state = clip.state;
      panel.querySelector(".words").textContent = words(clip);
      const bar = panel.querySelector("progress"), done = share(clip);
      bar.hidden = done === null;
      bar.value = done ?? 0;
    }
    return busy;
  }

  // What was true when the server was last reached is not shown as if it still were.
  function lost(error) {
    if (!error.unreachable) return;
    gone = true;
    for (const place of document.querySelectorAll("#queue .how, #progress[data-state=queued] .words, #progress[data-state=running] .words")) place.textContent = GONE;
    for (const bar of document.querySelectorAll("#queue progress, #progress progress")) bar.hidden = true;
    said(GONE);
  }

  function back() {
    if (gone) said("");
    gone = false;
  }

  // A page may be in use when the annotated video is there: only the words change.
  async function ofOverlay() {
    const clip = await ask("GET", `/api/v1/clips/${overlay.dataset.clip}`);
    if (clip.overlay === "being_drawn") return true;
    const again = Object.assign(document.createElement("a"), { href: location.href, textContent: "Load the page again" });
    overlay.replaceChildren(clip.overlay === "failed" ? "The annotated video could not be drawn anew. " : "The annotated video is there again. ", again, ".");
    overlay.dataset.is = clip.overlay;
    return false;
  }

  async function look() {
    clearTimeout(timer);
    let busy = false;
    try {
      busy = await (panel ? ofClip() : section ? ofPage() : ofOverlay());
      back();
    } catch (error) { lost(error); }
    if (!panel && !section && !busy && !gone) return;
    timer = setTimeout(look, busy && !document.hidden ? BUSY : CALM);
  }
  if (!section && !panel && !overlay) return;
  document.addEventListener("clips-changed", look);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  look();
})();
