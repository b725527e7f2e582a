// sharp, cascaded by hand: decoded once, the small rendition made from the large one's pixels.
import { serve, sharp } from "./serve.mjs";

const background = "#fff";

await serve(async (data) => {
  const { data: pixels, info: raw } = await sharp(data)
    .resize(800, 600, { fit: "inside", withoutEnlargement: true })
    .flatten({ background })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const padded = (width, height) =>
    sharp(pixels, { raw }).resize(width, height, { fit: "contain", background }).jpeg({ quality: 85 }).toBuffer();
  return [await padded(800, 600), await padded(150, 150)];
});
