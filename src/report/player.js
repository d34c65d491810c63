// The clip with the figure over it: plays, steps, seeks, and tells everybody who listens which frame is shown.
"use strict";
const D = JSON.parse(document.getElementById("data").textContent);
const $ = (id) => document.getElementById(id);
const unpack = (text) => {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  return new Int16Array(bytes.buffer, 0, bytes.length >> 1);
};
const MISSING = -32768;
let tick = 0;
const TIMES = D.ticks.map((step) => (tick += step) / 1e4);
const DURATION = TIMES.length ? TIMES[TIMES.length - 1] : 0;
const ANGLES = Object.fromEntries(Object.entries(D.angles || {}).map(([name, text]) => [name, unpack(text)]));
const angleAt = (name, frame) => {
  const packed = ANGLES[name] && ANGLES[name][frame];
  return packed === undefined || packed === MISSING ? null : packed / 10;
};
const POINTS = D.points ? unpack(D.points) : null;
// As in the data: the nose, then shoulder, elbow, wrist, hip, knee, ankle, heel, toe of the left and of the right.
const COUNT = 17;
const PART = { shoulder: 0, elbow: 1, wrist: 2, hip: 3, knee: 4, ankle: 5, heel: 6, toe: 7 };
const pointAt = (index, frame) => {
  const at = 2 * (COUNT * frame + index);
  const x = POINTS && POINTS[at];
  return !POINTS || x === undefined || x === MISSING ? null : { x: (x >> 1) / 2, y: POINTS[at + 1] / 2, weak: x & 1 };
};
const limb = (side, part, frame) => pointAt(1 + 8 * side + PART[part], frame);
const middle = (part, frame) => {
  const [a, b] = [limb(0, part, frame), limb(1, part, frame)];
  return a && b && { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 };
};
const nearestFrame = (time) => {
  let low = 0, high = TIMES.length - 1;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (TIMES[mid] < time) low = mid + 1; else high = mid;
  }
  return low > 0 && time - TIMES[low - 1] <= TIMES[low] - time ? low - 1 : low;
};
const STRIDES = D.strides || [];
// The stride that was asked for, what is to be said of it, and whether it was not played yet, while the clip stays in it: left
// and right strides overlap by half.
let asked = -1, saying = "", fresh = false;
const EDGE = 0.02;
const isIn = (stride, time) => Boolean(stride) && stride.start - EDGE <= time && time < stride.end + EDGE;
// Those of both legs that go on; the one that was asked for alone.
const stridesAt = (time) => (isIn(STRIDES[asked], time) ? [asked] : STRIDES.flatMap((s, i) => (s.start <= time + 1e-3 && time < s.end ? [i] : [])));
const strideAt = (time) => stridesAt(time).at(-1) ?? -1;

