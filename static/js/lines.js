// <lq-lines data-marks="3 17">: line numbers beside a text box, the marked lines in red; Tab leaves the box, as everywhere.
class Lines extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("textarea");
    this.marks = new Set((this.dataset.marks ?? "").split(" ").filter(Boolean).map(Number));
    this.gutter = document.createElement("div");
    this.gutter.className = "lq-gutter";
    this.gutter.ariaHidden = "true";
    this.box.before(this.gutter);
    this.box.addEventListener("input", () => this.draw());
    this.box.addEventListener("scroll", () => { this.gutter.scrollTop = this.box.scrollTop; });
    this.draw();
    if (this.marks.size) this.show(Math.min(...this.marks));
  }

  draw() {
    const count = this.box.value.split("\n").length;
    if (count === this.gutter.childElementCount) return;
    this.gutter.replaceChildren(...Array.from({ length: count }, (_, index) => {
      const line = document.createElement("span");
      line.textContent = index + 1;
      line.toggleAttribute("data-bad", this.marks.has(index + 1));
      return line;
    }));
  }

  show(line) {
    const height = this.gutter.firstElementChild?.offsetHeight ?? 0;
    this.box.scrollTop = this.gutter.scrollTop = Math.max(0, (line - 4) * height);
  }
}
customElements.define("lq-lines", Lines);
