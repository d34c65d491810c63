// Plots that people read: which there are, what stands in them, and what a click on them means.
"use strict";
const plots = (() => {
  const HAS_LIBRARY = typeof uPlot === "function";
  const root = $("plots");
  // Whoever starts the plots says how the clip goes to a moment, or to one of a stride.
  let go = () => {};
  const charts = root && Charts(root, { seek: (time, stride) => go(time, stride), listen: player.listen, now: player.time });
  const number = (v) => charts.number(v);

  const extent = (values, pad) => {
    let low = Infinity, high = -Infinity;
    for (const v of values) if (v !== null && v !== undefined && Number.isFinite(v)) { if (v < low) low = v; if (v > high) high = v; }
    if (low > high) return [0, 1];
    const room = Math.max((high - low) * pad, 1e-6, Math.abs(high) * 0.02);
    return [low - room, high + room];
  };
  // Small differences must not look large: at least a quarter of the middle is shown.
  const wide = ([low, high]) => { const room = Math.max(0, 0.25 * Math.abs(low + high) / 2 - (high - low)) / 2; return [low - room, high + room]; };

  const byTime = { byTime: true, cursors: (time) => [{ x: time }], seek: (x) => [x], xLabel: "time, s", x: [0, DURATION] };
  const series = (name) => TIMES.map((_, i) => angleAt(name, i));
  const has = (name) => ANGLES[name] && series(name).some((v) => v !== null);
  const deg = (v) => (v === null || v === undefined ? "not seen" : `${Math.round(v)}°`);
  const band = (id) => (D.bands || {})[id];
  const doNotCount = () => STRIDES.filter((s) => s.out).map((s) => [s.start, s.end]);

  const trunk = () => {
    if (!has("trunk")) return;
    const y = series("trunk"), target = band("trunk_mean_deg"), shades = doNotCount();
    charts.add({ ...byTime, title: "Trunk lean", yLabel: "degrees from upright, forward", data: [TIMES, y], y: extent(y.concat(target || []), 0.12),
      series: [{ colour: "ink" }], bands: target ? [{ y: target }] : [], shades,
      legend: (target ? [["band", "target"]] : []).concat(shades.length ? [["shaded", "does not count"]] : []),
      read: (x) => `${x.toFixed(2)} s: ${deg(y[nearestFrame(x)])}` });
  };
  const percentAt = (side, time) => {
    const stride = STRIDES.find((s) => s.side === side && s.start <= time && time < s.end);
    return stride ? (100 * (time - stride.start)) / (stride.end - stride.start) : null;
  };
  // Colour alone does not tell lines apart for everybody, nor on paper: the right side's are dashed.
  const ofSide = (side) => (side === "right" ? "right dashed" : side);
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
    const columns = waves.flatMap((w) => [w.mean, edge(w, 1), edge(w, -1)]);
    charts.add({ title: "Knee bend over the stride",
      yLabel: `degrees of flexion, mean ± SD${off === null ? "" : `; push-off at about ${Math.round(off)} %`}`,
      xLabel: "% of the stride, from landing to landing", x: [0, 100], y: extent(columns.flat().concat(landing || [], leaving || []), 0.08),
      data: [x, ...columns], series: names.flatMap((s) => [{ colour: s, dash: s === "right" }, { bare: true }, { bare: true }]),
      areas: names.map((s, i) => [3 * i + 2, 3 * i + 3, s]), bands,
      legend: names.map((s) => [ofSide(s), s]).concat(bands.length ? [["band", `target at ${[landing && "landing", leaving && off !== null && "push-off"].filter(Boolean).join(" and ")}`]] : []),
      cursors: (time) => names.map((s) => ({ x: percentAt(s, time), colour: s })).filter((c) => c.x !== null),
      seek: (percent) => {
        // In the stride that is shown, else in the nearest.
        const here = player.time(), away = (s) => Math.abs((s.start + s.end) / 2 - here);
        const shown = strideAt(here), order = STRIDES.map((_, i) => i).sort((a, b) => away(STRIDES[a]) - away(STRIDES[b]));
        const stride = shown >= 0 ? shown : order[0], s = STRIDES[stride];
        return s ? [s.start + (Math.max(0, Math.min(100, percent)) / 100) * (s.end - s.start), stride] : null;
      },
      read: (p) => { const i = Math.round(Math.max(0, Math.min(100, p))); return `${i} %: ` + names.map((s, k) => `${s} ${deg(waves[k].mean[i])}`).join(", "); } });
  };
  const arms = () => {
    const pairs = [["left_upper_arm", "right_thigh", "left"], ["right_upper_arm", "left_thigh", "right"]].filter(([arm, leg]) => has(arm) && has(leg));
    if (!pairs.length) return;
    const [arm, leg, side] = pairs.find((p) => p[2] === (D.facing < 0 ? "left" : "right")) || pairs[0];
    const lines = [arm, leg].map(series), other = side === "left" ? "right" : "left";
    charts.add({ ...byTime, title: `${side === "left" ? "Left" : "Right"} arm and ${other} leg`, yLabel: "degrees from hanging, forward", y: extent(lines.flat(), 0.1),
      data: [TIMES, ...lines], series: [{ colour: side }, { colour: other, dash: true }],
      legend: [[side, "upper arm"], [`${other} dashed`, "thigh"]],
      read: (x) => `${x.toFixed(2)} s: arm ${deg(lines[0][nearestFrame(x)])}, thigh ${deg(lines[1][nearestFrame(x)])}` });
  };

  const perStride = (id, title, yLabel, unit) => {
    const values = (D.metrics || {})[id];
    if (!values) return false;
    const target = band(id), x = STRIDES.map((_, i) => i + 1);
    const of = (side, out) => STRIDES.map((s, i) => (s.side === side && Boolean(s.out) === out ? values[i] : null));
    const some = STRIDES.some((s, i) => s.out && values[i] !== null);
    charts.add({ title, yLabel, xLabel: "stride", whole: true, x: [0.4, STRIDES.length + 0.6],
      y: wide(extent(values.concat(target ? target.filter((v) => v !== null) : []), 0.25)),
      data: [x, of("left", false), of("right", false), of("left", true), of("right", true)],
      series: [{ colour: "left", points: true, span: true }, { colour: "right", points: true, span: true, dash: true }, { colour: "left", points: true, faint: true }, { colour: "right", points: true, faint: true }],
      bands: target ? [{ y: target }] : [],
      legend: ["left", "right"].map((s) => [ofSide(s), s]).concat(target ? [["band", "target"]] : [], some ? [["pale", "pale: does not count"]] : []),
      cursors: (time) => { const i = strideAt(time); return i < 0 ? [] : [{ x: i + 1 }]; },
      seek: (at) => { const i = Math.round(at) - 1; return STRIDES[i] ? [STRIDES[i].start, i] : null; },
      read: (at) => { const i = Math.round(at) - 1; return STRIDES[i] ? `stride ${i + 1}, ${STRIDES[i].side}: ${values[i] === null ? "not measured" : number(values[i]) + unit}` : ""; } });
    return true;
  };
  const speed = () => {
    for (const [id, words, unit] of [["speed_m_per_s", "m/s", " m/s"], ["speed_leg_per_s", "leg lengths a second", ""]]) {
      const values = (D.metrics || {})[id];
      if (!values) continue;
      const middle = (s) => (s.start + s.end) / 2;
      const order = STRIDES.map((_, i) => i).sort((a, b) => middle(STRIDES[a]) - middle(STRIDES[b]));
      const of = (out) => order.map((i) => (Boolean(STRIDES[i].out) === out ? values[i] : null));
      charts.add({ ...byTime, title: "Speed over the run", yLabel: words, y: extent(values.concat(0), 0.1),
        data: [order.map((i) => middle(STRIDES[i])), of(false), of(true)],
        series: [{ colour: "ink", points: true, span: true }, { colour: "ink", points: true, faint: true }],
        read: (t) => { const i = strideAt(t); return i < 0 || values[i] === null ? "" : `stride ${i + 1}: ${number(values[i])}${unit}`; } });
      return;
    }
  };
  // A foot on the ground is a thick line from landing to leaving; a gap ends it.
  const contacts = () => {
    const feet = D.contacts || {}, rows = ["right", "left"];
    if (!rows.some((side) => (feet[side] || []).length)) return;
    const HAIR = 1e-5;
    const tables = rows.map((side, row) => {
      const bars = feet[side] || [];
      return [bars.flatMap(([from, to]) => [from, to, to + HAIR]), bars.flatMap(() => [row + 0.5, row + 0.5, null])];
    });
    charts.add({ ...byTime, title: "Feet on the ground", height: 124, y: [0, 2], rows,
      data: uPlot.join(tables), series: rows.map((side) => ({ colour: side, bar: 22 })),
      read: (x) => {
        const down = rows.flatMap((side) => (feet[side] || []).filter(([from, to]) => from <= x && x <= to).map(([from, to]) => `${side} foot down ${(to - from).toFixed(2)} s`));
        return `${x.toFixed(2)} s: ${down.join(", ") || "no foot down"}`;
      } });
  };

  // The phase of each arm against the opposite leg, on a dial: a point a stride, a hand for the mean.
  const SVG = "http://www.w3.org/2000/svg";
  const node = (name, attributes, parent) => {
    const made = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    if (parent) parent.append(made);
    return made;
  };
  const polar = () => {
    const metrics = D.metrics || {};
    const sides = ["left", "right"].filter((s) => metrics[`arm_leg_phase_${s}_arm_deg`]);
    if (!sides.length) return;
    const size = 210, c = size / 2, r = 70;
    const svg = node("svg", { viewBox: `0 0 ${size + 90} ${size}`, class: "dial", role: "img", "aria-label": "Phase of each arm against the opposite leg, stride by stride" }, charts.figure("Arms against legs", sides.map((s) => [s, `${s} arm`])));
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
        const [x, y] = at(phase, r), out = STRIDES[i].out;
        if (!out) { sx += Math.sin((phase * Math.PI) / 180); sy += Math.cos((phase * Math.PI) / 180); }
        const dot = node("circle", { cx: x, cy: y, r: 5, class: `dot ${side} ${out ? "out" : ""}`, "data-stride": i }, svg);
        dot.onclick = () => go(STRIDES[i].start, i);
        node("title", {}, dot).textContent = `stride ${i + 1}: ${Math.round(phase)}°`;
      });
      const [x, y] = at(Math.atan2(sx, sy) * (180 / Math.PI), r - 9);
      if (sx || sy) node("line", { x1: c + 45, y1: c, x2: x, y2: y, class: `line ${side}` }, svg);
    }
  };

  const start = (seek) => {
    if (!root) return;
    go = seek;
    if (HAS_LIBRARY) { trunk(); knee(); arms(); }
    polar();
    if (HAS_LIBRARY) {
      perStride("step_time_s", "Step time", "seconds from the other foot’s landing", " s");
      perStride("step_length_m", "Step length", "metres", " m") || perStride("step_length_leg", "Step length", "leg lengths", " leg lengths");
      speed(); contacts();
      charts.draw();
      if (!root.children.length) root.parentElement.remove();
    }
  };
  return { start, charts };
})();
