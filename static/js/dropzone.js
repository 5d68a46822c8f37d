// <lq-dropzone> around a file input: takes a dropped file, says which one was chosen, and warns before a too large one is sent.
const MEGABYTE = 1024 * 1024;

class Dropzone extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.said = this.querySelector("[data-name]");
    this.addEventListener("dragover", (event) => { event.preventDefault(); this.dataset.over = ""; });
    this.addEventListener("dragleave", () => { delete this.dataset.over; });
    this.addEventListener("drop", (event) => this.dropped(event));
    this.input.addEventListener("change", () => this.chosen());
  }

  dropped(event) {
    event.preventDefault();
    delete this.dataset.over;
    if (!event.dataTransfer.files.length) return;
    this.input.files = event.dataTransfer.files;
    this.chosen();
  }

  chosen() {
    const file = this.input.files[0];
    const tooBig = file && file.size > Number(this.dataset.max) * MEGABYTE;
    this.input.setCustomValidity(tooBig ? this.dataset.tooBig : "");
    this.said.textContent = !file ? "" : tooBig ? this.dataset.tooBig : file.name;
    this.said.classList.toggle("lq-bad", Boolean(tooBig));
  }
}
customElements.define("lq-dropzone", Dropzone);
