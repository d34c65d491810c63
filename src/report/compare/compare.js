// Clips of several results at the same moment of the stride: one clock counts strides and their phase, every clip follows it.
"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const sync = (() => {
  const listeners = [];
  // Strides that every result has, by foot.
  const count = (side) => Math.min(...D.results.map((r) => r.strides[side].length));
  let side = count("right") >= count("left") ? "right" : "left";
  let stride = 0, phase = 0, rate = 0.5, playing = false, loop = false, last = 0;
  const total = () => Math.max(0, count(side));
  const spanOf = (result, k) => result.strides[side][k];
  const timeIn = (result) => { const s = spanOf(result, stride); return s ? s[0] + phase * (s[1] - s[0]) : 0; };

  const screens = [...document.querySelectorAll(".stages figure")].map((figure, place) => {
    const video = figure.querySelector("video"), result = D.results[place];
    const screen = { figure, video, result, source: null };
    const open = (index) => {
      const next = result.videos[index];
      if (!next) {
        const message = figure.querySelector(".message");
        message.textContent = result.videos.length ? "The clip does not play here: it is not where it was, or the browser does not know its format." : "The clip is not where it was when it was analysed.";
        message.hidden = false;
        return;
      }
      video.onerror = () => open(index + 1);
      video.onloadedmetadata = () => { screen.source = next; place_(screen, true); };
      video.src = next.src;
    };
    screen.open = () => open(0);
    return screen;
  });
  const fileTime = (screen) => screen.source.start + timeIn(screen.result) * screen.source.rate;
  // At rest a clip is set to its moment; while playing its speed follows the clock, and only a jump is a seek.
  const JUMP = 0.15, PULL = 2;
  const place_ = (screen, exactly) => {
    const { video, source, result } = screen;
    const s = spanOf(result, stride);
    screen.figure.querySelector(".now").textContent = s ? `${timeIn(result).toFixed(2)} s` : "";
    if (!source || !s) return;
    const wanted = fileTime(screen), behind = wanted - video.currentTime;
    if (exactly || !playing) {
      // A little into the frame: a browser rounds times, and a hair too early shows the frame before.
      if (Math.abs(behind) > 1e-4) video.currentTime = wanted + 0.002;
      return;
    }
    if (video.seeking) return;
    if (Math.abs(behind) > JUMP * source.rate) { video.currentTime = wanted; return; }
    const first = spanOf(D.results[0], stride);
    const speed = ((s[1] - s[0]) / (first[1] - first[0])) * rate * source.rate;
    video.playbackRate = Math.max(0.0625, Math.min(8, speed * (1 + PULL * (behind / source.rate))));
    if (video.paused) video.play().catch(() => {});
  };
  const told = (exactly) => {
    const n = total();
    $("moment").textContent = n ? `Stride ${stride + 1} of ${n}, ${side} foot, ${Math.round(100 * phase)} %` : "No stride of this foot counts in every result.";
    $("scrub").value = Math.round(1000 * phase);
    $("scrub").setAttribute("aria-valuetext", `${Math.round(100 * phase)} % of the stride`);
    screens.forEach((screen) => place_(screen, exactly));
    listeners.forEach((listen) => listen(100 * phase));
  };
  const go = (k, p) => {
    const n = total();
    if (!n) return told(true);
    stride = Math.max(0, Math.min(n - 1, k));
    phase = Math.max(0, Math.min(1, p));
    told(true);
  };
  const step = (by) => {
    const at = phase + by;
    if (at > 1 && stride + 1 < total()) go(stride + 1, at - 1);
    else if (at < 0 && stride > 0) go(stride - 1, at + 1);
    else go(stride, at);
  };
  const setPlaying = (on) => {
    playing = on && total() > 0;
    $("player").classList.toggle("playing", playing);
    $("play").setAttribute("aria-label", playing ? "Pause" : "Play");
    last = performance.now();
    if (playing) requestAnimationFrame(tick);
    else { screens.forEach(({ video }) => video.pause()); told(true); }
  };
  const tick = (now) => {
    if (!playing) return;
    const first = spanOf(D.results[0], stride);
    phase += (Math.min(0.1, (now - last) / 1000) * rate) / (first[1] - first[0]);
    last = now;
    let jump = false;
    if (phase >= 1) {
      const next = loop ? stride : (stride + 1) % total();
      // Strides that follow one another play on; any other is a jump.
      jump = next !== stride + 1 || D.results.some((r) => Math.abs(spanOf(r, next)[0] - spanOf(r, stride)[1]) > 0.02);
      phase -= 1;
      stride = next;
    }
    told(jump);
    requestAnimationFrame(tick);
  };
  const press = (selector, on) => document.querySelectorAll(selector).forEach((b) => b.setAttribute("aria-pressed", String(on(b))));
  const setRate = (value) => { rate = value; press("[data-rate]", (b) => +b.dataset.rate === value); };
  const setSide = (value) => { side = value; press("[data-side]", (b) => b.dataset.side === value); go(Math.min(stride, total() - 1), phase); };
  const setLoop = (on) => { loop = on; press("#loop", () => on); };
  const SMALL = 0.02;
  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target, rates = { 1: 0.1, 2: 0.25, 3: 0.5, 4: 1 };
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(on.tagName) && on.type !== "range") return;
    if (event.key === " " && on.tagName !== "BUTTON" && on.tagName !== "SUMMARY") setPlaying(!playing);
    else if (event.key === "ArrowLeft") { setPlaying(false); if (event.shiftKey) go(stride - 1, 0); else step(-SMALL); }
    else if (event.key === "ArrowRight") { setPlaying(false); if (event.shiftKey) go(stride + 1, 0); else step(SMALL); }
    else if (rates[event.key]) setRate(rates[event.key]);
    else if (event.key.toLowerCase() === "l") setLoop(!loop);
    else return;
    event.preventDefault();
  };
  const start = () => {
    $("play").onclick = () => setPlaying(!playing);
    $("back").onclick = () => { setPlaying(false); step(-SMALL); };
    $("on").onclick = () => { setPlaying(false); step(SMALL); };
    $("stride-back").onclick = () => go(stride - 1, 0);
    $("stride-on").onclick = () => go(stride + 1, 0);
    $("scrub").oninput = () => { setPlaying(false); go(stride, +$("scrub").value / 1000); };
    document.querySelectorAll("[data-rate]").forEach((b) => { b.onclick = () => setRate(+b.dataset.rate); });
    document.querySelectorAll("[data-side]").forEach((b) => { b.onclick = () => setSide(b.dataset.side); b.disabled = !count(b.dataset.side); });
    $("loop").onclick = () => setLoop(!loop);
    document.querySelectorAll(".stages .stage").forEach((stage) => { stage.onclick = () => setPlaying(!playing); });
    document.addEventListener("keydown", keys);
    setRate(rate);
    setSide(side);
    screens.forEach((screen) => screen.open());
  };
  return {
    start, step, seek: (percent) => { setPlaying(false); go(stride, percent / 100); }, listen: (f) => listeners.push(f), phase: () => 100 * phase, stride: () => stride, side: () => side,
    // Where each clip should be in its file, and is; a test reads it.
    places: () => screens.map((screen) => screen.source && { wanted: fileTime(screen), shown: screen.video.currentTime, span: spanOf(screen.result, stride) }),
  };
})();

