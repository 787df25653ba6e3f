// A control for each parameter, made from what `build`'s signature says; a text for each value, as on a command line.

import { numberAt, placeOf } from "./scales.js";

const UNDO = '<svg viewBox="0 0 20 20" aria-hidden="true"><path d="M4 4.5v4.3h4.3M4.3 8.6A6.2 6.2 0 1 1 4 12"/></svg>';
const DICE =
  '<svg viewBox="0 0 20 20" aria-hidden="true"><rect x="3" y="3" width="14" height="14" rx="3"/>' +
  '<path stroke-width="2.4" d="M7 7h.01M13 7h.01M10 10h.01M7 13h.01M13 13h.01"/></svg>';

export class Controls {
  /** `changed()` is called when a text has changed. */
  constructor(place, changed) {
    this.place = place;
    this.changed = changed;
    this.controls = new Map();
  }

  /** Make the controls of a scene; texts given by name take the place of defaults. */
  build(parameters, texts) {
    this.controls.clear();
    const made = parameters.filter((one) => one.kind !== "data").map((one) => this.make(one, texts[one.name]));
    this.place.replaceChildren(...made.map((control) => control.element));
    if (!made.length) this.place.append(element("p", "help", "This scene has none."));
  }

  make(parameter, text) {
    const control = new Control(parameter, text ?? parameter.default, () => this.changed());
    this.controls.set(parameter.name, control);
    return control;
  }

  /** Return the texts that are not defaults, by name. */
  get texts() {
    const texts = {};
    for (const [name, control] of this.controls) {
      if (control.text !== control.parameter.default) texts[name] = control.text;
    }
    return texts;
  }

  /** Set some texts. */
  set(texts) {
    for (const [name, text] of Object.entries(texts)) this.controls.get(name)?.set(text);
    this.changed();
  }

  reset() {
    for (const control of this.controls.values()) control.set(control.parameter.default);
    this.changed();
  }

  /** Throw the dice of the first seed there is. */
  throwDice() {
    const seed = [...this.controls.values()].find((control) => control.isSeed);
    if (seed) seed.throwDice();
  }

  /** Show mistakes at their controls; return those that have none. */
  tell(mistakes) {
    for (const [name, control] of this.controls) control.tell(mistakes[name]);
    return Object.entries(mistakes).filter(([name]) => !this.controls.has(name));
  }
}

class Control {
  constructor(parameter, text, changed) {
    this.parameter = parameter;
    this.text = text;
    this.changed = changed;
    this.isSeed = parameter.kind === "int" && /(^|_)seed$/.test(parameter.name);
    this.id = `p-${parameter.name}`;
    this.last = text === "none" ? null : text;
    this.element = this.make();
    this.show();
  }

  make() {
    const { name, help, optional } = this.parameter;
    const box = element("div", "parameter");
    box.dataset.name = name;
    const top = element("div", "top");
    const words = element("div", "words");
    this.label = element("label", "name", name.replaceAll("_", " "));
    this.label.htmlFor = this.id;
    this.undo = element("button", "changed");
    this.undo.innerHTML = UNDO;
    this.undo.title = `Back to ${this.parameter.default || "empty"}`;
    this.undo.setAttribute("aria-label", `${name.replaceAll("_", " ")}: back to ${this.parameter.default || "empty"}`);
    this.undo.onclick = () => this.take(this.parameter.default);
    words.append(this.label, this.undo);
    if (help) {
      const line = element("p", "help", help);
      line.id = `${this.id}-help`;
      words.append(line);
    }
    top.append(words);
    box.append(top);
    this.inputs = MAKERS[this.isSeed ? "seed" : this.parameter.kind](this, top, box);
    if (optional) this.makeNone(box.querySelector(".slide") ?? top);
    if (help) this.describe(`${this.id}-help`);
    this.mistake = element("p", "mistake");
    this.mistake.id = `${this.id}-mistake`;
    this.mistake.setAttribute("role", "alert");
    this.mistake.hidden = true;
    box.append(this.mistake);
    return box;
  }

