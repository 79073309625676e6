// A place on a picture: pointing and arrow keys set the mark and the square; choosing the square moves the mark.
// Without this script a click sends the form, and the server sets the mark.
const every = (selector, root = document) => [...root.querySelectorAll(selector)];
const parts = (place) => {
  const [column, row] = every("select", place);
  const [x, y] = every("input[type=hidden]", place);
  return { column, row, x, y, pin: place.querySelector(".pin") };
};
// A list begins with nothing, so its length less one is how many squares there are.
const count = (select) => select.options.length - 1;
const index = (select, part) => Math.min(Math.floor(part * count(select)), count(select) - 1) + 1;

function arm(root) {
  for (const button of every(".place .at", root)) button.tabIndex = 0;
  for (const place of every(".place", root)) if (parts(place).x.value) draw(parts(place)); // put back by keep.js
}
function draw({ pin, x, y }) {
  const { width, height } = pin.ownerSVGElement.viewBox.baseVal;
  pin.setAttribute("transform", `translate(${x.value * width} ${y.value * height})`);
  pin.removeAttribute("hidden");
}
function mark(place, across, down) {
  const set = parts(place);
  const inside = (part) => Math.min(Math.max(part, 0), 1);
  set.x.value = inside(across).toFixed(4);
  set.y.value = inside(down).toFixed(4);
  set.column.selectedIndex = index(set.column, set.x.value);
  set.row.selectedIndex = index(set.row, set.y.value);
  set.row.dispatchEvent(new Event("change", { bubbles: true })); // as a hand would
}

addEventListener("click", (e) => {
  const button = e.target.closest?.(".place .at");
  if (!button) return;
  e.preventDefault();
  if (!e.detail) return; // the Enter key: see below
  const box = button.getBoundingClientRect();
  mark(button.closest(".place"), (e.clientX - box.left) / box.width, (e.clientY - box.top) / box.height);
});
addEventListener("keydown", (e) => {
  const button = e.target.closest?.(".place .at");
  if (!button || e.ctrlKey || e.metaKey || e.altKey) return;
  if (e.key === "Enter") {
    e.preventDefault();
    button.form.querySelector(".button")?.click();
  }
  const [right, down] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[e.key] ?? [0, 0];
  if (!right && !down) return;
  e.preventDefault();
  const place = button.closest(".place");
  const { column, row, x, y, pin } = parts(place);
  const step = e.shiftKey ? 1 : 0.2; // of a square
  if (pin.hasAttribute("hidden")) mark(place, 0.5, 0.5);
  else mark(place, +x.value + (right * step) / count(column), +y.value + (down * step) / count(row));
  document.querySelector("#spoken").textContent = column.value + row.value;
});
function follow({ target }) { // the square says; the point is kept where it lies in it
  const place = target.closest?.(".place");
  if (!place) return;
  const set = parts(place);
  const { column, row, x, y } = set;
  if (!column.value || !row.value) return;
  if (!x.value || index(column, x.value) !== column.selectedIndex || index(row, y.value) !== row.selectedIndex) {
    x.value = ((column.selectedIndex - 0.5) / count(column)).toFixed(4);
    y.value = ((row.selectedIndex - 0.5) / count(row)).toFixed(4);
  }
  draw(set);
}
addEventListener("input", follow, true); // first, so that whoever saves as one goes reads it right
addEventListener("change", follow, true);
addEventListener("htmx:load", (e) => arm(e.target.parentElement ?? document));
arm(document);