const curves = () => {
  const root = $("plots");
  if (typeof uPlot !== "function" || !D.waves.length) { if (!D.waves.length) root.parentElement.remove(); return; }
  const charts = Charts(root, { seek: sync.seek, listen: sync.listen, now: sync.phase });
  const x = [...Array(101).keys()], colours = ["one", "two", "three"];
  // Colour alone does not tell lines apart for everybody, nor on paper.
  const dashes = [false, true, [2, 4]], legends = ["one", "two dashed", "three dotted"];
  for (const { title, side, curves: all } of D.waves) {
    const there = all.map((curve, place) => ({ curve, place })).filter(({ curve }) => curve).slice(0, colours.length);
    const edge = (w, sign) => w.mean.map((m, i) => (m === null ? null : m + sign * (w.sd[i] || 0)));
    const columns = there.flatMap(({ curve }) => [curve.mean, edge(curve, 1), edge(curve, -1)]);
    const told = columns.flat().filter((v) => v !== null), room = Math.max(2, 0.08 * (Math.max(...told) - Math.min(...told)));
    charts.add({
      title, yLabel: "degrees, mean ± SD", xLabel: side ? `% of the ${side} foot’s stride` : "% of the stride", x: [0, 100],
      y: [Math.min(...told) - room, Math.max(...told) + room], data: [x, ...columns],
      series: there.flatMap(({ place }) => [{ colour: colours[place], dash: dashes[place] }, { bare: true }, { bare: true }]),
      areas: there.map(({ place }, i) => [3 * i + 2, 3 * i + 3, colours[place]]),
      legend: there.map(({ place }) => [legends[place], D.results[place].label]),
      // A curve of one foot has its moment while strides of that foot are shown; the trunk's belongs to both.
      cursors: (percent) => (side && side !== sync.side() ? [] : [{ x: percent }]),
      seek: (percent) => [percent],
      read: (at) => { const i = Math.round(Math.max(0, Math.min(100, at))); return `${i} %: ` + there.map(({ curve, place }) => `${D.results[place].label} ${curve.mean[i] === null ? "not seen" : `${Math.round(curve.mean[i])}°`}`).join(", "); },
    });
  }
  charts.draw();
};
const only = $("only-changes");
if (only) only.onchange = () => document.querySelectorAll("#every tr.noise").forEach((row) => { row.hidden = only.checked; });
addEventListener("beforeprint", () => document.querySelectorAll("details.methods").forEach((d) => { d.open = true; }));
curves();
sync.start();
document.documentElement.dataset.ready = performance.now().toFixed(0);
