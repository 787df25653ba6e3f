// The page: controls, keys and address change one state, and every request for a picture is made from it.

import { read, write } from "./address.js";
import { Connection } from "./connection.js";
import { Controls, element } from "./controls.js";
import { Exports } from "./exports.js";
import { DragHandles } from "./drag_handles.js";
import { listen } from "./keys.js";
import { Picture } from "./picture.js";
import { Player } from "./player.js";
import { Catalog } from "./catalog.js";
import { DroppedData } from "./dropped_data.js";
import { Screen } from "./screen.js";

const $ = (id) => document.getElementById(id);
const WHAT_CAN_BE_DONE = {
  point: "Press on the loss surface to start the descent there.",
  line: "At the start, drag the ends of the line.",
};
const HANDLES_AFTER_MS = 200;
const SAVED_AFTER_MS = 300;
const SLOW_MS = 90;
/** How long the hand must rest before the exact picture is asked for in place of a preview. */
const REFINE_AFTER_MS = 250;

class Page {
  constructor() {
    // the cookie has the token now: keep it out of the history and of links that are copied
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
    const given = read(location.hash);
    this.given = given;
    this.scene = "";
    this.pending = null;
    this.theme = given.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    this.screen = new Screen(given.size, () => this.changed());
    this.keepLimits = false;
    this.known = "";
    this.about = null;
    this.nReceived = 0;
    this.changedAt = -Infinity;
    this.wanted = new Map();
    this.picture = new Picture($("canvas"));
    this.player = new Player((number, moment) => this.ask(number, moment), () => this.showTime());
    this.controls = new Controls($("parameters"), () => this.changed());
    this.catalog = new Catalog(
      { list: $("scenes"), search: $("search"), nothing: $("no-scenes") },
      (name) => this.addressOf(name),
      (name) => {
        this.closeCatalog();
        this.open({ scene: name });
      },
    );
    this.handles = new DragHandles($("handles"), {
      begin: () => this.take(),
      move: (text) => this.controls.set({ start: text }),
      end: (kind, moved) => this.letGo(kind, moved),
      hint: (...at) => showHint(...at),
    });
    this.connection = new Connection(this.takes(), (...state) => this.connected(...state));
    this.data = new DroppedData(this.connection, () => this.changed(), (problem) => this.tellMistakes({ data: problem }, ""));
    this.exports = new Exports(this.connection, () => this.requestFields());
    this.setTheme(this.theme);
    this.screen.show();
    this.listen();
  }

  /** Return whether the picture is the exact one of the controls, or plays. */
  get isSettled() {
    const isAnswered = this.about !== null || !$("blank").hidden;
    const isExact = this.player.isPlaying || (!this.player.isWaiting && !this.about?.left_out);
    return isAnswered && !this.pending && isExact;
  }

  /** Return the scene of the controls, or null while another one is being opened. */
  get parametersOf() {
    return this.pending ? null : this.scene;
  }

  // -- messages from the server

  takes() {
    return {
      scenes: (message) => this.takeScenes(message),
      draw: (message, body) => this.takePicture(message, body),
      refused: (message) => this.takeRefusal(message),
      slow: (message) => this.takeSlow(message),
      handles: (message) => this.takeHandles(message),
      table: (message) => this.data.take(message),
      changed: () => this.takeChange(),
      export: (message) => this.exports.take(message),
    };
  }

  connected(isOpen, isRefused = false) {
    const waiting = isRefused
      ? "The studio was started again. Open the address that it printed."
      : "The studio is not running. Waiting for it…";
    $("state").textContent = isOpen ? "" : waiting;
    $("frame").classList.toggle("stale", !isOpen);
    if (!isOpen) return;
    this.known = "";
    this.nReceived = 0;
    this.player.answered = this.player.number;
    this.isNew = true;
    this.data?.send();
  }

  takeScenes({ scenes, address }) {
    this.catalog.fill(scenes, this.scene);
    showAddress(address);
    this.publicAddress = address;
    if (!this.scene && !this.pending) {
      const usual = scenes.find((scene) => scene.name === "linear_sgd_vs_batch") ?? scenes[0];
      const scene = this.given.scene || usual?.name;
      if (scene) this.open({ ...this.given, scene }, true);
    } else if (this.isNew) this.player.restart();
    this.isNew = false;
  }