  describe(...ids) {
    for (const input of this.inputs) input.setAttribute("aria-describedby", ids.join(" "));
  }

  makeNone(row) {
    const label = element("label", "none");
    this.none = element("input");
    this.none.type = "checkbox";
    this.none.onchange = () => this.take(this.none.checked ? "none" : (this.last ?? this.something()));
    label.append(this.none, "none");
    row.append(label);
  }

  /** Return a text to begin with where there was none before. */
  something() {
    const { kind, range, n_values: n } = this.parameter;
    const number = range ? String(numberAt(range.scale === "log" ? 0.7 : 0.1, range, kind === "int")) : "0";
    if (kind === "floats") return Array(n ?? 1).fill(number).join(",");
    return { choice: this.parameter.choices[0], bool: "true", str: "" }[kind] ?? number;
  }

  /** Take a text from the user. */
  take(text) {
    this.set(text);
    this.changed();
  }

  set(text) {
    this.text = text;
    if (text !== "none") this.last = text;
    this.show();
  }

  show() {
    this.undo.hidden = this.text === this.parameter.default;
    const isNone = this.none !== undefined && this.text === "none";
    if (this.none) this.none.checked = isNone;
    for (const input of this.inputs) {
      if (input.tagName !== "BUTTON") input.show?.(isNone ? null : this.text);
      if (input.type === "range" || input.type === "radio" || input.type === "checkbox") input.disabled = isNone;
    }
  }

