// The search palette: "/" or Ctrl K opens it, arrows walk the lines, Enter goes.
const palette = document.getElementById("palette");
const field = document.getElementById("palette-q");

document.addEventListener("keydown", (e) => {
  const typing = e.target.matches?.("input, textarea, select, [contenteditable]");
  const wanted = ((e.ctrlKey || e.metaKey) && e.code === "KeyK") || (e.key === "/" && !typing);
  if (!palette || !wanted) return;
  e.preventDefault();
  palette.togglePopover();
  field.focus();
  field.select();
});

field?.addEventListener("keydown", (e) => {
  const lines = [...palette.querySelectorAll(".palette-item")];
  if (!lines.length || !["ArrowDown", "ArrowUp", "Enter"].includes(e.key)) return;
  e.preventDefault();
  const at = lines.findIndex((line) => line.classList.contains("is-on"));
  if (e.key === "Enter") { lines[Math.max(at, 0)].click(); return; }
  const to = Math.min(Math.max(at + (e.key === "ArrowDown" ? 1 : -1), 0), lines.length - 1);
  lines.forEach((line, n) => line.classList.toggle("is-on", n === to));
  lines[to].scrollIntoView({ block: "nearest" });
});
