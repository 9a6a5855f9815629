import { isOverride } from '../core/rules/override';
import type { GateStatus, Status } from '../core/schema/outcome';
import { isHolding } from './exit-codes';

/** What a hold may offer; a stuck rollback offers no rollback, and a hold at the end nothing but to do it again. */
const DECISIONS = [
  { begins: 'decide retry', command: (id: string) => `decide ${id} retry` },
  { begins: 'decide rollback', command: (id: string) => `decide ${id} rollback` },
  { begins: 'abort', command: (id: string) => `abort ${id}` },
] as const;

/** The exact commands that somebody may type now, one for each thing that a person is waited for. */
export function nextCommands(status: Status): readonly string[] {
  const { id } = status;
  if (isHolding(status)) {
    return DECISIONS.filter(({ begins }) => status.choices.some((choice) => choice.startsWith(begins))).map(
      ({ command }) => `one-roof ${command(id)} --as YOUR-NAME --reason "WHY"`,
    );
  }
  const approvals = waitedGates(status).flatMap((gate) => approvalsOf(status, gate));
  const resume = status.paused ? [`one-roof resume ${id} --as YOUR-NAME --reason "WHY"`] : [];
  const read = approvals.length === 0 ? [] : [`one-roof review ${id}  # what is asked`];
  return [
    ...resume,
    ...read,
    ...approvals,
    ...(status.waitingFor.length > 0 ? [`one-roof watch ${id}`] : []),
  ];
}

/** The gates that it waits at: closed ones before the nearest tier; later ones are asked for later. */
function waitedGates(status: Status): readonly GateStatus[] {
  if (status.waitingFor.length === 0) return [];
  const isHeld = status.gates.some(isOverride); // they are there while conditions hold it, and then nothing else is asked
  const closed = status.gates.filter((gate) => !gate.open && isOverride(gate) === isHeld);
  return closed.filter((gate) => gate.before === closed[0]?.before);
}

function approvalsOf(status: Status, gate: GateStatus): readonly string[] {
  return gate.approvals
    .filter((group) => group.have.length < group.need)
    .map((group) => {
      const left = group.of.filter((name) => !group.have.includes(name)).join(' or ');
      const what = `--gate ${gate.id} --digest ${status.package.digest}`;
      const sign = status.approving?.assurance === 'ssh' ? ' --sign KEY' : '';
      const when = isOverride(gate) ? 'in an emergency; ' : '';
      return `one-roof approve ${status.id} ${what} --as NAME --reason "WHY"${sign}  # ${when}NAME: ${left}`;
    });
}
