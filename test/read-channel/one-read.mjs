// One read through the whole channel in a process of its own, so that its memory can be told: JSON in, JSON out.
import { performance } from 'node:perf_hooks';
import { text as all } from 'node:stream/consumers';

const { endpoint, text } = JSON.parse(await all(process.stdin));
const { judgeRead } = (await import('../../dist/read-channel/judge.js')).default;
const { askOnce } = (await import('../../dist/postgres/channel/ask.js')).default;
const opened = { functions: [] };

const before = process.resourceUsage().maxRSS;
const begun = performance.now();
const outcome = await read();
const ms = performance.now() - begun;
process.stdout.write(JSON.stringify({ ...outcome, ms, grownKiB: process.resourceUsage().maxRSS - before }));

async function read() {
  try {
    const { rows, more, bytes } = await askOnce(endpoint, { read: await judgeRead(text, opened), opened });
    return { end: more ? 'answered, cut at the rows’ cap' : 'answered', rows: rows.length, bytes };
  } catch (error) {
    return { end: error.code ?? 'none of ours', why: error.message, layer: error.details?.layer };
  }
}
