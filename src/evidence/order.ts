import { isOverride } from '../core/rules/override';
import type { Status } from '../core/schema/outcome';
import type { ReleasePlan } from '../core/schema/plan';
import { list, steps, table, text } from './document';
import type { Document, Section } from './document';
import { duration } from './amounts';

/** What a release at an open gate leads to, word for word, for whoever carries it out. */
export interface OrderFacts {
  readonly status: Status;
  readonly plan: ReleasePlan;
  /** How long its tiers took in rehearsal, ms; null where that is not known. */
  readonly rehearsedMs: number | null;
}

/** The gates that stand before the nearest tier. */
export function nextGates(status: Status): Status['gates'] {
  const gates = status.gates.filter((gate) => !isOverride(gate));
  const [first] = gates.filter((gate) => !gate.open);
  return gates.filter((gate) => gate.before === (first ?? gates[0])?.before);
}

/** Is there an order to give: is every hard gate before the next tier open? */
export function isOrdered(status: Status): boolean {
  return nextGates(status).every(({ hard }) => hard === null || hard.open);
}

/** The exact order behind an open gate: what it is for, what opened it, each command, what it must print, and who may run it. */
export function orderOf({ status, plan, rehearsedMs }: OrderFacts): Document {
  const { name, version, digest } = plan.package;
  const { until = null, requester = '', mayControl = null } = status.approving ?? {};
  const gates = nextGates(status);
  return {
    title: `Order for ${name} ${version} on ${status.target}`,
    lead: `It is for release ${status.id} with digest ${digest}, and for no other. ${until === null ? '' : `It is valid until ${until}, and only for as long as each hard gate stays open.`}`,
    sections: [
      {
        title: 'What opened the gate',
        blocks: [table(['gate', 'before', 'hard gate read', 'opens at', 'read at'], gates.map(openingRow))],
      },
      {
        title: 'What is done, in this order',
        blocks: [
          steps([
            look(status, digest),
            ...approvals(status, digest),
            follow(status, rehearsedMs),
            keep(status),
          ]),
        ],
      },
      ...stillHeld(status),
      {
        title: 'If it goes otherwise',
        blocks: [
          list([
            `A step prints something else: stop, and ask ${requester}, who requested it.`,
            `It must not go on: \`one-roof abort ${status.id} --as YOUR-NAME --reason "WHY"\`, by ${mayControl === null ? 'anyone' : mayControl.join(' or ')}; what it has applied is rolled back.`,
            `It ends \`rolled back\`: the target is as it was before; nothing is to be done there.`,
            `It holds or is stuck (exit code 5): \`one-roof status ${status.id}\` shows the choices, and their consequences.`,
          ]),
        ],
      },
      { title: 'Tiers, in their order', blocks: [text(plan.tiers.map(({ id }) => id).join(' → '))] },
    ],
  };
}

/** A window, a freeze, a live check, or another release: it goes on by itself when that is over. */
function stillHeld({ stage, waitingFor }: Status): readonly Section[] {
  const isHeld = stage.startsWith('conditions of') || stage === 'in line';
  return isHeld
    ? [{ title: 'What still holds it, though its gates are open', blocks: [list(waitingFor)] }]
    : [];
}

function openingRow({ id, before, hard }: Status['gates'][number]): readonly string[] {
  return [
    id,
    before,
    hard === null ? 'none: people alone decide' : String(hard.value),
    hard?.opens ?? '',
    hard?.readAt ?? '',
  ];
}

function look({ id, target }: Status, digest: string): string {
  return `Anyone: \`one-roof status ${id}\` must print \`digest ${digest}\` and the target \`${target}\`.`;
}

/** One line for each approval that is still missing. */
function approvals(status: Status, digest: string): readonly string[] {
  const signs = status.approving?.assurance === 'ssh' ? ' --sign KEY' : '';
  return nextGates(status).flatMap((gate) =>
    gate.approvals
      .filter(({ need, have }) => have.length < need)
      .map(({ group, need, have, of }) => {
        const who = of.filter((name) => !have.includes(name));
        const line = `one-roof approve ${status.id} --gate ${gate.id} --digest ${digest} --as NAME --reason "WHY"${signs}`;
        return `${need - have.length} of ${who.join(', ')} (group ${group}): \`${line}\` must print \`approve by NAME: accepted\`.`;
      }),
  );
}

function follow({ id }: Status, rehearsedMs: number | null): string {
  const time = rehearsedMs === null ? '' : ` In rehearsal its tiers took ${duration(rehearsedMs)}.`;
  return `Anyone: \`one-roof watch ${id}\` must end with \`released\` and exit code 0; One-Roof applies the tiers by itself.${time}`;
}

function keep({ id }: Status): string {
  return `Anyone: \`one-roof report ${id} --output ${id}.md\` must print \`written to\` and the file; keep it with the record of this change.`;
}
