// The clip in a corner while somebody reads what stands far from it.
"use strict";
const dock = (() => {
  const home = $("player");
  // In sight is what shows this share of itself, or of the window where that is smaller.
  const IN_SIGHT = 0.7;
  const inSight = (one) => {
    const { top, bottom, height } = one.getBoundingClientRect();
    return Math.min(bottom, innerHeight) - Math.max(top, 0) >= IN_SIGHT * Math.min(height, innerHeight);
  };
  const off = () => { home.classList.remove("docked"); home.style.minHeight = ""; $("undock").hidden = true; };
  // Into the corner, unless the picture is in sight.
  const show = () => {
    if (home.classList.contains("docked") || inSight($("stage"))) return;
    // What follows stays where it is.
    home.style.minHeight = `${home.offsetHeight}px`;
    home.classList.add("docked");
    $("undock").hidden = false;
  };
  const start = () => {
    $("undock").onclick = (event) => { event.stopPropagation(); off(); };
    const often = Array.from({ length: 21 }, (_, i) => i / 20);
    new IntersectionObserver(() => { if (inSight(home)) off(); }, { threshold: often }).observe(home);
  };
  return { show, start };
})();
