/**
 * `npm run dev`: the page without the program. Requests go to a running `afterfall serve` where AFTERFALL_SERVER names
 * it; otherwise answers are read from a folder of example answers (AFTERFALL_EXAMPLES), one file per route.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Plugin } from "vite";

const server = process.env["AFTERFALL_SERVER"];
const folder = process.env["AFTERFALL_EXAMPLES"] ?? "";

export function mock(): Plugin {
  return {
    name: "afterfall-examples",
    config: () => (server ? { server: { proxy: { "/api": { target: server, changeOrigin: true } } } } : {}),
    configureServer(vite) {
      if (server) return;
      vite.middlewares.use("/api/v1/", (request, response) => {
        const route = (request.url ?? "").replace(/^\//, "").split("?")[0]!.replaceAll("/", "-");
        const stream = join(folder, `${route}.ndjson`);
        const whole = join(folder, `${route}.json`);
        if (existsSync(stream)) {
          response.setHeader("Content-Type", "application/x-ndjson");
          const lines = readFileSync(stream, "utf8").split("\n").filter(Boolean);
          const next = () => {
            const line = lines.shift();
            if (line === undefined) response.end();
            else response.write(`${line}\n`, () => setTimeout(next, 400));
          };
          next();
          return;
        }
        response.setHeader("Content-Type", "application/json");
        if (!existsSync(whole)) response.statusCode = 404;
        response.end(existsSync(whole) ? readFileSync(whole) : JSON.stringify({ error: { kind: "missing", message: `no example of ${route} in ${folder || "AFTERFALL_EXAMPLES"}`, problems: [], nearest: [] } }));
      });
    },
  };
}
