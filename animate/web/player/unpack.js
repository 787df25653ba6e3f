// What a page of drawings holds is deflated, its script too: digits to the base 85.

const DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%,()*+-;.=/?@^_:{|}~";

// four bytes are five digits; of the last ones as many as are needed
function bytesOf(text) {
  const view = new DataView(new ArrayBuffer(Math.ceil(text.length / 5) * 4));
  for (let at = 0; at < text.length; at += 5) {
    let value = 0;
    for (const digit of text.slice(at, at + 5).padEnd(5, "~")) value = value * 85 + DIGITS.indexOf(digit);
    view.setUint32(at / 5 * 4, value);
  }
  return new Uint8Array(view.buffer, 0, Math.floor(text.length * 4 / 5));
}

async function unpacked(text) {
  const bytes = bytesOf(text);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

async function run(text) {
  const script = document.createElement("script");
  script.textContent = await unpacked(text);
  document.body.append(script);
  script.remove();
}
