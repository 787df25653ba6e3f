// The picture: pixels that changed are put where they belong, and nothing else is touched.

export class Picture {
  constructor(canvas) {
    this.canvas = canvas;
    this.context = canvas.getContext("2d");
  }

  /** Put the areas of a message on the canvas; their pixels follow each other in its body. */
  put({ width, height, areas }, body) {
    if (this.canvas.width !== width || this.canvas.height !== height) {
      this.canvas.width = width;
      this.canvas.height = height;
    }
    let offset = 0;
    for (const [left, top, wide, high] of areas) {
      const end = offset + 4 * wide * high;
      this.context.putImageData(new ImageData(body.subarray(offset, end), wide, high), left, top);
      offset = end;
    }
  }

  /** Say in words what the picture shows. */
  describe(words) {
    this.canvas.setAttribute("aria-label", words);
  }
}
