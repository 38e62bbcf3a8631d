/**
 * make-icons: draws assets/icon.svg in every size and format that an installer asks for.
 *
 * `node scripts/make-icons.mjs` renders it in Chromium and writes assets/icons/<size>x<size>.png
 * (Linux), assets/icon.ico (Windows) and assets/icon.icns (macOS). Its results are committed.
 *
 * Used by   people, after the drawing has changed
 */
import fs from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import { root, say } from './bootstrap.mjs';
import { ensureChromium } from './chromium.mjs';

const SIZES = [16, 24, 32, 48, 64, 128, 256, 512];
const ICO_SIZES = [16, 24, 32, 48, 64, 128, 256];
/** Types of PNG entries in an icns file. */
const ICNS_TYPES = [
  ['icp4', 16],
  ['icp5', 32],
  ['icp6', 64],
  ['ic07', 128],
  ['ic08', 256],
  ['ic09', 512],
  ['ic11', 32],
  ['ic12', 64],
  ['ic13', 256],
  ['ic14', 512],
];

const ASSETS = path.join(root, 'assets');
const drawing = fs.readFileSync(path.join(ASSETS, 'icon.svg'), 'utf8');
const images = await renderAll();
fs.mkdirSync(path.join(ASSETS, 'icons'), { recursive: true });
for (const [size, png] of images) write(`icons/${size}x${size}.png`, png);
write('icon.ico', ico());
write('icon.icns', icns());

async function renderAll() {
  const executablePath = (await ensureChromium()) ?? undefined;
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  const page = await browser.newPage({ deviceScaleFactor: 1 });
  const results = new Map();
  for (const size of SIZES) {
    await page.setViewportSize({ width: size, height: size });
    const style = `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>`;
    await page.setContent(style + drawing);
    results.set(size, await page.screenshot({ omitBackground: true, type: 'png' }));
  }
  await browser.close();
  return results;
}

/** A header, one entry of 16 bytes per image, then the images as PNG. */
function ico() {
  const header = Buffer.alloc(6 + ICO_SIZES.length * 16);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(ICO_SIZES.length, 4);
  let offset = header.length;
  ICO_SIZES.forEach((size, index) => {
    const png = images.get(size);
    const at = 6 + index * 16;
    header.writeUInt8(size % 256, at);
    header.writeUInt8(size % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(png.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += png.length;
  });
  return Buffer.concat([header, ...ICO_SIZES.map((size) => images.get(size))]);
}

/** `icns`, the whole length, then type, length and PNG of each image. */
function icns() {
  const entries = ICNS_TYPES.map(([type, size]) => chunk(type, images.get(size)));
  return chunk('icns', Buffer.concat(entries));
}

function chunk(type, payload) {
  const header = Buffer.alloc(8);
  header.write(type, 0, 'latin1');
  header.writeUInt32BE(payload.length + 8, 4);
  return Buffer.concat([header, payload]);
}

function write(name, bytes) {
  fs.writeFileSync(path.join(ASSETS, name), bytes);
  say(`assets/${name}: ${bytes.length} bytes`);
}
