import type { LeftTier, OpenRelease } from '../../postgres/open-release';
import type { OthersRows } from '../others-rows';
import { ago, moment } from '../../evidence/amounts';
import { othersRowsLines } from './losses-text';
import { facts, table } from './table';

/** A release that the ledger of a target shows as open, and nobody carries on. */
export interface Unfinished {
  readonly target: string;
  readonly release: OpenRelease;
  readonly tiers: readonly LeftTier[];
  /** Temporal's word for its workflow; null: Temporal knows none. */
  readonly workflow: string | null;
  /** Where that was asked: `127.0.0.1:7233, namespace default`. */
  readonly temporal: string;
  readonly othersRows: OthersRows;
}

export type RecoveryChoice = 'rollback' | 'go on';

/** What is known of it, for people. */
export function unfinishedText(unfinished: Unfinished, now: number): string {
  const { release, target } = unfinished;
  const { name, version, digest } = release.package;
  return [
    facts([
      ['release', release.id],
      ['package', `${name} ${version}`],
      ['digest', digest],
      ['target', `${target}, scope ${release.scope}`],
      ['requested by', release.requester],
      ['open since', `${moment(release.openedAt)} (${ago(release.openedAt, now)})`],
      ['workflow', workflowText(unfinished)],
    ]),
    tiersText(unfinished.tiers),
  ].join('\n\n');
}

function workflowText({ release, workflow, temporal }: Unfinished): string {
  if (release.id.startsWith('break-glass-'))
    return 'none: it was run by hand with psql; see that this session has ended';
  if (workflow !== null) return `${workflow}, at ${temporal}`;
  return `unknown at ${temporal}: its history is gone, or it runs in another place; make sure that it does not`;
}

function tiersText(tiers: readonly LeftTier[]): string {
  if (tiers.length === 0) return 'The ledger knows no tier of it: nothing of it has taken effect.';
  const heads = ['tier', 'state', ''].map((head) => ({ head }));
  return table(
    heads,
    tiers.map(({ tier, state, note }) => [tier, state, note]),
  );
}

/** What a choice leads to, a fact a line. */
export function consequencesOf(unfinished: Unfinished, choice: RecoveryChoice): readonly string[] {
  const { release, target, tiers } = unfinished;
  const there = tiers.filter(({ state }) => state !== 'rolled back').map(({ tier }) => tier);
  const which = there.join(', ') || 'none that the ledger knows';
  if (choice === 'rollback')
    return [
      `Every tier of it is rolled back, last first: ${[...there].reverse().join(', ') || which}. Then ${target} is free for others.`,
      'It waits at no gate and needs no approval. This cannot be taken back.',
      ...othersRowsLines(unfinished.othersRows, 'for which the rollback stops and asks'),
    ];
  return [
    `What is in effect stays and is not run again: ${which}. What was begun is finished, then the other tiers follow.`,
    `It is checked again and waits at the gates of the package and of ${target} first: what was approved for ${release.id} does not count.`,
    `If a tier fails, everything is rolled back, also what ${release.id} has applied.`,
  ];
}

/** The two choices, each with what to type and what it leads to. */
export function choicesText(unfinished: Unfinished): string {
  return choicesOf(unfinished)
    .map(({ command, consequences }) => [command, ...consequences.map((line) => `  ${line}`)].join('\n'))
    .join('\n\n');
}

export function choicesOf(unfinished: Unfinished) {
  return (['rollback', 'go on'] as const).map((choice) => ({
    choice,
    command: `one-roof recover ${unfinished.target} --${choice === 'go on' ? 'go-on' : choice} --requester YOUR-NAME`,
    consequences: consequencesOf(unfinished, choice),
  }));
}
