// <a data-asleep="Press again to call" href="tel:…">: a number where it is early or late takes one more press.
document.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-asleep]");
  if (!link) return;
  event.preventDefault();
  link.querySelector("small").textContent = link.dataset.asleep;
  delete link.dataset.asleep;
});