  tell(mistake) {
    this.mistake.hidden = !mistake;
    this.mistake.textContent = mistake ?? "";
    this.element.classList.toggle("wrong", Boolean(mistake));
    for (const input of this.inputs) {
      if (mistake) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
    this.describe(...[this.parameter.help && `${this.id}-help`, mistake && this.mistake.id].filter(Boolean));
  }

  throwDice() {
    const { low, high } = this.parameter.range ?? { low: 0, high: 999 };
    const seeds = Array.from({ length: Math.min(high - low, 999) + 1 }, (_, place) => String(low + place));
    const others = seeds.filter((seed) => seed !== this.text);
    if (others.length) this.take(others[Math.floor(Math.random() * others.length)]);
  }
}

/** Functions that put a control's inputs into its element and return them, by the kind of its parameter. */
const MAKERS = {
  float: makeNumber,
  int: makeNumber,
  seed(control, top) {
    const box = valueBox(control);
    const dice = element("button", "dice");
    dice.innerHTML = DICE;
    dice.title = "Throw the dice (D)";
    dice.setAttribute("aria-label", "Throw the dice");
    dice.onclick = () => control.throwDice();
    top.append(box, dice);
    return [box];
  },
  bool(control, top) {
    const input = element("input", "switch");
    input.type = "checkbox";
    input.id = control.id;
    input.setAttribute("role", "switch");
    input.onchange = () => control.take(String(input.checked));
    input.show = (text) => (input.checked = text === "true");
    top.append(input);
    return [input];
  },
  choice(control, top, box) {
    const { choices } = control.parameter;
    const room = choices.join("").length + 3 * choices.length;
    return room <= 42 && choices.length <= 4 ? makeSegments(control, box) : makeSelect(control, top);
  },
  str(control, top) {
    const box = valueBox(control, "value wide");
    top.append(box);
    return [box];
  },
  floats(control, top, box) {
    const { n_values: n, name } = control.parameter;
    if (!n || n > 5) {
      const input = valueBox(control, "value wide");
      top.append(input);
      return [input];
    }
    const parts = element("div", "parts");
    parts.setAttribute("role", "group");
    parts.setAttribute("aria-label", name.replaceAll("_", " "));
    const inputs = Array.from({ length: n }, () => valueBox(control, "value", () => joined(control, inputs)));
    inputs.forEach((input, index) => {
      input.id = index ? `${control.id}-${index}` : control.id;
      if (index) input.setAttribute("aria-label", `${name.replaceAll("_", " ")}, number ${index + 1}`);
      input.show = (text) => setValue(input, text === null ? "" : (text.split(",")[index] ?? ""));
      input.placeholder = control.parameter.optional ? "none" : "";
    });
    parts.append(...inputs);
    box.append(parts);
    return inputs;
  },
};

function makeNumber(control, top, box) {
  const value = valueBox(control);
  top.append(value);
  const { range, kind, name } = control.parameter;
  if (!range) return [value];
  const slider = element("input");
  slider.type = "range";
  slider.min = 0;
  slider.max = 1;
  slider.step = kind === "int" && range.scale !== "log" ? 1 / Math.min(range.high - range.low, 1000) : 0.001;
  slider.value = 0;
  slider.setAttribute("aria-label", name.replaceAll("_", " "));
  slider.oninput = () => {
    fill(slider);
    control.take(String(numberAt(Number(slider.value), range, kind === "int")));
  };
  slider.show = (text) => {
    const number = text === null ? range.low : Number(text);
    // While it is dragged the slider stays where the hand is.
    if (Number.isFinite(number) && String(numberAt(Number(slider.value), range, kind === "int")) !== text) {
      slider.value = placeOf(number, range);
    }
    slider.setAttribute("aria-valuetext", text ?? "none");
    fill(slider);
  };
  const row = element("div", "slide");
  row.append(slider);
  box.append(row);
  return [value, slider];
}

function makeSegments(control, box) {
  const group = element("div", "segments");
  group.setAttribute("role", "radiogroup");
  group.setAttribute("aria-label", control.parameter.name.replaceAll("_", " "));
  const inputs = control.parameter.choices.map((choice, index) => {
    const label = element("label");
    const input = element("input");
    input.type = "radio";
    input.name = control.id;
    input.value = choice;
    input.id = index ? `${control.id}-${index}` : control.id;
    input.onchange = () => control.take(choice);
    input.show = (text) => (input.checked = text === choice);
    label.append(input, choice.replaceAll("_", " "));
    group.append(label);
    return input;
  });
  box.append(group);
  return inputs;
}

function makeSelect(control, top) {
  const select = element("select");
  select.id = control.id;
  for (const choice of control.parameter.choices) select.append(new Option(choice.replaceAll("_", " "), choice));
  select.onchange = () => control.take(select.value);
  select.show = (text) => (select.value = text ?? "");
  top.append(select);
  return [select];
}

// Numbers with a comma between them; what was none stays so until each is there.
function joined(control, inputs) {
  const texts = inputs.map((input) => input.value.trim());
  const isNone = control.parameter.optional && (control.text === "none" ? !texts.every(Boolean) : !texts.some(Boolean));
  return isNone ? "none" : texts.join(",");
}

/** Return a box to type in; what is typed counts when it is done, or after a moment of rest. */
function valueBox(control, classes = "value", typed = (box) => box.value.trim()) {
  const input = element("input", classes);
  input.type = "text";
  input.id = control.id;
  input.autocomplete = "off";
  input.spellcheck = false;
  if (control.parameter.optional) input.placeholder = "none";
  let rest = 0;
  input.oninput = () => {
    clearTimeout(rest);
    rest = setTimeout(() => input.onchange(), 500);
  };
  input.onchange = () => {
    clearTimeout(rest);
    const text = typed(input);
    const meant = text === "" && control.parameter.optional ? "none" : text;
    if (meant !== control.text) control.take(meant);
  };
  input.show = (text) => setValue(input, text ?? "");
  return input;
}

// What is being typed is left as it is.
function setValue(input, text) {
  if (input.value !== text && !(document.activeElement === input && input.value.trim() === text)) input.value = text;
}

function fill(slider) {
  slider.style.setProperty("--fill", `${(100 * (slider.value - slider.min)) / (slider.max - slider.min)}%`);
}

export function element(name, classes = "", text = "") {
  const made = document.createElement(name);
  if (classes) made.className = classes;
  if (text) made.textContent = text;
  return made;
}
