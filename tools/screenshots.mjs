// Takes the pictures in docs/, of the Temporal UI and of a report, after the demo, and asserts that a person can read in them
// what happened. `node tools/screenshots.mjs` writes docs/ui-*.png and docs/report-*.png; with --check it only looks.
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';
import { findChromium } from './find-chromium.mjs';

const run = promisify(execFile);
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const PACKAGE = 'sql/one-roof-governance';
const isCheck = process.argv.includes('--check');
/** Never a call outside: a machine without a network shows the same pictures. */
const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const folder = isCheck ? await mkdtemp(join(tmpdir(), 'one-roof-pictures-')) : join(root, 'docs');
const executablePath = await findChromium();
const { temporal } = await oneRoof(['up', '--stand-in', '--scale', '0.02']);
const ids = await play();
const browser = await chromium.launch({ executablePath, args: FLAGS });
try {
  const page = await browser.newPage({ viewport: { width: 1440, height: 1100 } });
  const workflows = `${temporal.ui}/namespaces/${temporal.namespace}/workflows`;
  await shoot(page, {
    name: 'ui-list',
    url: workflows,
    texts: [ids.waiting, ids.released, ids.rolledBack, 'Running', 'Completed'],
  });
  await shoot(page, {
    name: 'ui-waiting',
    url: `${workflows}/${ids.waiting}`,
    texts: ['waits for gate rollout', 'checkTarget • production', 'subscribeToGates • production'],
  });
  await shoot(page, {
    name: 'ui-waiting-details',
    url: `${workflows}/${ids.waiting}`,
    open: ['User Metadata'],
    texts: [
      'Waiting for',
      'gate rollout: 1 more approval of group dba (dba-a, dba-b)',
      'one-roof approve',
      'entry baseline',
    ],
  });
  await shoot(page, {
    name: 'ui-released',
    url: `${workflows}/${ids.released}`,
    texts: [
      'applyTier • 10_structure: 9 statements',
      'applyTier • 60_scanner_baseline',
      'closeClaim • production',
    ],
  });
  await shoot(page, {
    name: 'ui-failed',
    url: `${workflows}/${ids.rolledBack}`,
    open: ['applyTier • 50_topic_finalization'],
    texts: ['rollBackTier • 40_containment', 'SQLSTATE 23505', 'prod/50_topic_finalization.sql'],
  });
  await shootReport(browser, ids.released);
  await approveInUi(page, `${workflows}/${ids.waiting}`, ids.waiting);
  console.log(`8 pictures in ${folder}`);
} finally {
  await browser.close();
  await endRelease(ids.waiting);
  await oneRoof(['down']);
}

/** The report of the released one, on a desk and on a phone, where the verdict is on the first screen. */
async function shootReport(browser, id) {
  const { text } = await oneRoof(['report', id, '--format', 'html']);
  const file = join(await mkdtemp(join(tmpdir(), 'one-roof-report-')), 'report.html');
  await writeFile(file, text);
  for (const [name, width, height, scale] of [
    ['report-released', 1280, 1800, 1],
    ['report-phone', 360, 1400, 1.5],
  ]) {
    const page = await browser.newPage({ viewport: { width, height: 740 }, deviceScaleFactor: scale });
    await page.goto(`file://${file}`);
    for (const words of ['Released: 6 of 6 tiers', 'dba-a', '10_structure', 'How to verify'])
      await find(page, words);
    const sideways = await page.evaluate('document.documentElement.scrollWidth - innerWidth');
    if (sideways > 0) throw new Error(`${name} scrolls sideways by ${sideways} pixels`);
    const clip = { x: 0, y: 0, width, height };
    await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true, clip });
    await page.close();
    console.log(`  ${name}: read at ${width} pixels`);
  }
}

/** Behind its gate it may have ended by itself meanwhile. */
async function endRelease(id) {
  const abort = ['abort', id, '--as', 'lead-a', '--reason', 'the pictures are taken', '--yes'];
  await oneRoof(abort).catch((error) => {
    if (!String(error.message).includes('RELEASE_CLOSED')) throw error;
  });
}

