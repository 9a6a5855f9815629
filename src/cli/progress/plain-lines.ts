import type { Observation } from '../../client/watching';
import type { StageRecord } from '../../core/schema/outcome';
import { duration } from '../../evidence/amounts';
import { STAGE_MARKS } from '../print/marks';
import { expectation, expectedLeftMs, timeSoFar } from '../print/stage-text';
import { pendingLines } from '../print/status-text';
import type { Reporter } from './reporter';

const REMIND_MS = 30_000;

/** One line for each change of a stage, and for whoever does not answer: for logs and pipes. */
export function plainLines(note: (line: string) => void, now: () => number = Date.now): Reporter {
  const said = new Map<string, string>();
  const say = (about: string, line: string, what = line): void => {
    if (said.get(about) === what) return;
    said.set(about, what);
    if (line !== '') note(line);
  };
  return {
    see: ({ status, silent, pending, within, ended }) => {
      status?.stages.forEach((record, index) =>
        say(`stage ${index}`, stageLine(record, now()), stageFact(record, now())),
      );
      within?.stages.forEach((record, index) =>
        say(`${within.id} ${index}`, `  ${stageLine(record, now())}`, stageFact(record, now())),
      );
      if (status !== undefined) say('waits', waitLine(status.waitingFor));
      if (silent !== undefined)
        say('silent', silenceLine(silent), `${silent.who} ${Math.floor(now() / REMIND_MS)}`);
      else if (!ended) say('silent', said.has('silent') ? 'it answers again' : '', 'answers');
      for (const each of pending)
        if (each.attempt > 1) say(each.activity, `  ${pendingLines(each).join(' ')}`);
    },
    close: () => Promise.resolve(),
  };
}

/** Whom a person should look after, in words that tell what to do. */
export function silenceLine({ who, why }: NonNullable<Observation['silent']>): string {
  return who === 'server'
    ? `! Temporal does not answer (${why}); nothing is lost, it is asked again`
    : `! no worker answers (${why}); start one with \`one-roof worker\` or \`one-roof up\`, nothing is lost`;
}

function stageLine(record: StageRecord, now: number): string {
  const { stage, state, ms, note } = record;
  const expected = expectation(record, now);
  const time = ms === undefined ? '' : ` in ${duration(ms)}`;
  const runs = expected === '' ? '' : ` for ${timeSoFar(record, now)} (${expected})`;
  return `${STAGE_MARKS[state]} ${stage}: ${state}${time}${runs}${note === undefined ? '' : `, ${note}`}`;
}

/** What is said once, however the clock goes on. */
function stageFact(record: StageRecord, now: number): string {
  const isLate = (expectedLeftMs(record, now) ?? 0) < 0;
  return [record.state, record.ms, record.note, isLate].join(' ');
}

function waitLine(waitingFor: readonly string[]): string {
  return waitingFor.length === 0 ? '' : `  waits for: ${waitingFor.join(' · ')}`;
}
