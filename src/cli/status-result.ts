import type { Temporal } from '../client/connection';
import { askPlan } from '../client/question';
import type { Observation } from '../client/watching';
import type { Status } from '../core/schema/outcome';
import type { CommandContext, CommandResult } from './command';
import { exitOfStatus, isHolding } from './exit-codes';
import { statusText } from './print/status-text';

/** What is known of a workflow beside its own word. */
export interface Seen extends Pick<Observation, 'pending'> {
  readonly status: Status;
  readonly recovers?: string | null;
  readonly rollsBack?: string | null;
}

/** Where an open workflow stands. Where it holds its plan is asked for: it names the files of the SQL. */
export async function statusResult(
  { terminal }: CommandContext,
  temporal: Temporal,
  { status, pending, recovers, rollsBack }: Seen,
): Promise<CommandResult> {
  const plan = isHolding(status) ? await askPlan(temporal, status.id) : undefined;
  const concern = {
    ...(typeof recovers === 'string' ? { recovers } : {}),
    ...(typeof rollsBack === 'string' ? { rollsBack } : {}),
  };
  const look = {
    colours: terminal.colours,
    now: Date.now(),
    plan: plan?.answered === true ? plan.value : null,
    ...concern,
  };
  return {
    document: { ...status, ...concern, pending },
    text: statusText(status, pending, look),
    exit: exitOfStatus(status),
  };
}
