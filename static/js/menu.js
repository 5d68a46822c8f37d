// <lq-menu><button popovertarget="x">…</button><div id="x" popover>…</div></lq-menu>
// The browser opens and closes it; we only place it beside its button and let the arrow keys walk through it.
class Menu extends HTMLElement {
  connectedCallback() {
    const panel = this.querySelector("[popover]");
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
