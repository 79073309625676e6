// Saves the answers of a test as they are made, and holds in this browser what the site has not acknowledged yet.
// Without it every page works by its plain forms. Its words come from quizzes/_keeping.html.
//
// An entry is the latest answer to a question, stored under keep/<who>/<attempt>/<number>:
//   key      makes a repeated post one effect; only an acknowledgement of this key removes the entry
//   fields   what stands in the form, [[name, value], ..];  since, base: what the page knew;  url: where it goes
//   made     when, by the reader's clock: entries are sent in this order, each with its age
//   sent     it was posted, and may have arrived;  before: an older entry of which that is so. That one goes first,
//            so that no older answer can arrive after a newer one
//   refused  why the site does not take it as it stands
const all = (selector, root = document) => [...root.querySelectorAll(selector)];
const one = (selector, root = document) => root.querySelector(selector);
const on = (types, does, capture) => types.split(" ").forEach((type) => addEventListener(type, does, capture));
const PATIENCE = 8000; // ms: the longest wait for an answer, and between two tries
const TYPING = 2000; // ms after the last key

const page = one("[data-standing]") ?? document.body; // a question, the hand-in, or the result
const { attempt, number, who, standing } = page.dataset;
const form = page.dataset.keep && page;
const own = `keep/${who}/`;
const mine = `${own}${attempt}/`;
const place = mine + number;
const BOOKS = ["csrfmiddlewaretoken", "key", "since", "base", "to", "flag"]; // no part of the answer

// What is held: in the browser's storage, or in `held` where it stores nothing.
const held = new Map();
function put(name, entry) {
  held.delete(name);
  try {
    entry ? localStorage.setItem(name, JSON.stringify(entry)) : localStorage.removeItem(name);
  } catch {
    held.set(name, entry ?? {});
    if (!one("#notices [data-unheld]")) one("#notices")?.append(words("unheld"));
  }
}
function get(name) {
  try {
    return held.get(name) ?? JSON.parse(localStorage.getItem(name));
  } catch { return null; }
}
function waiting(within = own) {
  let stored = [];
  try { stored = Object.keys(localStorage); } catch { /* switched off */ }
  const names = [...new Set([...stored, ...held.keys()])].filter((name) => name.startsWith(within));
  return names.map((name) => ({ ...get(name), name })).filter((it) => it.key).sort((a, b) => a.made - b.made);
}

// The form: what stands in it, and putting back what stood there.
const fields = (data = new FormData(form)) => [...data].filter(([name]) => !BOOKS.includes(name));
const same = (some, others) => String([...some].sort()) === String([...others].sort());
function fill(answer) {
  for (const it of all("input, select, textarea", form)) {
    const values = answer.filter(([name]) => name === it.name).map(([, value]) => value);
    if (it.matches("[type=radio], [type=checkbox]")) it.checked = values.includes(it.value);
    else if (values.length) it.value = values[0];
    else continue;
    it.dispatchEvent(new Event("input", { bubbles: true })); // what draws it follows
  }
  const rank = (item) => one("select", item).value;
  for (const list of all(".order", form)) list.append(...[...list.children].sort((a, b) => rank(a) - rank(b)));
}

let base = form && +form.elements.base.value; // the answer that this form goes back to, by its sequence
let newer = 0; // and the one that came from another tab
let last; // what stood in the form when we last looked
const keys = new Set(); // of the answers made here
function make(anyway) {
  const answer = fields();
  if (!anyway && same(answer, last)) return;
  last = answer;
  const old = get(place);
  const before = old?.sent ? { ...old, before: undefined } : old?.before;
  const empty = answer.every(([name, value]) => name === "certainty" || !value.trim());
  if (empty && !base && !before) return put(place, null);
  const key = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const since = form.elements.since?.value ?? "";
  put(place, { key, fields: answer, since, base: Math.max(base, newer), url: form.dataset.keep, made: Date.now(), before });
  keys.add(key);
  all("[data-overtaken]").forEach((banner) => banner.remove());
}

