// Theme, pop-ups and the keyboard of the shell. Every page works without it.
const root = document.documentElement;

document.querySelector("[data-theme-toggle]")?.addEventListener("click", () => {
  const isDark = root.dataset.theme
    ? root.dataset.theme === "dark"
    : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = isDark ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch { /* not remembered then */ }
});

// One "how it is counted" open at a time; Escape closes it and returns the focus.
document.addEventListener("click", (e) => {
  document.querySelectorAll(".how[open]").forEach((d) => d.contains(e.target) || (d.open = false));
});

document.addEventListener("keydown", (e) => {
  if (e.key !== "Escape") return;
  const open = document.querySelector(".how[open]");
  if (open) { open.open = false; open.querySelector("summary").focus(); }
});

// Dialogs: a button with data-dialog opens the <dialog> of that id; its first field is focused.
document.addEventListener("click", (e) => {
  const opener = e.target.closest("[data-dialog]");
  if (opener) { e.preventDefault(); document.getElementById(opener.dataset.dialog)?.showModal(); }
  if (e.target.closest("[data-close]")) e.target.closest("dialog")?.close();
});

// A select that is a filter sends its form at once.
document.addEventListener("change", (e) => {
  if (e.target.matches("[data-submits]")) e.target.form.requestSubmit();
});

// A toast leaves by itself after the time in which it can be undone.
document.querySelectorAll("[data-leaves]").forEach((toast) => {
  setTimeout(() => toast.remove(), Number(toast.dataset.leaves) * 1000);
});
