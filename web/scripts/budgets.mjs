// Fails the build where a file of the page is larger, gzipped, than its budget. `tests/web` checks the same and more.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const BUDGETS = { "page.js": 60_000, "mix.js": 4_000, "upload.js": 2_000, "jobs.js": 2_000, "page.css": 8_000, "world.json": 65_000, "index.html": 1_000, "strings.fr-CA.json": 12_000 };
const folder = new URL("../../src/afterfall/web/static/", import.meta.url);
let over = 0;
for (const [name, most] of Object.entries(BUDGETS)) {
  const size = gzipSync(readFileSync(new URL(name, folder)), { level: 9 }).length;
  console.log(`${name}: ${size.toLocaleString("en")} of ${most.toLocaleString("en")} bytes, gzipped`);
  if (size > most) over++;
}
if (over) {
  console.error(`${over} of these files are over their budget`);
  process.exit(1);
}
