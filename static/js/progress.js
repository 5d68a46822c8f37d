// A line at the top when an answer takes longer than a moment; a plain form is sent once, however often it is pressed.
let open = 0;
let timer = 0;

document.addEventListener("htmx:before:request", () => {
  open += 1;
  clearTimeout(timer);
  timer = setTimeout(() => { if (open) document.body.dataset.loading = ""; }, 350);
});

document.addEventListener("htmx:finally:request", () => {
  open = Math.max(0, open - 1);
  if (!open) delete document.body.dataset.loading;
});

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || event.target.method === "dialog" || !button?.matches("button")) return;
  setTimeout(() => { if (!event.defaultPrevented) button.setAttribute("aria-busy", "true"); });
});

addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("button[aria-busy]")) button.removeAttribute("aria-busy");
});
