// The page comes to life: things that seek, the table that sorts, the stride that is shown now.
"use strict";
(() => {
  // Whoever reads on stays where they are: the clip comes to them.
  const go = (time, stride, says) => {
    player.pause();
    player.seek(time, stride, says);
    dock.show();
  };
  document.querySelectorAll("[data-seek]").forEach((one) => {
    one.addEventListener("click", (event) => {
      event.stopPropagation();
      const of = one.closest("[data-stride]");
      go(+one.dataset.seek, of ? +of.dataset.stride : -1, one.dataset.says);
      if (event.detail) one.blur();
    });
  });
  // After a click or a tap the space bar plays, whatever was clicked; who came by keyboard presses the button again.
  document.addEventListener("click", (event) => { if (event.detail) event.target.closest?.("button")?.blur(); });

  const table = $("strides");
  if (table) {
    const body = table.tBodies[0];
    body.addEventListener("click", (event) => {
      const row = event.target.closest("tr");
      if (row) go(STRIDES[+row.dataset.stride].start, +row.dataset.stride);
    });
    const key = (row, column) => {
      const cell = row.cells[column], text = cell.dataset.v || cell.textContent.trim();
      return text === "" ? null : Number.isNaN(+text) ? text : +text;
    };
    [...table.tHead.rows[0].cells].forEach((head, column) => {
      const button = head.querySelector("button");
      if (!button) return;
      button.addEventListener("click", () => {
        const up = head.getAttribute("aria-sort") !== "ascending";
        [...table.tHead.rows[0].cells].forEach((h) => h.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        const rows = [...body.rows].map((row) => [key(row, column), row]);
        // What was not measured stays at the end, whichever way.
        rows.sort(([a], [b]) => (a === null) - (b === null) || (a < b ? -1 : a > b ? 1 : 0) * (up ? 1 : -1));
        body.append(...rows.map(([, row]) => row));
      });
    });
  }
  let shown = "";
  player.listen((time) => {
    const now = stridesAt(time);
    if (now.join() === shown) return;
    shown = now.join();
    document.querySelectorAll("[data-stride].now").forEach((one) => one.classList.remove("now"));
    now.forEach((i) => document.querySelectorAll(`[data-stride="${i}"]`).forEach((one) => one.classList.add("now")));
  });
  // Printed methods are read, not opened.
  addEventListener("beforeprint", () => document.querySelectorAll("details.methods").forEach((d) => { d.open = true; }));
  plots.start(go);
  player.start();
  dock.start();
  // Since loading began, ms: a test reads it.
  document.documentElement.dataset.ready = performance.now().toFixed(0);
})();
