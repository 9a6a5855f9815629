import type { EffectiveGate } from '../../core/rules/effective-gate';
import { shell, text } from '../document';
import type { Block } from '../document';
import type { RunbookFacts } from './facts';

/** One line of code in a sentence: SQL on one line. */
export function sqlLine(sql: string): string {
  return `\`${sql.replaceAll(/\s+/g, ' ').replaceAll('`', "'").trim()}\``;
}

/** Whose approval each group of a gate needs. */
export function quorums({ approvals }: EffectiveGate): readonly string[] {
  return Object.entries(approvals).map(
    ([group, { need, of }]) => `${need} of ${of.join(', ')} (group ${group})`,
  );
}

/** One command for each group of each gate. */
export function approvalCommands({ gates, plan, policy }: RunbookFacts): readonly Block[] {
  const sign = policy?.assurance === 'ssh' ? ' --sign KEY' : '';
  return gates.flatMap((gate) =>
    Object.entries(gate.approvals).flatMap(([group, { need, of }]) => [
      text(`Gate ${gate.id}, before ${gate.before}, group ${group}: ${need} of ${of.join(', ')}.`),
      shell(
        `one-roof approve ID --gate ${gate.id} --digest ${plan.package.digest} --as NAME --reason "WHY"${sign}`,
      ),
      text('It must print `approve by NAME: accepted`.'),
    ]),
  );
}

/** Who cannot approve, whatever a gate says. */
export function barred({ plan }: RunbookFacts): string {
  const others = [plan.author, plan.lastEditor].filter((name) => name !== null);
  const names = others.length === 0 ? '' : `, nor ${[...new Set(others)].join(' or ')}, who wrote it`;
  return `Whoever requests it cannot approve it${names}.`;
}
