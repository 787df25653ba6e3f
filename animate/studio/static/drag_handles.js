// What can be dragged in the picture: points on loss surfaces, and the ends of lines. They set the scene's `start`.

import { roundedTo } from "./scales.js";

const SVG = "http://www.w3.org/2000/svg";
const REACH_PX = 14;

export class DragHandles {
  /**
   * `begin()` is called when a drag begins, `move(text)` with the start that it means, `end(kind, moved)` when it ends;
   * `hint(words, x, y)` shows words at a place given in shares of the picture.
   */
  constructor(layer, { begin, move, end, hint }) {
    this.layer = layer;
    this.callbacks = { begin, move, end, hint };
    this.isDragging = false;
  }

  /** Show the handles of a picture of some size. */
  show(handles, runs, width, height) {
    if (this.isDragging) return;
    this.width = width;
    this.height = height;
    this.layer.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.layer.replaceChildren(...handles.map((handle) => this.made(handle, runs[handle.run]?.color)));
  }

  clear() {
    if (!this.isDragging) this.layer.replaceChildren();
  }

  made(handle, color) {
    const group = node("g", { class: handle.kind });
    if (color) group.style.setProperty("--run", color);
    if (handle.kind === "point") this.makePoint(group, handle);
    else this.makeLine(group, handle);
    return group;
  }

  // -- a loss surface: press where the descent is to start

  makePoint(group, handle) {
    const [left, top, width, height] = handle.box;
    const ground = node("rect", { class: "ground", x: left, y: top, width, height });
    const aim = node("circle", { class: "aim", r: 7 });
    const move = (event) => {
      const [x, y] = within(this.at(event), handle.box);
      place(aim, { cx: x, cy: y });
      return [x, y];
    };
    ground.onpointermove = (event) => {
      const [x, y] = move(event);
      if (!this.isDragging) this.callbacks.hint("press to start here", x / this.width, y / this.height);
    };
    ground.onpointerleave = () => this.callbacks.hint(null);
    const toStart = (event) => startText(handle, dataAt(handle, move(event)), pixelSizes(handle));
    this.makeDraggable(ground, group, handle, { start: toStart, move: toStart });
    group.append(ground, aim);
  }

  // -- a line: drag its ends

  makeLine(group, handle) {
    const ends = endsInBox(handle);
    if (ends === null) return;
    const ghost = node("line", { class: "ghost" });
    const marks = ends.map(() => node("circle", { class: "end", r: 5.5 }));
    const reaches = ends.map(() => node("circle", { class: "reach", r: REACH_PX }));
    const draw = () => {
      ends.forEach(([cx, cy], index) => {
        place(marks[index], { cx, cy });
        place(reaches[index], { cx, cy });
      });
      place(ghost, { x1: ends[0][0], y1: ends[0][1], x2: ends[1][0], y2: ends[1][1] });
    };
    draw();
    reaches.forEach((reach, index) => {
      const move = (event) => {
        const moved = within(this.at(event), handle.box);
        const other = ends[1 - index];
        if (Math.abs(moved[0] - other[0]) < 0.05 * handle.box[2]) return null;
        ends[index] = moved;
        draw();
        return startText(handle, lineThrough(handle, ends), pixelSizes(handle));
      };
      reach.onpointerenter = () => {
        if (!this.isDragging) this.callbacks.hint("drag this end", ends[index][0] / this.width, ends[index][1] / this.height);
      };
      reach.onpointerleave = () => this.callbacks.hint(null);
      this.makeDraggable(reach, group, handle, { start: () => null, move });
    });
    const [left, top, width, height] = handle.box;
    const field = node("rect", { class: "field", x: left, y: top, width, height });
    group.append(field, ghost, ...marks, ...reaches);
  }

  /** Let a shape be dragged with any pointer. */
  makeDraggable(shape, group, handle, { start, move }) {
    let moved = false;
    const tell = (text) => {
      if (text !== null) this.callbacks.move(text);
    };
    shape.onpointerdown = (event) => {
      if (event.button !== 0) return;
      event.preventDefault();
      shape.setPointerCapture(event.pointerId);
      this.isDragging = true;
      moved = false;
      group.classList.add("on");
      this.callbacks.hint(null);
      this.callbacks.begin();
      tell(start(event));
    };
    shape.addEventListener("pointermove", (event) => {
      if (!shape.hasPointerCapture(event.pointerId)) return;
      moved = true;
      tell(move(event));
    });
    const end = (event) => {
      if (!this.isDragging || !shape.hasPointerCapture(event.pointerId)) return;
      shape.releasePointerCapture(event.pointerId);
      this.isDragging = false;
      group.classList.remove("on");
      this.callbacks.end(handle.kind, moved);
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
export function lineThrough(handle, ends) {
  const [[x1, y1], [x2, y2]] = ends.map((end) => dataAt(handle, end));
  const slope = (y2 - y1) / (x2 - x1);
  return [slope, y1 - slope * x1];
}

/** Return the two pixels at which a line enters and leaves its box, or null where it does not meet it. */
export function endsInBox(handle) {
  const [slope, intercept] = handle.numbers;
  const inset = 0.02 * (handle.x[1] - handle.x[0]);
  let [low, high] = [handle.x[0] + inset, handle.x[1] - inset];
  if (slope !== 0) {
    const crossings = handle.y.map((y) => (y - intercept) / slope).sort((a, b) => a - b);
    low = Math.max(low, crossings[0]);
    high = Math.min(high, crossings[1]);
  } else if (intercept < handle.y[0] || intercept > handle.y[1]) return null;
  if (!(high - low > 0.02 * (handle.x[1] - handle.x[0]))) return null;
  return [low, high].map((x) => pixelAt(handle, [x, slope * x + intercept]));
}

/** Return the start that two numbers mean, as a text with no more digits than a pixel can resolve. */
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
