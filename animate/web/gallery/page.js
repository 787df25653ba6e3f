"use strict";
(() => {
  const page = document.documentElement;
  const scenes = JSON.parse(document.getElementById("scenes").textContent);
  const cards = [...document.querySelectorAll(".scene")];
  const search = document.querySelector("input[type=search]");
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let playing = null;

  // colors: the system's unless the reader chose; the choice is stored if the browser allows it
  const theme = () => page.dataset.theme || (dark.matches ? "dark" : "light");
  const keep = (value) => { try { localStorage.setItem("theme", value); } catch { /* storage is blocked */ } };
  const again = () => { if (playing) play(playing.card, playing.video ? playing.video.currentTime : 0); };
  for (const choice of document.querySelectorAll(".theme input")) {
    choice.checked = choice.value === (page.dataset.theme || "auto");
    choice.addEventListener("change", () => {
      if (choice.value === "auto") delete page.dataset.theme; else page.dataset.theme = choice.value;
      keep(choice.value);
      again();
    });
  }
  dark.addEventListener("change", again);

  // one scene plays at a time, after its button is pressed
  const buttonOf = (card) => card.querySelector(".play");

  function label(card, on) {
    const button = buttonOf(card);
    button.setAttribute("aria-pressed", String(on));
    button.setAttribute("aria-label", `${on ? "Stop" : "Play"}: ${scenes[card.id].title}`);
  }

  function stop() {
    if (!playing) return;
    const { card, shown, video } = playing;
    playing = null;
    if (video) { video.pause(); video.replaceChildren(); video.load(); }
    shown.remove();
    label(card, false);
  }

  function videoOf(scene, sources) {
    const video = document.createElement("video");
    Object.assign(video, { controls: true, muted: true, playsInline: true, loop: !calm.matches });
    for (const [address, type] of sources) {
      video.append(Object.assign(document.createElement("source"), { src: address, type }));
    }
    const track = scene.captions.length ? video.addTextTrack("captions", "Captions") : null;
    for (const [start, end, text] of scene.captions) track.addCue(new VTTCue(start, end, text));
    if (track) track.mode = "disabled"; // the picture has the captions too; the player's menu turns these on
    return video;
  }

  const ofTheme = (found) => found[theme()] || found.both || Object.values(found)[0];

  // a page has controls, captions and sliders of its own, and says how high it is
  function pageOf(scene, address) {
    const frame = document.createElement("iframe");
    return Object.assign(frame, { src: address, title: scene.title, allow: "fullscreen", loading: "lazy" });
  }
  addEventListener("message", ({ source, data }) => {
    if (!source || source !== playing?.shown.contentWindow || data?.type !== "animate:height") return;
    playing.shown.style.height = `${data.height}px`;
  });

  function play(card, from = 0) {
    stop();
    const scene = scenes[card.id];
    const address = ofTheme(scene.pages), media = ofTheme(scene.media);
    const video = !address && media.videos.length ? videoOf(scene, media.videos) : null;
    const image = () => Object.assign(document.createElement("img"), { src: media.image, alt: scene.alt });
    const shown = address ? pageOf(scene, address) : video || image();
    buttonOf(card).before(shown);
    playing = { card, shown, video };
    label(card, true);
    if (!video) return;
    video.setAttribute("aria-label", scene.alt);
    if (from) video.addEventListener("loadedmetadata", () => { video.currentTime = from; }, { once: true });
    video.play().catch(() => {}); // stopped meanwhile, or a format the browser cannot play: its controls show that
    video.focus({ preventScroll: true });
  }

  for (const card of cards) {
    const button = buttonOf(card);
    if (!button) continue;
    button.addEventListener("click", () => (playing?.card === card ? stop() : play(card)));
  }

  // search: every word must match; case and accents do not count
  const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  const texts = new Map(cards.map((card) => [card, plain(card.dataset.find)]));
  const shownCards = () => cards.filter((card) => !card.hidden);

  function filter() {
    const words = plain(search.value).split(/\s+/).filter(Boolean);
    for (const [card, text] of texts) card.hidden = !words.every((word) => text.includes(word));
    if (playing?.card.hidden) stop();
    const n = shownCards().length;
    document.querySelector(".count").textContent = words.length ? `${n} of ${cards.length}` : "";
    const none = document.querySelector(".none");
    none.hidden = n > 0 || !cards.length;
    none.textContent = `Nothing here matches “${search.value.trim()}”.`;
  }
  search.addEventListener("input", filter);
  filter();

  // snippets
  for (const card of cards) {
    const choice = card.querySelector(".embed select");
    if (!choice) continue;
    const code = card.querySelector("pre code");
    const button = card.querySelector(".copy");
    choice.addEventListener("change", () => { code.textContent = scenes[card.id].snippets[choice.value]; });
    button.addEventListener("click", async () => {
      const copied = await copy(code);
      button.textContent = copied ? "Copied" : "Press Ctrl+C";
      setTimeout(() => { button.textContent = "Copy"; }, 2000);
    });
  }

  async function copy(code) {
    try { await navigator.clipboard.writeText(code.textContent); return true; } catch { /* blocked for a page from disk */ }
    getSelection().selectAllChildren(code);
    return document.execCommand("copy");
  }

  // keys: arrows move between scenes, Enter plays (it is a button), / searches, Escape stops and clears
  const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

  function towards(key, from) {
    const all = shownCards().filter(buttonOf);
    if (key === "Home") return all[0];
    if (key === "End") return all.at(-1);
    if (key in STEPS) return all[all.indexOf(from) + STEPS[key]];
    const here = from.getBoundingClientRect();
    const down = key === "ArrowDown";
    const others = all.map((card) => ({ card, box: card.getBoundingClientRect() }))
      .filter(({ box }) => (down ? box.top > here.top + 1 : box.top < here.top - 1));
    const distance = ({ box }) => 10 * Math.abs(box.top - here.top) + Math.abs(box.left - here.left);
    return others.sort((one, other) => distance(one) - distance(other))[0]?.card;
  }

  function onKey(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    const at = document.activeElement;
    const typing = at.matches("input[type=search], select");
    if (event.key === "Escape") {
      if (at === search) { search.value = ""; filter(); search.blur(); }
      else if (playing) { const { card } = playing; stop(); buttonOf(card).focus(); }
    } else if (event.key === "/" && !typing) {
      event.preventDefault();
      search.focus();
      search.select();
    } else if (at === search && event.key === "Enter") {
      const first = shownCards().find(buttonOf);
      if (first) buttonOf(first).focus();
    } else if (at === document.body && event.key in STEPS) {
      go(event, event.key === "ArrowRight" ? shownCards().find(buttonOf) : null);
    } else if (at.matches(".play") && /^(Arrow(Left|Right|Up|Down)|Home|End)$/.test(event.key)) {
      go(event, towards(event.key, at.closest(".scene")));
    }
  }

  function go(event, card) {
    if (!card) return;
    event.preventDefault();
    buttonOf(card).focus({ preventScroll: true });
    card.scrollIntoView({ block: "nearest" });
  }
  document.addEventListener("keydown", onKey);
})();
