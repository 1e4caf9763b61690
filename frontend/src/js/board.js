// Dragging cards between stages. Without it a card's own form moves it.
import Sortable from "sortablejs";

function send(card, stage) {
  const form = card.querySelector("form[data-move]");
  form.elements.stage.value = stage;
  form.requestSubmit();
}

document.querySelectorAll(".col-list").forEach((list) => {
  Sortable.create(list, {
    group: "deals",
    sort: false,
    delay: 120,
    delayOnTouchOnly: true,
    filter: "a, button, input, select",
    preventOnFilter: false,
    onEnd: (e) => { if (e.from !== e.to) send(e.item, e.to.dataset.stage); },
  });
});

// Keyboard: arrows walk the cards, Shift with left or right moves the deal a stage.
document.addEventListener("keydown", (e) => {
  const card = e.target.closest?.(".deal");
  if (!card || !e.key.startsWith("Arrow")) return;
  const cols = [...document.querySelectorAll(".col")];
  const at = cols.indexOf(card.closest(".col"));
  const row = [...cols[at].querySelectorAll(".deal")].indexOf(card);
  const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key];
  const target = cols[at + step[0]];
  e.preventDefault();
  if (e.shiftKey && step[0] && target) { send(card, target.querySelector(".col-list").dataset.stage); return; }
  const cards = [...(target?.querySelectorAll(".deal") ?? [])];
  const next = cards[Math.max(0, Math.min(row + step[1], cards.length - 1))];
  (next?.querySelector("a") ?? next)?.focus();
});
