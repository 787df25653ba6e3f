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

const $ = (id) => document.getElementById(id);
const HANDLES_AFTER_MS = 200;
const SAVED_AFTER_MS = 300;
const SLOW_MS = 350;
const LIVE_SIZES = ["1280x720", "960x540"];
const BESIDE_PX = 256 + 320 + 40;
const UNDER_PX = 46 + 22 + 200;

class Page {
  constructor() {
    // the cookie has the token now: keep it out of the history and of links that are copied
    if (location.search) history.replaceState(null, "", location.pathname + location.hash);
    const given = read(location.hash);
    this.scene = given.scene;
    this.columns = given.columns;
    this.theme = given.theme ?? (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    this.size = given.size ?? fittingSize();
    this.texts = given.texts;
    this.keepLimits = false;
    this.known = "";
    this.about = null;
    this.nReceived = 0;
    this.startShare = given.share;
    this.picture = new Picture($("canvas"));
    this.player = new Player((number, moment) => this.ask(number, moment), () => this.showTime());
    this.controls = new Controls($("parameters"), () => this.changed());
    this.catalog = new Catalog(
      { list: $("scenes"), search: $("search"), nothing: $("no-scenes") },
      (name) => this.addressOf(name),
      () => this.closeCatalog(),
    );
    this.handles = new DragHandles($("handles"), {
      begin: () => this.take(),
      move: (text) => this.controls.set({ start: text }),
      end: (kind, moved) => this.letGo(kind, moved),
      hint: (...at) => showHint(...at),
    });
    this.connection = new Connection(this.takes(), (...state) => this.connected(...state));
    this.exports = new Exports(this.connection, () => this.requestFields());
    this.setTheme(this.theme);
    this.showSize();
    this.listen();
  }

  /** Return whether the picture is that of the controls, or plays. */
  get isSettled() {
    const isAnswered = this.about !== null || !$("blank").hidden;
    return isAnswered && this.parametersOf === this.scene && (this.player.isPlaying || !this.player.isWaiting);
  }

  // -- messages from the server

  takes() {
    return {
      scenes: (message) => this.takeScenes(message),
      describe: (message) => this.takeScene(message),
      draw: (message, body) => this.takePicture(message, body),
      refused: (message) => this.takeRefusal(message),
      handles: (message) => this.takeHandles(message),
      table: (message) => this.takeTable(message),
      changed: () => this.describe(),
      export: (message) => this.exports.take(message),
    };
  }

  connected(isOpen, isRefused = false) {
    const waiting = isRefused
      ? "The studio was started again. Open the address that it printed."
      : "The studio is not running. Waiting for it…";
    $("state").textContent = isOpen ? "" : waiting;
    $("frame").classList.toggle("stale", !isOpen);
    if (isOpen) {
      this.known = "";
      this.nReceived = 0;
      this.player.answered = this.player.number;
      if (this.file) this.connection.sendFile(this.file.name, this.file.bytes);
    }
  }

  takeScenes({ scenes }) {
    if (!scenes.some((scene) => scene.name === this.scene)) {
      this.scene ||= scenes.find((scene) => scene.name === "linear_sgd_vs_batch")?.name ?? scenes[0]?.name ?? "";
    }
    this.catalog.fill(scenes, this.scene);
    if (this.described !== this.scene) this.describe();
    else if (!this.known) this.player.restart();
  }

  describe() {
    if (!this.scene) return;
    this.described = this.scene;
    this.connection.send({ type: "describe", id: 0, scene: this.scene });
  }

  takeScene({ name, question, description, parameters }) {
    if (name !== this.scene) return;
    const isNew = this.parametersOf !== name;
    const texts = isNew ? this.texts : { ...this.controls.texts };
    this.parametersOf = name;
    this.parameters = parameters;
    $("question").textContent = question;
    document.title = `${question} · animate studio`;
    $("about").replaceChildren(...description.split(/\n\s*\n/).map((paragraph) => element("p", "", paragraph)));
    $("data").hidden = !parameters.some((parameter) => parameter.kind === "data");
    this.controls.build(parameters, texts);
    this.catalog.mark(name);
    if (isNew) this.begin();
    else this.player.request();
    this.showReset();
  }

  /** Begin with a scene: where its link says, or playing from its start. */
  begin() {
    this.handles.clear();
    const still = this.startShare ?? (matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : null);
    this.startShare = null;
    this.player.isPlaying = false;
    this.player.share = still ?? 0;
    this.player.request();
    if (still === null) this.player.play();
  }

  takePicture(message, body) {
    this.picture.put(message, body);
    this.nReceived += 1;
    this.connection.send({ type: "acknowledge", n: this.nReceived });
    this.player.answer(message.id);
    if (message.about) this.takeAbout(message.about, message);
    if (!this.about) return; // the picture is of the scene before
    this.shownId = message.id;
    this.showReadouts(message);
    this.player.show(message);
    this.tellMistakes({}, "");
    document.body.dataset.shown = String(message.id);
    this.askHandlesLater();
  }

  takeAbout(about, { width, height }) {
    const sameSize = this.pictureWidth === width && this.pictureHeight === height;
    Object.assign(this, { about, known: about.id, pictureWidth: width, pictureHeight: height });
    this.player.duration = about.duration;
    this.player.nUpdates = about.n_updates;
    $("scrub").step = "any";
    document.documentElement.style.setProperty("--wide", `${width}px`);
    this.picture.describe(`${about.question} ${about.alt}`.trim());
    this.showBlank(false);
    this.makeReadouts();
    if (!sameSize) this.handles.clear();
    this.showLines();
    this.saveLater();
  }

  takeRefusal({ of, id, mistakes, problem }) {
    if (of === "draw") this.player.answer(id);
    if (of === "handles") return;
    if (of === "table") this.dropData();
    if (!this.about) this.showBlank(true);
    this.tellMistakes(mistakes, problem);
    document.body.dataset.refused = String(id);
  }

  /** Hide what belongs to a picture while there is none. */
  showBlank(isBlank) {
    for (const id of ["readouts-table", "share"]) $(id).hidden = isBlank;
    $("blank").hidden = !isBlank;
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
    if (id === this.handlesAsked && this.about) {
      this.lastHandles = handles;
      this.handles.show(handles, this.about.runs, this.pictureWidth, this.pictureHeight);
      document.body.dataset.handles = String(handles.length);
    }
  }

  takeTable({ name, columns, n_rows: rows }) {
    $("table").hidden = false;
    $("table-name").textContent = name;
    $("table-rows").textContent = `${rows} rows`;
    $("columns").placeholder = columns.join(",");
    $("columns").value = this.columns;
    this.changed();
  }

  // -- requests

  requestFields(moment = { share: this.player.share }) {
    const { scene, columns, size, theme, keepLimits } = this;
    return { scene, texts: this.controls.texts, columns: this.file ? columns : "", size, theme, keep_limits: keepLimits, ...moment };
  }

  ask(number, moment) {
    this.askedAt = performance.now();
    this.connection.send({ type: "draw", id: number, known: this.known, ...this.requestFields(moment) });
    clearTimeout(this.slowly);
    this.slowly = setTimeout(() => ($("wait").hidden = !this.player.isWaiting), SLOW_MS);
  }

  /** Ask for a new picture after a value or the look has changed. */
  changed() {
    this.player.request();
    this.showReset();
    this.saveLater();
  }

  askHandlesLater() {
    $("wait").hidden = true;
    clearTimeout(this.handlesTimer);
    const key = JSON.stringify({ ...this.requestFields({}), keep_limits: false });
    if (this.player.isPlaying || this.handles.isDragging || this.player.isWaiting) return;
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
    this.player.seek(0);
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

  showSize() {
    const known = [...$("size").options].some((option) => option.value === this.size);
    $("size").value = known ? this.size : "";
    $("other-size").hidden = known;
    if (!known) $("other-size").value = this.size;
  }

  setSize(size) {
    if (!size) {
      $("other-size").hidden = false;
      $("other-size").value ||= this.size;
      $("other-size").focus();
      return;
    }
    this.size = size;
    this.showSize();
    this.changed();
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
    $("handles").classList.toggle("away", isPlaying);
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
    $("link").textContent = new URL(write(this.state()), location.href).href;
  }

  // -- the address

  state() {
    const { scene, columns, size, theme } = this;
    const share = this.player.isPlaying ? null : Number(this.player.share.toFixed(6));
    return { scene, texts: this.controls.texts, columns, size, theme, share };
  }

  addressOf(name) {
    return write({ ...this.state(), scene: name, texts: {}, columns: "", share: null });
  }

  saveLater() {
    clearTimeout(this.saving);
    this.saving = setTimeout(() => {
      if (!this.about || this.parametersOf !== this.scene) return;
      history.replaceState(null, "", write(this.state()));
      this.showLines();
      for (const link of $("scenes").querySelectorAll("a")) link.href = this.addressOf(link.dataset.name);
    }, SAVED_AFTER_MS);
  }

  /** Go where the address was changed to. */
  follow() {
    const given = read(location.hash);
    if (given.theme) this.setTheme(given.theme);
    if (given.size) this.size = given.size;
    this.showSize();
    this.startShare = given.share;
    if (given.scene && given.scene !== this.scene) {
      this.open(given.scene, given.texts, given.columns);
    } else {
      this.columns = given.columns;
      this.controls.build(this.parameters ?? [], given.texts);
      if (given.share !== null) {
        this.player.isPlaying = false;
        this.player.share = given.share;
      }
      this.startShare = null;
      this.changed();
    }
  }

  open(name, texts = {}, columns = "") {
    clearTimeout(this.saving);
    Object.assign(this, { scene: name, texts, columns, known: "", handlesKey: "", about: null });
    this.parametersOf = null;
    this.dropData();
    this.handles.clear();
    this.catalog.mark(name);
    this.describe();
    $("picture").scrollTo?.({ top: 0 });
  }

  // -- data

  async readFile(file) {
    if (!file || $("data").hidden) return;
    const limit = 5_000_000;
    if (file.size > limit) {
      this.tellMistakes({ data: `${file.name} must be at most 5 MB; got ${(file.size / 1e6).toFixed(1)} MB.` }, "");
      return;
    }
    this.columns = "";
    this.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    this.connection.sendFile(this.file.name, this.file.bytes);
  }

  dropData() {
    if (this.file) this.connection.send({ type: "remove data" });
    this.file = null;
    $("table").hidden = true;
    $("file").value = "";
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
    on("size", "change", () => this.setSize($("size").value));
    on("other-size", "change", () => this.setSize($("other-size").value.trim() || "800x450"));
    on("columns", "change", () => {
      this.columns = $("columns").value.trim();
      this.changed();
    });
    on("no-data", "click", () => {
      this.dropData();
      this.columns = "";
      this.changed();
    });
    on("file", "change", () => this.readFile($("file").files[0]));
    on("open-keys", "click", () => $("keys").showModal());
    on("close-keys", "click", () => $("keys").close());
    on("open-catalog", "click", () => this.toggleCatalog());
    addEventListener("hashchange", () => this.follow());
    for (const button of document.querySelectorAll("[data-copy]")) {
      button.addEventListener("click", () => copy($(button.dataset.copy), button));
    }
    this.listenForFiles();
    listen(this, $);
  }

  listenForFiles() {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const takesData = !$("data").hidden;
      $("curtain").hidden = false;
      setText($("curtain-head"), takesData ? "Drop it here" : "This scene takes no data");
      setText($("curtain-words"), takesData ? "A CSV file takes the place of the scene’s points." : "Its points are part of the lesson.");
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) $("curtain").hidden = true;
    });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      $("curtain").hidden = true;
      this.readFile(event.dataTransfer.files[0]);
    });
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
    const name = this.catalog.beside(this.scene, by);
    if (name) location.hash = this.addressOf(name);
  }
}

/** Return a size that fits the window: as large as it can be drawn quickly and shown pixel by pixel, with what is under it. */
function fittingSize() {
  if (innerWidth < 600) return "480x270";
  if (devicePixelRatio >= 1.5) return innerWidth >= 1200 ? "1280x720" : "800x450";
  const [wide, high] = [innerWidth - BESIDE_PX, innerHeight - UNDER_PX];
  return LIVE_SIZES.find((size) => size.split("x")[0] <= wide && size.split("x")[1] <= high) ?? "800x450";
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
