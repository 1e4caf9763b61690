// News while a page is open: a toast, the bell's count, and lists that draw themselves anew.
import htmx from "htmx.org";

const bell = document.querySelector("[data-bell]");
const count = document.querySelector("[data-bell-count]");
let unseen = 0;
let wait = 1000;
let isAgain = false;
const ALL = ["slips", "inquiries", "tasks", "call_backs"];
const drawn = {};

async function listen() {
  let ticket;
  try {
    const answer = await fetch("/live/ticket/", { headers: { "HX-Request": "true" } });
    if (!answer.ok || answer.redirected) return;
    ({ ticket } = await answer.json());
  } catch {
    return later();
  }
  const source = new EventSource(`/live/?ticket=${ticket}`);
  source.addEventListener("hello", (e) => {
    wait = 1000;
    show(JSON.parse(e.data).unseen);
    // What was said while the line was down was said to nobody.
    if (isAgain) ALL.forEach(redraw);
    isAgain = true;
  });
  for (const what of ALL) source.addEventListener(what, () => redraw(what));
  for (const kind of ["inquiry", "call", "call_back", "task", "slip"]) {
    source.addEventListener(kind, (e) => told(kind, JSON.parse(e.data).id));
  }
  source.addEventListener("call.ringing", (e) => ringing(JSON.parse(e.data).id));
  source.addEventListener("call.over", (e) => over(JSON.parse(e.data).id));
  // A ticket is good for a minute: the browser's own retry would come with an old one.
  source.onerror = () => { source.close(); later(); };
  addEventListener("pagehide", () => source.close(), { once: true });
}

function later() {
  setTimeout(listen, wait);
  wait = Math.min(wait * 2, 30000);
}

function told(kind, id) {
  show(unseen + 1);
  htmx.ajax("GET", `/notices/${id}/`, { target: "#notices", swap: "afterbegin" });
  redraw(kind);
}

function ringing(id) {
  htmx.ajax("GET", `/notices/${id}/`, { target: "#notices", swap: "afterbegin" });
}

// The card of a call that another one took, or that is over, leaves by itself.
async function over(id) {
  const answer = await fetch(`/notices/${id}/`, { headers: { "HX-Request": "true" } });
  if (!answer.ok) return;
  const card = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector(".popup");
  if (card) document.getElementById(card.id)?.remove();
  redraw("call");
}

// At once, and then once in two seconds at most: what comes in swarms is drawn together.
function redraw(what) {
  const last = drawn[what] || 0;
  if (last > Date.now()) return;
  drawn[what] = Math.max(Date.now() + 100, last + 2000);
  setTimeout(() => {
    // Nobody's half-written words are lost: a list in which somebody is at work stays.
    document.querySelectorAll(`[data-live~="${what}"]`).forEach((list) => {
      const at = document.activeElement;
      if (!list.contains(at) || !at.matches("input, textarea, select")) htmx.trigger(list, "news");
    });
  }, drawn[what] - Date.now());
}

function show(n) {
  unseen = n;
  if (!count) return;
  count.textContent = n > 99 ? "99+" : n;
  count.hidden = n === 0;
  bell.setAttribute("aria-label", bell.dataset.bell.replace("{n}", n));
}

document.addEventListener("click", (e) => {
  if (e.target.closest("[data-gone]")) e.target.closest(".toast")?.remove();
  const away = e.target.closest("[data-away]");
  if (away) document.getElementById(away.dataset.away)?.remove();
});

document.getElementById("bell")?.addEventListener("toggle", (e) => {
  if (e.newState !== "open") return;
  htmx.ajax("GET", "/notices/", { target: "#bell-list", swap: "innerHTML" });
  if (unseen) htmx.ajax("POST", "/notices/seen/", { swap: "none" }).then(() => show(0));
});

document.body.addEventListener("htmx:afterSwap", (e) => {
  e.target.querySelectorAll?.(".toast[data-leaves]").forEach((toast) => {
    setTimeout(() => toast.remove(), Number(toast.dataset.leaves) * 1000);
  });
});

if (bell && "EventSource" in window) listen();
