import type { Wish } from '../run/plan';

/** One text that is replaced by another, as often as it must be found. */
export interface Patch {
  readonly file: string;
  readonly from: string;
  readonly to: string;
  readonly times?: number;
}

/** The product with one protection taken out, and where its absence shows soonest. */
export interface Mutant {
  readonly lacks: string;
  readonly patches: readonly Patch[];
  readonly wish: Wish;
}

const CLAIM = 'src/postgres/claim.ts';
const LEDGER = 'src/postgres/ledger.ts';
const SCHEMA = 'src/postgres/one-roof-schema.ts';
const ATTEMPT = 'src/postgres/attempt.ts';

export const MUTANTS: readonly Mutant[] = [
  {
    lacks: 'the claim',
    wish: { scenario: /^release$/, point: /^gate wait/, kind: /^two releases/ },
    patches: [
      { file: CLAIM, from: 'if (other !== undefined) {', to: `if (other !== undefined && release === '') {` },
      {
        file: CLAIM,
        from: '  const other = open.rows[0];\n',
        to: '  const other = open.rows[0];\n  const { package: pkg, release, scope, requester } = claimant;\n',
      },
      {
        file: CLAIM,
        from: '  const claim = await raiseFenceClaim(session);\n  const { package: pkg, release, scope, requester } = claimant;\n',
        to: '  const claim = await raiseFenceClaim(session);\n',
      },
      {
        file: SCHEMA,
        from: `create unique index if not exists at_most_one_open_release on one_roof.release ((true)) where state = 'open';\n`,
        to: '',
      },
    ],
  },
  {
    lacks: 'the ordinal',
    wish: {
      scenario: /^release that fails/,
      point: /^(tier: (connecting|transaction begun)|evidence: asked|close claim: connecting)/,
      kind: /^(pg_terminate_backend|attempt that comes late)$/,
    },
    patches: [
      {
        file: LEDGER,
        from: 'set ordinal = $2 where claim = $1 and ordinal < $2',
        to: 'set ordinal = greatest(ordinal, $2) where claim = $1',
      },
      {
        file: LEDGER,
        from: 'where claim = $1 and ordinal = $2 for update',
        to: 'where claim = $1 and ordinal >= $2 for update',
      },
      {
        file: SCHEMA,
        from: 'if (new.claim, new.ordinal) <= (old.claim, old.ordinal)',
        to: 'if (new.claim, new.ordinal) < (old.claim, old.ordinal)',
      },
      {
        file: SCHEMA,
        from: 'f.claim = new.claim and f.ordinal = new.ordinal',
        to: 'f.claim = new.claim and f.ordinal >= new.ordinal',
        times: 2,
      },
    ],
  },
  {
    lacks: 'the session lock',
    wish: { scenario: /^release$/, point: /^tier: connecting/, kind: /session lock/ },
    patches: [
      {
        file: 'src/postgres/session-lock.ts',
        from: `if (answer.rows[0]?.['mine'] === true) return;`,
        to: `if (answer.rows[0]?.['mine'] !== undefined) return;`,
      },
    ],
  },
  {
    lacks: 'the ledger in the same transaction',
    wish: { scenario: /^release$/, point: /^tier: (ledger row finishing|after commit)/, kind: /worker$|cut/ },
    patches: [
      {
        file: ATTEMPT,
        from: `  if (!attempt.repeat)
    await finishLedgerRow(session, attempt.hold, {
      rows: rowsOf(measures),
      effects: await measureEffects(session, (oid) => observer.knew(oid)),
    });
`,
        to: `  const done_ = { rows: rowsOf(measures), effects: await measureEffects(session, (oid) => observer.knew(oid)) };
  if (!attempt.repeat) afterCommit.set(session, () => finishLedgerRow(session, attempt.hold, done_));
`,
      },
      {
        file: ATTEMPT,
        from: `outcome === 'rolled back' ? 'commit' : 'rollback');\n  return withLocksHeld(attempted);`,
        to: `outcome === 'rolled back' ? 'commit' : 'rollback');\n  await afterCommit.get(session)?.();\n  return withLocksHeld(attempted);`,
      },
      {
        file: ATTEMPT,
        from: 'async function applyWithin(',
        to: 'const afterCommit = new Map<Session, () => Promise<void>>();\n\nasync function applyWithin(',
      },
    ],
  },
  {
    lacks: 'COMMIT in a message of its own',
    wish: { scenario: /^release$/, point: /^tier: ledger row finishing/, kind: /arrives late/ },
    patches: [
      {
        file: LEDGER,
        from: `  const finished = await session.query(
    \`update one_roof.ledger set finished_at = pg_catalog.clock_timestamp(), rows_changed = $3, effects = $4
      where claim = $1 and ordinal = $2 and finished_at is null\`,
    [hold.claim, hold.ordinal, done.rows, done.effects === null ? null : JSON.stringify(done.effects)],
  );
  if (finished.rowCount !== 1)
    throw new ReleaseError('TRANSACTION_ESCAPED', 'the ledger row of this attempt is gone');
`,
        to: `  const effects = done.effects === null ? 'null' : \`'\${JSON.stringify(done.effects).replaceAll("'", "''")}'\`;
  await session.client.query(
    \`update one_roof.ledger set finished_at = clock_timestamp(), rows_changed = \${done.rows}, effects = \${effects}
      where claim = \${hold.claim} and ordinal = \${hold.ordinal} and finished_at is null; commit\`,
  );
`,
      },
    ],
  },
  {
    lacks: '`already applied` tiers spared by compensation',
    wish: { scenario: /^second version/, point: /^tier: (connecting|fence)/, kind: /backend|cut/ },
    patches: [
      {
        file: LEDGER,
        from: `  if (attempt.direction === 'rollback' && row['release'] !== (attempt.of ?? attempt.hold.release))
    return undefined;
`,
        to: '',
      },
      {
        file: 'src/workflows/release-compensation.ts',
        from: `  return outcome === 'applied' || (`,
        to: `  return outcome === 'applied' || outcome === 'already applied' || (`,
      },
    ],
  },
];