  /** Draw a script anew that was saved in an editor; what was wrong with it may be right now. */
  takeChange() {
    this.tellMistakes({}, "");
    this.player.request();
    this.showWaiting(true);
  }

  /** Open another scene. The page stays that of the scene before until the first picture of this one is there. */
  open({ scene, texts = {}, columns = "", share = null }, isAddressed = false) {
    clearTimeout(this.saving);
    clearTimeout(this.refining);
    this.player.isPlaying = false;
    this.handles.clear();
    this.pending = { scene, texts, columns, isAddressed, number: this.player.number + 1 };
    this.catalog.mark(scene, true);
    this.showWaiting(true);
    this.player.request(share === null ? {} : { share });
  }

  /** Make the page that of the scene that was opened, all at once. */
  change({ controls }) {
    const { scene, texts, columns, isAddressed } = this.pending;
    Object.assign(this, { scene, pending: null, about: null, known: "", handlesKey: "", parametersKey: "" });
    $("can").hidden = true;
    this.data.open(columns);
    this.takeControls(controls ?? { name: scene, question: scene, description: "", parameters: [] }, texts);
    this.catalog.mark(scene);
    if (!isAddressed) history.pushState(null, "", write(this.state()));
    $("picture").scrollTo?.({ top: 0 });
  }

  takeControls({ question, description, parameters }, texts) {
    const key = JSON.stringify([question, description, parameters]);
    if (key === this.parametersKey) return;
    Object.assign(this, { parameters, parametersKey: key });
    $("question").textContent = question;
    document.title = `${question} · animate studio`;
    $("about").replaceChildren(...description.split(/\n\s*\n/).map((paragraph) => element("p", "", paragraph)));
    $("data").hidden = !parameters.some((parameter) => parameter.kind === "data");
    this.controls.build(parameters, texts);
    this.showReset();
  }

  takePicture(message, body) {
    const isOpened = this.pending !== null && message.id >= this.pending.number;
    this.picture.put(message, body);
    this.nReceived += 1;
    this.connection.send({ type: "acknowledge", n: this.nReceived });
    this.player.answer(message.id);
    if (isOpened) this.change(message);
    else if (message.scene !== this.scene) return;
    else if (message.controls) this.takeControls(message.controls, { ...this.controls.texts });
    if (message.about) this.takeAbout(message.about, message);
    if (!this.about) return;
    this.shownId = message.id;
    this.showReadouts(message);
    if (isOpened) this.player.open(message.share, message.share === this.about.start);
    this.player.show(message);
    this.tellMistakes({}, "");
    if (message.handles) this.showHandles(message.handles);
    if (isOpened) this.save();
    this.showWaiting(false);
    document.body.dataset.shown = String(message.id);
    this.refineLater();
    this.askHandlesLater();
  }

  takeAbout(about, { width, height, density }) {
    const size = `${Math.round(width / density)}x${Math.round(height / density)}`;
    const sameSize = this.pictureSize === size;
    [this.pictureWidth, this.pictureHeight] = size.split("x").map(Number);
    Object.assign(this, { about, known: about.id, pictureSize: size });
    this.player.duration = about.duration;
    this.player.nUpdates = about.n_updates;
    document.documentElement.style.setProperty("--wide", `${this.pictureWidth}px`);
    this.picture.describe(`${about.question} ${about.alt}`.trim());
    this.showBlank(false);
    this.makeReadouts();
    if (!sameSize) this.handles.clear();
    setText($("preview"), about.left_out ? `Preview: ${about.left_out}` : "");
    $("preview").hidden = !about.left_out;
    $("notes").replaceChildren(...about.notes.map((note) => element("p", "", note)));
    this.data.show(about);
    this.showLines();
    this.saveLater();
  }

