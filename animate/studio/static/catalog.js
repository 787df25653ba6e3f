// The list of scenes, and the search in it.

import { element } from "./controls.js";

export class Catalog {
  /** `address(name)` gives the address of a scene; `chosen(name)` is called when one is chosen. */
  constructor({ list, search, nothing }, address, chosen) {
    this.list = list;
    this.search = search;
    this.nothing = nothing;
    this.address = address;
    this.chosen = chosen;
    this.scenes = [];
    search.oninput = () => this.filter();
    search.onkeydown = (event) => {
      if (event.key === "Enter") this.list.querySelector("li:not([hidden]) a")?.click();
      if (event.key === "Escape") {
        search.value = "";
        this.filter();
        search.blur();
      }
    };
  }

  fill(scenes, current) {
    this.scenes = scenes;
    this.list.replaceChildren(
      ...scenes.map(({ name, question, problem }) => {
        const item = element("li");
        const link = element("a", problem ? "broken" : "", question || name.replaceAll("_", " "));
        link.href = this.address(name);
        link.dataset.name = name;
        link.append(element("small", "", name));
        link.onclick = (event) => {
          if (event.ctrlKey || event.metaKey || event.shiftKey) return; // another tab or window
          event.preventDefault();
          this.chosen(name);
        };
        item.append(link);
        return item;
      }),
    );
    this.mark(current);
    this.filter();
  }

  /** Mark the scene that is open, or is being opened. */
  mark(current, isWaiting = false) {
    for (const link of this.list.querySelectorAll("a")) {
      link.toggleAttribute("data-waiting", isWaiting && link.dataset.name === current);
      if (link.dataset.name !== current) link.removeAttribute("aria-current");
      else if (!link.hasAttribute("aria-current")) {
        link.setAttribute("aria-current", "page");
        link.scrollIntoView({ block: "nearest" });
      }
    }
  }

  /** Return the name of the scene so many places after another. */
  beside(current, by) {
    const at = this.scenes.findIndex((scene) => scene.name === current);
    return this.scenes[(at + by + this.scenes.length) % this.scenes.length]?.name;
  }

  filter() {
    const words = this.search.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    this.scenes.forEach(({ name, question }, index) => {
      const text = `${name.replaceAll("_", " ")} ${name} ${question}`.toLowerCase();
      const fits = words.every((word) => text.includes(word));
      this.list.children[index].hidden = !fits;
      shown += fits;
    });
    this.nothing.hidden = shown > 0 || !this.scenes.length;
  }
}
