// How long an attempt still goes on. The server's clock decides: the line says what time it was there when it was drawn.
const one = (selector) => document.querySelector(selector);
const lang = document.documentElement.lang;
let timer, before;

const set = (line, ends, now) => Object.assign(line, { ends: ends * 1000, ahead: Date.now() - now * 1000 }); // of us
function tick() {
  clearTimeout(timer);
  const line = one("[data-ends]");
  if (!line || line.over) return;
  if (!line.ends) set(line, line.dataset.ends, line.dataset.now);
  const end = new Date(line.ends + line.ahead); // by the reader's clock
  const left = end - Date.now();
  const minutes = Math.max(0, Math.ceil(left / 60000));
  const date = end.toDateString() === new Date().toDateString() ? {} : { dateStyle: "long" };
  const time = end.toLocaleString(lang, { ...date, timeStyle: "short", hourCycle: "h23" });
  one("[data-said]").textContent = line.dataset.at.replace("{time}", time);
  const rest = new Intl.NumberFormat(lang, { style: "unit", unit: "minute", unitDisplay: "long" }).format(minutes);
  const said = line.dataset.left.replace("{time}", rest);
  one("[data-rest]").textContent = minutes <= 120 ? said : "";
  if ([5, 1].some((n) => minutes <= n && before > n)) one("#spoken").textContent = said;
  before = minutes;
  if (left <= 5000) dispatchEvent(new Event("attempt-ends")); // keep.js sends what there is
  if (left <= 0) return over(line);
  timer = setTimeout(tick, (left > 5000 ? Math.min(left - 5000, left % 60000 || 60000) : left) + 20);
}
async function over(line) {
  const stands = await fetch(line.dataset.stands).then((reply) => reply.json()).catch(() => ({}));
  if (stands.open && !stands.ends) return void (line.hidden = line.over = true);
  if (stands.open) return set(line, stands.ends, stands.now), tick(); // more time was given meanwhile
  line.over = true;
  one("#notices").append(one("#clock-over").content.cloneNode(true));
}
for (const type of ["htmx:load", "pageshow", "visibilitychange"]) addEventListener(type, tick);
tick();
