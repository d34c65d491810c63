// The player before the analysis: start and end from where it stands, a tap for the athlete, two taps for a length.
"use strict";
(() => {
  const video = document.getElementById("player"), canvas = document.getElementById("marks"), stage = canvas.parentElement;
  const form = document.getElementById("prepare"), metres = document.getElementById("metres");
  const field = (name) => form.elements[name];
  // Phones film at 30 frames per second or more: a step of that size passes no more than one or two.
  const STEP = 1 / 30;
  let tapping = null, ends = [];

  const rounded = (seconds) => String(Math.round(seconds * 1000) / 1000);
  const told = () => { document.getElementById("now").textContent = `${video.currentTime.toFixed(2)} s`; };
  video.addEventListener("timeupdate", told);
  video.addEventListener("error", () => { document.getElementById("unplayable").hidden = false; stage.hidden = true; });

  // The picture lies inside the player's box with bars beside it where the shapes differ.
  function box() {
    const { clientWidth: w, clientHeight: h } = canvas;
    const scale = Math.min(w / video.videoWidth, h / video.videoHeight);
    return { scale, left: (w - video.videoWidth * scale) / 2, top: (h - video.videoHeight * scale) / 2 };
  }
  function pixel(event) {
    const { scale, left, top } = box(), place = canvas.getBoundingClientRect();
    const x = (event.clientX - place.left - left) / scale, y = (event.clientY - place.top - top) / scale;
    return x >= 0 && y >= 0 && x <= video.videoWidth && y <= video.videoHeight ? [Math.round(x), Math.round(y)] : null;
  }

  function draw() {
    canvas.width = canvas.clientWidth; canvas.height = canvas.clientHeight;
    if (!video.videoWidth) return;
    const { scale, left, top } = box(), pen = canvas.getContext("2d");
    const at = ([x, y]) => [left + x * scale, top + y * scale];
    pen.lineWidth = 3; pen.strokeStyle = "#ffdd57";
    const athlete = /^([\d.]+),([\d.]+)@/.exec(field("athlete_at").value);
    if (athlete) { const [x, y] = at([+athlete[1], +athlete[2]]); pen.beginPath(); pen.arc(x, y, 16, 0, 7); pen.stroke(); }
    const line = /^([\d.]+),([\d.]+),([\d.]+),([\d.]+)=/.exec(field("known_length").value);
    const points = line ? [[+line[1], +line[2]], [+line[3], +line[4]]] : ends;
    pen.beginPath();
    points.forEach((point, i) => { const [x, y] = at(point); if (i) pen.lineTo(x, y); else pen.moveTo(x, y); });
    pen.stroke();
    points.forEach((point) => { const [x, y] = at(point); pen.beginPath(); pen.arc(x, y, 5, 0, 7); pen.stroke(); });
  }

  function tap(what) {
    tapping = tapping === what ? null : what;
    ends = [];
    if (tapping) video.pause();
    stage.classList.toggle("tapping", tapping !== null);
    for (const one of form.querySelectorAll("[data-tap]")) one.setAttribute("aria-pressed", String(one.dataset.tap === tapping));
  }

  function line() {
    const length = Number(metres.value.replace(",", "."));
    if (ends.length === 2 && length > 0) {
      field("known_length").value = `${ends.flat().join(",")}=${length}`;
      tap(null);
    } else if (ends.length === 2) { said("Write how many metres that is."); metres.focus(); }
    draw();
  }

  canvas.addEventListener("click", (event) => {
    const point = pixel(event);
    if (!point) return;
    if (tapping === "athlete") {
      field("athlete_at").value = `${point.join(",")}@${rounded(video.currentTime)}`;
      tap(null);
    } else if (tapping === "length") {
      field("known_length").value = "";
      ends = [...ends.slice(-1), point];
      line();
    }
    draw();
  });
  metres.addEventListener("change", () => {
    const known = field("known_length").value.split("=")[0];
    const length = Number(metres.value.replace(",", "."));
    if (known && length > 0) field("known_length").value = `${known}=${length}`;
    line();
  });
  for (const one of form.querySelectorAll("[data-tap]")) one.addEventListener("click", () => tap(one.dataset.tap));
  for (const one of form.querySelectorAll("[data-mark]")) one.addEventListener("click", () => { field(one.dataset.mark).value = rounded(video.currentTime); check(); });
  for (const one of document.querySelectorAll("[data-step]")) one.addEventListener("click", () => { video.pause(); video.currentTime = Math.max(0, video.currentTime + STEP * one.dataset.step); });
  // What cannot be is said at once, in the field itself, and is not sent.
  function check() {
    const start = field("start_s"), end = field("end_s"), lasts = video.duration;
    const seconds = (one) => (one.value.trim() === "" ? null : Number(one.value.replace(",", ".")));
    const wrong = (one) => {
      const at = seconds(one);
      if (at === null) return "";
      if (!Number.isFinite(at) || at < 0) return "Write seconds, like 12.5.";
      return one === start && Number.isFinite(lasts) && at >= lasts ? `The clip lasts ${lasts.toFixed(1)} s: start earlier.` : "";
    };
    start.setCustomValidity(wrong(start));
    const order = seconds(end) !== null && seconds(end) <= (seconds(start) ?? 0) ? "The end must lie after the start." : "";
    end.setCustomValidity(wrong(end) || order);
  }
  form.addEventListener("input", check);
  form.addEventListener("reset", () => setTimeout(() => { draw(); check(); }));
  video.addEventListener("loadedmetadata", () => { draw(); check(); });
  addEventListener("resize", draw);
  told();
})();
