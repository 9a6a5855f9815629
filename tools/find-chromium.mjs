import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError, begin } from './progress.mjs';
import { attempt } from './run-program.mjs';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const PLACES = [
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** A Chromium of the system; on Debian as root it is installed where there is none. */
export async function findChromium() {
  const found = look();
  if (found !== undefined) return found;
  if (process.getuid?.() === 0 && (await attempt('apt-get', ['--version'])).code === 0) {
    begin('Chromium', 'installing it with apt-get, for the tests of pages and for pictures');
    await attempt('apt-get', ['update', '-qq']);
    await attempt('apt-get', ['install', '-y', '-qq', 'chromium'], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
  }
  const installed = look();
  if (installed !== undefined) return installed;
  throw missing();
}

function missing() {
  return new SetupError(`no Chromium: looked for ${NAMES.join(', ')} on PATH and in /Applications`, {
    mend: [
      'apt-get install chromium   (Debian, Ubuntu)',
      'dnf install chromium   (Fedora)',
      'brew install --cask chromium   (macOS)',
    ],
  });
}

function look() {
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  return [...folders.flatMap((folder) => NAMES.map((name) => join(folder, name))), ...PLACES].find(isProgram);
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** For shells: the path, or on stderr what to install. `--look` installs nothing; `--if-it-can` is content without one. */
async function tell() {
  const path = process.argv.includes('--look') ? look() : await findChromium();
  if (path === undefined) throw missing();
  process.stdout.write(`${path}\n`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  try {
    await tell();
  } catch (error) {
    console.error(error instanceof SetupError ? error.describe() : error);
    process.exitCode = process.argv.includes('--if-it-can') ? 0 : 1;
  }
}
