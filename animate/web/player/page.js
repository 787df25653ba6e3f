"use strict";
(() => {
const $ = (name) => document.querySelector(name);
const data = JSON.parse($("#data").textContent);
const sum = (steps) => { let total = 0; return steps.map((step) => (total += step)); };
const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
const framed = window.parent !== window;
const [screen, play, scrub, sweep, speed] = [".screen", ".play", ".scrub", ".sweep input", ".speed select"].map($);
for (const clip of data.clips) {
  clip.updates = sum(clip.updates);
  clip.frames = sum(clip.frames);
  for (const run of clip.runs) for (const key of ["loss", "epochs"]) run[key] = run[key] ? run[key].split(" ") : [];
}

// the visible clip, its video and its frame
let now = data.first, clip = data.clips[now], video = $("video"), frame = 0, wanted = now, pending = null;
const alt = video.getAttribute("aria-label");
clip.element = video;

// -- time: seek to the middle of a frame, so that rounding never reaches a neighbor

const middle = (index) => (index + 0.5) / data.fps;
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
  // during a seek, only the latest request waits
  if (video.seeking) pending = index; else video.currentTime = middle(index);
}

function go(index) {
  if (!video.paused) video.pause();
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
  if (!video.paused) { video.pause(); seek(frameAt(video.currentTime)); remember(); return; }
  if (lecture) {
    if (frame >= clip.n - 1) seek(0);
    stop = endOfBeat(frame + 1);
  }
  video.play().catch(() => {});
}

// -- lecture: play to the end of a beat and stop

let lecture = false, stop = Infinity;
const endOfBeat = (index) => (clip.beats.find((start) => start > index) ?? clip.n) - 1;

function lecturing() {
  if (!clip.beats.length) return;
  lecture = !lecture;
  stop = lecture ? endOfBeat(frame) : Infinity;
  video.loop = !lecture;
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
  $(".beside").hidden = !clip.runs.length && data.clips.length < 2;
  $(".runs tbody").replaceChildren(...clip.runs.map((run) => {
    const row = document.createElement("tr"), head = document.createElement("th");
    head.scope = "row";
    head.textContent = run.name;
    head.style.setProperty("--run", run.role.startsWith("#") ? run.role : `var(--${run.role})`);
    row.append(head, document.createElement("td"), document.createElement("td"));
    return row;
  }));
  if (data.clips.length > 1) {
    sweep.value = now;
    sweep.setAttribute("aria-valuetext", clip.value);
    put($(".sweep output"), clip.value);
  }
}

// -- a sweep: seek the next video before showing it

function element(one) {
  if (one.element) return one.element;
  const bytes = Uint8Array.from(atob(one.video), (letter) => letter.charCodeAt(0));
  const made = document.createElement("video");
  Object.assign(made, { muted: true, loop: true, playsInline: true, preload: "auto" });
  made.setAttribute("aria-label", one.alt || alt);
  made.setAttribute("aria-hidden", "true");
  const track = made.addTextTrack("captions", "Captions", "en");
  const starts = one.captions.map(([from]) => from / data.fps);
  one.captions.forEach(([, text], index) => {
    const end = starts[index + 1] ?? one.n / data.fps;
    if (end > starts[index]) track.addCue(new VTTCue(starts[index], end, text));
  });
  track.mode = "disabled";
  listen(made);
  made.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
  screen.append(made);
  return (one.element = made);
}

const until = (target, event) => new Promise((done) => target.addEventListener(event, done, { once: true }));
const drawn = (target) => Promise.race([
  new Promise((done) => (target.requestVideoFrameCallback ? target.requestVideoFrameCallback(done) : done())),
  new Promise((done) => setTimeout(done, 250)),
]);
const sameMoment = (next) => Math.min(
  next.n - 1, next.n === clip.n ? frame : Math.round(frame * (next.n - 1) / Math.max(1, clip.n - 1)));

async function choose(index) {
  wanted = index;
  put($(".sweep output"), data.clips[index].value);
  sweep.setAttribute("aria-valuetext", data.clips[index].value);
  $(".sweep").setAttribute("aria-busy", String(index !== now));
  if (index === now) return;
  const next = data.clips[index], other = element(next);
  if (other.readyState < 2) await until(other, "loadeddata");
  if (wanted !== index || index === now) return;
  // the reader may scrub meanwhile; if the old video plays on, the time that passes is too short to notice
  for (let target = -1; target !== sameMoment(next);) {
    target = sameMoment(next);
    const there = drawn(other);
    if (other.seeking || Math.abs(other.currentTime - middle(target)) > 1e-6) {
      other.currentTime = middle(target);
      await until(other, "seeked");
      await there;
    }
    // another call for the same value may have finished first
    if (wanted !== index || index === now) return;
    if (!video.paused) break;
  }
  swap(index, other);
}

function swap(index, other) {
  const playing = !video.paused, at = sameMoment(data.clips[index]), before = video;
  [now, clip, video, pending] = [index, data.clips[index], other, null];
  other.playbackRate = before.playbackRate;
  other.loop = !lecture;
  other.classList.add("shown");
  other.removeAttribute("aria-hidden");
  before.classList.remove("shown");
  before.setAttribute("aria-hidden", "true");
  before.pause();
  lay();
  show(at);
  if (lecture) stop = endOfBeat(at);
  if (playing) other.play().catch(() => {});
  $(".sweep").setAttribute("aria-busy", "false");
  remember();
  prepare();
}

function prepare() {
  for (const near of [now + 1, now - 1]) if (data.clips[near]) setTimeout(() => element(data.clips[near]), 50);
}

// -- the state in the address: #t=2.4&value=0.01

function remember() {
  const parts = [`t=${(frame / data.fps).toFixed(3)}`];
  if (data.clips.length > 1) parts.push(`value=${encodeURIComponent(data.clips[wanted].value)}`);
  try { history.replaceState(null, "", `#${parts.join("&")}`); } catch { /* a page without an address of its own */ }
}

async function recall() {
  const state = new URLSearchParams(location.hash.slice(1));
  const index = data.clips.findIndex((one) => one.value === state.get("value"));
  const seconds = state.has("t") && state.get("t") !== "" ? Number(state.get("t")) : NaN;
  if (Number.isFinite(seconds)) { video.pause(); seek(frameAt(seconds)); }
  if (index >= 0 && data.clips.length > 1) await choose(index);
  return Number.isFinite(seconds);
}

// -- mouse, touch and keys

function listen(target) {
  const follow = (_, shown) => {
    if (target === video && !target.paused) {
      const index = frameAt(shown ? shown.mediaTime + 1e-3 : target.currentTime);
      if (index >= stop) { target.pause(); seek(stop); remember(); } else show(index);
    }
    if (target.requestVideoFrameCallback) target.requestVideoFrameCallback(follow);
  };
  if (target.requestVideoFrameCallback) target.requestVideoFrameCallback(follow);
  else target.addEventListener("timeupdate", follow);
  target.addEventListener("seeked", () => {
    if (target !== video || pending === null) return;
    const index = pending;
    pending = null;
    target.currentTime = middle(index);
  });
  for (const event of ["play", "pause"]) target.addEventListener(event, () => {
    if (target !== video) return;
    document.documentElement.classList.toggle("playing", !video.paused);
    play.setAttribute("aria-label", data.words[video.paused ? "Play" : "Pause"]);
  });
  target.addEventListener("click", toggle);
}

const keys = {
  " ": toggle,
  ArrowLeft: () => step(-1),
  ArrowRight: () => step(1),
  Home: () => go(0),
  End: () => go(clip.n - 1),
  l: lecturing,
  ",": () => go(frame - 1),
  ".": () => go(frame + 1),
};
document.addEventListener("keydown", (event) => {
  const own = event.target.closest("select, .sweep input") || (event.key === " " && event.target.closest("button"));
  if (own || event.ctrlKey || event.metaKey || event.altKey || !Object.hasOwn(keys, event.key)) return;
  event.preventDefault();
  keys[event.key]();
});
play.addEventListener("click", toggle);
$(".back").addEventListener("click", () => step(-1));
$(".on").addEventListener("click", () => step(1));
$(".lecture")?.addEventListener("click", lecturing);
scrub.addEventListener("input", () => { video.pause(); seek(Number(scrub.value)); });
scrub.addEventListener("change", remember);
speed.addEventListener("change", () => { video.playbackRate = Number(speed.value); });
sweep.addEventListener("input", () => choose(Number(sweep.value)));
window.addEventListener("hashchange", recall);

// -- start

video.controls = false;
video.classList.add("shown");
listen(video);
play.setAttribute("aria-label", data.words.Play);
if (data.clips.length > 1) {
  $(".sweep").hidden = false;
  put($(".sweep label"), data.parameter.replaceAll("_", " "));
  put($(".meaning"), data.meaning);
  $(".meaning").hidden = !data.meaning;
  sweep.max = data.clips.length - 1;
  prepare();
}
$(".panel").hidden = false;
lay();
show(0);
if (framed) {
  const root = document.documentElement;
  root.classList.add("framed");
  const heightNow = () => Math.ceil(root.getBoundingClientRect().height);
  const postHeight = () => {
    root.classList.remove("snug");
    const height = heightNow();
    // a frame that stays lower shows the picture smaller, so that the controls are in it
    if (height > innerHeight + 1) {
      root.classList.add("snug");
      root.style.setProperty("--rest", `${Math.ceil(heightNow() - $(".screen").getBoundingClientRect().height)}px`);
    }
    window.parent.postMessage({ type: "animate:height", height }, "*");
    // in a notebook the page is part of the surrounding page, which has no script of ours
    if (location.protocol === "about:" && window.frameElement) window.frameElement.style.height = `${height}px`;
  };
  new ResizeObserver(postHeight).observe(root);
  addEventListener("resize", postHeight);
}
recall().then((paused) => {
  if (paused) return;
  // with reduced motion the page starts at the last frame, which the poster shows
  if (calm) seek(clip.n - 1); else video.play().catch(() => {});
});
})();
