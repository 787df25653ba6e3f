// The live connection to the server, which is opened again when it breaks.

import { pack, unpack } from "./messages.js";

const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 5000;

export class Connection {
  /** `takes` are functions by message type; `changed(isOpen, isRefused)` is called when the connection changes. */
  constructor(takes, changed) {
    this.takes = takes;
    this.changed = changed;
    this.wait = FIRST_WAIT_MS;
    this.open();
  }

  open() {
    const url = new URL("live", document.baseURI);
    url.protocol = url.protocol.replace("http", "ws");
    url.hash = "";
    this.socket = new WebSocket(url);
    this.socket.binaryType = "arraybuffer";
    this.socket.onopen = () => {
      this.wait = FIRST_WAIT_MS;
      this.changed(true);
    };
    this.socket.onmessage = (event) => {
      const { header, body } = unpack(event.data);
      this.takes[header.type]?.(header, body);
    };
    this.socket.onclose = () => {
      this.changed(false);
      fetch(".", { method: "HEAD" }).then(
        ({ status }) => status === 403 && !this.isOpen && this.changed(false, true),
        () => {}, // no server at all
      );
      setTimeout(() => this.open(), this.wait);
      this.wait = Math.min(2 * this.wait, LONGEST_WAIT_MS);
    };
  }

  get isOpen() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.isOpen) this.socket.send(JSON.stringify(message));
  }

  sendFile(name, bytes) {
    if (this.isOpen) this.socket.send(pack({ name }, bytes));
  }
}
