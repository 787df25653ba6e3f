// What can be taken hold of in the picture: loss surfaces, and the ends of lines. It sets the scene's `start`.

import { roundedTo } from "./scales.js";

const SVG = "http://www.w3.org/2000/svg";
const REACH_PX = 14;

export class Grips {
  /**
   * `begin()` hears that something was taken hold of, `move(text)` the start it means, `end(kind, moved)` that it was let
   * go; `hint(words, x, y)` shows words at a place given in shares of the picture.
   */
  constructor(layer, { begin, move, end, hint }) {
    this.layer = layer;
    this.hears = { begin, move, end, hint };
    this.isHeld = false;
  }

  /** Show the grips of a picture of some size. */
  show(grips, runs, width, height) {
    if (this.isHeld) return;
    this.width = width;
    this.height = height;
    this.layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.layer.replaceChildren(...grips.map((grip) => this.made(grip, runs[grip.run]?.color)));
  }

  clear() {
    if (!this.isHeld) this.layer.replaceChildren();
  }

  made(grip, color) {
    const group = node("g", { class: grip.kind });
    if (color) group.style.setProperty("--run", color);
    if (grip.kind === "point") this.makePoint(group, grip);
    else this.makeLine(group, grip);
    return group;
  }

  // -- a loss surface: press where the descent is to start

  makePoint(group, grip) {
    const [left, top, width, height] = grip.box;
    const ground = node("rect", { class: "ground", x: left, y: top, width, height });
    const aim = node("circle", { class: "aim", r: 7 });
    const move = (event) => {
      const [x, y] = within(this.at(event), grip.box);
      place(aim, { cx: x, cy: y });
      return [x, y];
    };
    ground.onpointermove = (event) => {
      const [x, y] = move(event);
      if (!this.isHeld) this.hears.hint("start here", x / this.width, y / this.height);
    };
    ground.onpointerleave = () => this.hears.hint(null);
    const toStart = (event) => startText(grip, dataAt(grip, move(event)), pixelSizes(grip));
    this.hold(ground, group, grip, { start: toStart, move: toStart });
    group.append(ground, aim);
  }

  // -- a line: drag its ends

  makeLine(group, grip) {
    const ends = endsInBox(grip);
    if (ends === null) return;
    const ghost = node("line", { class: "ghost" });
    const marks = ends.map(() => node("circle", { class: "end", r: 5.5 }));
    const holds = ends.map(() => node("circle", { class: "hold", r: REACH_PX }));
    const draw = () => {
      ends.forEach(([cx, cy], index) => {
        place(marks[index], { cx, cy });
        place(holds[index], { cx, cy });
      });
      place(ghost, { x1: ends[0][0], y1: ends[0][1], x2: ends[1][0], y2: ends[1][1] });
    };
    draw();
    holds.forEach((hold, index) => {
      const move = (event) => {
        const moved = within(this.at(event), grip.box);
        const other = ends[1 - index];
        if (Math.abs(moved[0] - other[0]) < 0.05 * grip.box[2]) return null;
        ends[index] = moved;
        draw();
        return startText(grip, lineThrough(grip, ends), pixelSizes(grip));
      };
      hold.onpointerenter = () => {
        if (!this.isHeld) this.hears.hint("drag the first line", ends[index][0] / this.width, ends[index][1] / this.height);
      };
      hold.onpointerleave = () => this.hears.hint(null);
      this.hold(hold, group, grip, { start: () => null, move });
    });
    const [left, top, width, height] = grip.box;
    const field = node("rect", { class: "field", x: left, y: top, width, height });
    group.append(field, ghost, ...marks, ...holds);
  }

  /** Let a shape be held and moved with any pointer. */
  hold(shape, group, grip, { start, move }) {
    let moved = false;
    const tell = (text) => {
      if (text !== null) this.hears.move(text);
    };
    shape.onpointerdown = (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      shape.setPointerCapture(event.pointerId);
      this.isHeld = true;
      moved = false;
      group.classList.add("on");
      this.hears.hint(null);
      this.hears.begin();
      tell(start(event));
    };
    shape.addEventListener("pointermove", (event) => {
      if (!shape.hasPointerCapture(event.pointerId)) return;
      moved = true;
      tell(move(event));
    });
    const end = (event) => {
      if (!this.isHeld || !shape.hasPointerCapture(event.pointerId)) return;
      shape.releasePointerCapture(event.pointerId);
      this.isHeld = false;
      group.classList.remove("on");
      this.hears.end(grip.kind, moved);
    };
    shape.addEventListener("pointerup", end);
    shape.addEventListener("pointercancel", end);
  }

  /** Return where a pointer is, in pixels of the picture. */
  at(event) {
    const box = this.layer.getBoundingClientRect();
    return [((event.clientX - box.left) / box.width) * this.width, ((event.clientY - box.top) / box.height) * this.height];
  }
}

/** Return the data at a pixel. */
export function dataAt({ box, x, y }, [px, py]) {
  const [left, top, width, height] = box;
  return [x[0] + ((px - left) / width) * (x[1] - x[0]), y[0] + ((top + height - py) / height) * (y[1] - y[0])];
}

/** Return the pixel of a place in the data. */
export function pixelAt({ box, x, y }, [dx, dy]) {
  const [left, top, width, height] = box;
  return [
    left + ((dx - x[0]) / (x[1] - x[0])) * width,
    top + height - ((dy - y[0]) / (y[1] - y[0])) * height,
  ];
}

/** Return slope and intercept of the line through two pixels. */
export function lineThrough(grip, ends) {
  const [[x1, y1], [x2, y2]] = ends.map((end) => dataAt(grip, end));
  const slope = (y2 - y1) / (x2 - x1);
  return [slope, y1 - slope * x1];
}

/** Return the two pixels at which a line enters and leaves its box, or null where it does not meet it. */
export function endsInBox(grip) {
  const [slope, intercept] = grip.numbers;
  const inset = 0.02 * (grip.x[1] - grip.x[0]);
  let [low, high] = [grip.x[0] + inset, grip.x[1] - inset];
  if (slope !== 0) {
    const crossings = grip.y.map((y) => (y - intercept) / slope).sort((a, b) => a - b);
    low = Math.max(low, crossings[0]);
    high = Math.min(high, crossings[1]);
  } else if (intercept < grip.y[0] || intercept > grip.y[1]) return null;
  if (!(high - low > 0.02 * (grip.x[1] - grip.x[0]))) return null;
  return [low, high].map((x) => pixelAt(grip, [x, slope * x + intercept]));
}

/** Return what two numbers mean as a start, as a text with no more digits than a pixel tells. */
export function startText({ matrix, offset }, numbers, sizes) {
  const start = matrix.map((row, index) => row[0] * numbers[0] + row[1] * numbers[1] + offset[index]);
  const steps = matrix.map((row) => Math.abs(row[0]) * sizes[0] + Math.abs(row[1]) * sizes[1]);
  return start.map((number, index) => String(roundedTo(number, Math.max(steps[index] / 2, 1e-9)))).join(",");
}

// How much one pixel is worth: of a point in data, of a line in slope and intercept.
function pixelSizes({ kind, box, x, y }) {
  const across = (x[1] - x[0]) / box[2];
  const up = (y[1] - y[0]) / box[3];
  return kind === "point" ? [across, up] : [up / (x[1] - x[0]), up];
}

function within([px, py], [left, top, width, height]) {
  return [Math.min(Math.max(px, left), left + width), Math.min(Math.max(py, top), top + height)];
}

function node(name, attributes) {
  const made = document.createElementNS(SVG, name);
  place(made, attributes);
  return made;
}

function place(made, attributes) {
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
}
