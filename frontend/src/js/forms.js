// A second click on a sending form does nothing; the server is safe from it as well.
document.addEventListener("submit", (e) => {
  const form = e.target;
  if (form.method === "get" || form.hasAttribute("hx-post")) return;
  if (form.dataset.sent) { e.preventDefault(); return; }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 4000);
});
