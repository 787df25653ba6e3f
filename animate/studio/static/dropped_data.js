// The user's own table: dropped or chosen, kept from lesson to lesson where its columns fit.

const $ = (id) => document.getElementById(id);
const MAX_BYTES = 5_000_000;

export class DroppedData {
  /** `changed()` is called when the picture must be drawn anew, `refused(problem)` with what is wrong with a file. */
  constructor(connection, changed, refused) {
    Object.assign(this, { connection, changed, refused, file: null, columns: "", mode: "use", misfit: "" });
    $("columns").addEventListener("change", () => {
      this.columns = $("columns").value.trim();
      this.use();
    });
    $("skip-missing").addEventListener("change", () => this.use());
    $("no-data").addEventListener("click", () => {
      this.remove();
      this.changed();
    });
    $("file").addEventListener("change", () => this.read($("file").files[0]));
    this.listenForDrops();
  }

  /** Return the fields of a request about the data; for a scene that is being opened, they are tried. */
  fieldsFor(pending) {
    if (!this.file) return { columns: "", data: "no" };
    const mode = pending ? "try" : this.mode;
    return { columns: pending?.columns || this.columns, data: mode, skip_missing: $("skip-missing").checked };
  }

  /** Begin with another scene. */
  open(columns) {
    this.mode = "try";
    if (columns) this.columns = columns;
    $("columns").value = this.columns;
  }

  /** Show whether a picture is one of the data. */
  show({ misfit }) {
    this.misfit = misfit;
    if (this.mode === "try") this.mode = misfit ? "no" : "use";
    if (this.mode === "use" || misfit) {
      $("misfit").textContent = misfit;
      $("misfit").hidden = !misfit;
    }
  }

  use() {
    this.mode = "use";
    $("misfit").hidden = true;
    this.changed();
  }

  take({ name, columns, n_rows: rows }) {
    $("table").hidden = false;
    $("table-name").textContent = name;
    $("table-rows").textContent = `${rows} rows`;
    $("columns").placeholder = columns.join(",");
    $("columns").value = this.columns;
    this.use();
  }

  async read(file) {
    if (!file || $("data").hidden) return;
    if (file.size > MAX_BYTES) {
      this.refused(`${file.name} must be at most 5 MB; got ${(file.size / 1e6).toFixed(1)} MB.`);
      return;
    }
    this.columns = "";
    this.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    this.send();
  }

  send() {
    if (this.file) this.connection.sendFile(this.file.name, this.file.bytes);
  }

  remove() {
    if (this.file) this.connection.send({ type: "remove data" });
    Object.assign(this, { file: null, columns: "", mode: "use" });
    $("table").hidden = true;
    $("file").value = "";
  }

  listenForDrops() {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      const takesData = !$("data").hidden;
      $("curtain").hidden = false;
      $("curtain-head").textContent = takesData ? "Drop it here" : "This scene takes no data";
      $("curtain-words").textContent = takesData
        ? "A CSV file or an Excel workbook takes the place of the scene’s points."
        : "Its points are part of the lesson.";
    });
    addEventListener("dragleave", (event) => {
      if (!event.relatedTarget) $("curtain").hidden = true;
    });
    addEventListener("drop", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      $("curtain").hidden = true;
      this.read(event.dataTransfer.files[0]);
    });
  }
}
