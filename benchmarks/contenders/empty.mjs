// Nothing but Node: what the memory of sharp's contenders begins with.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

process.stdout.write("{}\n");
for await (const _ of createInterface({ input: process.stdin })) {
  const [, peak] = /VmHWM:\s+(\d+)/.exec(readFileSync("/proc/self/status", "utf8"));
  process.stdout.write(JSON.stringify({ peak: peak * 1024 }) + "\n");
}