// Sending: one at a time, in the order made; what fails is tried again until it is acknowledged.
let round, timer, trouble = "", pause = 1000, token = one("[name=csrfmiddlewaretoken]")?.value ?? "";
function send() {
  clearTimeout(timer);
  round ??= Promise.resolve().then(sendAll).finally(() => {
    round = null;
    if ("handedIn" in page.dataset) for (const it of waiting(mine)) if (it.refused) put(it.name, null);
    show();
  });
  show();
  return round;
}
async function sendAll() {
  while (!trouble || (await known())) {
    const next = waiting().find((it) => !it.refused);
    if (!next) return void (pause = 1000);
    if (!(await post(next))) break;
  }
  timer = setTimeout(send, pause * (0.7 + 0.3 * Math.random())); // not a whole class at once
  pause = Math.min(pause * 2, PATIENCE);
}
const ask = (url, more) => fetch(url, { redirect: "error", signal: AbortSignal.timeout?.(PATIENCE), ...more });
async function post({ name, ...entry }) { // true: go on with the next
  if (!navigator.onLine) return (trouble = "unreachable"), false; // a request begun now might outlive the page
  const first = entry.before ?? entry;
  if (first === entry) put(name, { ...entry, sent: true });
  const { key, since } = first;
  const age = Math.max(0, (Date.now() - first.made) / 1000).toFixed(3);
  const body = new URLSearchParams([...first.fields, ...Object.entries({ key, since, base: first.base, age, who })]);
  let status = 0, said = {};
  try {
    const keepalive = `${body}`.length < 60000; // outlives the page, up to 64 KiB
    const reply = await ask(first.url, { method: "POST", body, headers: { "X-CSRFToken": token }, keepalive });
    status = reply.status;
    said = await reply.json();
  } catch { /* no answer, or none of ours */ }
  if (status === 200 && said.sequence) return acknowledged(name, first, said), true;
  if (status === 401 || status === 403) return await known(), false;
  if (status < 400 || status >= 500 || [408, 429].includes(status)) return (trouble = "unreachable"), false;
  const now = get(name);
  if (now?.key === key) put(name, { ...now, sent: false, refused: said.error || words("refused").textContent });
  else if (now?.before?.key === key) put(name, { ...now, before: undefined });
  return true;
}
async function known() { // after a failure: does the site answer, am I still signed in, and with which token?
  trouble = "unreachable";
  try {
    const reply = await ask(standing);
    if (reply.status === 401) trouble = "out";
    if (reply.status === 404) trouble = "other"; // to them this attempt does not exist
    if (!reply.ok) return false;
    const said = await reply.json();
    trouble = said.who === who ? "" : "other";
    token = said.token;
    if (!trouble) for (const hidden of all("[name=csrfmiddlewaretoken]")) hidden.value = token;
  } catch { /* it does not */ }
  return !trouble;
}
function acknowledged(name, { key, fields }, { sequence, saved, aside, newer }) {
  const now = get(name);
  if (now?.key === key) put(name, null);
  else if (now?.before?.key === key) put(name, { ...now, before: undefined, base: aside ? now.base : sequence });
  const news = { name, key, fields, sequence, saved, aside, newer };
  tabs?.postMessage(news);
  hear(news);
}

// What every tab hears of an acknowledgement.
const tabs = "BroadcastChannel" in window && new BroadcastChannel("keep");
let said; // [template, time] of the last acknowledgement here
function hear(news) {
  const { name, key, sequence, saved, aside } = news;
  if (name.startsWith(mine) && !aside)
    for (const open of all(`[data-open="${name.slice(mine.length)}"]`)) {
      open.closest("button")?.classList.add("done");
      open.replaceWith(words("answered"));
    }
  if (aside === "late" && (name === place || !form)) said = ["late", clock(saved)];
  else if (form && name === place) {
    if (!aside && (keys.has(key) || same(news.fields, fields()))) {
      base = Math.max(base, sequence);
      said = ["saved", clock(saved)];
      if (sequence > newer) all("[data-overtaken]").forEach((banner) => banner.remove());
    } else if ((keys.has(key) || !aside) && sequence > Math.max(base, newer)) overtaken(sequence, news.newer || saved);
  }
  show();
}
if (tabs) tabs.onmessage = ({ data }) => hear(data);
function overtaken(sequence, saved) {
  newer = sequence;
  all("[data-overtaken]").forEach((banner) => banner.remove());
  one(".actions", form).before(words("overtaken", { time: clock(saved) }));
}
on("click", ({ target }) => {
  if (target.closest("[data-use]")) make(true), send();
  if (target.closest("[data-see]")) afresh();
});
on("storage", ({ key, oldValue, newValue }) => { // signed out in another tab: what stands here is still here
  const old = key === place && !newValue && JSON.parse(oldValue);
  if (keys.has(old?.key)) held.set(place, old), send();
  show();
});

