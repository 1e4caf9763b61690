// One click on any number: the exchange rings our telephone, then the client's. Without an
// exchange the link stays what it is, and the computer's own telephone takes it.
import htmx from "htmx.org";

const shell = document.querySelector("[data-dial]");

if (shell) {
  document.addEventListener("click", (e) => {
    const link = e.target.closest('a[href^="tel:"]');
    if (!link || e.ctrlKey || e.metaKey || e.shiftKey) return;
    e.preventDefault();
    if (link.dataset.dialling) return;
    link.dataset.dialling = "1";
    setTimeout(() => delete link.dataset.dialling, 4000);
    htmx.ajax("POST", shell.dataset.dial, {
      target: "#notices",
      swap: "afterbegin",
      values: { phone: link.getAttribute("href").slice(4) },
    });
  });
}
