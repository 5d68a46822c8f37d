// <lq-selection> around a table with [data-select] boxes, an optional [data-select-all] and a [data-bulk] bar
// that shows while something is chosen and counts it in [data-bulk-count]. Shift-click chooses a range.
class Selection extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("change", () => this.refresh());
    document.addEventListener("htmx:after:swap", this);
    this.refresh();
  }

  disconnectedCallback() {
    document.removeEventListener("htmx:after:swap", this);
  }

  handleEvent() {
    this.refresh();
  }

  get boxes() {
    return [...this.querySelectorAll("[data-select]")];
  }

  clicked(event) {
    const box = event.target;
    if (box.matches("[data-select-all]")) for (const each of this.boxes) each.checked = box.checked;
    if (!box.matches("[data-select]")) return;
    if (event.shiftKey && this.last) this.range(this.last, box);
    this.last = box;
  }

  range(from, to) {
    const places = [this.boxes.indexOf(from), this.boxes.indexOf(to)].sort((a, b) => a - b);
    for (const box of this.boxes.slice(places[0], places[1] + 1)) box.checked = to.checked;
  }

  refresh() {
    const chosen = this.boxes.filter((box) => box.checked).length;
    const all = this.querySelector("[data-select-all]");
    if (all) {
      all.checked = chosen > 0 && chosen === this.boxes.length;
      all.indeterminate = chosen > 0 && chosen < this.boxes.length;
    }
    for (const count of this.querySelectorAll("[data-bulk-count]")) count.textContent = chosen;
    for (const bar of this.querySelectorAll("[data-bulk]")) bar.hidden = chosen === 0;
  }
}
customElements.define("lq-selection", Selection);
