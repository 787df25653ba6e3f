// Time: the moment on the page, its speed, and the requests for pictures of it.

export const SPEEDS = [0.1, 0.25, 0.5, 1, 2, 4];
const PICTURES_PER_SECOND = 30;

export class Player {
  /** `ask(number, moment)` sends a request for a picture; `moved()` is called when time has moved. */
  constructor(ask, moved) {
    this.ask = ask;
    this.moved = moved;
    this.share = 0;
    this.update = 0;
    this.duration = 1;
    this.nUpdates = 0;
    this.speed = 1;
    this.loops = true;
    this.isPlaying = false;
    this.isUntouched = false;
    this.number = 0;
    this.answered = 0;
    this.lastAsked = -Infinity;
    this.tick = this.tick.bind(this);
  }

  get isWaiting() {
    return this.answered < this.number;
  }

  /** Ask for the picture of this moment, or of an update. Earlier requests are dropped by the server. */
  request(moment = { share: this.share }) {
    this.number += 1;
    this.lastAsked = performance.now();
    this.ask(this.number, moment);
  }

  /** Record that a request, and with it all earlier ones, was answered. */
  answer(number) {
    this.answered = Math.max(this.answered, number);
  }

  /** Forget what was asked for: nobody will answer. */
  restart() {
    this.answered = this.number;
    this.request();
  }

  /** Take note of what a picture shows. */
  show({ share, update }) {
    if (this.isPlaying || !this.isWaiting) this.update = update;
    if (!this.isPlaying && !this.isWaiting) this.share = share;
    this.moved();
  }

  play() {
    if (this.isPlaying) return;
    if (this.share >= 1 || this.isUntouched) this.share = 0;
    this.isUntouched = false;
    this.isPlaying = true;
    this.before = performance.now();
    requestAnimationFrame(this.tick);
    this.moved();
  }

  pause() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.request();
    this.moved();
  }

  /** Stop where the time is, without a request. */
  stop() {
    if (!this.isPlaying) return;
    this.isPlaying = false;
    this.moved();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  tick(now) {
    if (!this.isPlaying) return;
    const passed = Math.max(now - this.before, 0) / 1000;
    this.before = now;
    this.share += (this.speed * passed) / this.duration;
    if (this.share >= 1) {
      this.share = this.loops ? this.share % 1 : 1;
      if (!this.loops) {
        this.pause();
        return;
      }
    }
    // A screen may show 60 pictures a second or more; drawing so many is work for nothing.
    if (now - this.lastAsked >= 1000 / PICTURES_PER_SECOND - 4) this.request();
    this.moved();
    requestAnimationFrame(this.tick);
  }

  /** Stand at a moment of another scene; at its start, the play begins before it, with what enters first. */
  open(share, isStart) {
    Object.assign(this, { share, isUntouched: isStart });
  }

  /** Go to a moment, 0 to 1. */
  seek(share) {
    this.isUntouched = false;
    this.share = Math.min(Math.max(share, 0), 1);
    this.request();
    this.moved();
  }

  /** Go so many updates forward or back. */
  step(by) {
    this.isPlaying = this.isUntouched = false;
    this.update = Math.min(Math.max(this.update + by, 0), this.nUpdates);
    this.request({ update: this.update });
    this.moved();
  }

  faster(by) {
    const at = SPEEDS.indexOf(this.speed);
    this.speed = SPEEDS[Math.min(Math.max(at + by, 0), SPEEDS.length - 1)];
    this.moved();
  }
}
