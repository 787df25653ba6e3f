const $ = (name) => document.querySelector(name);
const data = JSON.parse($("#data").textContent);
const sum = (steps) => { let total = 0; return steps.map((step) => (total += step)); };
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const framed = window.parent !== window;
const [screen, play, scrub, speed, problem] = [".screen", ".play", ".scrub", ".speed select", ".problem"].map($);
// what stands packed with a film becomes known with the film
const isKnown = (clip) => Boolean(clip.runs);
function unroll(clip) {
  clip.updates = sum(clip.updates);
  clip.frames = sum(clip.frames);
  for (const run of clip.runs) for (const key of ["loss", "epochs"]) run[key] = run[key] ? run[key].split(" ") : [];
}
data.clips.filter(isKnown).forEach(unroll);

// the clip on the screen, the source that shows it, its frame, and the clip that was asked for
let now = data.first, clip = data.clips[now], film = sourceOf(clip), frame = 0, wanted = now;

// -- time

const clamp = (index) => Math.min(Math.max(index, 0), clip.n - 1);
const frameAt = (seconds) => clamp(Math.floor(seconds * data.fps + 1e-3));
const place = (list, value) => {
  let low = 0, high = list.length;
  while (low < high) {
    const half = (low + high) >> 1;
    if (list[half] <= value) low = half + 1; else high = half;
  }
  return Math.max(0, low - 1);
};

function seek(index) {
  index = clamp(index);
  show(index);
  film.seek(index);
}

function go(index) {
  film.pause();
  seek(index);
  remember();
}

const step = (by) => {
  const at = place(clip.frames, frame);
  if (by < 0 && frame > clip.frames[at]) go(clip.frames[at]);
  else if (clip.frames[at + by] !== undefined) go(clip.frames[at + by]);
  else go(by < 0 ? 0 : clip.n - 1);
};

function toggle() {
  if (!isKnown(clip)) return;
  if (!film.paused) return go(film.index);
  if (lecture) {
    if (frame >= clip.n - 1) seek(0);
    stop = endOfBeat(frame + 1);
  }
  film.play();
}

// -- lecture: play to the end of a beat and stop

let lecture = false, stop = Infinity;
const endOfBeat = (index) => (clip.beats.find((start) => start > index) ?? clip.n) - 1;

function lecturing() {
  if (!clip.beats.length) return;
  lecture = !lecture;
  stop = lecture ? endOfBeat(frame) : Infinity;
  film.loop = !lecture;
  $(".lecture").setAttribute("aria-pressed", String(lecture));
}

// -- caption, counter and numbers of a frame

const seconds = (index) => (index / data.fps).toFixed(1).replace(".", data.decimal);
const put = (element, text) => { if (element.textContent !== text) element.textContent = text; };
const grouped = (count) => String(count).replace(/\B(?=(\d{3})+$)/g, "\u202f");

function show(index) {
  frame = index;
  const at = place(clip.frames, index), update = clip.updates[at];
  scrub.value = index;
  scrub.setAttribute("aria-valuetext", `${data.counter} ${update}, ${seconds(index)} s`);
  put($(".clock"), `${seconds(index)} / ${seconds(clip.n)} s`);
  put($(".update"), grouped(update));
  const standing = clip.captions.filter(([from]) => from <= index).pop();
  put($(".caption"), standing ? standing[1] : "");
  clip.runs.forEach((run, row) => {
    const cells = $(".runs tbody").rows[row].cells;
    put(cells[1], run.loss[at] ?? "");
    put(cells[2], run.epochs[at] ?? "");
  });
}