  takeRefusal({ of, id, mistakes, problem, controls }) {
    if (of === "handles") return;
    if (of === "table") this.data.remove();
    if (of === "draw") {
      const isOpened = this.pending !== null && id >= this.pending.number;
      const isWanted = isOpened || this.wanted.get(id) === this.wantedKey();
      this.player.answer(id);
      if (isOpened) this.change({ controls });
      else if (controls) this.takeControls(controls, { ...this.controls.texts });
      if (!isOpened && !isWanted) return; // of values that the controls no longer have
      if (!isOpened && this.wanted.get(id) !== this.wantedKey()) return this.changed(); // a parameter is gone
      this.showWaiting(false);
      this.player.stop(); // time would run on under a picture that stands still
    }
    if (!this.about) this.showBlank(true);
    this.tellMistakes(mistakes, problem);
    document.body.dataset.refused = String(id);
  }

  takeSlow({ of, id, problem }) {
    if (of === "draw" && id > this.player.answered) this.tellMistakes({}, problem);
  }

  /** Hide what belongs to a picture while there is none. */
  showBlank(isBlank) {
    for (const id of ["readouts-table", "share"]) $(id).hidden = isBlank;
    for (const id of ["preview", "can"]) if (isBlank) $(id).hidden = true;
    $("blank").hidden = !isBlank;
  }

  /** Show that a picture is awaited: at once when another scene is opened, else after a moment. */
  showWaiting(isWaiting) {
    clearTimeout(this.slowly);
    $("wait").hidden = !isWaiting;
    $("frame").setAttribute("aria-busy", String(isWaiting));
    document.body.classList.toggle("opening", isWaiting && this.pending !== null);
    $("inspector").inert = this.pending !== null;
  }

  tellMistakes(mistakes, problem) {
    const others = this.controls.tell(mistakes);
    const at = { data: $("data-mistake"), size: $("size-mistake") };
    for (const [name, place] of Object.entries(at)) {
      place.textContent = mistakes[name] ?? "";
      place.hidden = !mistakes[name];
    }
    const rest = others.filter(([name]) => !(name in at)).map(([, words]) => words);
    const words = [problem, ...rest].filter(Boolean).join("\n");
    if ($("problem").textContent !== words) $("problem").textContent = words;
    $("problem").hidden = !words;
    $("frame").classList.toggle("stale", Boolean(words));
  }

  takeHandles({ id, handles }) {
    // an older answer belongs to another picture
    if (id === this.handlesAsked && this.about && !this.pending) this.showHandles(handles);
  }

  showHandles(handles) {
    const key = JSON.stringify([handles, this.pictureSize]);
    if (key !== this.lastHandlesKey || !$("handles").childNodes.length) {
      this.handles.show(handles, this.about.runs, this.pictureWidth, this.pictureHeight);
      this.lastHandlesKey = key;
    }
    this.lastHandles = handles;
    $("handles").classList.remove("stale");
    const words = [...new Set(handles.map(({ kind }) => WHAT_CAN_BE_DONE[kind]))].join(" ");
    setText($("can"), words);
    $("can").hidden = !words;
    document.body.dataset.handles = String(handles.length);
  }

  // -- requests

  requestFields(moment = { share: this.player.share }) {
    const { theme, keepLimits } = this;
    const { scene, texts } = this.pending ?? { scene: this.scene, texts: this.controls.texts };
    return { scene, texts, theme, keep_limits: keepLimits, ...this.screen.fields, ...this.data.fieldsFor(this.pending), ...moment };
  }

  /** Return what decides a picture, all but its moment. */
  wantedKey() {
    return JSON.stringify(this.requestFields({}));
  }

  ask(number, moment) {
    const rough = this.pending !== null || performance.now() - this.changedAt < REFINE_AFTER_MS;
    this.wanted.set(number, this.wantedKey());
    this.wanted.delete(number - 50);
    this.connection.send({ type: "draw", id: number, known: this.known, rough, ...this.requestFields(moment) });
    clearTimeout(this.slowly);
    this.slowly = setTimeout(() => this.player.isWaiting && !this.player.isPlaying && this.showWaiting(true), SLOW_MS);
  }

  /** Ask for the exact picture in place of a preview, once the hand rests. */
  refineLater() {
    clearTimeout(this.refining);
    if (!this.about?.left_out || this.pending) return;
    const rest = Math.max(0, this.changedAt + REFINE_AFTER_MS - performance.now());
    this.refining = setTimeout(() => {
      if (this.player.isWaiting) return;
      this.changedAt = -Infinity;
      this.player.request();
    }, rest);
  }

