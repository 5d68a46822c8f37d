// <lq-menu><button popovertarget="x">…</button><div id="x" popover>…</div></lq-menu>
// The browser opens and closes it; we only place it beside its button and let the arrow keys walk through it.
// <lq-menu data-entries="a b" data-from="t" data-pk="7"> is a row's: its entries are copied from <template id="t">.
class Menu extends HTMLElement {
  connectedCallback() {
    if (this.dataset.entries) this.fill();
    else this.begin(this.querySelector("[popover]"));
  }

  // A redrawn row comes without its entries.
  fill() {
    const from = document.getElementById(this.dataset.from);
    if (!from || this.querySelector("[popover]")) return;
    const panel = Object.assign(document.createElement("div"), {
      className: "lq-menu-panel", id: this.querySelector("[popovertarget]").getAttribute("popovertarget"), popover: "auto",
    });
    for (const name of this.dataset.entries.split(" ")) {
      const step = from.content.querySelector(`[data-step="${CSS.escape(name)}"]`);
      const entry = (step.closest("form") ?? step).cloneNode(true);
      for (const attribute of ["action", "hx-get", "hx-post"]) {
        const address = entry.getAttribute(attribute);
        if (address) entry.setAttribute(attribute, address.replace("/0/", `/${this.dataset.pk}/`));
      }
      panel.append(entry);
    }
    this.append(panel);
    this.begin(panel);
    htmx.process(panel);
  }

  begin(panel) {
    panel.addEventListener("beforetoggle", (event) => { if (event.newState === "open") this.place(panel); });
    panel.addEventListener("toggle", (event) => { if (event.newState === "open") this.items(panel)[0]?.focus({ focusVisible: false }); });
    panel.addEventListener("keydown", (event) => this.walk(panel, event));
  }

  items(panel) {
    return [...panel.querySelectorAll("a[href], button:not(:disabled)")];
  }

  place(panel) {
    const button = this.querySelector("[popovertarget]").getBoundingClientRect();
    const left = button.left < innerWidth / 2;
    const below = button.bottom < innerHeight * 0.6;
    Object.assign(panel.style, {
      inset: "auto",
      [left ? "left" : "right"]: `${left ? Math.max(8, button.left) : Math.max(8, document.documentElement.clientWidth - button.right)}px`,
      [below ? "top" : "bottom"]: `${below ? button.bottom + 4 : innerHeight - button.top + 4}px`,
    });
  }

  walk(panel, event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const items = this.items(panel);
    items.at((items.indexOf(document.activeElement) + step) % items.length)?.focus();
  }
}
customElements.define("lq-menu", Menu);

document.addEventListener("htmx:after:swap", () => {
  for (const menu of document.querySelectorAll("lq-menu[data-entries]")) menu.fill();
});