function lay() {
  scrub.max = clip.n - 1;
  // the thumb of the slider is 16 px wide
  $(".beats").replaceChildren(...clip.beats.slice(1).map((start, index) => {
    const mark = document.createElement("button");
    Object.assign(mark, { type: "button", tabIndex: -1, title: (clip.captions.find(([from]) => from === start) ?? [0, ""])[1] });
    mark.setAttribute("aria-label", data.words["Beat {n}"].replace("{n}", index + 2));
    mark.style.left = `calc(8px + (100% - 16px) * ${start / (clip.n - 1)})`;
    mark.addEventListener("click", () => go(start));
    return mark;
  }));
  put($(".counter"), data.counter);
  put($(".last"), `/ ${grouped(clip.last)}`);
  $(".caption").hidden = !clip.captions.length;
  $(".runs").hidden = !clip.runs.length;
  $(".runs").classList.toggle("timeless", !clip.runs.some((run) => run.epochs.length));
  $(".beside").hidden = !clip.runs.length && !data.sweeps.length;
  $(".runs tbody").replaceChildren(...clip.runs.map((run) => {
    const row = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = run.name;
    head.style.setProperty("--run", run.role.startsWith("#") ? run.role : `var(--${run.role})`);
    row.append(head, document.createElement("td"), document.createElement("td"));
    return row;
  }));
}

// -- sweeps: a clip for each combination of values, those of the last parameter side by side

const sweeps = [...document.querySelectorAll(".sweep")].map((element, axis) => {
  const { values } = data.sweeps[axis];
  const stride = data.sweeps.slice(axis + 1).reduce((product, other) => product * other.values.length, 1);
  const at = (index) => Math.floor(index / stride) % values.length;
  return { element, values, at, moved: (index, to) => index + (to - at(index)) * stride, inputs: element.querySelectorAll("input") };
});

// what else shows which clip was chosen
let marked = () => {};

function setControls() {
  for (const { element, values, at, inputs } of sweeps) {
    const index = at(wanted), [slider] = inputs;
    element.setAttribute("aria-busy", String(wanted !== now && !data.clips[wanted].problem));
    if (slider.type === "radio") { inputs[index].checked = true; continue; }
    slider.value = index;
    slider.setAttribute("aria-valuetext", values[index]);
    put(element.querySelector("output"), values[index]);
  }
  put(problem, data.clips[wanted].problem ?? "");
  problem.hidden = !data.clips[wanted].problem;
  $("main").classList.toggle("failed", !problem.hidden);
  marked();
}

function sourceOf(one) {
  return (one.source ??= new Source(one, {
    frame: (source, index) => { if (source === film) follow(clamp(index)); },
    state: (source) => { if (source === film) mark(); },
  }));
}

function follow(index) {
  if (index < stop) return show(index);
  film.pause();
  seek(stop);
  remember();
}

function mark() {
  document.documentElement.classList.toggle("playing", !film.paused);
  play.setAttribute("aria-label", data.words[film.paused ? "Play" : "Pause"]);
}

const sameMoment = (next) => Math.min(
  next.n - 1, next.n === clip.n ? frame : Math.round(frame * (next.n - 1) / Math.max(1, clip.n - 1)));

// the next clip shows the same moment before it is seen
async function choose(index) {
  wanted = index;
  setControls();
  const next = data.clips[index];
  if (next.problem) remember();
  if (index === now || next.problem) return;
  const source = sourceOf(next), isLate = () => wanted !== index || index === now;
  await source.ready();
  if (isLate()) return;
  // the reader may scrub meanwhile; if the old clip plays on, the time that passes is too short to notice
  for (let target = -1; target !== sameMoment(next);) {
    target = sameMoment(next);
    await source.settle(target);
    // another call for the same value may have finished first
    if (isLate()) return;
    if (!film.paused) break;
  }
  swap(index, source);
}

function swap(index, source) {
  const playing = !film.paused, at = sameMoment(data.clips[index]), before = film;
  [now, clip, film] = [index, data.clips[index], source];
  film.rate = Number(speed.value);
  film.loop = !lecture;
  film.shown(true);
  before.shown(false);
  before.pause();
  lay();
  show(at);
  if (lecture) stop = endOfBeat(at);
  if (playing) film.play();
  setControls();
  remember();
  prepare();
}

function prepare() {
  for (const { values, at, moved } of sweeps) for (const to of [at(now) + 1, at(now) - 1]) {
    const near = data.clips[moved(now, to)];
    if (values[to] !== undefined && !near.problem) setTimeout(() => sourceOf(near).ready(), 50);
  }
}

