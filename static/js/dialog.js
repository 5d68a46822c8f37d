// Dialogs are native. data-opens="#id" opens one; what htmx swaps into #dialog opens by itself;
// the event lq:close (as HX-Trigger header, or dispatched) closes the one on top.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.querySelector(opener.dataset.opens);
  if (!dialog) return;
  opener.closest("[popover]")?.hidePopover();
  dialog.showModal();
});

// Only content of its own opens it: a dialog hears that it was closed a moment later, and until then it is still full.
const shared = document.getElementById("dialog");
if (shared) {
  const filled = new MutationObserver(() => { if (shared.childElementCount && !shared.open) shared.showModal(); });
  filled.observe(shared, { childList: true });
  shared.addEventListener("close", () => { if (!shared.open) shared.replaceChildren(); });
}

document.addEventListener("lq:close", () => [...document.querySelectorAll("dialog[open]")].at(-1)?.close());
