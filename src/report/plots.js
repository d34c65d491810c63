// Plots that people read, each with a cursor that follows the clip; a click goes there.
"use strict";
const plots = (() => {
  const NS = "http://www.w3.org/2000/svg";
  const all = [];
  const node = (name, attributes, parent) => {
    const made = document.createElementNS(NS, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (parent) parent.append(made);
    return made;
  };
  const ticks = (from, to, wanted) => {
    const rough = (to - from) / wanted, power = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((m) => m * power).find((s) => s >= rough);
    const out = [];
    for (let v = Math.ceil(from / step - 1e-9) * step; v <= to + 1e-9; v += step) out.push(+v.toFixed(10));
    return out;
  };
  const number = (v) => (Math.abs(v) >= 10 ? v.toFixed(0) : +v.toFixed(2)).toString().replace("-", "−");
  const extent = (values, pad) => {
    const told = values.filter((v) => v !== null && v !== undefined && Number.isFinite(v));
    if (!told.length) return [0, 1];
    const [low, high] = [Math.min(...told), Math.max(...told)];
    const room = Math.max((high - low) * pad, 1e-6, Math.abs(high) * 0.02);
    return [low - room, high + room];
  };

  // Small differences must not look large: at least a quarter of the middle is shown.
  const wide = ([low, high]) => { const room = Math.max(0, 0.25 * Math.abs(low + high) / 2 - (high - low)) / 2; return [low - room, high + room]; };

  /* spec: title, note, x: [from, to], y: [from, to], xLabel, yLabel, height,
     lines: [{x, y, cls, dots}], bands: [{y: [a, b], x: [a, b]}], areas: [{x, low, high, cls}],
     shades: [{x: [a, b]}], bars: [{x: [a, b], row, cls}], rows, seek: (x, y) => time, cursors: (time) => [{x, cls}], read: (x) => text */
  const chart = (spec) => {
    const figure = document.createElement("figure");
    figure.className = "plot";
    figure.innerHTML = `<figcaption></figcaption><div class="canvas"></div>`;
    figure.firstChild.textContent = spec.title;
    if (spec.legend) figure.firstChild.append(legend(spec.legend));
    if (spec.note) { const p = document.createElement("p"); p.className = "note"; p.textContent = spec.note; figure.append(p); }
    $("plots").append(figure);
    const box = figure.children[1];
    const made = { spec, box, full: spec.x.slice(), cursor: null, render: () => render(made) };
    all.push(made);
    // Drawn once its place is known, and again whenever that changes.
    new ResizeObserver(() => { if (box.clientWidth && box.clientWidth !== made.width) render(made); }).observe(box);
    return made;
  };
  const legend = (entries) => {
    const span = document.createElement("span");
    span.className = "legend";
    for (const [cls, words] of entries) {
      const one = document.createElement("span");
      const mark = document.createElement("i");
      mark.className = cls;
      one.append(mark, words);
      span.append(one);
    }
    return span;
  };

  const render = (made) => {
    const { spec, box } = made;
    const width = (made.width = Math.max(240, box.clientWidth || 320)), height = spec.height || 190;
    const area = { left: spec.rows ? 46 : 42, right: width - 10, top: 8, bottom: height - 34 };
    const px = (x) => area.left + ((x - spec.x[0]) / (spec.x[1] - spec.x[0])) * (area.right - area.left);
    const py = (y) => area.bottom - ((y - spec.y[0]) / (spec.y[1] - spec.y[0])) * (area.bottom - area.top);
    box.replaceChildren();
    const svg = node("svg", { viewBox: `0 0 ${width} ${height}`, width, height, role: "img", "aria-label": spec.aria || spec.title }, box);
    const clip = `clip${all.indexOf(made)}`;
    node("rect", { x: area.left, y: area.top - 4, width: area.right - area.left, height: area.bottom - area.top + 8 }, node("clipPath", { id: clip }, svg));
    const inner = node("g", { "clip-path": `url(#${clip})` }, svg);
    axes(svg, inner, spec, area, px, py);
    shapes(inner, spec, area, px, py);
    made.layer = node("g", { "clip-path": `url(#${clip})` }, svg);
    made.px = px; made.py = py; made.area = area; made.svg = svg;
    hover(made);
    cursors(made, player.time());
  };
  const axes = (svg, inner, spec, area, px, py) => {
    for (const x of ticks(spec.x[0], spec.x[1], Math.max(3, (area.right - area.left) / 70))) {
      if (spec.whole && x !== Math.round(x)) continue;
      node("text", { x: px(x), y: area.bottom + 15, class: "tick", "text-anchor": "middle" }, svg).textContent = number(x);
    }
    if (spec.rows) spec.rows.forEach((name, i) => {
      node("text", { x: area.left - 6, y: py(i + 0.5) + 4, class: "tick", "text-anchor": "end" }, svg).textContent = name;
    });
    else for (const y of ticks(spec.y[0], spec.y[1], 4)) {
      node("line", { x1: area.left, x2: area.right, y1: py(y), y2: py(y), class: "rule" }, inner);
      node("text", { x: area.left - 6, y: py(y) + 4, class: "tick", "text-anchor": "end" }, svg).textContent = number(y);
    }
    node("text", { x: area.right, y: area.bottom + 29, class: "name", "text-anchor": "end" }, svg).textContent = spec.xLabel;
    if (spec.yLabel) node("text", { x: area.left + 4, y: area.top + 8, class: "name halo" }, svg).textContent = spec.yLabel;
  };
  const path = (line, px, py) => {
    let out = "", pen = "M", last = -9;
    line.x.forEach((x, i) => {
      const y = line.y[i];
      if (y === null || y === undefined) { pen = "M"; return; }
      // More points than pixels are not seen and cost time.
      if (pen === "L" && px(x) - last < 0.6) return;
      last = px(x);
      out += `${pen}${px(x).toFixed(1)} ${py(y).toFixed(1)}`;
      pen = "L";
    });
    return out;
  };
  const shapes = (inner, spec, area, px, py) => {
    for (const shade of spec.shades || []) node("rect", { x: px(shade[0]), y: area.top, width: Math.max(0, px(shade[1]) - px(shade[0])), height: area.bottom - area.top, class: "shade" }, inner);
    for (const band of spec.bands || []) {
      const [x0, x1] = band.x || spec.x;
      const low = band.y[0] === null ? spec.y[0] : band.y[0], high = band.y[1] === null ? spec.y[1] : band.y[1];
      const top = py(Math.min(high, spec.y[1])), bottom = py(Math.max(low, spec.y[0]));
      node("rect", { x: px(x0), y: top, width: px(x1) - px(x0), height: Math.max(0, bottom - top), class: "band" }, inner);
    }
    for (const a of spec.areas || []) {
      const there = a.x.map((_, i) => i).filter((i) => a.low[i] !== null && a.high[i] !== null);
      const over = there.map((i) => `${px(a.x[i]).toFixed(1)} ${py(a.high[i]).toFixed(1)}`);
      const under = there.reverse().map((i) => `${px(a.x[i]).toFixed(1)} ${py(a.low[i]).toFixed(1)}`);
      if (over.length) node("path", { d: `M${over.join("L")}L${under.join("L")}Z`, class: `area ${a.cls}` }, inner);
    }
    for (const bar of spec.bars || []) node("rect", { x: px(bar.x[0]), y: py(bar.row + 0.85), width: Math.max(1, px(bar.x[1]) - px(bar.x[0])), height: py(bar.row + 0.15) - py(bar.row + 0.85), rx: 3, class: `contact ${bar.cls}` }, inner);
    for (const line of spec.lines || []) {
      if (!line.bare) node("path", { d: path(line, px, py), class: `line ${line.cls}` }, inner);
      if (line.dots) line.x.forEach((x, i) => {
        if (line.y[i] !== null && line.y[i] !== undefined) node("circle", { cx: px(x), cy: py(line.y[i]), r: 4, class: `dot ${line.cls} ${line.out && line.out[i] ? "out" : ""}` }, inner);
      });
    }
  };
  const hover = (made) => {
    const { svg, spec, area } = made;
    const tip = document.createElement("p");
    tip.className = "tip";
    tip.hidden = true;
    made.box.append(tip);
    const place = (event) => {
      const bounds = svg.getBoundingClientRect();
      const x = ((event.clientX - bounds.left) / bounds.width) * made.width;
      return spec.x[0] + ((x - area.left) / (area.right - area.left)) * (spec.x[1] - spec.x[0]);
    };
    const seek = (event) => { const time = spec.seek && spec.seek(place(event)); if (time !== null && time !== undefined) { player.pause(); player.seek(time); } };
    svg.onpointermove = (event) => {
      if (event.buttons & 1) seek(event);
      const x = place(event), text = spec.read && spec.read(x);
      tip.hidden = !text || x < spec.x[0] || x > spec.x[1];
      if (tip.hidden) return;
      tip.textContent = text;
      const left = made.px(x);
      tip.style.left = `${Math.min(left + 10, made.width - tip.offsetWidth - 4)}px`;
    };
    svg.onpointerleave = () => { tip.hidden = true; };
    svg.onclick = seek;
    // Zoom about the pointer with Ctrl and the wheel; a double click or double tap zooms, another shows all again.
    const zoom = (about, factor) => {
      if (!spec.zoom) return;
      const span = Math.min(made.full[1] - made.full[0], (spec.x[1] - spec.x[0]) * factor);
      const share = (about - spec.x[0]) / (spec.x[1] - spec.x[0]);
      const from = Math.max(made.full[0], Math.min(made.full[1] - span, about - share * span));
      all.filter((m) => m.spec.zoom).forEach((m) => { m.spec.x = [from, from + span]; render(m); });
    };
    svg.ondblclick = (event) => zoom(place(event), spec.x[1] - spec.x[0] < made.full[1] - made.full[0] ? 1e9 : 0.3);
    svg.onwheel = (event) => { if (event.ctrlKey && spec.zoom) { event.preventDefault(); zoom(place(event), event.deltaY < 0 ? 0.8 : 1.25); } };
  };
  const cursors = (made, time) => {
    if (!made.layer) return;
    made.layer.replaceChildren();
    for (const c of made.spec.cursors ? made.spec.cursors(time) : []) {
      const x = made.px(c.x);
      node("line", { x1: x, x2: x, y1: made.area.top - 4, y2: made.area.bottom + 4, class: `cursor ${c.cls || ""}` }, made.layer);
    }
  };

  // The plots.
  const byTime = { cursors: (time) => [{ x: time }], seek: (x) => x, zoom: true, xLabel: "time, s" };
  const series = (name) => TIMES.map((_, i) => angleAt(name, i));
  const has = (name) => ANGLES[name] && series(name).some((v) => v !== null);
  const deg = (v) => (v === null || v === undefined ? "not seen" : `${Math.round(v)}°`);
  const band = (id) => (D.bands || {})[id];
  const openShades = () => STRIDES.filter((s) => s.out).map((s) => [s.start, s.end]);

  const trunk = () => {
    if (!has("trunk")) return;
    const y = series("trunk"), target = band("trunk_mean_deg");
    chart({ ...byTime, title: "Trunk lean", yLabel: "degrees from upright, forward", x: [0, DURATION],
      y: extent(y.concat(target || []), 0.12), lines: [{ x: TIMES, y, cls: "trunk" }], bands: target ? [{ y: target }] : [], shades: openShades(),
      legend: target ? [["band", "target"]] : null,
      read: (x) => `${x.toFixed(2)} s: ${deg(y[nearestFrame(x)])}` });
  };
  const percentAt = (side, time) => {
    const stride = STRIDES.find((s) => s.side === side && s.start <= time && time < s.end);
    return stride ? (100 * (time - stride.start)) / (stride.end - stride.start) : null;
  };
  const knee = () => {
    const names = ["left", "right"].filter((s) => D.waves && D.waves[`${s}_knee`]);
    if (!names.length) return;
    const x = [...Array(101).keys()], waves = names.map((s) => D.waves[`${s}_knee`]);
    const edge = (w, sign) => w.mean.map((m, i) => (m === null ? null : m + sign * (w.sd[i] || 0)));
    const valid = STRIDES.filter((s) => !s.out && s.off > s.start && s.off < s.end);
    const off = valid.length ? valid.reduce((sum, s) => sum + (100 * (s.off - s.start)) / (s.end - s.start), 0) / valid.length : null;
    const bands = [];
    const landing = band("knee_initial_contact_deg"), leaving = band("knee_terminal_contact_deg");
    if (landing) bands.push({ y: landing, x: [0, 5] });
    if (leaving && off !== null) bands.push({ y: leaving, x: [off - 4, off + 4] });
    const ends = waves.flatMap((w) => edge(w, 1).concat(edge(w, -1))).concat(landing || [], leaving || []);
    chart({ title: "Knee bend over the stride", yLabel: "degrees of flexion, mean ± SD", xLabel: "% of the stride, from landing to landing", x: [0, 100], y: extent(ends, 0.08),
      areas: names.map((s, i) => ({ x, low: edge(waves[i], -1), high: edge(waves[i], 1), cls: s })),
      lines: names.map((s, i) => ({ x, y: waves[i].mean, cls: s })), bands,
      legend: names.map((s) => [s, s]).concat(bands.length ? [["band", "target at landing and push-off"]] : []),
      note: off === null ? null : `The foot leaves at about ${Math.round(off)} %.`,
      cursors: (time) => names.map((s) => ({ x: percentAt(s, time), cls: s })).filter((c) => c.x !== null),
      seek: (percent) => {
        const here = player.time(), side = D.facing < 0 ? "left" : "right";
        const near = STRIDES.filter((s) => s.side === (names.includes(side) ? side : names[0])).sort((a, b) => Math.abs((a.start + a.end) / 2 - here) - Math.abs((b.start + b.end) / 2 - here))[0];
        return near ? near.start + (Math.max(0, Math.min(100, percent)) / 100) * (near.end - near.start) : null;
      },
      read: (p) => { const i = Math.round(Math.max(0, Math.min(100, p))); return `${i} %: ` + names.map((s, k) => `${s} ${deg(waves[k].mean[i])}`).join(", "); } });
  };
  const arms = () => {
    const pairs = [["left_upper_arm", "right_thigh", "left"], ["right_upper_arm", "left_thigh", "right"]].filter(([arm, leg]) => has(arm) && has(leg));
    if (!pairs.length) return;
    const [arm, leg, side] = pairs.find((p) => p[2] === (D.facing < 0 ? "left" : "right")) || pairs[0];
    const lines = [arm, leg].map(series), other = side === "left" ? "right" : "left";
    chart({ ...byTime, title: `${side === "left" ? "Left" : "Right"} arm and ${other} leg`, yLabel: "degrees from hanging, forward", x: [0, DURATION], y: extent(lines.flat(), 0.1),
      lines: [{ x: TIMES, y: lines[0], cls: side }, { x: TIMES, y: lines[1], cls: `${other} dashed` }],
      legend: [[side, "upper arm"], [`${other} dashed`, "thigh"]],
      read: (x) => `${x.toFixed(2)} s: arm ${deg(lines[0][nearestFrame(x)])}, thigh ${deg(lines[1][nearestFrame(x)])}` });
  };
  const polar = () => {
    const metrics = D.metrics || {};
    const sides = ["left", "right"].filter((s) => metrics[`arm_leg_phase_${s}_arm_deg`]);
    if (!sides.length) return;
    const figure = document.createElement("figure");
    figure.className = "plot polar";
    figure.innerHTML = "<figcaption>Arms against legs</figcaption>";
    figure.firstChild.append(legend(sides.map((s) => [s, `${s} arm`])));
    $("plots").append(figure);
    const size = 210, c = size / 2, r = 70;
    const svg = node("svg", { viewBox: `0 0 ${size + 90} ${size}`, class: "dial", role: "img", "aria-label": "Phase of each arm against the opposite leg, stride by stride" }, figure);
    const at = (d, radius) => [c + 45 + radius * Math.sin((d * Math.PI) / 180), c - radius * Math.cos((d * Math.PI) / 180)];
    node("circle", { cx: c + 45, cy: c, r, class: "rule" }, svg);
    for (const [d, words, anchor] of [[0, "together", "middle"], [90, "a quarter ahead", "start"], [180, "opposite", "middle"], [270, "a quarter behind", "end"]]) {
      const [x0, y0] = at(d, r - 5), [x1, y1] = at(d, r + 5), [x, y] = at(d, r + 16);
      node("line", { x1: x0, y1: y0, x2: x1, y2: y1, class: "rule" }, svg);
      const two = words.split(/ (?=ahead|behind)/);
      const text = node("text", { x, y: y + 4 - (two.length - 1) * 6, class: "tick", "text-anchor": anchor }, svg);
      two.forEach((part, i) => { node("tspan", { x, dy: i ? 13 : 0 }, text).textContent = part; });
    }
    for (const side of sides) {
      let [sx, sy] = [0, 0];
      metrics[`arm_leg_phase_${side}_arm_deg`].forEach((phase, i) => {
        if (phase === null) return;
        const [x, y] = at(phase, r);
        const out = STRIDES[i].out;
        if (!out) { sx += Math.sin((phase * Math.PI) / 180); sy += Math.cos((phase * Math.PI) / 180); }
        const dot = node("circle", { cx: x, cy: y, r: 5, class: `dot ${side} ${out ? "out" : ""}`, "data-stride": i }, svg);
        dot.style.cursor = "pointer";
        dot.onclick = () => { player.pause(); player.seek(STRIDES[i].start); };
        node("title", {}, dot).textContent = `stride ${i + 1}: ${Math.round(phase)}°`;
      });
      const mean = Math.atan2(sx, sy) * (180 / Math.PI), [x, y] = at(mean, r - 9);
      if (sx || sy) node("line", { x1: c + 45, y1: c, x2: x, y2: y, class: `line ${side}` }, svg);
    }
  };
  const perStride = (id, title, yLabel, unit) => {
    const values = (D.metrics || {})[id];
    if (!values) return false;
    const target = band(id);
    const lines = ["left", "right"].map((side) => {
      const mine = STRIDES.map((_, i) => i).filter((i) => STRIDES[i].side === side);
      return { cls: side, dots: true, x: mine.map((i) => i + 1), y: mine.map((i) => values[i]), out: mine.map((i) => STRIDES[i].out) };
    });
    chart({ title, yLabel, xLabel: "stride", whole: true, x: [0.4, STRIDES.length + 0.6], y: wide(extent(values.concat(target ? target.filter((v) => v !== null) : []), 0.25)), lines, bands: target ? [{ y: target }] : [],
      legend: [["left", "left"], ["right", "right"]].concat(target ? [["band", "target"]] : []),
      cursors: (time) => { const i = strideAt(time); return i < 0 ? [] : [{ x: i + 1 }]; },
      seek: (x) => { const s = STRIDES[Math.round(x) - 1]; return s ? s.start : null; },
      read: (x) => { const i = Math.round(x) - 1; return STRIDES[i] ? `stride ${i + 1}, ${STRIDES[i].side}: ${values[i] === null ? "not measured" : number(values[i]) + unit}` : ""; } });
    return true;
  };
  const contacts = () => {
    const { left = [], right = [] } = D.contacts || {};
    if (!left.length && !right.length) return;
    const bars = left.map((x) => ({ x, row: 1, cls: "left" })).concat(right.map((x) => ({ x, row: 0, cls: "right" })));
    chart({ ...byTime, title: "Feet on the ground", height: 124, x: [0, DURATION], y: [0, 2], rows: ["right", "left"], bars,
      read: (x) => { const bar = bars.find((b) => b.x[0] <= x && x <= b.x[1]); return `${x.toFixed(2)} s${bar ? `: ${bar.cls} foot down ${(bar.x[1] - bar.x[0]).toFixed(2)} s` : ""}`; } });
  };
  const speed = () => {
    for (const [id, words, unit] of [["speed_m_per_s", "m/s", " m/s"], ["speed_leg_per_s", "leg lengths a second", ""]]) {
      const values = (D.metrics || {})[id];
      if (!values) continue;
      const x = STRIDES.map((s) => (s.start + s.end) / 2);
      chart({ ...byTime, title: "Speed over the run", yLabel: words, x: [0, DURATION], y: extent(values.concat(0), 0.1),
        lines: [{ x, y: values, cls: "trunk", dots: true, out: STRIDES.map((s) => s.out) }],
        read: (t) => { const i = strideAt(t); return i < 0 || values[i] === null ? "" : `stride ${i + 1}: ${number(values[i])}${unit}`; } });
      return;
    }
  };
  const start = () => {
    if (!$("plots")) return;
    trunk(); knee(); arms(); polar();
    perStride("step_time_s", "Step time", "s", " s");
    perStride("step_length_m", "Step length", "m", " m") || perStride("step_length_leg", "Step length", "leg lengths", " leg lengths");
    speed(); contacts();
    if (!$("plots").children.length) $("plots").parentElement.remove();
    player.listen((time) => all.forEach((made) => cursors(made, time)));
  };
  return { start, all };
})();