  /** Ask for a new picture after a value or the look has changed. */
  changed() {
    this.changedAt = performance.now();
    clearTimeout(this.refining);
    this.player.request();
    this.showReset();
    this.saveLater();
  }

  askHandlesLater() {
    clearTimeout(this.handlesTimer);
    const key = JSON.stringify({ ...this.requestFields({}), keep_limits: false });
    const isBusy = this.player.isWaiting && !this.player.isPlaying;
    // after a drag the ends are where the hand left them; else they are those of the picture before
    const isStale = this.handlesKey !== "" && key !== this.handlesKey;
    if (!this.handles.isDragging) $("handles").classList.toggle("stale", isStale);
    if (this.handles.isDragging || this.pending || this.about.left_out || isBusy) return;
    if (key === this.handlesKey) return;
    delete document.body.dataset.handles;
    this.handlesTimer = setTimeout(() => {
      this.handlesKey = key;
      this.handlesAsked = (this.handlesAsked ?? 0) + 1;
      this.connection.send({ type: "handles", id: this.handlesAsked, ...this.requestFields() });
    }, HANDLES_AFTER_MS);
  }

  // -- the start, by hand

  take() {
    this.player.isPlaying = false;
    this.keepLimits = true;
    this.player.seek(this.about.start);
  }

  letGo(kind) {
    this.keepLimits = false;
    this.handlesKey = "";
    delete document.body.dataset.handles;
    this.player.request();
    if (kind === "point") this.player.play();
  }

  // -- the look

  setTheme(theme) {
    this.theme = theme;
    document.documentElement.dataset.theme = theme;
    $("theme").setAttribute("aria-pressed", String(theme === "dark"));
  }

  showTime() {
    const { share, duration, isPlaying, speed, loops } = this.player;
    const scrub = $("scrub");
    if (!this.isScrubbing) scrub.value = share;
    scrub.style.setProperty("--fill", `${100 * share}%`);
    setText($("now"), (share * duration).toFixed(1));
    setText($("length"), ` / ${duration.toFixed(1)}`);
    $("play").classList.toggle("playing", isPlaying);
    $("play").setAttribute("aria-label", isPlaying ? "Pause" : "Play");
    $("handles").classList.toggle("playing", isPlaying);
    $("handles").classList.toggle("at-start", this.player.update === 0);
    $("speed").value = String(speed);
    $("loop").setAttribute("aria-pressed", String(loops));
    if (!isPlaying) this.showLines();
    if (!isPlaying) this.saveLater();
  }

  makeReadouts() {
    const { runs, counter } = this.about;
    const key = JSON.stringify([counter, runs]);
    if (key === this.readoutsKey) return;
    this.readoutsKey = key;
    setText($("counter"), counter);
    $("readouts").replaceChildren(
      ...runs.map(({ name, color }) => {
        const row = element("tr");
        const head = element("th");
        head.scope = "row";
        const dot = element("i");
        dot.style.setProperty("--run", color);
        head.append(dot, name || "run");
        row.append(head, element("td"), element("td"));
        return row;
      }),
    );
  }

  showReadouts({ update, readouts }) {
    setText($("count"), `${update} / ${this.about.n_updates}`);
    readouts.forEach(({ epoch, loss }, index) => {
      const [, first, second] = $("readouts").rows[index].cells;
      setText(first, epoch);
      setText(second, loss);
    });
  }

  showReset() {
    $("reset").hidden = !Object.keys(this.controls.texts).length;
  }

  showLines() {
    if (!this.about) return;
    setWords($("render-line"), this.about.render);
    setWords($("still-line"), this.about.still.replace("SHARE", String(Number(this.player.share.toFixed(6)))));
    $("link").textContent = new URL(write(this.state()), this.publicAddress || location.href).href;
  }

  // -- the address

  state() {
    const { scene, theme } = this;
    const share = this.player.isPlaying ? null : Number(this.player.share.toFixed(6));
    return { scene, texts: this.controls.texts, columns: this.about?.data ? this.data.columns : "", size: this.screen.chosen, theme, share };
  }

