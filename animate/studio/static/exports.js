// Exports: requested, waited for, downloaded.

const $ = (id) => document.getElementById(id);
const KINDS = ["gif", "mp4", "html", "png"];

export class Exports {
  /** `request()` returns the fields of a request for what is on the page. */
  constructor(connection, request) {
    this.connection = connection;
    for (const kind of KINDS) {
      $(`export-${kind}`).onclick = () => this.begin(kind, request);
    }
    $("pass-on").onclick = () => this.begin("html", request);
    $("cancel").onclick = () => this.connection.send({ type: "cancel" });
  }

  begin(kind, request) {
    this.connection.send({ type: "export", kind, ...request(), keep_limits: false });
  }

  take(message) {
    const { state } = message;
    $("making").hidden = state === "cancelled";
    $("making").classList.toggle("failed", state === "failed");
    $("making").dataset.state = state;
    const isDone = state === "done" || state === "failed" || state === "cancelled";
    $("cancel").hidden = isDone;
    $("progress").hidden = isDone;
    for (const id of [...KINDS.map((kind) => `export-${kind}`), "pass-on"]) $(id).disabled = !isDone;
    if (state === "drawing") $("progress").value = message.done / message.total;
    else $("progress").removeAttribute("value");
    $("making-words").textContent = words(message);
    if (state === "done") download(message.url);
  }
}

function words({ state, kind, done, total, bytes, problem }) {
  const name = kind === "html" ? "Page" : kind?.toUpperCase();
  if (state === "waiting") return `${name}: begun…`;
  if (state === "drawing") return `${name}: frame ${done} of ${total}`;
  if (state === "done") return `${name}: ${bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`}, downloaded`;
  if (state === "failed") return `${name}: ${problem}`;
  return "";
}

function download(url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = "";
  document.body.append(link);
  link.click();
  link.remove();
}
