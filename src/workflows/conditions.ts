import { CancellationScope, condition, isCancellation } from '@temporalio/workflow';
import { milliseconds } from '../core/rules/milliseconds';
import { overrideGates, unmetInWords } from '../core/rules/override';
import type { Unmet } from '../core/schema/condition';
import { ask, watching } from './asking';
import { tellPeople } from './notices';
import type { ReleaseBook } from './release-book';
import { throwIfStopped } from './release-ending';
import { moveIfDue } from './release-moving';
import { findRehearsal } from './release-preparation';
import { REMIND_MS } from './reminder';
import { judge } from './verdict';

/** One watch of live checks lasts so long, and a rehearsal that is too old is looked for so often. */
const WATCH_MS = 600_000;
/** Clocks differ: a moment that is there by one of them is there by the other after a while. */
const SHORTEST_WAIT_MS = 1_000;

/** The conditions that keep a tier from beginning; those that people have overridden are noted, and keep it no more. */
export async function unmetConditions(book: ReleaseBook, tier: string): Promise<readonly Unmet[]> {
  if (book.undoes !== undefined) return [];
  const unmet = [
    ...(await readConditions(book, 0)),
    ...(await oldRehearsal(book)),
    ...(await missingRehearsal(book)),
  ];
  const overridden = unmet.filter((each) => isOverridden(book, tier, each));
  noteOverridden(book, tier, overridden);
  return unmet.filter((each) => !overridden.includes(each));
}

/** Waits until the conditions hold, or people have overridden them. @throws ABORTED, REJECTED */
export async function waitOut(book: ReleaseBook, tier: string, unmet: readonly Unmet[]): Promise<void> {
  const { gatehouse, story } = book;
  const phase = gatehouse.phase;
  const from = new Date().toISOString();
  const stage = `conditions of ${tier}`;
  gatehouse.phase = 'at gate';
  story.show('held by conditions');
  try {
    await story.stage(stage, async () => {
      for (let left = unmet; left.length > 0; left = await unmetConditions(book, tier)) {
        book.unmet = { tier, kinds: left.map(({ kind }) => kind) };
        story.mark(stage, 'waiting', left.map(unmetInWords).join('; '));
        tellHeld(book, left, { isFirst: left === unmet });
        await untilNews(book, tier, left);
        throwIfStopped(book);
      }
    });
  } finally {
    const until = new Date().toISOString();
    book.held.push({ tier, why: unmet.map(unmetInWords), from, until, overridden: [] });
    book.unmet = null;
    gatehouse.phase = phase;
    story.goOn();
  }
}

/** Once for each tier and kind. */
function noteOverridden(book: ReleaseBook, tier: string, overridden: readonly Unmet[]): void {
  const noted = book.held.filter((each) => each.tier === tier).flatMap((each) => each.overridden);
  const fresh = overridden.filter(({ kind }) => !noted.some((each) => each.kind === kind));
  if (fresh.length === 0) return;
  const at = new Date().toISOString();
  const by = [...new Set(fresh.map(({ kind }) => kind))].map((kind) => ({
    kind,
    by: overriders(book, tier, kind),
  }));
  book.held.push({ tier, why: fresh.map(unmetInWords), from: at, until: at, overridden: by });
}

async function readConditions(book: ReleaseBook, forMs: number): Promise<readonly Unmet[]> {
  const { plan, target, place } = book.known;
  const { windows, freezes, notBefore, live } = target.policy;
  const { calendar = {} } = plan;
  if ([plan.calendar, windows, freezes, notBefore, live].every((each) => each === undefined)) return [];
  const verbs = forMs === 0 ? place.reads : watching(target.queue);
  const read = await ask(verbs.readConditions, `${target.name}: windows, freezes, live checks`, {
    target: target.name,
    calendar,
    rehearsedMs: rehearsedMs(book),
    live: book.isClaimed, // whose turn it is looks, and nobody else
    forMs,
  });
  return read.unmet;
}

/** What is left took so long in rehearsal; null where it was not rehearsed. */
function rehearsedMs({ rehearsed, tiers }: ReleaseBook): number | null {
  if (rehearsed === null) return null;
  const left = tiers.filter(({ outcome }) => outcome === 'not reached');
  return left.reduce((sum, { id }) => sum + (rehearsed.tiers[id] ?? 0), 0);
}

