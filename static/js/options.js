// <lq-options>: points for the answers of every question; here only those of the question that is chosen are shown.
class Options extends HTMLElement {
  connectedCallback() {
    this.choice = this.querySelector('select[name="answer"]');
    this.choice.addEventListener("change", () => this.refresh());
    this.refresh();
  }

  refresh() {
    for (const each of this.querySelectorAll("[data-criterion]")) each.hidden = each.dataset.criterion !== this.choice.value;
  }
}
customElements.define("lq-options", Options);
