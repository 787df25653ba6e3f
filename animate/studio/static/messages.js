// Messages to and from the server: a JSON header, and bytes behind it.

const HEADER_LENGTH_BYTES = 4;

/** Return the header of a message and the bytes behind it, which are not copied. */
export function unpack(buffer) {
  const length = new DataView(buffer).getUint32(0);
  const end = HEADER_LENGTH_BYTES + length;
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, HEADER_LENGTH_BYTES, length)));
  return { header, body: new Uint8ClampedArray(buffer, end) };
}

/** Return a message of a header and bytes. */
export function pack(header, bytes) {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const message = new Uint8Array(HEADER_LENGTH_BYTES + text.length + bytes.length);
  new DataView(message.buffer).setUint32(0, text.length);
  message.set(text, HEADER_LENGTH_BYTES);
  message.set(bytes, HEADER_LENGTH_BYTES + text.length);
  return message;
}
