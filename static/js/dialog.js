// Dialogs are native. data-opens="#id" opens one; what htmx swaps into #dialog opens by itself;
// the event lq:close (as HX-Trigger header, or dispatched) closes the one on top.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.querySelector(opener.dataset.opens);
  if (!dialog) return;
  opener.closest("[popover]")?.hidePopover();
  dialog.showModal();
});

document.addEventListener("htmx:after:swap", () => {
  const shared = document.getElementById("dialog");
  if (shared && shared.childElementCount && !shared.open) shared.showModal();
});

document.addEventListener("close", (event) => {
  if (event.target.id === "dialog") event.target.replaceChildren();
}, true);

document.addEventListener("lq:close", () => [...document.querySelectorAll("dialog[open]")].at(-1)?.close());
