// <lq-toast>: goes by itself after a while unless it must be read (data-stays) or the pointer or focus rests on it.
const LASTS = 6000;

class Toast extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => { if (event.target.closest("[data-dismiss]")) this.remove(); });
    this.raise();
    if (!("stays" in this.dataset)) this.wait();
  }

  // Above dialogs: the list is put into the top layer again whenever something joins it.
  raise() {
    const list = this.closest(".lq-toasts");
    if (!list) return;
    list.popover = "manual";
    if (list.matches(":popover-open")) list.hidePopover();
    list.showPopover();
  }

  wait() {
    setTimeout(() => { this.matches(":hover, :focus-within") ? this.wait() : this.remove(); }, LASTS);
  }
}
customElements.define("lq-toast", Toast);

// No answer at all: say so in the words of the page.
document.addEventListener("htmx:error", (event) => {
  const words = document.getElementById("no-answer");
  if (!words || !event.detail?.ctx || event.detail.ctx.response) return;
  document.getElementById("toasts").append(words.content.cloneNode(true));
});
