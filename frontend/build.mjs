// Bundles styles, scripts and fonts into the folder that the server serves, under hashed names.
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { build } from "esbuild";

const out = "../src/voronka/web/static/voronka";
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });

const entries = ["src/css/main.css", "src/js/main.js", "src/js/theme.js", "src/js/board.js", "src/js/player.js"];
const result = await build({
  entryPoints: entries,
  bundle: true,
  minify: true,
  write: false,
  outdir: out,
  entryNames: "[name]",
  target: ["chrome109", "firefox115", "safari16"],
  loader: { ".woff2": "file" },
  assetNames: "[name]-[hash]",
  legalComments: "none",
});

const manifest = {};
for (const file of result.outputFiles) {
  const name = basename(file.path);
  const extension = extname(name);
  if (extension === ".woff2") {
    writeFileSync(join(out, name), file.contents);
    continue;
  }
  const hash = createHash("sha256").update(file.contents).digest("hex").slice(0, 10);
  const hashed = `${basename(name, extension)}-${hash}${extension}`;
  writeFileSync(join(out, hashed), file.contents);
  manifest[name] = hashed;
}
writeFileSync(join(out, "manifest.json"), JSON.stringify(manifest, null, 1));
const licence = readFileSync("node_modules/@fontsource-variable/onest/LICENSE", "utf8");
writeFileSync(join(out, "Onest-OFL.txt"), licence);
