// Between a slider's place, 0 to 1, and the number it stands for.

const STEPS = 1000;

/** Return the number at a place on a range; with three digits, or whole. */
export function numberAt(place, { low, high, scale }, whole) {
  if (place <= 0) return low;
  if (place >= 1) return high;
  const number = scale === "log" ? low * (high / low) ** place : low + place * (high - low);
  if (whole) return Math.min(Math.max(Math.round(number), low), high);
  const digits = scale === "log" ? 3 : digitsOf((high - low) / STEPS, Math.max(Math.abs(low), Math.abs(high)), number);
  return Math.min(Math.max(Number(number.toPrecision(digits)), low), high);
}

/** Return the place of a number on a range. */
export function placeOf(number, { low, high, scale }) {
  const place = scale === "log" ? Math.log(number / low) / Math.log(high / low) : (number - low) / (high - low);
  return Math.min(Math.max(place, 0), 1);
}

/** Return a number rounded to about the size of a step, such as what a pixel is worth. */
export function roundedTo(number, step) {
  const power = Math.floor(Math.log10(step));
  if (power > 0) return Math.round(number / 10 ** power) * 10 ** power;
  return Number(number.toFixed(Math.min(-power, 12)));
}

// As many digits as tell one step from the next.
function digitsOf(step, largest, number) {
  const decimals = -Math.floor(Math.log10(step));
  const magnitude = number === 0 ? 0 : Math.floor(Math.log10(Math.abs(number)));
  return Math.min(Math.max(magnitude + decimals + 1, 1), 15);
}
