/**
 * A ThumbHash as a picture of at most 32 pixels a side.
 *
 * The hash is one stream of bit fields, low bits first: means of luminance, yellow against blue and red
 * against green; how strong each varies; the shape; then the weights of the lowest cosine waves of each.
 * The format is Evan Wallace's; engine/placeholder.py writes it and describes every field.
 */

const SIDE = 32;
const BOOST = 1.25; // colour is stored in coarse steps, and shown a little stronger to make up for it

/**
 * @typedef {{ width: number, height: number, pixels: Uint8ClampedArray<ArrayBuffer> }} Picture
 * @typedef {(bits: number) => number} Take
 */

/**
 * @param {string} text in base64
 * @returns {Picture}
 * @throws {RangeError} it ends too early, or its shape is impossible
 */
export function decode(text) {
  const take = fields(Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0)));
  const light = { mean: take(6) / 63, scale: 0 };
  const yellow = { mean: take(6) / 31.5 - 1, scale: 0 };
  const crimson = { mean: take(6) / 31.5 - 1, scale: 0 };
  light.scale = take(5) / 31;
  const hasAlpha = take(1) === 1;
  const shorter = take(3);
  yellow.scale = (BOOST * take(6)) / 63;
  crimson.scale = (BOOST * take(6)) / 63;
  const landscape = take(1) === 1;
  const alpha = hasAlpha ? { mean: take(4) / 15, scale: take(4) / 15 } : null;
  const longer = hasAlpha ? 5 : 7;
  if (shorter < 1 || shorter > longer) throw new RangeError("no picture has this shape");

  const small = Math.round((SIDE * shorter) / longer);
  const [width, height] = landscape ? [SIDE, small] : [small, SIDE];
  const [across, down] = landscape ? [longer, shorter] : [shorter, longer];
  const plane = (
    /** @type {{mean: number, scale: number}} */ channel,
    /** @type {number} */ x,
    /** @type {number} */ y,
  ) => synthesised(channel, take, x, y, width, height);
  const l = plane(light, Math.max(across, 3), Math.max(down, 3));
  const p = plane(yellow, 3, 3);
  const q = plane(crimson, 3, 3);
  const a = alpha && plane(alpha, 5, 5);

  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let at = 0; at < l.length; at += 1) {
    const blue = l[at] - (2 * p[at]) / 3;
    const red = (3 * l[at] - blue + q[at]) / 2;
    pixels.set([255 * red, 255 * (red - q[at]), 255 * blue, a ? 255 * a[at] : 255], 4 * at);
  }
  return { width, height, pixels };
}

/**
 * Draw a placeholder; one that cannot be read leaves the canvas clear.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {string} text in base64
 */
export function draw(canvas, text) {
  let picture;
  try {
    picture = decode(text);
  } catch (error) {
    console.warn("a placeholder cannot be read", error);
    return;
  }
  canvas.width = picture.width;
  canvas.height = picture.height;
  canvas.getContext("2d")?.putImageData(new ImageData(picture.pixels, picture.width, picture.height), 0, 0);
}

/**
 * @param {Uint8Array} packed
 * @returns {Take}
 */
function fields(packed) {
  let at = 0;
  return (bits) => {
    if (at + bits > 8 * packed.length) throw new RangeError("the hash ends too early");
    let value = 0;
    for (let bit = 0; bit < bits; bit += 1, at += 1) value |= ((packed[at >> 3] >> (at & 7)) & 1) << bit;
    return value;
  };
}

/**
 * The sum of a channel's waves at every pixel: first along the rows' height, then across them.
 *
 * @param {{mean: number, scale: number}} channel
 * @param {Take} take
 * @param {number} across
 * @param {number} down
 * @param {number} width
 * @param {number} height
 */
function synthesised(channel, take, across, down, width, height) {
  const weights = Array.from({ length: down }, () => new Float64Array(across));
  weights[0][0] = channel.mean;
  for (let y = 0; y < down; y += 1) {
    // Only the corner of low waves is stored: the upper left triangle, without the mean.
    for (let x = y === 0 ? 1 : 0; x * down < across * (down - y); x += 1) {
      weights[y][x] = 2 * channel.scale * (take(4) / 7.5 - 1);
    }
  }
  const columns = waves(width, across);
  const rows = waves(height, down);
  const plane = new Float64Array(width * height);
  for (let v = 0; v < height; v += 1) {
    const row = new Float64Array(across);
    for (let y = 0; y < down; y += 1)
      for (let x = 0; x < across; x += 1) row[x] += weights[y][x] * rows[y][v];
    for (let u = 0; u < width; u += 1) {
      let sum = 0;
      for (let x = 0; x < across; x += 1) sum += row[x] * columns[x][u];
      plane[v * width + u] = sum;
    }
  }
  return plane;
}

/**
 * @param {number} side
 * @param {number} count
 */
function waves(side, count) {
  return Array.from({ length: count }, (_, wave) =>
    Float64Array.from({ length: side }, (_, pixel) => Math.cos((Math.PI * wave * (pixel + 0.5)) / side)),
  );
}
