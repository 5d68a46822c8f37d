// <lq-live data-stream="…">: tells the page what an event stream says, as the event lq:news with the news as its detail.
// A hidden page listens to nothing (a browser has six connections to a server); when it is seen again it is told
// lq:catch-up. The element says in data-state whether it hears: "on" or "off".
class Live extends HTMLElement {
  connectedCallback() {
    document.addEventListener("visibilitychange", this);
    addEventListener("pagehide", this);
    this.open();
  }

  disconnectedCallback() {
    document.removeEventListener("visibilitychange", this);
    removeEventListener("pagehide", this);
    this.close();
  }

  handleEvent(event) {
    if (event.type === "pagehide" || document.hidden) return this.close();
    this.open();
    this.tell("lq:catch-up");
  }

  open() {
    if (this.source || document.hidden) return;
    this.source = new EventSource(this.dataset.stream);
    this.source.addEventListener("open", () => {
      if (this.dataset.state === "lost") this.tell("lq:catch-up");
      this.dataset.state = "on";
    });
    this.source.addEventListener("error", () => { this.dataset.state = "lost"; });
    this.source.addEventListener("message", (event) => this.tell("lq:news", JSON.parse(event.data)));
  }

  close() {
    this.source?.close();
    this.source = null;
    this.dataset.state = "off";
  }

  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}
customElements.define("lq-live", Live);
