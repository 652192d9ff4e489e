import { defineConfig } from "vite";
import { mock } from "./dev/mock.ts";

// The built files are committed and come with the Python package: names without hashes keep their history readable.
export default defineConfig({
  base: "./",
  plugins: [mock()],
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  build: {
    outDir: "../src/afterfall/web/static",
    emptyOutDir: true,
    target: "es2022",
    cssCodeSplit: false,
    modulePreload: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      output: { entryFileNames: "page.js", chunkFileNames: (one) => `${one.name.toLowerCase()}.js`, assetFileNames: "page[extname]" },
    },
  },
  server: { host: "127.0.0.1", port: 5199, fs: { allow: [".."] } },
  test: { include: ["test/**/*.test.ts"], environment: "node" },
} as Parameters<typeof defineConfig>[0]);
