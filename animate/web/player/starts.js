// A start is chosen on the picture of a loss surface: the start of the grid that is nearest to the pointer.

const layer = document.createElementNS("http://www.w3.org/2000/svg", "svg");

// the clips that differ from the one that was chosen in nothing but the start
const sameElse = () => data.clips.map((_, index) => index).filter(
  (index) => sweeps.every(({ at }, axis) => data.starts.sweeps.includes(axis) || at(index) === at(wanted)));

const nMoved = (index) => sweeps.filter(({ at }) => at(index) !== at(wanted)).length;

function nearest(points, { clientX, clientY }) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(layer.getScreenCTM().inverse());
  const way = (index) => Math.hypot(points[index][0] - x, points[index][1] - y);
  // starts at one place differ in numbers that the surface does not show: those stay
  return sameElse().filter((index) => points[index])
    .sort((one, other) => way(one) - way(other) || nMoved(one) - nMoved(other))[0];
}

function drawStarts() {
  for (const [index, { points }] of data.starts.surfaces.entries()) {
    const dots = sameElse().filter((at) => points[at]).map((at) => {
      const dot = document.createElementNS(layer.namespaceURI, "circle"), [cx, cy] = points[at];
      const isNow = at === wanted;
      for (const [name, value] of Object.entries({ cx, cy, r: data.size[0] / (isNow ? 110 : 180), class: isNow ? "now" : "" })) {
        dot.setAttribute(name, value);
      }
      return dot;
    });
    // the dot of the chosen start covers others
    layer.children[index].lastChild.replaceChildren(...dots.sort((one, other) => one.classList.contains("now") - other.classList.contains("now")));
  }
}

function addSurface({ box: [x, y, width, height], points }) {
  const group = document.createElementNS(layer.namespaceURI, "g"), area = document.createElementNS(layer.namespaceURI, "rect");
  for (const [name, value] of Object.entries({ x, y, width, height })) area.setAttribute(name, value);
  const pick = (event) => { const index = nearest(points, event); if (index !== undefined) choose(index); };
  area.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    area.setPointerCapture(event.pointerId);
    layer.classList.add("on");
    pick(event);
  });
  area.addEventListener("pointermove", (event) => { if (area.hasPointerCapture(event.pointerId)) pick(event); });
  area.addEventListener("pointerenter", () => layer.classList.add("on"));
  area.addEventListener("pointerleave", () => layer.classList.remove("on"));
  area.addEventListener("click", (event) => event.stopPropagation());
  group.append(area, document.createElementNS(layer.namespaceURI, "g"));
  layer.append(group);
}

film.ready().then(() => {
  layer.setAttribute("class", "starts");
  layer.setAttribute("aria-hidden", "true");
  layer.setAttribute("viewBox", `0 0 ${data.size.join(" ")}`);
  data.starts.surfaces.forEach(addSurface);
  screen.append(layer);
  for (const axis of data.starts.sweeps) {
    sweeps[axis].element.addEventListener("focusin", () => layer.classList.add("on"));
    sweeps[axis].element.addEventListener("focusout", () => layer.classList.remove("on"));
  }
  marked = drawStarts;
  drawStarts();
});
