// The user's own table: dropped or chosen, kept from lesson to lesson where its columns fit.

const $ = (id) => document.getElementById(id);
const MAX_BYTES = 5_000_000;

export class DroppedData {
  /** `changed()` is called when the picture must be drawn anew, `refused(problem)` with what is wrong with a file. */
  constructor(connection, changed, refused) {
    Object.assign(this, { connection, changed, refused, file: null, columns: "", sheet: "", mode: "use", misfit: "" });
    $("columns").addEventListener("change", () => {
      this.columns = $("columns").value.trim();
      this.use();
    });
    $("skip-missing").addEventListener("change", () => this.use());
    $("decimal").addEventListener("change", () => this.use());
    $("sheet").addEventListener("change", () => {
      this.columns = "";
      this.connection.send({ type: "table", sheet: $("sheet").value });
    });
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
    const read = { skip_missing: $("skip-missing").checked, sheet: this.sheet, decimal: $("decimal").value };
    return { columns: pending?.columns || this.columns, data: mode, ...read };
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

  take({ name, sheets, sheet, columns, n_rows: rows, problem }) {
    this.sheet = sheet;
    $("sheets").hidden = sheets.length < 2;
    if (!sheet) $("sheet").replaceChildren(...sheets.map((one) => new Option(one)));
    $("table").hidden = false;
    $("table-name").textContent = name;
    $("table-rows").textContent = `${rows} rows`;
    $("columns").placeholder = columns.join(",");
    $("columns").value = this.columns;
    if (problem) this.refused(problem);
    else this.use();
  }

  async read(file) {
    if (!file || $("data").hidden) return;
    if (file.size > MAX_BYTES) {
      this.refused(`${file.name} must be at most 5 MB; got ${(file.size / 1e6).toFixed(1)} MB.`);
      return;
    }
    this.columns = this.sheet = "";
    this.file = { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
    this.send();
  }

  send() {
    if (!this.file) return;
    this.connection.sendFile(this.file.name, this.file.bytes);
    if (this.sheet) this.connection.send({ type: "table", sheet: this.sheet });
  }

  remove() {
    if (this.file) this.connection.send({ type: "remove data" });
    Object.assign(this, { file: null, columns: "", sheet: "", mode: "use" });
    $("decimal").value = "";
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
