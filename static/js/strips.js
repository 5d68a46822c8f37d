// A row of links that scrolls sideways on a narrow screen begins with the link of the open page in sight.
function revealCurrent(strip) {
  const current = strip.querySelector("[aria-current], [aria-selected=true]");
  if (!current || strip.scrollWidth <= strip.clientWidth) return;
  const from = strip.getBoundingClientRect();
  const at = current.getBoundingClientRect();
  if (at.left < from.left || at.right > from.right) {
    strip.scrollLeft += at.left - from.left - (from.width - at.width) / 2;
  }
}

for (const strip of document.querySelectorAll(".lq-sections > nav, .lq-tabs")) revealCurrent(strip);