const player = (() => {
  const video = $("video"), canvas = $("canvas"), stage = $("stage");
  const show = { skeleton: true, angles: true, trails: false, loop: false, zoom: false };
  const listeners = [];
  let frame = 0, rate = 1, playing = false, source = null, last = 0, loop = null;
  const videoIsUsed = () => source !== null;
  const fileTime = (index) => {
    const step = index + 1 < TIMES.length ? TIMES[index + 1] - TIMES[index] : 0.01;
    // A little into the frame: a browser rounds times, and a hair too early shows the frame before.
    return source.start + (TIMES[index] + Math.min(0.3 * step, 0.01)) * source.rate;
  };
  const frameOfFile = (seconds) => nearestFrame((seconds - source.start) / source.rate);

  // The strides of both legs that go on, where none was asked for: "strides 8 left, 9 right".
  const going = (time) => {
    const now = stridesAt(time);
    return now.length ? `stride${now.length > 1 ? "s" : ""} ${now.map((i) => `${i + 1} ${STRIDES[i].side}`).join(", ")}` : "";
  };
  const told = () => {
    const time = TIMES[frame] || 0;
    // A stride that is repeated is left for a frame at its end.
    if (!isIn(STRIDES[asked], time) && !(playing && loop === STRIDES[asked])) { asked = -1; saying = ""; }
    $("now").textContent = [asked < 0 ? going(time) : `stride ${asked + 1}, ${STRIDES[asked].side}`, saying, `${time.toFixed(2)} s`].filter(Boolean).join(" · ");
    $("scrub").value = frame;
    $("scrub").setAttribute("aria-valuetext", `${time.toFixed(2)} seconds`);
    draw();
    listeners.forEach((listen) => listen(time, frame));
  };
  const showFrame = (index) => {
    const next = Math.max(0, Math.min(TIMES.length - 1, index));
    if (next !== frame) { frame = next; told(); }
  };
  const seekFrame = (index) => {
    if (!TIMES.length) return;
    frame = Math.max(0, Math.min(TIMES.length - 1, index));
    if (videoIsUsed()) video.currentTime = fileTime(frame);
    told();
  };
  // To a moment; to that of a stride where one is named, which is then the one shown.
  const jump = (time, stride, says) => {
    asked = stride;
    saying = says;
    seekFrame(nearestFrame(time));
    if (loop) setShow("loop", true);
  };
  // The same for who asks: Play then repeats the stride.
  const seek = (time, stride = -1, says = "") => {
    jump(time, stride, says);
    fresh = stride >= 0;
  };
  const setPlaying = (on) => {
    playing = on;
    stage.parentElement.classList.toggle("playing", on);
    $("play").setAttribute("aria-label", on ? "Pause" : "Play");
    last = performance.now();
  };
  const play = () => {
    // Who asked for a stride is shown that stride, from its beginning and again.
    if (fresh && asked >= 0) { setShow("loop", true); jump(loop.start, asked, saying); }
    fresh = false;
    if (frame >= TIMES.length - 1) seekFrame(0);
    if (videoIsUsed()) video.play().catch(() => setPlaying(false));
    setPlaying(true);
    requestAnimationFrame(follow);
  };
  const pause = () => { if (videoIsUsed()) video.pause(); setPlaying(false); };
  const toggle = () => (playing ? pause() : play());

  // What is on screen now. Browsers that tell the frame presented are believed over the clock.
  const presented = (fileSeconds) => showFrame(frameOfFile(fileSeconds));
  let clock = 0;
  const follow = (now) => {
    if (!playing) return;
    if (!videoIsUsed()) {
      const elapsed = (now - last) / 1000;
      clock = Math.abs(clock - TIMES[frame]) > 0.2 ? TIMES[frame] : clock;
      clock += elapsed * rate;
      last = now;
      if (clock >= DURATION) { showFrame(TIMES.length - 1); clock = 0; pause(); return; }
      showFrame(nearestFrame(clock));
    } else if (!video.requestVideoFrameCallback) {
      presented(video.currentTime);
    }
    if (loop && (TIMES[frame] >= loop.end || TIMES[frame] < loop.start - 0.1)) { jump(loop.start, STRIDES.indexOf(loop), saying); clock = loop.start; }
    requestAnimationFrame(follow);
  };
  const watch = () => {
    if (!video.requestVideoFrameCallback) return;
    const each = (_, meta) => { if (videoIsUsed() && playing) presented(meta.mediaTime); video.requestVideoFrameCallback(each); };
    video.requestVideoFrameCallback(each);
  };
  const setRate = (value) => {
    rate = value;
    if (videoIsUsed()) video.playbackRate = Math.min(16, value * source.rate);
    document.querySelectorAll("[data-rate]").forEach((b) => b.setAttribute("aria-pressed", String(+b.dataset.rate === value)));
  };
  const setShow = (what, on) => {
    show[what] = on;
    const button = document.querySelector(`[data-show="${what}"]`);
    button.setAttribute("aria-pressed", String(on));
    if (what !== "loop") { draw(); return; }
    loop = on ? STRIDES[strideAt(TIMES[frame])] || STRIDES[0] || null : null;
    if (!on) { asked = -1; saying = ""; }
    told();
  };
  const byStride = (way) => {
    const time = TIMES[frame], now = strideAt(time), begun = now >= 0 && time - STRIDES[now].start > EDGE;
    const outside = () => (way > 0 ? STRIDES.findIndex((s) => s.start > time) : STRIDES.findLastIndex((s) => s.end <= time));
    // Back means first to where this stride began.
    const next = now < 0 ? outside() : way < 0 && begun ? now : now + way;
    if (STRIDES[next]) seek(STRIDES[next].start, next);
  };

  // Sources in order of preference, each where it was and then beside the page, for who was sent both; where none plays,
  // the figure alone moves.
  const moved = D.videos.map((v) => ({ ...v, src: `./${v.src.split("/").pop()}` }));
  const sources = D.videos.concat(moved.filter((m) => !D.videos.some((v) => v.src === m.src)));
  const missing = () => {
    const clip = D.videos.find((v) => !v.annotated) || D.videos[0];
    if (!clip) return `The clip ${D.clip} was not found when this page was made.`;
    return `The clip does not play: put ${decodeURIComponent(clip.src.split("/").pop())} into the folder of this page. If it is there, this browser does not know its format.`;
  };
  const open = (index) => {
    const next = sources[index];
    if (!next) {
      source = null;
      stage.classList.add("bare");
      message(`${missing()} The figure shows the movement without it.`);
      draw();
      return;
    }
    video.onerror = () => open(index + 1);
    video.onloadedmetadata = () => {
      source = next;
      stage.classList.toggle("annotated", next.annotated);
      setRate(rate);
      seekFrame(frame);
    };
    video.src = next.src;
  };
  const message = (text) => { $("message").textContent = text; $("message").hidden = false; };

  // Drawing. Colours of the sides as in the overlay: they stay apart for every kind of colour blindness.
  const COLOURS = ["#ff9500", "#46afff"];
  const LINES = [["shoulder", "elbow"], ["elbow", "wrist"], ["hip", "knee"], ["knee", "ankle"], ["ankle", "heel"], ["heel", "toe"], ["ankle", "toe"]];
  const context = canvas.getContext("2d");
  const stroke = (a, b, colour, width, dash) => {
    context.beginPath(); context.setLineDash(dash || []); context.strokeStyle = colour; context.lineWidth = width;
    context.moveTo(a.x, a.y); context.lineTo(b.x, b.y); context.stroke(); context.setLineDash([]);
  };
  const label = (text, x, y, size, colour) => {
    context.font = `600 ${size}px system-ui, sans-serif`;
    const width = context.measureText(text).width;
    const left = Math.max(2, Math.min(D.width - width - size * 0.6, x));
    context.fillStyle = "rgba(12,14,18,.72)";
    y = Math.max(size * 0.75, y);
    context.beginPath(); context.roundRect(left, y - size * 0.75, width + size * 0.6, size * 1.4, size * 0.3); context.fill();
    context.fillStyle = colour; context.textBaseline = "middle"; context.fillText(text, left + size * 0.3, y);
  };
  const drawSide = (side, unit) => {
    context.globalAlpha = side === near ? 1 : 0.75;
    for (const [from, to] of LINES) {
      const [a, b] = [limb(side, from, frame), limb(side, to, frame)];
      if (a && b) stroke(a, b, COLOURS[side], unit * 0.75, a.weak || b.weak ? [unit * 1.2, unit] : []);
    }
    for (const part of Object.keys(PART)) {
      const p = limb(side, part, frame);
      if (!p) continue;
      context.beginPath(); context.arc(p.x, p.y, unit * 0.75, 0, 7);
      context.fillStyle = p.weak ? "rgba(12,14,18,.6)" : "#fff"; context.fill();
      context.lineWidth = unit * 0.35; context.strokeStyle = COLOURS[side]; context.stroke();
    }
    context.globalAlpha = 1;
  };
  const near = D.facing === null || D.facing === undefined || D.facing > 0 ? 1 : 0;
  const drawTrunk = (unit) => {
    const [hips, neck] = [middle("hip", frame), middle("shoulder", frame)];
    if (hips && neck) stroke(hips, neck, "#fff", unit * 0.9);
  };
  const drawAngles = (unit, size) => {
    const [hips, neck] = [middle("hip", frame), middle("shoulder", frame)];
    const trunk = angleAt("trunk", frame);
    if (hips && neck && trunk !== null) {
      const length = Math.hypot(neck.x - hips.x, neck.y - hips.y);
      const inFrame = (values) => Array.isArray(values) ? values[frame] : values;
      // How far upright leans in the picture, and how short the way looks beside a height: 1 seen squarely.
      const lean = inFrame(D.upright) || 0, squeeze = inFrame(D.squeeze) || 1;
      const up = { x: hips.x + Math.sin(lean) * length, y: hips.y - Math.cos(lean) * length };
      const band = (D.bands || {}).trunk_mean_deg;
      if (band && D.facing) {
        const [from, to] = [band[0] === null ? -20 : band[0], band[1] === null ? 90 : band[1]];
        const seen = (rad) => Math.atan2(squeeze * Math.sin(rad), Math.cos(rad));
        const turn = (deg) => -Math.PI / 2 + lean + D.facing * seen((deg * Math.PI) / 180);
        context.beginPath(); context.moveTo(hips.x, hips.y);
        context.arc(hips.x, hips.y, length, turn(from), turn(to), D.facing < 0); context.closePath();
        context.fillStyle = "rgba(60,200,120,.28)"; context.fill();
      }
      stroke(hips, up, "#ffdd57", unit * 0.4, [unit, unit]);
      label(`trunk ${Math.round(trunk)}°`, neck.x - size * 2.6, neck.y - size * 2.4, size, "#fff");
    }
    // In front of the knee; where the two would cover each other, the far one's above.
    let taken = null;
    [near, 1 - near].forEach((side) => {
      const knee = limb(side, "knee", frame), flexion = angleAt(side ? "right_knee" : "left_knee", frame);
      if (!knee || flexion === null) return;
      const at = { x: knee.x + (D.facing || 1) * unit * 2.2 - (D.facing < 0 ? size * 2 : 0), y: knee.y };
      if (taken && Math.abs(at.x - taken.x) < 2.6 * size && Math.abs(at.y - taken.y) < 1.5 * size) at.y = taken.y - 1.5 * size;
      taken = at;
      label(`${Math.round(flexion)}°`, at.x, at.y, size, COLOURS[side]);
    });
  };
  const drawTrails = (unit) => {
    const from = nearestFrame(TIMES[frame] - 0.6);
    for (const side of [0, 1]) for (const part of ["wrist", "ankle"]) {
      for (let i = Math.max(1, from + 1); i <= frame; i++) {
        const [a, b] = [limb(side, part, i - 1), limb(side, part, i)];
        context.globalAlpha = (i - from) / (frame - from + 1);
        if (a && b) stroke(a, b, COLOURS[side], unit * 0.45);
      }
    }
    context.globalAlpha = 1;
  };
  // The athlete, as large as the stage allows: one size for the whole clip, so that the picture does not breathe.
  const CLOSE = (() => {
    if (!POINTS || !TIMES.length) return null;
    const heights = [], centres = TIMES.map((_, i) => {
      const seen = [...Array(COUNT).keys()].map((k) => pointAt(k, i)).filter(Boolean);
      if (seen.length < 8) return null;
      const [xs, ys] = [seen.map((p) => p.x), seen.map((p) => p.y)];
      heights.push(Math.max(...ys) - Math.min(...ys));
      return { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: (Math.min(...ys) + Math.max(...ys)) / 2 };
    });
    if (!heights.length) return null;
    const factor = Math.max(1, Math.min(4, (0.7 * D.height) / heights.sort((a, b) => a - b)[Math.floor(heights.length * 0.9)]));
    return { factor, centres };
  })();
  const zoom = () => {
    if (!show.zoom || !CLOSE) { $("lens").style.transform = ""; return 1; }
    // Over half a second either way: the lens glides while arms and legs move.
    const [from, to] = [nearestFrame(TIMES[frame] - 0.5), nearestFrame(TIMES[frame] + 0.5)];
    const near = CLOSE.centres.slice(from, to + 1).filter(Boolean);
    if (!near.length) return CLOSE.factor;
    const f = CLOSE.factor, half = 0.5 / f;
    const share = (of, all) => Math.max(half, Math.min(1 - half, near.reduce((sum, p) => sum + p[of], 0) / near.length / all));
    $("lens").style.transform = `scale(${f}) translate(${(50 - 100 * share("x", D.width)).toFixed(3)}%,${(50 - 100 * share("y", D.height)).toFixed(3)}%)`;
    return f;
  };
  const draw = () => {
    const closer = zoom();
    const shown = (stage.clientWidth || 600) * closer;
    const scale = Math.min(3, (shown * (window.devicePixelRatio || 1)) / D.width);
    const [width, height] = [Math.round(D.width * scale), Math.round(D.height * scale)];
    if (canvas.width !== width || canvas.height !== height) { canvas.width = width; canvas.height = height; }
    context.setTransform(scale, 0, 0, scale, 0, 0);
    context.clearRect(0, 0, D.width, D.height);
    if (!POINTS || (source && source.annotated)) return;
    context.lineCap = "round";
    const unit = Math.min(D.width, D.height) / 100;
    const size = Math.max((unit * 3.2) / closer, (11 * D.width) / shown);
    if (show.trails) drawTrails(unit);
    if (show.skeleton) { drawSide(1 - near, unit); drawTrunk(unit); drawSide(near, unit); }
    if (show.angles) drawAngles(unit, size);
  };

  // Who is small in the picture is looked at closely from the start.
  const WORTH_A_LENS = 1.5;
  const start = () => {
    if (!(D.bands || {}).trunk_mean_deg) document.querySelector(".key .of-trunk").remove();
    // Who comes into the picture later is seen at once: titles come first in many clips.
    if (CLOSE) frame = CLOSE.centres.findIndex(Boolean);
    if (CLOSE && CLOSE.factor >= WORTH_A_LENS) setShow("zoom", true);
    stage.style.aspectRatio = `${D.width} / ${D.height}`;
    // An upright clip must leave room for its controls.
    stage.style.maxWidth = `calc(72vh * ${D.width / D.height})`;
    $("scrub").max = Math.max(0, TIMES.length - 1);
    $("play").onclick = stage.onclick = toggle;
    $("frame-back").onclick = () => { pause(); seekFrame(frame - 1); };
    $("frame-on").onclick = () => { pause(); seekFrame(frame + 1); };
    $("stride-back").onclick = () => byStride(-1);
    $("stride-on").onclick = () => byStride(1);
    $("scrub").oninput = () => { pause(); seekFrame(+$("scrub").value); };
    document.querySelectorAll("[data-rate]").forEach((b) => { b.onclick = () => setRate(+b.dataset.rate); });
    document.querySelectorAll("[data-show]").forEach((b) => { b.onclick = () => setShow(b.dataset.show, !show[b.dataset.show]); });
    document.addEventListener("keydown", keys);
    video.addEventListener("ended", () => setPlaying(false));
    video.addEventListener("pause", () => { if (!video.ended) setPlaying(false); });
    video.addEventListener("play", () => { if (!playing) { setPlaying(true); requestAnimationFrame(follow); } });
    new ResizeObserver(draw).observe(stage);
    watch();
    open(0);
    told();
  };
  const keys = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const on = event.target;
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(on.tagName) && on.type !== "range") return;
    const press = on.tagName === "BUTTON" || on.tagName === "SUMMARY";
    const rates = { 1: 0.1, 2: 0.25, 3: 0.5, 4: 1 };
    const toggles = { l: "loop", s: "skeleton", a: "angles", t: "trails", z: "zoom" };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (key === " " && !press) toggle();
    else if (key === "ArrowLeft" && event.shiftKey) byStride(-1);
    else if (key === "ArrowRight" && event.shiftKey) byStride(1);
    else if (key === "ArrowLeft") { pause(); seekFrame(frame - 1); }
    else if (key === "ArrowRight") { pause(); seekFrame(frame + 1); }
    else if (rates[key]) setRate(rates[key]);
    else if (toggles[key]) setShow(toggles[key], !show[toggles[key]]);
    else return;
    event.preventDefault();
  };
  return { start, seek, pause, time: () => TIMES[frame] || 0, frame: () => frame, listen: (f) => listeners.push(f), message };
})();
