// The Enter that confirms Japanese input must never submit a form or press a key of ours.
// Chromium and Firefox say isComposing; Safari sends that Enter after compositionend, with keyCode 229.
let ended = 0;

export const isComposing = (event) => event.isComposing || event.keyCode === 229;

const justConfirmed = () => performance.now() - ended < 60;

document.addEventListener("compositionend", () => { ended = performance.now(); }, true);

document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && isComposing(event)) {
    event.stopImmediatePropagation();
    ended = performance.now();
  }
}, true);

document.addEventListener("submit", (event) => {
  if (justConfirmed()) {
    event.preventDefault();
    event.stopImmediatePropagation();
  }
}, true);
