// Cuts the fonts down to what Vietnamese and the signs of our pages need:
// 67 KB become 25. Called by the build with the folder to write to.
import { readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import subset from "subset-font";

const range = (from, to) => String.fromCodePoint(...Array.from({ length: to - from + 1 }, (_, i) => from + i));

const letters =
  range(0x20, 0x7e) +
  "ÀÁÂÃÈÉÊÌÍÒÓÔÕÙÚÝàáâãèéêìíòóôõùúý" +
  "ĂăĐđĨĩŨũƠơƯư" +
  range(0x1ea0, 0x1ef9);
const signs = "\u00a0«»·×÷°²§–—‘’“”•…←→↑↓≥≤−₫";

const out = process.argv[2];
for (const part of ["latin", "vietnamese"]) {
  for (const weight of [400, 600]) {
    const source = `../node_modules/@fontsource/be-vietnam-pro/files/be-vietnam-pro-${part}-${weight}-normal.woff2`;
    const font = await readFile(fileURLToPath(new URL(source, import.meta.url)));
    const small = await subset(font, letters + signs, { targetFormat: "woff2", noHinting: true });
    await writeFile(`${out}/be-vietnam-pro-${part}-${weight}.woff2`, small);
  }
}