  addressOf(name) {
    return write({ ...this.state(), scene: name, texts: {}, columns: "", share: null });
  }

  saveLater() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => this.save(), SAVED_AFTER_MS);
  }

  /** Write the state into the address, unless another scene is being opened. */
  save() {
    if (!this.about || this.pending) return;
    history.replaceState(null, "", write(this.state()));
    this.showLines();
    for (const link of $("scenes").querySelectorAll("a")) link.href = this.addressOf(link.dataset.name);
  }

  /** Go where the address was changed to. */
  follow() {
    const given = read(location.hash);
    if (given.theme) this.setTheme(given.theme);
    if (given.size) this.screen.choose(given.size, false);
    if (given.scene && given.scene !== (this.pending?.scene ?? this.scene)) {
      this.open(given, true);
    } else if (!this.pending) {
      this.data.columns = given.columns;
      this.controls.build(this.parameters ?? [], given.texts);
      if (given.share !== null) {
        this.player.isPlaying = false;
        this.player.open(given.share, false);
      }
      this.changed();
    }
  }

  // -- what the user does

  listen() {
    const on = (id, name, heard) => $(id).addEventListener(name, heard);
    on("play", "click", () => this.player.toggle());
    on("first", "click", () => this.player.step(-Infinity));
    on("last", "click", () => this.player.step(Infinity));
    on("back", "click", () => this.player.step(-1));
    on("forward", "click", () => this.player.step(1));
    on("loop", "click", () => this.toggleLoop());
    on("speed", "change", () => {
      this.player.speed = Number($("speed").value);
    });
    on("scrub", "input", () => {
      this.isScrubbing = true;
      this.player.isPlaying = false;
      this.player.seek(Number($("scrub").value));
    });
    on("scrub", "change", () => (this.isScrubbing = false));
    on("reset", "click", () => this.controls.reset());
    on("theme", "click", () => this.toggleTheme());
    on("present", "click", () => this.screen.togglePresentation());
    on("open-keys", "click", () => $("keys").showModal());
    on("close-keys", "click", () => $("keys").close());
    on("open-catalog", "click", () => this.toggleCatalog());
    addEventListener("hashchange", () => this.follow());
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", () => copy($(button.dataset.copy), button));
    }
    listen(this, $);
  }

  toggleTheme() {
    this.setTheme(this.theme === "dark" ? "light" : "dark");
    this.changed();
  }

  toggleLoop() {
    this.player.loops = !this.player.loops;
    this.showTime();
  }

  toggleCatalog() {
    const isOpen = $("catalog").classList.toggle("open");
    $("open-catalog").setAttribute("aria-expanded", String(isOpen));
    if (isOpen) $("search").focus();
  }

  closeCatalog() {
    $("catalog").classList.remove("open");
    $("open-catalog").setAttribute("aria-expanded", "false");
  }

  /** Go to the scene so many places further in the list. */
  goBeside(by) {
    const name = this.catalog.beside(this.pending?.scene ?? this.scene, by);
    if (name) this.open({ scene: name });
  }
}

/** Show the address for others, where there is one. */
function showAddress(address) {
  $("link-note").hidden = Boolean(address);
}

function showHint(words, x = 0, y = 0) {
  const hint = $("hint");
  hint.hidden = !words;
  hint.textContent = words ?? "";
  hint.style.left = `${100 * x}%`;
  hint.style.top = `${100 * y}%`;
}

// What is there already is not set again, so that nothing is laid out anew.
function setText(place, text) {
  if (place.textContent !== text) place.textContent = text;
}

// A line breaks between words, not after the hyphens of an option.
function setWords(place, line) {
  if (place.textContent === line) return;
  place.replaceChildren(...line.split(" ").flatMap((word, index) => (index ? [" ", element("span", "", word)] : [word])));
}

async function copy(source, button) {
  const words = button.textContent;
  try {
    await navigator.clipboard.writeText(source.textContent);
    button.textContent = "Copied";
  } catch {
    getSelection().selectAllChildren(source);
    button.textContent = "Press Ctrl-C";
  }
  setTimeout(() => (button.textContent = words), 1400);
}

window.studio = new Page();
