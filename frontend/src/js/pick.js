// Lists with a box at each row: one box marks all, and the form says how many are marked.
const boxes = (form) => [...document.querySelectorAll(`input[name="deal"][form="${form}"]`)];

function tell(form) {
  const all = boxes(form);
  const n = all.filter((box) => box.checked).length;
  for (const out of document.querySelectorAll(`[data-picked="${form}"]`)) out.textContent = n;
  const head = document.querySelector(`[data-picks="${form}"]`);
  if (head) { head.checked = n > 0 && n === all.length; head.indeterminate = n > 0 && n < all.length; }
  const panel = document.querySelector(`[data-picked-panel="${form}"]`);
  if (panel && n > 0) panel.open = true;
}

document.addEventListener("change", (e) => {
  const form = e.target.dataset.picks;
  if (form) for (const box of boxes(form)) box.checked = e.target.checked;
  const of = form || (e.target.name === "deal" && e.target.getAttribute("form"));
  if (of) tell(of);
});
