// After a talk: 1, 2, 3, 4 choose what comes next while nobody is writing.
document.addEventListener("keydown", (e) => {
  if (e.ctrlKey || e.altKey || e.metaKey || e.target.closest("input[type=text], textarea, select, dialog")) return;
  if (e.target.matches("input:not([type=radio])")) return;
  const form = document.querySelector("[data-after-talk]");
  const chosen = form?.querySelector(`[data-key="${e.key}"]`);
  if (!chosen) return;
  e.preventDefault();
  chosen.checked = true;
  chosen.focus();
});
