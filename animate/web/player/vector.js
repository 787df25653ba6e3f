// Drawings. Each track of a film is one element; its text changes from frame to frame.

const SVG = "http://www.w3.org/2000/svg";
const KEEP = 32;
const made = (name) => document.createElementNS(SVG, name);

const NUMBER = /-?\d+(?:\.\d+)?/g;

// -13 to 12 are letters, of which n is 0; others have a space behind them
const shiftsOf = (text) => Array.from(text.match(/[a-z]|-?\d+/g) ?? [], (one) => (one >= "a" ? one.charCodeAt() - 110 : Number(one)));

// the texts of a track, each stored as its difference from the one before; animate/vector/text_differences.py has the
// forms, animate/vector/linear_model.py the models
class Texts {
  constructor([decimals, ...steps]) {
    Object.assign(this, { scale: 10 ** decimals, steps, kept: [], state: { at: -1, text: "", numbers: [] } });
  }

  // forwards from the last text, or from the nearest one that was kept
  get(index) {
    const near = Math.min(Math.floor(index / KEEP), this.kept.length - 1);
    if (near >= 0 && (index < this.state.at || near * KEEP > this.state.at)) this.state = this.kept[near];
    while (this.state.at < index) {
      this.state = this.next(this.state, this.steps[this.state.at + 1]);
      if (this.state.at === this.kept.length * KEEP) this.kept.push(this.state);
    }
    return this.state;
  }

  next({ at, text, numbers: now }, step) {
    at += 1;
    if (step[0] === ":") text = step.slice(1);
    else if (step[0] === "^") {
      const [, head, tail, middle] = /^\^(\d+) (\d+) ([^]*)$/.exec(step);
      text = text.slice(0, head) + middle + text.slice(text.length - tail);
    } else {
      const [moves, rest] = step.slice(1).split(/;([^]*)/), shifts = shiftsOf(moves);
      const numbers = now.map((number, index) => number + (shifts[index] ?? 0));
      if (step[0] === "@") this.predict(at, numbers, shifts);
      let index = -1;
      text = text.replace(NUMBER, (number) => (numbers[++index] === now[index] ? number : numbers[index] / this.scale));
      if (rest === undefined) return { at, text, numbers };
      text += rest;
    }
    return { at, text, numbers: Array.from(text.match(NUMBER) ?? [], (number) => Math.round(number * this.scale)) };
  }

  // numbers as sums of a constant and multiples of those that lead; if they are among themselves, they stay
  predict(at, numbers, shifts) {
    const [way, columns, weights] = this.model, leading = way ? this.lead.get(this.leadAt[at]).numbers : numbers;
    const values = columns.map((column) => leading[column]);
    numbers.forEach((_, index) => {
      if (!way && columns.includes(index)) return;
      const [constant, ...others] = weights.slice(index * (columns.length + 1), (index + 1) * (columns.length + 1));
      const total = others.reduce((part, weight, which) => part + weight * values[which], constant);
      numbers[index] = Math.floor(total + 0.5) + (shifts[index] ?? 0);
    });
  }

  // the numbers of another track lead those of this one: by their text at the first frame of each
  follow(model, { group, texts }, own) {
    Object.assign(this, { model, lead: texts, leadAt: [] });
    own.frames.forEach((frame, at) => { this.leadAt[own.shown[at]] ??= shownIn(group, frame); });
  }
}

// runs of changes as two lists: the frames, and the text that is shown from each frame on
function unrolled(runs) {
  const frames = [], shown = [];
  let last = 0;
  for (let at = 0; at < runs.length; at += 4) {
    const [gap, text, count, step] = runs.slice(at, at + 4);
    for (let index = 0; index < count; index++) {
      last += index ? step : gap;
      frames.push(last);
      shown.push(text + index);
    }
  }
  return { frames, shown };
}

const shownIn = ({ frames, shown }, frame) => {
  const at = place(frames, frame);
  return frames[at] <= frame ? shown[at] : -1;
};

