// Drawings. Each track of a film is one element; its text changes from frame to frame.

const SVG = "http://www.w3.org/2000/svg";
const KEEP = 32;
const made = (name) => document.createElementNS(SVG, name);

async function unpacked(text) {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

const NUMBER = /-?\d+(?:\.\d+)?/g;
const WEIGHT_UNITS = 65536;

// -13 to 12 are letters, of which n is 0; others have a space behind them
const shiftsOf = (text) => Array.from(text.match(/[a-z]|-?\d+/g) ?? [], (one) => (one >= "a" ? one.charCodeAt() - 110 : Number(one)));

// the texts of a track, each stored as its difference from the one before; animate/vector/film_data.py has the forms
class Texts {
  constructor([decimals, ...steps]) {
    Object.assign(this, { scale: 10 ** decimals, steps, kept: [], state: { at: -1, text: "", now: [], marks: [] } });
  }

  // forwards from the last text, or from the nearest one that was kept
  get(index) {
    const near = Math.min(Math.floor(index / KEEP), this.kept.length - 1);
    if (near >= 0 && (index < this.state.at || near * KEEP > this.state.at)) this.state = this.kept[near];
    while (this.state.at < index) {
      this.state = this.next(this.state, this.steps[this.state.at + 1]);
      if (this.state.at === this.kept.length * KEEP) this.kept.push(this.state);
    }
    return this.state.text;
  }

  // the numbers of a text stand in `now`, those of the text before in `before`; `marks` are those of the first text of
  // a form, and of the texts 1, 2, 4, 8 ... later
  next({ at, text, now, before, marks, count }, step) {
    const end = step.indexOf(";"), rest = end < 0 ? "" : step.slice(end + 1);
    const isMovement = step[0] === "%" || (step[0] === "~" && end < 0);
    let numbers = null;
    if (step[0] === ":") text = step.slice(1);
    else if (step[0] === "^") {
      const [, head, tail, middle] = /^\^(\d+) (\d+) ([^]*)$/.exec(step);
      text = text.slice(0, head) + middle + text.slice(text.length - tail);
    } else {
      const shifts = shiftsOf(step[0] === "%" ? rest : step.slice(1, end < 0 ? undefined : end));
      numbers = now.map((number, index) => number + (shifts[index] ?? 0));
      if (step[0] === "%") {
        const [one, two, three] = step.slice(1, end).split(" ").map(Number), [first] = marks, [half, last] = marks.slice(-2);
        now.forEach((number, index) => {
          const weighted = one * (number - before[index]) + two * (half[index] - first[index]) + three * (last[index] - first[index]);
          numbers[index] += Math.floor((weighted + WEIGHT_UNITS / 2) / WEIGHT_UNITS);
        });
      }
      let index = -1;
      text = text.replace(NUMBER, (number) => (numbers[++index] === now[index] ? number : numbers[index] / this.scale));
      if (step[0] === "~") text += rest;
    }
    if (!isMovement) numbers = Array.from(text.match(NUMBER) ?? [], (number) => Math.round(number * this.scale));
    count = isMovement ? count + 1 : 0;
    // 0, 1, 2, 4, 8 ...
    const kept = isMovement ? marks : [];
    return { at: at + 1, text, now: numbers, before: now, marks: (count & (count - 1)) === 0 ? [...kept, numbers] : kept, count };
  }
}

// runs of changes as two lists: the frames, and the text from each frame on
function unrolled(runs) {
  const frames = [], texts = [];
  let last = 0;
  for (let at = 0; at < runs.length; at += 4) {
    const [gap, text, count, step] = runs.slice(at, at + 4);
    for (let index = 0; index < count; index++) {
      last += index ? step : gap;
      frames.push(last);
      texts.push(text + index);
    }
  }
  return { frames, texts };
}

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
  // the baseline, the place of the first glyph, and then the name of each glyph and the way to the next one
  text: (element, text) => {
    const [y, start, ...words] = text.split(" "), glyphs = element.children;
    let x = Number(start);
    for (let at = 0; at < words.length; at += 2) {
      const glyph = glyphs[at / 2] ?? element.appendChild(made("use"));
      const wanted = { href: `#d-${words[at]}`, x: Math.round(x * 10) / 10, y };
      for (const name in wanted) if (glyph.getAttribute(name) !== String(wanted[name])) glyph.setAttribute(name, wanted[name]);
      x += Number(words[at + 1] ?? 0);
    }
    while (glyphs.length * 2 > words.length + 1) glyphs[glyphs.length - 1].remove();
  },
};

// a film as an SVG group, which shows any of its frames
class Drawing {
  constructor(shared, film) {
    const of = (table, index) => (index < shared[table].length ? shared[table][index] : film[table][index - shared[table].length]);
    this.element = made("g");
    this.element.innerHTML = `<style>${film.css}</style><defs>${film.defs}</defs>`;
    const groups = new Map();
    this.styled = [];
    let clip = "", parent = this.element;
    for (let at = 0; at < film.tracks.length; at += 4) {
      const [kind, inside] = of("looks", film.tracks[at]);
      if (inside !== clip) {
        [clip, parent] = [inside, this.element];
        if (clip) {
          parent = this.element.appendChild(made("g"));
          parent.setAttribute("clip-path", `url(#${clip})`);
        }
      }
      const element = parent.appendChild(made(kind === "raw" || kind === "text" ? "g" : kind));
      element.style.display = "none";
      const styles = of("styles", film.tracks[at + 1]), number = film.tracks[at + 3];
      if (styles.length > 2) this.styled.push({ element, now: -1, ...listed(styles) });
      else if (styles[1]) element.setAttribute("class", styles[1]);
      if (!groups.has(number)) groups.set(number, { ...unrolled(of("changes", number)), now: -1, tracks: [] });
      groups.get(number).tracks.push({ element, draw: draw[kind], texts: new Texts(of("texts", film.tracks[at + 2])) });
    }
    this.groups = [...groups.values()];
  }

  show(frame) {
    for (const group of this.groups) {
      const at = place(group.frames, frame);
      const now = group.frames[at] <= frame ? group.texts[at] : -1;
      if (now === group.now) continue;
      for (const track of group.tracks) {
        if (now >= 0) track.draw(track.element, track.texts.get(now));
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
}

class Source {
  constructor(clip, events) {
    Object.assign(this, { clip, events, index: 0, time: 0, paused: true, rate: 1, loop: true });
  }

  async ready() {
    await (opening ??= open());
    this.drawing ??= new Drawing(shared, await unpacked(this.clip.film));
  }

  seek(index) {
    this.index = index;
    this.time = index / data.fps;
    this.drawing?.show(index);
  }

  async settle(index) { this.seek(index); }

  shown(visible) {
    if (visible) canvas.append(this.drawing.element); else this.drawing.element.remove();
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
