import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { z } from 'zod';
import { pageOf } from '../../src/evidence/page';
import { reportOf } from '../../src/evidence/report';
import type { ReportFacts } from '../../src/evidence/report/facts';
import { hostileRehearsal, hostileRelease } from '../evidence/hostile';
import { longWait, rehearsed, rolledBack } from './sample-reports';
import { measurePage } from './page-facts';

const ROOT = join(__dirname, '..', '..');
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const WIDTHS = [360, 768, 1280] as const;
const REPORTS: readonly (readonly [string, ReportFacts])[] = [
  ['a release that waited for three weeks', longWait()],
  ['a release that was rolled back', rolledBack()],
  ['a rehearsal', rehearsed()],
  ['a hostile release', hostileRelease()],
  ['a hostile rehearsal', hostileRehearsal()],
];

const Violations = z.array(z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }));

describe('the page of a report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'one-roof-pages-'));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      executablePath: chromiumPath(),
      args: ['--no-sandbox', '--disable-gpu'],
    });
  });

  afterAll(() => browser.close());

  describe.each(REPORTS)('of %s', (name, facts) => {
    const file = join(folder, `${name.replaceAll(' ', '-')}.html`);
    writeFileSync(file, pageOf(reportOf(facts)));

    it.each(WIDTHS)(
      'can be read at %i pixels: nothing scrolls sideways, overlaps or is cut',
      async (width) => {
        const { page, close } = await opened(browser, file, { width });
        const measured = await page.evaluate(measurePage);
        expect(measured).toMatchObject({ scroll: 0, overlaps: [], clipped: [] });
        expect(measured.thinnest).toBeGreaterThan(1.5);
        expect(measured.smallest).toBeGreaterThanOrEqual(12);
        await unfold(page);
        expect(await page.evaluate(measurePage)).toMatchObject({ scroll: 0, overlaps: [], clipped: [] });
        await close();
      },
    );

    it('asks nobody for anything, runs nothing and complains of nothing', async () => {
      const { page, said, asked, close } = await opened(browser, file, { width: 768 });
      const { strangers, links } = await page.evaluate(measurePage);
      expect({ said, asked, strangers, links }).toEqual({ said: [], asked: [], strangers: [], links: [] });
      await close();
    });

    it.each(['light', 'dark'] as const)('breaks no rule of accessibility in %s', async (colorScheme) => {
      const { page, close } = await opened(browser, file, { width: 360, colorScheme });
      await unfold(page);
      expect(await violations(page)).toEqual([]);
      await close();
    });
  });

  it('shows the verdict on the first screen of a phone', async () => {
    const { page, close } = await opened(browser, join(folder, 'a-rehearsal.html'), { width: 360 });
    expect((await page.evaluate(measurePage)).headline).toBeLessThan(640);
    await close();
  });

  it('is printed with what is folded on the screen', async () => {
    const { page, close } = await opened(browser, join(folder, 'a-rehearsal.html'), { width: 768 });
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('details table').first().isVisible()).toBe(true);
    expect(await page.locator('nav').isVisible()).toBe(false);
    const pdf = await page.pdf({ format: 'A4' });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b/g)?.length).toBeGreaterThan(2);
    await close();
  });
});

/** The system's, as it was set up before the tests. */
function chromiumPath(): string {
  return execFileSync(process.execPath, [join(ROOT, 'tools', 'find-chromium.mjs'), '--look'], {
    encoding: 'utf8',
  }).trim();
}

interface Look {
  readonly width: number;
  readonly colorScheme?: 'light' | 'dark';
}

/** A page of its own, with all that it said and all that it asked for. */
async function opened(browser: Browser, file: string, { width, colorScheme = 'light' }: Look) {
  const context = await browser.newContext({
    viewport: { width, height: 740 },
    colorScheme,
    bypassCSP: false,
  });
  const page = await context.newPage();
  const said: string[] = [];
  const asked: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('dialog', (dialog) => said.push(dialog.message()));
  page.on('request', (request) => {
    if (request.url() !== `file://${file}`) asked.push(request.url());
  });
  await page.goto(`file://${file}`);
  return { page, said, asked, close: () => context.close() };
}

async function unfold(page: Page): Promise<void> {
  await page.evaluate(() => {
    for (const fold of document.querySelectorAll('details')) fold.open = true;
  });
}

/** Deque's rules, run by the debugger: the page itself lets no script in. */
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const found: unknown = await page.evaluate('axe.run().then(({ violations }) => violations)');
  return Violations.parse(found).flatMap(({ id, nodes }) =>
    nodes.slice(0, 3).map(({ html }) => `${id}: ${html}`),
  );
}