// Saying how it stands.
const clock = (iso) =>
  new Date(iso).toLocaleTimeString(document.documentElement.lang, { timeStyle: "medium", hourCycle: "h23" });
function words(id, values = {}) {
  const copy = one(`#keep-${id}`).content.cloneNode(true);
  const texts = document.createNodeIterator(copy, NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode()); ) text.data = text.data.replace(/{(\w+)}/g, (_, name) => values[name] ?? "");
  return copy;
}
let shown = "";
let stuck = false; // a form was to leave and could not
function show() {
  const line = one("[data-line]");
  const left = form ? [get(place)].filter((it) => it?.key) : waiting(mine);
  const why = navigator.onLine || ["out", "other"].includes(trouble) ? trouble : "offline";
  const refused = (!why && left.find((it) => it.refused)?.refused) || "";
  const numbers = form ? "" : left.map((it) => it.name.slice(mine.length)).join(", ");
  const unsaved = left.length || (stuck && why);
  const [id, time] = !unsaved ? (said ?? []) : why || refused || stuck ? [form ? "unsaved" : "left"] : ["saving"];
  const now = [id, time, why, refused, numbers, stuck].join("|");
  if (!line || now === shown || (!id && !shown)) return; // what the server wrote may stand
  shown = now;
  line.replaceChildren(id ? words(id, { time, numbers, count: left.length }) : "");
  one("[data-reason]", line)?.append(why ? words(why) : refused, ...(stuck && !form ? [" ", words("anyway")] : []));
}

// Leaving: a form that would leave while something cannot be sent stays, and says why.
let leaving = false;
function afresh() {
  leaving = true;
  location.replace(location.pathname);
}
on("submit", async (e) => {
  const { target, submitter } = e;
  if (target !== page || leaving) return; // two-shores.js has stopped a second press
  const choice = one("[data-overtaken]", target);
  const waits = () => (form ? trouble : waiting(mine).length);
  leaving = form ? !(choice || round || trouble) : stuck || !waits();
  if (leaving) return;
  e.preventDefault();
  if (!choice) await send();
  delete target.dataset.sent;
  stuck = Boolean(choice || waits());
  if (!stuck) return target.requestSubmit(submitter);
  show();
  (choice ?? one("[data-line]")).focus();
}, true);
on("beforeunload", (e) => {
  if (!leaving && waiting(mine).some((it) => it.refused || trouble || held.has(it.name))) e.preventDefault();
});
on("pageshow", (e) => e.persisted && afresh()); // a page out of the browser's memory may be settled by now

if (form) {
  const entry = get(place);
  if (entry?.key) keys.add(entry.key), fill(entry.fields);
  last = fields();
  let typing;
  on("input change", ({ type, target }) => {
    const text = target.matches("textarea, input:not([type=radio], [type=checkbox])");
    if (target.form !== form || !target.name || (type === "input" && !text)) return;
    make();
    clearTimeout(typing);
    if (type === "input") typing = setTimeout(send, TYPING);
    else send();
    show();
  });
  form.addEventListener("formdata", ({ formData }) => { // the form itself is another way to send the same entry
    const entry = get(place);
    formData.set("base", base);
    if (keys.has(entry?.key) && same(entry.fields, fields(formData))) formData.set("key", entry.key);
  });
}
for (const { name, ...entry } of waiting()) if (entry.refused) put(name, { ...entry, refused: "" }); // each once more
on("online focus visibilitychange attempt-ends", () => {
  pause = 1000;
  send();
});
on("offline", show);
send();