/** Before the claim a rehearsal that is too old refuses the release; behind it, a younger one is looked for. */
async function oldRehearsal(book: ReleaseBook): Promise<readonly Unmet[]> {
  const { required, maxAge } = book.known.target.policy.rehearsal;
  const { rehearsed } = book;
  if (!required || !book.isClaimed || rehearsed === null) return [];
  const isOld = Date.parse(rehearsed.at) + milliseconds(maxAge) < Date.now();
  if (!isOld) return [];
  try {
    await findRehearsal(book);
    return [];
  } catch (failure) {
    const { code, message } = judge(failure);
    if (code !== 'REHEARSAL_MISSING') throw failure;
    return [{ kind: 'rehearsal', why: `${message}: rehearse again`, until: null }];
  }
}

/** It was asked for without one; should one have come by now, it goes by that. */
async function missingRehearsal(book: ReleaseBook): Promise<readonly Unmet[]> {
  const { order, known, rehearsed } = book;
  if (order.override === undefined || !known.target.policy.rehearsal.required || rehearsed !== null)
    return [];
  const note = book.isClaimed ? 'no passing rehearsal' : await findRehearsal(book);
  if (book.rehearsed !== null) return [];
  const why = `${note}; ${order.requester} asks to go without: ${order.override.reason}`;
  return [{ kind: 'rehearsal', why, until: null }];
}

function isOverridden(book: ReleaseBook, tier: string, { kind }: Unmet): boolean {
  const gates = overrideGates([kind], { tier, quorums: book.known.target.policy.override });
  return gates.length > 0 && book.gatehouse.isOpen(gates);
}

/** Whose approvals let it go; they are told at the end even should they expire. */
function overriders({ gatehouse }: ReleaseBook, tier: string, kind: Unmet['kind']): string[] {
  const ids = overrideGates([kind], { tier, quorums: {} }).map((gate) => gate.id);
  gatehouse.given.count(ids);
  const mine = gatehouse.approvals.filter(
    ({ gate, decision }) => ids.includes(gate) && decision === 'approved',
  );
  return mine.map(({ who }) => who);
}

function tellHeld(book: ReleaseBook, unmet: readonly Unmet[], { isFirst }: { isFirst: boolean }): void {
  const { gatehouse, story, id, order, unmet: now } = book;
  const { override } = book.known.target.policy;
  const why = unmet.map(unmetInWords);
  const missing = (): readonly string[] => [
    ...why,
    ...gatehouse
      .statuses()
      .filter((gate) => book.overrides.some((each) => each.id === gate.id))
      .flatMap((gate) => gate.missing.map((line) => `or an emergency override: ${line}`)),
  ];
  const choices = [
    'wait: it goes on by itself when the conditions hold',
    ...(override === undefined
      ? []
      : ['approve the gate `override.…`: it goes on all the same, and the evidence names who let it']),
    `abort: ${book.isClaimed ? 'what was applied is rolled back' : 'nothing has been applied'}`,
  ];
  story.wait(missing, choices);
  if (!isFirst) return;
  tellPeople(book, {
    stage: `conditions of ${now?.tier ?? ''}`,
    kind: 'hold',
    title: `${id} is held on ${order.target} before ${now?.tier ?? ''}, though its gates are open`,
    lines: why,
    choices,
  });
}

/** Until the time has come, live checks hold, an override is complete, or it is time to look again. */
async function untilNews(book: ReleaseBook, tier: string, unmet: readonly Unmet[]): Promise<void> {
  const { gatehouse } = book;
  const heard = gatehouse.acts.length;
  const isForPeople = unmet.some(({ kind }) => kind === 'rehearsal');
  const isNews = (): boolean =>
    gatehouse.stop !== null ||
    unmet.some((each) => isOverridden(book, tier, each)) ||
    (isForPeople && gatehouse.acts.length > heard);
  if (!book.isClaimed) await book.line.rest();
  await moveIfDue(book, isNews);
  if (unmet.every(({ kind }) => kind === 'live')) return watchLive(book, isNews);
  const waits = unmet.flatMap(({ kind, until }) => [
    ...(kind === 'calendar' && until !== null ? [Date.parse(until) - Date.now()] : []),
    ...(kind === 'rehearsal' ? [WATCH_MS] : []),
  ]);
  const ms = Math.max(SHORTEST_WAIT_MS, Math.min(REMIND_MS, ...waits));
  await book.line.untilNews(isNews, { ms, summary: unmet.map(unmetInWords).join('; ').slice(0, 120) });
}

/** The activity looks again and again, so that the history does not grow with the waiting; whoever acts ends it. */
async function watchLive(book: ReleaseBook, isNews: () => boolean): Promise<void> {
  const scope = new CancellationScope();
  const watched = scope.run(() => readConditions(book, WATCH_MS));
  void condition(isNews).then(
    () => scope.cancel(),
    () => undefined, // the release itself was cancelled
  );
  try {
    await watched;
  } catch (error) {
    if (!isCancellation(error) || !isNews()) throw error;
  }
}