function listed(styles) {
  const frames = sum(styles.filter((_, index) => index % 2 === 0));
  return { frames, names: styles.filter((_, index) => index % 2) };
}

const draw = {
  path: (element, text) => element.setAttribute("d", text),
  use: (element, text) => {
    for (const [, name, value] of text.matchAll(/([\w-]+)="([^"]*)"/g)) element.setAttribute(name, value);
  },
  raw: (element, text) => { element.innerHTML = text; },
  // the baseline, the place of the first glyph, the name of each glyph, and behind it how much more than usual it takes
  text: (element, text) => {
    const [y, start, ...words] = text.split(" "), glyphs = element.children;
    let x = Number(start), at = 0;
    for (const word of words) {
      if (word < "a") { x += Number(word); continue; }
      const glyph = glyphs[at++] ?? element.appendChild(made("use"));
      const wanted = { href: `#d-${word}`, x: Math.round(x * 10) / 10, y };
      for (const name in wanted) if (glyph.getAttribute(name) !== String(wanted[name])) glyph.setAttribute(name, wanted[name]);
      x += shared.advances[word] ?? 0;
    }
    while (glyphs.length > at) glyphs[glyphs.length - 1].remove();
  },
};

// a film as an SVG group, which shows any of its frames
class Drawing {
  constructor(shared, film) {
    const of = (table, index) => (index < shared[table].length ? shared[table][index] : film[table][index - shared[table].length]);
    this.element = made("g");
    this.element.innerHTML = `<style>${film.css}</style><defs>${film.defs}</defs>`;
    const groups = new Map(), tracks = [], [looks, styles, texts, changes, models] = film.tracks.map(sum);
    this.styled = [];
    let clip = "", parent = this.element;
    for (let at = 0; at < looks.length; at++) {
      const [kind, inside] = of("looks", looks[at]);
      if (inside !== clip) {
        [clip, parent] = [inside, this.element];
        if (clip) {
          parent = this.element.appendChild(made("g"));
          parent.setAttribute("clip-path", `url(#${clip})`);
        }
      }
      const element = parent.appendChild(made(kind === "raw" || kind === "text" ? "g" : kind));
      element.style.display = "none";
      const names = of("styles", styles[at]), number = changes[at];
      if (names.length > 2) this.styled.push({ element, now: -1, ...listed(names) });
      else if (names[1]) element.setAttribute("class", names[1]);
      if (!groups.has(number)) groups.set(number, { ...unrolled(of("changes", number)), now: -1, tracks: [] });
      const group = groups.get(number);
      tracks.push({ element, group, draw: draw[kind], texts: new Texts(of("texts", texts[at])) });
      group.tracks.push(tracks[at]);
    }
    tracks.forEach(({ group, texts: own }, at) => {
      const model = of("models", models[at]);
      if (model.length) own.follow(model, tracks[at + model[0]], group);
    });
    this.groups = [...groups.values()];
  }

  show(frame) {
    for (const group of this.groups) {
      const now = shownIn(group, frame);
      if (now === group.now) continue;
      for (const track of group.tracks) {
        if (now >= 0) track.draw(track.element, track.texts.get(now).text);
        if ((now < 0) !== (group.now < 0)) track.element.style.display = now < 0 ? "none" : "";
      }
      group.now = now;
    }
    for (const track of this.styled) {
      const at = place(track.frames, frame);
      if (at !== track.now) track.element.setAttribute("class", track.names[at]);
      track.now = at;
    }
  }
}

// A source shows the frames of one clip. This one draws them, by a clock of its own.

let canvas = null, shared = null, opening = null;

// all drawings share one picture: styles and definitions stand in it once, apart from those of the page
async function open() {
  shared = await unpacked(data.drawings);
  const host = document.createElement("div"), [width, height] = shared.size;
  const root = host.attachShadow({ mode: "open" });
  root.innerHTML = `<style>svg{display:block;width:100%;height:100%}${shared.css}</style>`
    + `<svg viewBox="0 0 ${width} ${height}" aria-hidden="true" stroke-linejoin="round"><defs>${shared.defs}</defs></svg>`;
  canvas = root.querySelector("svg");
  screen.replaceChildren(host);
  $(".zoom").addEventListener("click", () => zoomInto(zoomed + 1));
  screen.addEventListener("dblclick", (event) => zoomInto(zoomed < 0 ? panelAt(event) : -1));
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("select")) return;
    if (event.key === "Escape") zoomInto(-1);
    if (event.key === "z") zoomInto(zoomed + 1);
  });
}

