import { ReleaseError } from '../core/rules/release-error';
import type { Hold } from '../core/schema/attempt';
import type { Session } from './session';

const STANDING = `
select (select system_identifier::text from pg_catalog.pg_control_system()) as system,
       (select timeline_id from pg_catalog.pg_control_checkpoint()) as timeline,
       (select claim from one_roof.fence) as claim,
       (select coalesce(max(ordinal), 0) from one_roof.ledger where claim = $1 and finished_at is not null) as tip`;

/**
 * Is this still the database that acknowledged what this claim has done? After a failover to a standby that was behind, or a
 * restored backup, the claim or a finished attempt is gone: then nothing may be applied on top, and nothing undone.
 * @throws COMMITS_LOST
 */
export async function verifyNothingLost(session: Session, hold: Hold): Promise<void> {
  const row = (await session.query(STANDING, [hold.claim])).rows[0] ?? {};
  const [claim, tip] = [Number(row['claim']), Number(row['tip'])];
  const lost = [
    ...(claim < hold.claim ? [`claim ${hold.claim} is gone, the fence stands at ${claim}`] : []),
    ...(hold.tip !== undefined && tip < hold.tip
      ? [`attempt ${hold.claim}.${hold.tip} was committed and is gone`]
      : []),
  ];
  const server = { systemIdentifier: String(row['system']), timeline: Number(row['timeline']) };
  const isOther = hold.server !== undefined && server.systemIdentifier !== hold.server.systemIdentifier;
  if (isOther) lost.push('another server answers (its system identifier differs)');
  if (lost.length === 0) return;
  throw new ReleaseError('COMMITS_LOST', [...lost, ...timelineOf(hold, server.timeline)].join('; '), {
    details: { server },
  });
}

/** A promoted standby counts on in a new timeline: by itself that is no loss, beside one it is the cause. */
function timelineOf({ server }: Hold, timeline: number): readonly string[] {
  return server === undefined || server.timeline === timeline
    ? []
    : [`the timeline was ${server.timeline} and is ${timeline}: there was a failover`];
}
