// Everything by keyboard; not while a text is typed, and a focused control keeps the keys that move it.

const TYPED = new Set(["text", "search"]);
const MOVED = new Set(["range", "radio"]);

/** Return whether an element wants a key for itself. */
function wants(target, key) {
  if (target.closest?.("dialog")) return true;
  if (target.tagName === "INPUT" && TYPED.has(target.type)) return true;
  if (target.tagName === "SELECT") return key !== "?";
  if (key === " ") return target.tagName === "BUTTON" || target.tagName === "A" || target.type === "checkbox" || target.type === "radio";
  const moves = key.startsWith("Arrow") || key === "Home" || key === "End";
  return moves && target.tagName === "INPUT" && MOVED.has(target.type) && target.id !== "scrub";
}

/** Let keys do what the buttons do. */
export function listen(page, $) {
  const { player, controls } = page;
  const doings = {
    " ": () => player.toggle(),
    ArrowLeft: (event) => player.step(event.shiftKey ? -10 : -1),
    ArrowRight: (event) => player.step(event.shiftKey ? 10 : 1),
    Home: () => player.step(-Infinity),
    End: () => player.step(Infinity),
    "[": () => player.faster(-1),
    "]": () => player.faster(1),
    l: () => page.toggleLoop(),
    d: () => controls.throwDice(),
    r: () => controls.reset(),
    t: () => page.toggleTheme(),
    f: () => page.screen.togglePresentation(),
    j: () => page.goBeside(1),
    k: () => page.goBeside(-1),
    "?": () => $("keys").showModal(),
    "/": () => {
      if (getComputedStyle($("catalog")).visibility === "hidden") page.toggleCatalog();
      $("search").focus();
    },
    Escape: () => (page.screen.isPresenting ? page.screen.togglePresentation() : page.closeCatalog()),
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const doing = doings[key];
    if (!doing || wants(event.target, event.key)) return;
    event.preventDefault();
    doing(event);
  });
}
