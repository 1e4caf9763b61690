(() => {
  // A form of inquiries, put where this script stands.
  "use strict";
  const script = document.currentScript;
  const address = {{ address|tojson }};
  const words = {
    name: {{ _("Имя")|tojson }}, phone: {{ _("Телефон")|tojson }}, text: {{ _("Что нужно")|tojson }},
    send: {{ _("Отправить")|tojson }}, empty: {{ _("Напишите хотя бы имя или телефон.")|tojson }},
    busy: {{ _("Сейчас слишком много обращений. Повторите через минуту.")|tojson }},
    lost: {{ _("Не отправилось. Проверьте связь и нажмите ещё раз.")|tojson }},
    thanks: {{ _("Спасибо, записали. Номер обращения %(n)s.", n="{n}")|tojson }},
  };
  // The text to agree to, where the firm asks for it.
  const consent = {{ {"text": consent.text, "version": consent.version, "label": _("Согласен на обработку моих данных, чтобы мне ответили"), "more": _("Текст согласия"), "missing": _("Отметьте согласие: без него не сможем ответить.")}|tojson if consent else "null" }};
  const shown = Date.now();
  // The same name for every press of the button: a second click makes no second inquiry.
  const once = Date.now().toString(36) + Math.random().toString(36).slice(2, 12);
  const place = document.createElement("div");
  script.after(place);
  const root = place.attachShadow({ mode: "open" });
  const style = document.createElement("style");
  style.textContent =
    ":host{display:block;max-width:26rem;font:inherit;color:inherit}form{display:grid;gap:.75rem}" +
    "label{display:grid;gap:.25rem;font-size:.9em}input,textarea{font:inherit;font-size:16px;padding:.6rem .7rem;" +
    "border:1px solid #8a8f98;border-radius:6px;background:transparent;color:inherit}button{font:inherit;padding:.7rem 1rem;" +
    "border:0;border-radius:6px;background:#1f5fbf;color:#fff;cursor:pointer}button[disabled]{opacity:.6}" +
    ".tick{display:flex;gap:.5rem;align-items:start}details{font-size:.85em}p{margin:0;white-space:pre-line}.own{position:absolute;left:-9999px}";
  const form = document.createElement("form");
  form.noValidate = true;
  const fields = {};
  for (const [name, kind] of [["name", "text"], ["phone", "tel"], ["text", "area"], ["website2", "own"]]) {
    const label = document.createElement("label");
    label.textContent = words[name] || "";
    const input = document.createElement(kind === "area" ? "textarea" : "input");
    if (kind === "tel") input.type = "tel";
    if (kind === "area") input.rows = 3;
    if (kind === "own") { label.className = "own"; label.setAttribute("aria-hidden", "true"); input.tabIndex = -1; input.autocomplete = "off"; }
    else if (name !== "text") input.autocomplete = kind === "tel" ? "tel" : "name";
    input.name = name;
    label.append(input);
    form.append(label);
    fields[name] = input;
  }
  let agreed = null;
  if (consent) {
    const label = document.createElement("label");
    label.className = "tick";
    agreed = document.createElement("input");
    agreed.type = "checkbox";
    const more = document.createElement("details");
    const title = document.createElement("summary");
    title.textContent = consent.more;
    const text = document.createElement("p");
    text.textContent = consent.text;
    more.append(title, text);
    label.append(agreed, consent.label);
    form.append(label, more);
  }
  const said = document.createElement("p");
  said.setAttribute("role", "status");
  const button = document.createElement("button");
  button.type = "submit";
  button.textContent = words.send;
  form.append(said, button);
  root.append(style, form);
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (!fields.name.value.trim() && !fields.phone.value.trim() && !fields.text.value.trim()) {
      said.textContent = words.empty;
      return;
    }
    if (agreed && !agreed.checked) {
      said.textContent = consent.missing;
      return;
    }
    button.disabled = true;
    const body = { ...touch(), id: "own:" + once, page: location.href.slice(0, 300),
      seconds: String(Math.round((Date.now() - shown) / 1000)) };
    if (agreed) Object.assign(body, { consent: "on", consent_version: String(consent.version) });
    if (script.dataset.product) body.product = script.dataset.product;
    for (const name of Object.keys(fields)) body[name] = fields[name].value;
    try {
      const answer = await fetch(address, { method: "POST", body: JSON.stringify(body),
        headers: { "Content-Type": "application/json" } });
      const told = await answer.json();
      if (answer.ok) {
        form.replaceChildren(said);
        said.textContent = words.thanks.replace("{n}", told.number);
        place.dispatchEvent(new CustomEvent("voronka:sent", { bubbles: true, detail: told }));
        return;
      }
      said.textContent = answer.status === 429 ? words.busy : words.empty;
    } catch {
      said.textContent = words.lost;
    }
    button.disabled = false;
  });

  // The first touch is remembered in the visitor's own browser, the last is in the address.
  function touch() {
    const now = {};
    for (const [name, value] of new URLSearchParams(location.search))
      if (/^(utm_\w+|gclid|yclid|_ym_uid)$/.test(name)) now[name] = value.slice(0, 300);
    if (document.referrer && !document.referrer.startsWith(location.origin))
      now.referrer = document.referrer.slice(0, 300);
    try {
      const kept = localStorage.getItem("voronka.first");
      if (!kept && Object.keys(now).length) localStorage.setItem("voronka.first", JSON.stringify(now));
      const then = JSON.parse(kept || "{}");
      for (const name of Object.keys(then)) if (/^(utm_\w+|referrer)$/.test(name)) now["first_" + name] = String(then[name]);
    } catch { /* The browser keeps nothing: the last touch is enough. */ }
    return now;
  }
})();
