// sharp, as its documentation shows several sizes from one input: clone().
import { serve, sharp } from "./serve.mjs";

const SIZES = [[800, 600], [150, 150]];
const background = "#fff";

await serve((data) => {
  const original = sharp(data);
  return Promise.all(
    SIZES.map(([width, height]) =>
      original
        .clone()
        .resize(width, height, { fit: "contain", background, withoutEnlargement: true })
        .flatten({ background })
        .jpeg({ quality: 85 })
        .toBuffer(),
    ),
  );
});
