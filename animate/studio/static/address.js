// The state of the page in its address, so that it can be linked to.

const PARAMETER = "p.";

/** Return the state in an address; missing parts have their defaults. */
export function read(hash) {
  const given = new URLSearchParams(hash.replace(/^#/, ""));
  const texts = {};
  for (const [name, text] of given) {
    if (name.startsWith(PARAMETER)) texts[name.slice(PARAMETER.length)] = text;
  }
  const share = Number(given.get("at"));
  return {
    scene: given.get("scene") ?? "",
    texts,
    columns: given.get("columns") ?? "",
    size: given.get("size"),
    theme: given.get("theme"),
    share: given.has("at") && share >= 0 && share <= 1 ? share : null,
  };
}

/** Return the address of a state. */
export function write({ scene, texts, columns, size, theme, share }) {
  const said = new URLSearchParams();
  if (scene) said.set("scene", scene);
  for (const [name, text] of Object.entries(texts)) said.set(PARAMETER + name, text);
  if (columns) said.set("columns", columns);
  if (size) said.set("size", size);
  said.set("theme", theme);
  if (share !== null) said.set("at", String(share));
  return `#${said}`;
}
