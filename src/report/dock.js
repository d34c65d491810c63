// The clip in a corner while somebody reads what stands far from it.
"use strict";
const dock = (() => {
  const home = $("player");
  const off = () => { home.classList.remove("docked"); home.style.minHeight = ""; $("undock").hidden = true; };
  // Into the corner, unless most of the picture is in sight.
  const show = () => {
    const { top, bottom, height } = $("stage").getBoundingClientRect();
    const seen = Math.min(bottom, innerHeight) - Math.max(top, 0);
    if (home.classList.contains("docked") || seen > 0.7 * height) return;
    // What follows stays where it is.
    home.style.minHeight = `${home.offsetHeight}px`;
    home.classList.add("docked");
    $("undock").hidden = false;
  };
  const start = () => {
    $("undock").onclick = (event) => { event.stopPropagation(); off(); };
    new IntersectionObserver(([seen]) => { if (seen.isIntersecting) off(); }, { threshold: 0.7 }).observe(home);
  };
  return { show, start };
})();
