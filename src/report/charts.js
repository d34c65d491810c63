// Charts with uPlot: lines with their spread, target bands, points and bars, all with a cursor that follows the clip.
// Knows nothing of what is plotted; whoever starts it says how a click seeks and who tells the time.
"use strict";
const Charts = (root, { seek, listen, now }) => {
  const all = [];
  let palette = {}, onPaper = false;
  const COLOURS = ["ink", "soft", "line", "card", "accent", "left", "right", "one", "two", "three", "band", "band-edge", "shade"];
  const readPalette = () => {
    const style = getComputedStyle(document.documentElement);
    palette = Object.fromEntries(COLOURS.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
  };
  // Whole pixels: uPlot takes the digits before "px" for the size.
  const FONT = '12px system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans",sans-serif';
  const number = (v) => (Math.abs(v) >= 10 ? v.toFixed(0) : +v.toFixed(2)).toString().replace("-", "−");
  const legend = (entries) => {
    const span = document.createElement("span");
    span.className = "legend";
    for (const [cls, words] of entries) {
      const one = document.createElement("span"), mark = document.createElement("i");
      mark.className = cls;
      one.append(mark, words);
      span.append(one);
    }
    return span;
  };
  const figure = (title, entries, note) => {
    const made = document.createElement("figure");
    made.className = "plot";
    made.innerHTML = "<figcaption></figcaption>";
    made.firstChild.textContent = title;
    if (entries) made.firstChild.append(legend(entries));
    if (note) { const p = document.createElement("p"); p.className = "note"; p.textContent = note; made.append(p); }
    root.append(made);
    return made;
  };

  /* spec: title, legend [[class, words]], yLabel, xLabel, height,
     x [from, to], y [from, to], data (aligned columns, x first),
     series [{colour, dash (true, or lengths), points, bare, faint, bar, span}] one a column, areas [[high, low, colour]] by column,
     bands [{y: [a, b], x: [a, b]}] with null for an open end, shades [[a, b]], rows [names, from below], whole,
     byTime, seek(x) => [time, stride?] or null, cursors(time) => [{x, colour}], read(x) => text */
  const add = (spec) => {
    const box = document.createElement("div");
    box.className = "canvas";
    box.setAttribute("role", "img");
    box.setAttribute("aria-label", `${spec.title}${spec.yLabel ? `, ${spec.yLabel}` : ""}${spec.xLabel ? `, over ${spec.xLabel}` : ""}`);
    const tip = document.createElement("p");
    tip.className = "tip";
    tip.hidden = true;
    figure(spec.title, spec.legend, spec.yLabel).append(box, tip);
    const chart = { spec, box, tip, marks: [], u: null };
    box.parentElement.style.position = "relative";
    all.push(chart);
    return chart;
  };

  // The full range is always in the data, so that showing all again is the same for every chart over time.
  const framed = ({ data, x }) => {
    const columns = data.map((column) => Array.from(column));
    const at = columns[0];
    if (!(at[0] <= x[0])) columns.forEach((c, i) => c.unshift(i ? null : x[0]));
    if (!(at[at.length - 1] >= x[1])) columns.forEach((c, i) => c.push(i ? null : x[1]));
    return columns;
  };
  const series = (one) => ({
    stroke: one.bare ? null : () => palette[one.colour],
    width: one.bare ? 0 : one.bar || 2,
    dash: one.dash === true ? [6, 4] : one.dash || undefined,
    cap: one.bar ? "butt" : "round",
    alpha: one.faint ? 0.35 : 1,
    spanGaps: Boolean(one.span),
    paths: one.faint ? () => null : undefined,
    points: { show: Boolean(one.points), size: 8, width: 1.5, stroke: () => palette.card, fill: () => palette[one.colour] },
  });
  const axes = (spec) => {
    const look = { stroke: () => palette.soft, font: FONT, labelFont: FONT, ticks: { show: false } };
    return [
      { ...look, size: 24, gap: 4, space: 60, grid: { show: false }, label: spec.xLabel, labelSize: 17, labelGap: 0,
        values: (_, splits) => splits.map((v) => (spec.whole && v !== Math.round(v) ? "" : number(v))) },
      spec.rows
        ? { ...look, size: 44, gap: 4, grid: { show: false }, splits: spec.rows.map((_, i) => i + 0.5), values: () => spec.rows }
        : { ...look, size: 42, gap: 4, space: () => (onPaper ? 20 : 34), grid: { stroke: () => palette.line, width: 1 }, values: (_, splits) => splits.map(number) },
    ];
  };
  // Under the lines: strides that do not count, and the target.
  const ground = (spec) => (u) => {
    const { ctx, bbox } = u, { left, top, width, height } = bbox;
    const px = (v) => u.valToPos(v, "x", true), py = (v) => u.valToPos(v, "y", true);
    ctx.save();
    ctx.beginPath(); ctx.rect(left, top, width, height); ctx.clip();
    ctx.fillStyle = palette.shade;
    for (const [from, to] of spec.shades || []) ctx.fillRect(px(from), top, px(to) - px(from), height);
    for (const band of spec.bands || []) {
      const [x0, x1] = band.x ? band.x.map(px) : [left, left + width];
      const high = band.y[1] === null ? top : py(band.y[1]), low = band.y[0] === null ? top + height : py(band.y[0]);
      ctx.fillStyle = palette.band;
      ctx.fillRect(x0, high, x1 - x0, low - high);
      ctx.strokeStyle = palette["band-edge"];
      ctx.setLineDash([4 * devicePixelRatio, 4 * devicePixelRatio]);
      ctx.lineWidth = devicePixelRatio;
      ctx.beginPath();
      for (const [end, y] of [[band.y[1], high], [band.y[0], low]]) if (end !== null) { ctx.moveTo(x0, y); ctx.lineTo(x1, y); }
      ctx.stroke();
    }
    ctx.restore();
  };
  const told = (chart) => (u) => {
    const { tip, spec } = chart, { left } = u.cursor;
    const text = left >= 0 && spec.read ? spec.read(u.posToVal(left, "x")) : "";
    tip.hidden = !text;
    if (!text) return;
    tip.textContent = text;
    const place = u.over.offsetLeft + left + 10;
    tip.style.left = `${Math.max(4, Math.min(place, chart.box.clientWidth - tip.offsetWidth))}px`;
    tip.style.top = `${chart.box.offsetTop}px`;
  };
  const build = (chart, width) => {
    const { spec } = chart;
    const options = {
      width, height: spec.height || 190, padding: [8, 10, 0, 0], legend: { show: false },
      series: [{}, ...spec.series.map(series)],
      bands: (spec.areas || []).map(([high, low, colour]) => ({ series: [high, low], fill: () => `${palette[colour]}30` })),
      scales: { x: { time: false }, y: { range: () => spec.y } },
      axes: axes(spec),
      cursor: {
        y: false, points: { show: !spec.rows, size: 7 }, drag: { x: true, y: false, dist: 8 },
        // Whatever is pointed at or zoomed over time is so on every chart over time.
        sync: spec.byTime ? { key: "time", setSeries: false, scales: ["x", null] } : undefined,
      },
      hooks: { drawClear: [ground(spec)], setCursor: [told(chart)], draw: [() => place(chart, now())] },
    };
    chart.u = new uPlot(options, framed(spec), chart.box);
    chart.u.over.addEventListener("click", (event) => {
      const to = spec.seek && spec.seek(chart.u.posToVal(event.offsetX, "x"));
      if (to) seek(...to);
    });
    chart.u.over.addEventListener("wheel", (event) => {
      if (!event.ctrlKey || !spec.byTime) return;
      event.preventDefault();
      zoom(event.deltaY < 0 ? 0.8 : 1.25, chart.u.posToVal(event.offsetX, "x"));
    }, { passive: false });
  };

  // Where the clip is now: a line on every chart, moved without drawing the chart again.
  const place = (chart, time) => {
    const { u, spec, marks } = chart;
    if (!u) return;
    const cursors = spec.cursors ? spec.cursors(time) : [];
    while (marks.length < cursors.length) {
      const mark = document.createElement("i");
      mark.className = "u-now";
      u.over.append(mark);
      marks.push(mark);
    }
    const width = u.bbox.width / uPlot.pxRatio;
    marks.forEach((mark, i) => {
      const at = i < cursors.length ? u.valToPos(cursors[i].x, "x") : -1;
      mark.hidden = !(at >= 0 && at <= width);
      if (mark.hidden) return;
      mark.style.transform = `translateX(${at.toFixed(1)}px)`;
      mark.style.borderColor = `var(--${cursors[i].colour || "accent"})`;
    });
  };
  const overTime = () => all.filter((chart) => chart.u && chart.spec.byTime);
  const show = (min, max) => overTime().forEach(({ u }) => u.setScale("x", { min, max }));
  const zoom = (factor, about = now()) => {
    const one = overTime()[0];
    if (!one) return;
    const [from, to] = one.spec.x, { min, max } = one.u.scales.x;
    const span = Math.min(to - from, (max - min) * factor);
    const start = Math.max(from, Math.min(to - span, about - (factor < 1 && about >= min && about <= max ? ((about - min) / (max - min)) * span : span / 2)));
    show(start, start + span);
  };
  // A clip that plays out of a zoomed chart takes the chart along.
  const follow = (time) => {
    const one = overTime()[0];
    if (!one) return;
    const { min, max } = one.u.scales.x, [from, to] = one.spec.x;
    if (time >= min && time <= max) return;
    const start = Math.max(from, Math.min(to - (max - min), time - 0.1 * (max - min)));
    show(start, start + (max - min));
  };
  const repaint = () => { readPalette(); all.forEach(({ u }) => u && u.redraw(false, false)); };

  // On paper: light, and as wide as half a page.
  const PAPER = { width: 316, height: 138 };
  const paper = (on) => {
    onPaper = on;
    document.documentElement.classList.toggle("paper", on);
    readPalette();
    all.forEach((chart) => chart.u && chart.u.setSize(on ? { width: PAPER.width, height: Math.min(PAPER.height, chart.u.height) } : { width: chart.box.clientWidth, height: chart.spec.height || 190 }));
  };
  const draw = () => {
    readPalette();
    const widths = all.map(({ box }) => box.clientWidth);
    all.forEach((chart, i) => { if (!chart.u) build(chart, widths[i] || 320); });
    const sized = new ResizeObserver((entries) => {
      if (onPaper) return;
      for (const { target } of entries) {
        const { u } = all.find(({ box }) => box === target);
        if (target.clientWidth && Math.abs(target.clientWidth - u.width) > 1) u.setSize({ width: target.clientWidth, height: u.height });
      }
    });
    all.forEach(({ box }) => sized.observe(box));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", repaint);
    addEventListener("beforeprint", () => paper(true));
    addEventListener("afterprint", () => paper(false));
    listen((time) => { follow(time); all.forEach((chart) => place(chart, time)); });
    document.querySelectorAll("[data-zoom]").forEach((button) => { button.onclick = () => zoom(+button.dataset.zoom); });
  };
  // What the charts over time show of it; a test reads it.
  const shown = () => overTime().map(({ u }) => [u.scales.x.min, u.scales.x.max]);
  return { add, figure, draw, number, shown };
};
