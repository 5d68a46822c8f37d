// Dialogs are native. data-opens="#id" opens one; what htmx swaps into #dialog opens by itself;
// the event lq:close (as HX-Trigger header, or dispatched) closes the one on top.

// By itself a dialog would focus its close button: the first field is meant, or the first that was refused.
function focusField(dialog) {
  const refused = dialog.querySelector(".lq-dialog-body [aria-invalid=true]");
  const meant = refused ? null : dialog.querySelector("[data-focus]");
  if (meant) return meant.focus();
  const fields = [...dialog.querySelectorAll(".lq-dialog-body :is(input:not([type=hidden]), select, textarea)")]
    .filter((field) => field.checkVisibility());
  const first = fields.find((field) => field.matches("[aria-invalid=true], [autofocus]")) ?? fields[0];
  const chosen = first?.type === "radio" ? fields.find((field) => field.name === first.name && field.checked) : null;
  (chosen ?? first)?.focus();
}

document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.querySelector(opener.dataset.opens);
  if (!dialog) return;
  opener.closest("[popover]")?.hidePopover();
  dialog.showModal();
  focusField(dialog);
});

// Only content of its own opens it: a dialog hears that it was closed a moment later, and until then it is still full.
const shared = document.getElementById("dialog");
if (shared) {
  const filled = new MutationObserver(() => {
    if (!shared.childElementCount) return;
    if (!shared.open) shared.showModal();
    focusField(shared);
  });
  filled.observe(shared, { childList: true });
  shared.addEventListener("close", () => { if (!shared.open) shared.replaceChildren(); });
}

document.addEventListener("lq:close", () => [...document.querySelectorAll("dialog[open]")].at(-1)?.close());