// -- the state in the address: #t=2.4&value=0.01, with a value for each sweep

function remember() {
  const parts = [`t=${(frame / data.fps).toFixed(3)}`];
  for (const { values, at } of sweeps) parts.push(`value=${encodeURIComponent(values[at(wanted)])}`);
  try { history.replaceState(null, "", `#${parts.join("&")}`); } catch { /* a page without an address of its own */ }
}

async function recall() {
  const state = new URLSearchParams(location.hash.slice(1)), values = state.getAll("value");
  const seconds = state.has("t") && state.get("t") !== "" ? Number(state.get("t")) : NaN;
  if (Number.isFinite(seconds)) { film.pause(); seek(frameAt(seconds)); }
  const index = sweeps.reduce((found, { values: known, moved }, axis) => moved(found, known.indexOf(values[axis])), now);
  if (sweeps.length && sweeps.every(({ values: known }, axis) => known.includes(values[axis]))) await choose(index);
  return Number.isFinite(seconds);
}

// -- mouse, touch and keys

function fullScreen() {
  // frames of other pages may forbid it
  (document.fullscreenElement ? document.exitFullscreen() : screen.requestFullscreen?.())?.catch(() => {});
}

const keys = {
  " ": toggle,
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  Home: () => go(0),
  End: () => go(clip.n - 1),
  l: lecturing,
  f: fullScreen,
  ",": () => go(frame - 1),
  ".": () => go(frame + 1),
};
document.addEventListener("keydown", (event) => {
  const own = event.target.closest(event.key === " " ? "select, button" : "select, .sweep input");
  if (own || !isKnown(clip) || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
screen.addEventListener("click", toggle);
play.addEventListener("click", toggle);
$(".back").addEventListener("click", () => step(-1));
$(".on").addEventListener("click", () => step(1));
$(".lecture")?.addEventListener("click", lecturing);
document.addEventListener("click", (event) => {
  // a lecturer presses space next: it plays, instead of pressing again what was clicked
  const button = lecture && event.target.closest("button");
  if (button && (event.detail || button.matches(".lecture"))) play.focus({ preventScroll: true });
});
scrub.addEventListener("input", () => { film.pause(); seek(Number(scrub.value)); });
scrub.addEventListener("change", remember);
speed.addEventListener("change", () => { film.rate = Number(speed.value); });
for (const { inputs, moved } of sweeps) for (const input of inputs) {
  input.addEventListener("input", () => choose(moved(wanted, Number(input.value))));
}
window.addEventListener("hashchange", recall);

// -- start

function postHeights() {
  const root = document.documentElement;
  root.classList.add("framed");
  const heightNow = () => Math.ceil(root.getBoundingClientRect().height);
  const postHeight = () => {
    root.classList.remove("snug", "side");
    const height = heightNow();
    // a frame that stays lower shows the picture smaller, so that the controls are in it: under the picture, or beside it
    if (height > innerHeight + 1) {
      root.classList.add("snug");
      root.style.setProperty("--rest", `${Math.ceil(heightNow() - $(".screen").getBoundingClientRect().height)}px`);
      const { width: under, height: shown } = $(".screen").getBoundingClientRect();
      const beside = Math.min(innerWidth / 2, (innerHeight - 16) * under / shown);
      root.classList.toggle("side", beside > under || heightNow() > innerHeight + 1);
    }
    window.parent.postMessage({ type: "animate:height", height }, "*");
    // in a notebook the page is part of the surrounding page, which has no script of ours
    if (location.protocol === "about:" && window.frameElement) window.frameElement.style.height = `${height}px`;
  };
  new ResizeObserver(postHeight).observe(root);
  addEventListener("resize", postHeight);
}

async function start() {
  await film.ready();
  film.shown(true);
  mark();
  for (const { element } of sweeps) element.hidden = false;
  setControls();
  $(".panel").hidden = false;
  lay();
  show(0);
  if (framed) postHeights();
  prepare();
  if (await recall()) return;
  // with reduced motion the page starts at the last frame, which the still shows
  if (calm) seek(clip.n - 1); else film.play();
}
start();
