// A source shows the frames of one clip. This one is a video: it seeks to the middle of a frame, so that rounding never
// reaches a neighbor.

const middle = (index) => (index + 0.5) / data.fps;
const until = (target, event) => new Promise((done) => target.addEventListener(event, done, { once: true }));
const drawn = (target) => Promise.race([
  new Promise((done) => (target.requestVideoFrameCallback ? target.requestVideoFrameCallback(done) : done())),
  new Promise((done) => setTimeout(done, 250)),
]);

class Source {
  constructor(clip, events) {
    this.clip = clip;
    this.pending = null;
    this.element = clip.video ? this.made() : $("video");
    this.element.controls = false;
    const video = this.element;
    const follow = (_, shown) => {
      if (!video.paused) events.frame(this, Math.floor((shown ? shown.mediaTime + 1e-3 : video.currentTime) * data.fps + 1e-3));
      if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(follow);
    };
    if (video.requestVideoFrameCallback) video.requestVideoFrameCallback(follow);
    else video.addEventListener("timeupdate", follow);
    video.addEventListener("seeked", () => {
      if (this.pending === null) return;
      video.currentTime = middle(this.pending);
      this.pending = null;
    });
    for (const name of ["play", "pause"]) video.addEventListener(name, () => events.state(this));
  }

  made() {
    const { clip } = this, video = document.createElement("video");
    const bytes = Uint8Array.from(atob(clip.video), (letter) => letter.charCodeAt(0));
    Object.assign(video, { muted: true, loop: true, playsInline: true, preload: "auto" });
    video.setAttribute("aria-label", clip.alt || $("video").getAttribute("aria-label"));
    const track = video.addTextTrack("captions", "Captions", "en");
    const starts = clip.captions.map(([from]) => from / data.fps);
    clip.captions.forEach(([, text], index) => {
      const end = starts[index + 1] ?? clip.n / data.fps;
      if (end > starts[index]) track.addCue(new VTTCue(starts[index], end, text));
    });
    track.mode = "disabled";
    video.src = URL.createObjectURL(new Blob([bytes], { type: "video/mp4" }));
    screen.append(video);
    return video;
  }

  async ready() {
    if (this.element.readyState < 2) await until(this.element, "loadeddata");
  }

  get index() { return Math.floor(this.element.currentTime * data.fps + 1e-3); }

  get paused() { return this.element.paused; }

  set rate(rate) { this.element.playbackRate = rate; }

  set loop(loop) { this.element.loop = loop; }

  play() { this.element.play().catch(() => {}); }

  pause() { this.element.pause(); }

  // during a seek, only the latest request waits
  seek(index) {
    if (this.element.seeking) this.pending = index; else this.element.currentTime = middle(index);
  }

  // resolves when the frame is on the screen
  async settle(index) {
    if (!this.element.seeking && Math.abs(this.element.currentTime - middle(index)) < 1e-6) return;
    const there = drawn(this.element);
    this.element.currentTime = middle(index);
    await until(this.element, "seeked");
    await there;
  }

  shown(visible) {
    this.element.classList.toggle("shown", visible);
    if (visible) this.element.removeAttribute("aria-hidden"); else this.element.setAttribute("aria-hidden", "true");
    if (!visible) this.pending = null;
  }
}
