import type { Status } from '../../core/schema/outcome';
import type { ReleasePlan } from '../../core/schema/plan';

/** What a person has to know who decides: what is applied, what is not, and which SQL it stopped at. */
export function holdingLines(status: Status, plan: ReleasePlan | null): readonly string[] {
  const outcomes = [...new Set(status.tiers.map(({ outcome }) => outcome))];
  const tiers = outcomes.map((outcome) => {
    const ids = status.tiers.filter((tier) => tier.outcome === outcome).map(({ id }) => id);
    return `${outcome}: ${ids.join(', ')}`;
  });
  const rollback = stoppedRollback(status);
  if (rollback === undefined) return tiers;
  return [...tiers, `stopped at the rollback of ${rollback}${fileOf(rollback, plan)}`, ...sqlLines(status)];
}

/** What a person may have to run by hand, word for word. */
function sqlLines({ stuck }: Status): readonly string[] {
  if (stuck === undefined) return [];
  const { line, sql, more, runbook } = stuck;
  return [
    `its SQL, from line ${line}:`,
    ...sql.split('\n').map((each) => `  ${each}`),
    ...(more === 0 ? [] : [`  -- ${more} more characters in the file`]),
    `what to do: ${runbook.join(', ')}`,
  ];
}

const ROLLBACK_STAGE = /^roll back (\S+)$/;

/** The tier whose rollback is held. */
function stoppedRollback({ stages }: Status): string | undefined {
  const running = stages.findLast(({ stage, state }) => state === 'running' && ROLLBACK_STAGE.test(stage));
  return running === undefined ? undefined : ROLLBACK_STAGE.exec(running.stage)?.[1];
}

/** A file that serves several tiers has a section for each. */
function fileOf(tier: string, plan: ReleasePlan | null): string {
  const path = plan?.tiers.find(({ id }) => id === tier)?.rollback?.path;
  if (plan === null || path === undefined) return '';
  const isShared = plan.tiers.filter(({ rollback }) => rollback?.path === path).length > 1;
  return `: ${path}${isShared ? `, section \`-- one-roof: rollback ${tier}\`` : ''}`;
}
