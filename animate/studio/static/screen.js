// The size and the density of the picture: those at which it is shown, in the page or on the whole screen.

const $ = (id) => document.getElementById(id);
const LIVE_SIZES = ["1280x720", "960x540"];
const BESIDE_PX = 256 + 320 + 40;
const UNDER_PX = 46 + 22 + 200;
const PHONE_PX = 600;
const SMALLEST_PX = 320;
/** Layout width on a whole screen: few, so that captions can be read from the last row. */
const PRESENTED_PX = 960;
const MAX_PIXELS = 2560 * 1600;
const MAX_DENSITY = 3;
const AFTER_RESIZE_MS = 200;

export class Screen {
  /** `chosen` is a size in the address, or null for one that fits; `changed()` is called when the picture must change. */
  constructor(chosen, changed) {
    Object.assign(this, { chosen, changed, isPresenting: false });
    this.size = chosen ?? fittingSize();
    $("size").addEventListener("change", () => this.choose($("size").value));
    $("other-size").addEventListener("change", () => this.choose($("other-size").value.trim() || "800x450"));
    addEventListener("resize", () => {
      clearTimeout(this.resizing);
      this.resizing = setTimeout(() => this.fit(), AFTER_RESIZE_MS);
    });
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && this.isPresenting) this.togglePresentation();
    });
  }

  /** Return the fields of a request about size and density. */
  get fields() {
    const size = this.isPresenting ? presentedSize() : this.size;
    const [width, height] = size.split("x").map(Number);
    const shown = this.isPresenting ? innerWidth / width : 1;
    const most = Math.min(MAX_DENSITY, Math.sqrt(MAX_PIXELS / (width * height)));
    return { size, density: Number(Math.max(1, Math.min(shown * devicePixelRatio, most)).toFixed(4)) };
  }

  fit() {
    const before = JSON.stringify(this.shownFields);
    if (!this.chosen) this.size = fittingSize();
    this.show();
    if (JSON.stringify(this.fields) !== before) this.changed();
  }

  /** Take a size from the user; "" opens the box for another one. */
  choose(size, isNew = true) {
    if (!size) {
      $("other-size").hidden = false;
      $("other-size").value ||= this.size;
      $("other-size").focus();
      return;
    }
    this.chosen = this.size = size;
    this.show();
    if (isNew) this.changed();
  }

  show() {
    this.shownFields = this.fields;
    const known = [...$("size").options].some((option) => option.value === this.size);
    $("size").value = known ? this.size : "";
    $("other-size").hidden = known;
    if (!known) $("other-size").value = this.size;
  }

  /** Show the picture alone, on the whole screen, or the page again. */
  togglePresentation() {
    this.isPresenting = !this.isPresenting;
    document.body.classList.toggle("presenting", this.isPresenting);
    $("present").setAttribute("aria-pressed", String(this.isPresenting));
    // where it is refused, the picture fills the window
    if (this.isPresenting) document.documentElement.requestFullscreen?.().catch(() => {});
    else if (document.fullscreenElement) document.exitFullscreen().catch(() => {});
    this.show();
    this.changed();
  }
}

/** Return the nearest number of pixels that videos can have. */
function even(pixels) {
  return 2 * Math.round(pixels / 2);
}

/** Return a size that fits the window: as large as there is room for, and upright on a phone. */
function fittingSize() {
  if (innerWidth < PHONE_PX) {
    const width = even(Math.max(SMALLEST_PX, innerWidth));
    return `${width}x${even(1.1 * width)}`;
  }
  const [wide, high] = [innerWidth - BESIDE_PX, innerHeight - UNDER_PX];
  return LIVE_SIZES.find((size) => size.split("x")[0] <= wide && size.split("x")[1] <= high) ?? "800x450";
}

/** Return a size of the window's shape. */
function presentedSize() {
  const width = innerWidth < PHONE_PX ? Math.max(SMALLEST_PX, innerWidth) : PRESENTED_PX;
  return `${width}x${Math.max(180, Math.round((width * innerHeight) / innerWidth))}`;
}