/** The last approval that the gate waits for is pasted into the UI, as `one-roof review` prints it; then the gate must be passed. */
async function approveInUi(page, url, id) {
  const { package: pkg, gates } = await oneRoof(['status', id]);
  const [gate] = gates;
  const act = ['--gate', gate.id, '--digest', pkg.digest, '--reason', 'rehearsal read', '--yes'];
  await oneRoof(['approve', id, ...act, '--as', 'lead-b']);
  const payload = {
    key: randomUUID(),
    gate: gate.id,
    digest: pkg.digest,
    as: 'dba-a',
    reason: 'locks are short',
  };
  await page.goto(url, { waitUntil: 'load' });
  await page.getByRole('button', { name: 'More Actions' }).click();
  await page.getByRole('menuitem', { name: 'Send a Signal' }).click();
  const modal = page.getByTestId('signal-confirmation-modal').filter({ visible: true }).last();
  await modal.getByTestId('signal-select-button').click();
  await modal.getByRole('option', { name: 'approve', exact: false }).first().click();
  await modal
    .getByRole('textbox')
    .last()
    .fill(JSON.stringify(payload, null, 2));
  await find(page, payload.key);
  await page.screenshot({ path: join(folder, 'ui-approve.png') });
  await modal.getByTestId('confirm-modal-button').click();
  await passed(id, `gate before ${gate.before}`);
  console.log('  ui-approve: pasted, sent, and the gate was passed');
}

/** The stage is over by the release's own timeline. */
async function passed(id, stage) {
  const deadline = Date.now() + 30_000;
  while (Date.now() < deadline) {
    const { stages = [] } = await oneRoof(['timeline', id]);
    if (stages.some((each) => each.stage === stage && each.state === 'done')) return;
  }
  throw new Error(`${id} has not passed: ${stage}`);
}

/** The demo left a released and a rolled-back release; one more is started, and waits. */
async function play() {
  const { workflows } = await oneRoof(['list']);
  const releases = workflows.filter((each) => each.kind === 'release');
  const released = await endedAs(releases, 'released');
  const rolledBack = await endedAs(releases, 'rolled back');
  const { id: waiting } = await oneRoof([
    'release',
    PACKAGE,
    '--target',
    'production',
    '--requester',
    'lead-a',
  ]);
  return { waiting, released, rolledBack };
}

async function endedAs(releases, outcome) {
  for (const { id } of releases) {
    if ((await oneRoof(['status', id])).outcome === outcome) return id;
  }
  throw new Error(`no release has ended ${outcome}: run \`npm run demo\` first`);
}

/** The JSON document of a command; the exit codes of waiting and of a release gone wrong are no errors here. */
async function oneRoof(words) {
  const env = { ...process.env, ONE_ROOF_STATE: 'demo' };
  const answer = await run(process.execPath, [join(root, 'bin', 'one-roof.mjs'), ...words, '--json'], {
    env,
    maxBuffer: 1 << 26,
  }).catch((error) => error);
  const document = JSON.parse(answer.stdout || '{}');
  if (document.error !== undefined && document.kind === undefined)
    throw new Error(`one-roof ${words.join(' ')}: ${JSON.stringify(document.error)}`);
  return document;
}

/** Opens a page, waits until every text is on it, takes the picture. A text that does not come fails. */
async function shoot(page, { name, url, open = [], texts }) {
  await page.goto(url, { waitUntil: 'load' });
  await page.waitForURL((where) => name === 'ui-list' || /timeline|history/.test(where.pathname));
  for (const text of open) await (await find(page, text)).click();
  for (const text of texts) await find(page, text);
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
  console.log(`  ${name}: ${texts.length} texts read`);
}

/** A text that can be seen, in the page or in one of its frames: the UI shows Markdown in a frame. */
async function find(page, text) {
  const deadline = Date.now() + 20_000;
  while (Date.now() < deadline) {
    for (const frame of page.frames()) {
      const found = frame.getByText(text).filter({ visible: true }).first();
      if (await found.isVisible().catch(() => false)) return found;
    }
    await page.waitForTimeout(200);
  }
  throw new Error(`${page.url()} does not show: ${text}`);
}
