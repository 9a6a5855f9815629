import type { BreakGlassFile } from '../../core/rules/break-glass';
import { allTiersTime } from './facts';
import type { RunbookFacts } from './facts';
import { list, text } from '../document';
import type { Block, Section } from '../document';
import { psqlSteps } from './psql';
import { releaseSteps, rollbackSteps } from './psql-steps';

const WHAT_ONE_IS =
  'A break-glass file is SQL for psql that the descriptor names under `breakGlass`. It does what One-Roof would do, under the same lock, and writes the same ledger rows by the functions of schema `one_roof`.';
const NOT_BY_HAND =
  '**Do not run the files of the tiers by hand instead**: no lock would hold others off, no gate would be read, and the ledger would not know.';

/** The release by psql, or why there is no such road. */
export function breakGlassRelease(facts: RunbookFacts): readonly Section[] {
  const title = 'Break-glass: the release by psql, without One-Roof';
  const file = usable(facts, 'apply');
  if (file === undefined) return [{ title, blocks: noRoad(facts, 'apply') }];
  const total = allTiersTime(facts);
  const before = [
    text(
      '**Only when One-Roof cannot be used.** No approval is asked for, no window and no freeze looked at. Whoever does this answers for it, by the name in `WHO`.',
    ),
    text(
      'Use one shell for all steps. Paste one block, compare what it prints, then go on. If it prints something else: stop.',
    ),
  ];
  return [
    { title, blocks: [...before, ...psqlSteps(releaseSteps(facts, file, total))] },
    {
      title: 'Break-glass: when the script stops',
      blocks: [list(stopped('apply', usable(facts, 'rollback')))],
    },
    {
      title: 'Break-glass: what One-Roof sees afterwards',
      blocks: [list(seen(facts, usable(facts, 'rollback')))],
    },
  ];
}

/** The rollback by psql, or why there is no such road. */
export function breakGlassRollback(facts: RunbookFacts): readonly Section[] {
  const title = 'Break-glass: the rollback by psql, without One-Roof';
  const file = usable(facts, 'rollback');
  if (file === undefined) return [{ title, blocks: noRoad(facts, 'rollback') }];
  const before = [
    text(
      '**Only when One-Roof cannot be used.** No gate is read and no approval asked for. Whoever does this answers for it, by the name in `WHO`.',
    ),
    text(
      'Use one shell for all steps. Paste one block, compare what it prints, then go on. If it prints something else: stop.',
    ),
  ];
  return [
    { title, blocks: [...before, ...psqlSteps(rollbackSteps(facts, file))] },
    { title: 'Break-glass: when the script stops', blocks: [list(stopped('rollback', file))] },
    {
      title: 'Break-glass: what One-Roof sees afterwards',
      blocks: [
        list([
          'In the ledger each tier is rolled back by `break-glass-NUMBER`, in the name that you gave. The next release applies it again.',
          'A release that was open has ended as `taken over by break-glass of` you. Its late attempts are refused by the database.',
          'No evidence was signed. Keep what psql printed.',
        ]),
      ],
    },
  ];
}

type Direction = 'apply' | 'rollback';

/** The one file that does exactly this scope with exactly these bytes. */
function usable({ breakGlass }: RunbookFacts, direction: Direction): BreakGlassFile | undefined {
  const fitting = breakGlass.filter((file) => file.direction === direction && doubtsOf(file).length === 0);
  return fitting.length === 1 ? fitting[0] : undefined;
}

function doubtsOf({ path, direction, missing, beyond }: BreakGlassFile): readonly string[] {
  if (direction === null)
    return [
      `${path}: it cannot be told whether it applies or rolls back: it begins no tier by \`one_roof.break_glass_tier_begin\`, or both ways.`,
    ];
  return [
    ...(missing.length === 0
      ? []
      : [`${path} does not name the SHA-256 that the manifest has for ${missing.join(', ')}.`]),
    ...(beyond.length === 0 ? [] : [`${path} also takes ${beyond.join(', ')}, which this scope leaves out.`]),
  ];
}

function noRoad({ breakGlass }: RunbookFacts, direction: Direction): readonly Block[] {
  const what = direction === 'apply' ? 'the release' : 'the rollback';
  const ours = breakGlass.filter((file) => file.direction === direction || file.direction === null);
  const doubts = ours.flatMap(doubtsOf);
  const two =
    doubts.length === 0 && ours.length > 1
      ? [`Several files do it: ${ours.map(({ path }) => path).join(', ')}.`]
      : [];
  return [
    text(
      `**This package has no break-glass file that can be used for ${what} of this scope.** So there is no road without One-Roof.`,
    ),
    ...(doubts.length + two.length === 0 ? [] : [list([...doubts, ...two])]),
    text(WHAT_ONE_IS),
    text(NOT_BY_HAND),
  ];
}

function stopped(direction: Direction, rollback: BreakGlassFile | undefined): readonly string[] {
  const back =
    rollback === undefined
      ? 'This package has no break-glass file for going back: mend the cause and run it again.'
      : 'Or go back: the rollback runbook has the steps.';
  const mended =
    direction === 'apply'
      ? `Mend what it names, then run the same block again: tiers that are in effect are skipped. ${back}`
      : 'Mend what it names, then run the same block again: tiers that are rolled back are left alone.';
  return [
    'PostgreSQL takes back the tier at which it stopped. The tiers before it stay as they are.',
    mended,
    'It says `another session of One-Roof is at work`: a worker is in the midst of a tier. Wait until it has ended, then run the block again.',
    ...(direction === 'apply'
      ? [
          'It says that the hard gate is closed: no tier was applied behind it. Whoever opens it must do so first.',
        ]
      : [
          'It says that rows of others would be removed: save them, then run it again. Its message says how to let them go instead.',
        ]),
    "Until it has come to its end no other release can start. To give up: `select one_roof.break_glass_end(NUMBER, 'given up');` by psql, with the NUMBER of `break-glass-NUMBER` that it printed.",
  ];
}

function seen({ target }: RunbookFacts, rollback: BreakGlassFile | undefined): readonly string[] {
  return [
    'In the ledger the tiers are in effect by `break-glass-NUMBER`, in the name that you gave. The next release finds them `already applied`: it neither runs them again nor rolls them back.',
    'A release that was open has ended as `taken over by break-glass of` you. Its late attempts are refused by the database.',
    `When One-Roof is back, \`one-roof recover ${target}\` must print \`no release is open in ${target}\`.`,
    rollback === undefined
      ? '`one-roof rollback` does not take it back: it was no release of One-Roof. Nor has the package a break-glass file for that.'
      : '`one-roof rollback` does not take it back: it was no release of One-Roof. The break-glass rollback does.',
    'No approval was recorded and no evidence signed. Keep what psql printed.',
  ];
}
