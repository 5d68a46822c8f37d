// <lq-panes>: on a narrow screen the parts of a page become tabs; wide screens show all of them (css/leads.css).
class Panes extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const tab = event.target.closest("[role=tab]");
      if (tab) this.show(tab);
    });
    this.addEventListener("keydown", (event) => this.moved(event));
  }

  get tabs() {
    return [...this.querySelectorAll("[role=tab]")];
  }

  show(chosen) {
    this.dataset.current = chosen.dataset.pane;
    for (const tab of this.tabs) tab.setAttribute("aria-selected", String(tab === chosen));
  }

  moved(event) {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const at = this.tabs.indexOf(event.target);
    if (!step || at < 0) return;
    const next = this.tabs[(at + step + this.tabs.length) % this.tabs.length];
    next.focus();
    this.show(next);
  }
}
customElements.define("lq-panes", Panes);
