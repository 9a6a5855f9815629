import { table, text } from '../document';
import type { Block } from '../document';
import { isConditional } from './conditions';
import { rehearsedTier, stageTime, tierTime } from './facts';
import type { RunbookFacts } from './facts';

const HEADS = ['stage', 'what happens', 'in rehearsal', 'if it fails'];
const REFUSED = 'refused; nothing changed';

type Row = readonly [stage: string, happens: string, time: string, fails: string];

/** The stages of a release, in the order in which they run. */
export function releaseStages(facts: RunbookFacts): readonly Block[] {
  const { plan } = facts;
  const files = [plan.verify, plan.readContract].flatMap((file) => (file === null ? [] : [file.path]));
  const rows: readonly Row[] = [
    ['audit', 'every byte against the manifest', stageTime(facts, 'audit'), REFUSED],
    ['preflight', plan.preflight?.path ?? 'identity, privileges', stageTime(facts, 'preflight'), REFUSED],
    ['rehearsal evidence', 'a passing rehearsal of these bytes', '', REFUSED],
    ['entry baseline', 'the metrics, and the schema', '', REFUSED],
    ...gateRows(facts, plan.tiers[0]?.id ?? '', 'rejected, expired, aborted'),
    ['audit again', 'bytes, policy and rehearsal as they are now', '', REFUSED],
    ['claim', 'the database is held until the end', '', 'in line, while another release holds it'],
    [
      'baseline again',
      'nothing has moved since the gate',
      '',
      plan.onFailure === 'rollback' ? 'failed; nothing changed' : failing(facts),
    ],
    ...plan.tiers.flatMap(({ id }, index) => [
      ...(index === 0 ? [] : gateRows(facts, id, 'rejected, expired, aborted: rolled back')),
      ...conditionRows(facts, id),
      tierRow(facts, id),
    ]),
    ['verify', files.join(', ') || 'no checks', '', failing(facts)],
    ['exit baseline', 'each metric as it is declared', '', failing(facts)],
    ['evidence', 'what happened is signed and kept', '', 'it holds; what is applied stays'],
    ['close claim', 'the database is free for others', '', 'it holds; what is applied stays'],
  ];
  return [
    table(HEADS, rows),
    text(
      `Each tier is one transaction unless the next section says otherwise. It waits for one lock as long as that section says; then the tier is tried again by itself${facts.policy === null ? '' : ` for ${facts.policy.lockBudget}`}; then it holds.`,
    ),
  ];
}

/** The stages of the rollback of a finished release. */
export function rollbackStages(facts: RunbookFacts): readonly Block[] {
  const first = facts.plan.tiers[0]?.id ?? '';
  const rows: readonly Row[] = [
    ['audit', 'every byte against the manifest', stageTime(facts, 'audit'), REFUSED],
    ['target', 'identity, registration, privileges', '', REFUSED],
    ['what is applied', 'the ledger is asked', '', REFUSED],
    ['what would be lost', "others' rows are counted", '', REFUSED],
    ['entry baseline', 'the metrics, and the schema', '', REFUSED],
    ...gateRows(facts, first, 'rejected, expired, aborted'),
    ['audit again', 'bytes and policy as they are now', '', REFUSED],
    ['claim', 'the database is held until the end', '', 'in line, while another release holds it'],
    ...[...facts.plan.tiers].reverse().map(({ id, rollback }): Row => {
      const stage = `roll back ${id}`;
      return [stage, rollback?.path ?? 'irreversible', stageTime(facts, stage), 'stuck; a person decides'];
    }),
    ['compare with before', 'the schema against that before the release', '', 'it is in the report'],
    ['evidence', 'what happened is signed and kept', '', 'it holds'],
    ['close claim', 'the database is free for others', '', 'it holds'],
  ];
  const measured =
    facts.rehearsal === null
      ? []
      : [
          text(
            'A time of `roll back` holds the comparison of the whole clone afterwards too: the rollback itself took less.',
          ),
        ];
  return [table(HEADS, rows), ...measured];
}

function gateRows({ gates, policy }: RunbookFacts, tier: string, fails: string): readonly Row[] {
  const ids = gates.filter(({ before }) => before === tier).map(({ id }) => id);
  if (ids.length === 0) return [];
  const wait =
    policy === null ? 'people and hard gate' : `people and hard gate, ${policy.waitAtMost} at most`;
  return [[`gate before ${tier}`, `${ids.join(', ')}: ${wait}`, '', fails]];
}

function conditionRows(facts: RunbookFacts, tier: string): readonly Row[] {
  if (!isConditional(facts)) return [];
  return [
    [`conditions of ${tier}`, 'windows, freezes, live checks', '', 'it waits; see the decision points'],
  ];
}

function tierRow(facts: RunbookFacts, id: string): Row {
  const tier = facts.plan.tiers.find((each) => each.id === id);
  const isThere = rehearsedTier(facts, id)?.outcome === 'already applied';
  const time = isThere ? 'in effect already' : tierTime(facts, id);
  return [id, tier?.apply.path ?? '', time, failing(facts)];
}

function failing({ plan }: RunbookFacts): string {
  return plan.onFailure === 'rollback'
    ? 'rolled back, all tiers of this release'
    : 'it holds; a person decides';
}
