// The theme changes at once and is stored behind the scenes; the rail's width is a cookie that the server reads.
document.addEventListener("submit", async (event) => {
  const form = event.target.closest("[data-theme-switch]");
  if (!form || !event.submitter) return;
  event.preventDefault();
  const theme = event.submitter.value;
  document.documentElement.dataset.bsTheme = theme;
  for (const button of form.querySelectorAll("[name=theme]")) {
    button.toggleAttribute("aria-current", false);
    if (button.value === theme) button.setAttribute("aria-current", "true");
  }
  form.closest("[popover]")?.hidePopover();
  document.dispatchEvent(new CustomEvent("lq:theme", { detail: theme }));
  await fetch(form.action, { method: "POST", body: new FormData(form, event.submitter), headers: { "HX-Request": "true" } });
});

document.addEventListener("click", (event) => {
  const toggle = event.target.closest("[data-rail-toggle]");
  if (!toggle) return;
  const root = document.documentElement;
  root.dataset.rail = root.dataset.rail === "narrow" ? "wide" : "narrow";
  toggle.setAttribute("aria-pressed", String(root.dataset.rail === "narrow"));
  document.cookie = `rail=${root.dataset.rail}; path=/; max-age=31536000; samesite=lax`;
});