// -- zoom into a panel: the rectangles to which panels are clipped, with room for their labels

let zoomed = -1;

function panels() {
  const [width, height] = shared.size, rectangle = /^M([\d.]+) ([\d.]+)H([\d.]+)V([\d.]+)H/;
  const paths = new Set(Array.from(canvas.querySelectorAll("clipPath path"), (path) => path.getAttribute("d")));
  const found = [...paths].map((path) => rectangle.exec(path)?.slice(1).map(Number)).filter(Boolean);
  const area = ([left, top, right, bottom]) => (right - left) * (bottom - top) / (width * height);
  return found.filter((box) => area(box) > 0.03 && area(box) < 0.7)
    .map(([left, top, right, bottom]) => [
      Math.max(0, left - width / 13), Math.max(0, top - height / 8),
      Math.min(width, right + width / 40), Math.min(height, bottom + height / 10),
    ])
    .sort((one, other) => one[0] - other[0] || one[1] - other[1]);
}

// a number beyond the last panel is the whole picture
function zoomInto(index) {
  const box = panels()[index], [left, top, right, bottom] = box ?? [0, 0, ...shared.size];
  zoomed = box ? index : -1;
  canvas.setAttribute("viewBox", [left, top, right - left, bottom - top].join(" "));
  screen.querySelector(".starts")?.setAttribute("viewBox", [left, top, right - left, bottom - top].map((one, at) => one * data.size[at % 2] / shared.size[at % 2]).join(" "));
  // a panel may be higher than the picture is; in a frame the place stays
  if (!framed) screen.style.aspectRatio = box ? `${right - left} / ${bottom - top}` : "";
  $(".zoom").setAttribute("aria-pressed", String(zoomed >= 0));
}

function panelAt({ clientX, clientY }) {
  const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(canvas.getScreenCTM().inverse());
  return panels().findIndex(([left, top, right, bottom]) => x >= left && x <= right && y >= top && y <= bottom);
}

class Source {
  constructor(clip, events) {
    Object.assign(this, { clip, events, index: 0, time: 0, paused: true, rate: 1, loop: true });
  }

  async ready() {
    await (opening ??= open());
    if (this.drawing) return;
    const { film, ...about } = await unpacked(this.clip.film);
    if (this.drawing) return;
    unroll(Object.assign(this.clip, about));
    this.drawing = new Drawing(shared, film);
  }

  seek(index) {
    this.index = index;
    this.time = index / data.fps;
    this.drawing?.show(index);
  }

  async settle(index) { this.seek(index); }

  shown(visible) {
    if (visible) canvas.append(this.drawing.element); else this.drawing.element.remove();
    $(".zoom").hidden = !panels().length;
  }

  pause() {
    if (this.paused) return;
    this.paused = true;
    this.events.state(this);
  }

  play() {
    if (!this.paused) return;
    this.paused = false;
    if (this.index >= this.clip.n - 1) this.time = 0;
    let before = performance.now();
    const tick = (now) => {
      if (this.paused) return;
      // a page in the background gets no ticks; it goes on where it was
      this.time += Math.min(Math.max(0, now - before), 250) / 1000 * this.rate;
      before = now;
      this.advance();
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
    this.events.state(this);
  }

  advance() {
    const { n } = this.clip;
    if (this.loop) this.time %= n / data.fps;
    const index = Math.min(Math.floor(this.time * data.fps + 1e-3), n - 1);
    if (index !== this.index) {
      this.index = index;
      this.drawing.show(index);
      this.events.frame(this, index);
    }
    if (this.time >= n / data.fps) this.pause();
  }
}
