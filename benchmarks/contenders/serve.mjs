// How a Node contender answers the harness: one JSON line in, one out. The same as `serve.py`.
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { createInterface } from "node:readline";

// The harness starts us in the folder where npm installed the peers.
export const sharp = createRequire(join(process.cwd(), "package.json"))("sharp");
sharp.concurrency(1);
sharp.cache(false);

export async function serve(render) {
  // The photos are the arguments, read before any clock runs.
  const photos = process.argv.slice(2).map((path) => readFileSync(path));
  process.stdout.write("{}\n"); // ready
  for await (const line of createInterface({ input: process.stdin })) {
    const request = JSON.parse(line);
    let answer;
    if ("to" in request) answer = await write(render, photos, request.to);
    else if ("once" in request) answer = await once(render, photos[0]);
    else answer = await run(render, photos, request.repeat);
    process.stdout.write(JSON.stringify(answer) + "\n");
  }
}

// Leave the renditions in a folder, so that they can be compared.
async function write(render, photos, folder) {
  for (const [index, photo] of photos.entries()) {
    const renditions = await render(photo);
    renditions.forEach((data, rendition) => writeFileSync(join(folder, `${index}-${rendition}.jpg`), data));
  }
  return {};
}

// Render one photo without a copy of it: the memory that it takes.
async function once(render, photo) {
  await render(photo);
  return { peak: heldBytes("VmHWM"), now: heldBytes("VmRSS") };
}

// Render every photo some times over; seconds are per photo.
async function run(render, photos, repeat) {
  let cpu = 0;
  let wall = 0;
  for (let turn = 0; turn < repeat; turn++) {
    for (const photo of photos) {
      const data = Buffer.from(photo); // a new object each time: no library may remember the last result
      const cpuBefore = process.cpuUsage(); // user and system time of all threads
      const wallBefore = performance.now();
      await render(data);
      wall += (performance.now() - wallBefore) / 1e3;
      const spent = process.cpuUsage(cpuBefore);
      cpu += (spent.user + spent.system) / 1e6;
    }
  }
  const count = repeat * photos.length;
  return { cpu: cpu / count, wall: wall / count };
}

function heldBytes(field) {
  try {
    const [, kilobytes] = new RegExp(`${field}:\\s+(\\d+)`).exec(readFileSync("/proc/self/status", "utf8"));
    return kilobytes * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
