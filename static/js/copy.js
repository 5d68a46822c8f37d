// <lq-copy><code>…</code><button data-copied="Copied">Copy</button></lq-copy>
class Copy extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", (event) => {
      const button = event.target.closest("[data-copied]");
      if (button) this.copy(button);
    });
  }

  async copy(button) {
    const code = this.querySelector("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code); // without a secure origin: selected, ready for Ctrl-C
      return;
    }
    const words = [...button.childNodes].find((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
    const before = words.data;
    words.data = button.dataset.copied;
    setTimeout(() => { words.data = before; }, 2000);
  }
}
customElements.define("lq-copy", Copy);
