// Makes pages smoother; every one works without it. Its words come from parts/scripted.html.
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root?.querySelector(selector);
const on = (types, does, capture) => types.split(" ").forEach((type) => addEventListener(type, does, capture));
const store = (key, value) => {
  try {
    return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value);
  } catch { return null; } // storage is switched off
};

const kept = () => { // answers that wait to be saved
  try {
    return Object.keys(localStorage).filter((key) => key.startsWith("keep/"));
  } catch { return []; }
};

// What a page or a swapped part needs when it arrives.
function ready(root) {
  for (const note of all(".open", root)) note.ariaExpanded = note.checked;
  for (const list of all(".order", root)) {
    for (const button of all("[data-move]", list)) button.hidden = false;
    if (one("[data-move]", list)) number(list);
  }
  for (const words of all("[data-scripted]", root)) words.hidden = false;
  for (const words of all("[data-unsaved]", root)) words.hidden = !kept().length;
  for (const part of all("[data-module]", root)) import(part.dataset.module);
  for (const slider of all(".scale [type=range]", root)) {
    slider.hidden = false;
    follow(slider);
  }
  for (const time of all("time[data-local]", root)) // the server does not know the reader's clock
    time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang,
      time.dataset.local === "time" ? { timeStyle: "medium", hourCycle: "h23" } : { dateStyle: "long", timeStyle: "short", hourCycle: "h23" });
  const keys = one("#number-keys");
  if (keys) keys.hidden = !one("[data-keys]");
}
on("pageshow", () => {
  ready(document);
  for (const form of all("[data-sent]")) delete form.dataset.sent;
});
on("htmx:load", (e) => ready(e.target.parentElement ?? document));
on("change", ({ target }) => {
  if (target.matches(".open")) target.ariaExpanded = target.checked;
});

// Settings: colours, and whether number keys choose.
for (const radio of all("[name=theme]")) {
  radio.checked = radio.value === (store("theme") ?? "system");
  radio.onchange = () => {
    store("theme", radio.value);
    document.documentElement.dataset.theme = radio.value;
  };
}
const keys = one("#number-keys input");
if (keys) {
  keys.checked = store("keys") !== "off";
  keys.onchange = () => store("keys", keys.checked ? "on" : "off");
}

on("keydown", (e) => {
  const at = e.target;
  if (e.ctrlKey || e.metaKey || e.altKey || e.repeat || !at.closest) return;
  if (e.key === "Enter" && at.matches("[data-feedback]")) one("[data-next]", at.closest(".inset, .quiz, main"))?.click();
  if (e.key === "Enter" && at.matches(".open")) at.click();
  if (!keys?.checked || at.matches("select, textarea, input:not([type=radio], [type=checkbox])")) return;
  const groups = all("[data-keys]", at.closest("form") ?? document);
  const choice = groups.length === 1 && all("input:enabled", groups[0])[e.key - 1];
  if (choice) choice.click(), choice.focus();
});

// Putting things in order: the arrows and the list of places move the item, and the places follow.
let busy = false;
function number(list) {
  const items = [...list.children];
  items.forEach((item, i) => {
    const select = one("select", item);
    if (select) select.value = i + 1;
    for (const button of all("[data-move]", item)) // not `disabled`: that would drop the focus
      button.ariaDisabled = i === (button.dataset.move === "up" ? 0 : items.length - 1);
  });
}
function move(item, to, control) {
  const list = item.parentElement;
  const rest = [...list.children].filter((other) => other !== item);
  if (to < 0 || to > rest.length) return;
  list.insertBefore(item, rest[to] ?? null);
  number(list);
  control.focus();
  const spoken = one("#spoken");
  const words = { item: item.firstElementChild.textContent.trim(), place: to + 1, count: rest.length + 1 };
  spoken.textContent = spoken.dataset.moved.replace(/{(\w+)}/g, (_, word) => words[word]);
}
on("click", (e) => {
  const button = e.target.closest(".order [data-move]");
  if (!button) return;
  e.preventDefault();
  const item = button.closest("li");
  move(item, [...item.parentElement.children].indexOf(item) + (button.dataset.move === "up" ? -1 : 1), button);
  busy = true; // so that a form which saves as one goes hears of it, and we do not
  one("select", item)?.dispatchEvent(new Event("change", { bubbles: true }));
  busy = false;
});
on("change", ({ target }) => {
  if (!busy && target.matches(".order select") && target.value > 0) move(target.closest("li"), target.value - 1, target);
}, true);

// Years on a scale: what is typed is the answer; the slider writes it there, and follows it.
function follow(slider) {
  const year = +one("input", slider.closest(".placed")).value.normalize("NFKC");
  const there = year >= slider.min && year <= slider.max;
  if (there) slider.value = year;
  slider.toggleAttribute("data-open", !there);
  slider.ariaValueText = there ? year : slider.dataset.unset;
}
on("input change click", ({ type, target }) => {
  const place = target.closest?.(".placed");
  if (!place) return;
  const [field, slider] = all("input", place);
  if (target === slider && !(type === "click" && field.value === slider.value)) {
    field.value = slider.value;
    field.dispatchEvent(new Event(type === "input" ? type : "change", { bubbles: true }));
  }
  follow(slider);
});

// Sending: once, and never silently in vain.
on("submit", (e) => {
  const form = e.target;
  if (!form.matches("[data-once]")) return;
  if (form.dataset.sent) return e.preventDefault(), e.stopImmediatePropagation();
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 15000);
}, true);
on("submit", ({ target }) => { // who signs out leaves nothing in this browser: see keep.js
  if (!target.getAttribute("action")?.endsWith("/logout/")) return;
  for (const key of kept()) localStorage.removeItem(key);
});
function say(id, place) {
  const banner = one(`#say-${id}`).content.firstElementChild.cloneNode(true);
  banner.dataset.said = id;
  if (place.id !== "notices") banner.role = "alert";
  place.append(banner);
}
const unsay = (...ids) => ids.forEach((id) => all(`[data-said=${id}]`).forEach((banner) => banner.remove()));
const notices = one("#notices");
const line = () => {
  unsay("offline");
  if (!navigator.onLine && notices && !one("[data-keep]")) say("offline", notices); // keep.js says it at the answer
};
on("online offline", line);
line();
on("htmx:beforeRequest", () => unsay("unsaved", "refused", "unloaded"));
on("htmx:afterRequest", (e) => delete e.detail.elt.closest("form")?.dataset.sent);
on("htmx:responseError htmx:sendError htmx:timeout", ({ detail: { elt, requestConfig, xhr } }) => {
  const reading = requestConfig?.verb === "get";
  const form = elt.closest("form");
  say(reading ? "unloaded" : [401, 403].includes(xhr?.status) ? "refused" : "unsaved", form ?? notices);
  setTimeout(() => form && document.activeElement === document.body && one(".button", form).focus());
});
on("htmx:afterSettle", ({ target }) => { // what came in tells where to go on: feedback, errors, or a new question
  const found = (selector) => (target.matches(selector) ? target : one(selector, target));
  const title = one("h1", target);
  const goal = found("[data-feedback]") ?? found("[data-errors]") ?? title;
  if (goal === title && title) {
    title.tabIndex = -1;
    scrollTo({ top: 0, behavior: "instant" });
  }
  goal?.focus();
});

// Paper has nothing to open.
on("beforeprint", () => all("main details:not([open])").forEach((it) => (it.open = it.dataset.printed = true)));
on("afterprint", () => all("details[data-printed]").forEach((it) => (it.open = false)));

ready(document);
