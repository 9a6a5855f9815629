/** What a code means for the one who has to act. `verdict`: the database or the package said no; compensation follows. */
interface Failure {
  readonly retryable: boolean;
  readonly verdict: boolean;
  readonly exit: 1 | 2 | 3 | 4 | 5;
  readonly hint: string;
}

/**
 * One table: code → may it be retried, is it a verdict on the release, the exit code of the command line, what to do next.
 * `docs/failures.md` has one section for each; a test compares the two.
 */
export const FAILURES = {
  USAGE: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'See `one-roof help` for the commands and their options.',
  },
  CONFIG_INVALID: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Correct targets.yaml at the place that is named; docs/operating.md describes each key.',
  },
  CONFIG_MISSING: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Give `--config targets.yaml`, or start the stand-in with `one-roof up --stand-in`.',
  },
  TARGET_UNKNOWN: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Use one of the targets that are named, or add it to targets.yaml and restart its worker.',
  },
  PACKAGE_MISSING: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Give the folder that holds release.yaml.',
  },
  DESCRIPTOR_INVALID: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Correct release.yaml at the place that is named; docs/package.md describes each key.',
  },
  MANIFEST_MISMATCH: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Restore the file, or write a new manifest with `one-roof package manifest`, then rehearse and approve the new bytes.',
  },
  SQL_REFUSED: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Take the construct out of the file; docs/package.md says what executed files may hold.',
  },
  SCOPE_UNKNOWN: { retryable: false, verdict: false, exit: 2, hint: 'Use one of the scopes that are named.' },
  PACKAGE_NOT_STORED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Run the command again from the folder: it stores the package for the workers.',
  },
  REFERENCE_UNKNOWN: { retryable: false, verdict: false, exit: 2, hint: '`one-roof list` shows the ids.' },
  SERVER_UNREACHABLE: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Start the embedded servers with `one-roof up`, or give the address of yours with `--address`.',
  },
  NO_WORKER: {
    retryable: true,
    verdict: false,
    exit: 3,
    hint: 'Start a worker with `one-roof worker`; what was sent is kept and will be answered.',
  },
  CONNECT_FAILED: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Check that the database runs and that the worker reaches it; it is tried again.',
  },
  AUTH_FAILED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: "Correct the role's password in the worker's PGPASSFILE or URL.",
  },
  POOLER_REFUSED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Point the target at PostgreSQL itself: a transaction pooler gives no session to hold a lock in.',
  },
  WRONG_DATABASE: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Point the target at the database that the package names.',
  },
  WRONG_REGISTRATION: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'This is not the database that targets.yaml means. If it should be, `one-roof target prepare NAME` shows its nonce: put that into `registration:`.',
  },
  NOT_PREPARED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Let a DBA run the SQL that `one-roof target prepare NAME` prints, and put the nonce that it prints into `registration:` of targets.yaml.',
  },
  VERSION_UNSUPPORTED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Use a server of the version that the package and One-Roof (14 to 18) need.',
  },
  PRIVILEGE_MISSING: {
    retryable: false,
    verdict: true,
    exit: 4,
    hint: 'Grant the role what is named, as `one-roof roles` shows it.',
  },
  PRIVILEGE_EXCESS: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Take from the role what is named: it may do more than a release may.',
  },
  PREFLIGHT_FAILED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Mend what the failed checks name; nothing was changed.',
  },
  REHEARSAL_MISSING: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Rehearse exactly this package and scope from this target first: `one-roof rehearse`.',
  },
  REQUEST_REFUSED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Let someone request it whom the policy of the target names.',
  },
  POLICY_MISSING: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Give the protected target a policy in targets.yaml: a package never chooses its own gate.',
  },
  BASELINE_DRIFT: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'Compare the baselines in the report; find who changed the metric that is named.',
  },
  DELTA_UNEXPLAINED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'Find out who changed what is named. If it was nobody of ours, release again in a quiet hour; else rehearse again.',
  },
  DATABASE_HELD: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Another release holds this database, and no workflow of it runs here. Where it was terminated: `one-roof recover TARGET` rolls it back, or takes it over.',
  },
  RELEASE_CLOSED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'This release has given up its claim. Start a new one.',
  },
  SUPERSEDED: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'A newer attempt has taken over; look at the ledger for what is in effect.',
  },
  TIER_CHANGED: {
    retryable: false,
    verdict: true,
    exit: 4,
    hint: 'The tier is in effect with other bytes. Roll that release back, or give the changed tier a new id.',
  },
  TIER_HALF_DONE: {
    retryable: false,
    verdict: true,
    exit: 4,
    hint: 'A backfill stopped halfway. Let the release that is named go on, or roll it back (`one-roof recover`).',
  },
  LOCK_TIMEOUT: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Another session holds the table; it is tried again for as long as the policy’s lockBudget says. pg_locks names the holder.',
  },
  SESSION_LOST: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'The connection or the server ended; the ledger decides and it is tried again.',
  },
  SERIALIZATION: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Two transactions met; it is tried again.',
  },
  STATEMENT_FAILED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'Correct the statement that is named, then rehearse the new bytes.',
  },
  TRANSACTION_ESCAPED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'A statement ended the transaction. Take transaction control out of the tier.',
  },
  EXPECTATION_FAILED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'The tier did not do what its `expect` or `inert` says. Correct the tier or the expectation.',
  },
  BUDGET_EXCEEDED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'The tier cost others more than its `budget` allows. Make it cheaper, or raise the budget and rehearse again.',
  },
  VERIFY_FAILED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'A check at the end does not hold; the report lists it.',
  },
  NOT_REPEATABLE: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'A second run of the tier changed something. Correct it, or take `repeatable` away.',
  },
  ROLLBACK_INEXACT: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'The rollback did not give back what was there; the differences are listed.',
  },
  IRREVERSIBLE: {
    retryable: false,
    verdict: false,
    exit: 5,
    hint: 'The package says that this tier cannot be rolled back. What is left applied is named: decide by hand what becomes of it.',
  },
  OTHERS_ROWS: {
    retryable: false,
    verdict: false,
    exit: 5,
    hint: 'Others wrote rows that the rollback would remove. Save them, then `decide retry`.',
  },
  GATE_CLOSED: {
    retryable: false,
    verdict: false,
    exit: 3,
    hint: 'Ask again when the gate is open; `one-roof gate status TARGET` tells what its monitor read.',
  },
  GATE_WRITTEN: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'Take that write out of the tier, or let the gate read something that no tier writes.',
  },
  GATE_UNREADABLE: {
    retryable: true,
    verdict: false,
    exit: 3,
    hint: 'An unreadable gate is a closed gate. Mend the query or the connection; it is read again.',
  },
  OBSERVATION_FAILED: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'The server did not answer the read in time; it is read again. Nothing is undone because of it.',
  },
  NOTIFY_FAILED: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Look at the sink that is named: its address in the worker’s environment, its answer. It is tried again.',
  },
  READ_REFUSED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Grant the reader what is named, as `one-roof roles` shows it.',
  },
  QUERY_REFUSED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'docs/read-channel.md says what the read channel lets through. What a target’s own functions do is opened in its `readChannel` in targets.yaml.',
  },
  ANSWER_TOO_LARGE: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'Ask for less: aggregate, add a WHERE, or name fewer columns.',
  },
  QUERY_TOO_LONG: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'A read has five seconds. Ask for less, or for what an index can answer.',
  },
  CALL_NOT_RECORDED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Nothing is asked without a record. Let ONE_ROOF_STORE name a folder that this user may write, on a disk with room.',
  },
  READ_WROTE: {
    retryable: false,
    verdict: true,
    exit: 4,
    hint: 'A read assigned a transaction id: something in it writes. Find it before you go on.',
  },
  CLONE_DIFFERS: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'The clone is not what the snapshot of the source was; the differences are listed.',
  },
  CLONE_NOT_OURS: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'One-Roof drops only databases that it created itself. Look at what this one is.',
  },
  RELEASE_RUNS: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'A release that runs is not recovered: `one-roof abort` ends it and rolls it back, `decide` answers what it asks.',
  },
  NOTHING_APPLIED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Nothing is to be rolled back. `one-roof list` shows the releases; a tier that a later release applied again is that one’s.',
  },
  COMMITS_LOST: {
    retryable: false,
    verdict: false,
    exit: 5,
    hint: 'Stop others from writing, find out what the database has lost (a failover, a restored backup), and decide before anything else is done.',
  },
  CLONE_NAME_TAKEN: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Keep the clone under another name, or drop that database first (`one-roof clones list` and `drop`).',
  },
  MASK_MISSING: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Give each sensitive column that is named a rule in `masking` of the source’s policy, or correct its name there; docs/golden.md describes both.',
  },
  MASK_FAILED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'Correct the rule of the column that is named. The clone was never open to anybody and is dropped.',
  },
  GOLDEN_UNKNOWN: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: '`one-roof golden list` shows the goldens; `one-roof golden snapshot NAME` makes one of a kept clone.',
  },
  GOLDEN_NOT_FINALIZED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Make a clone with `one-roof rehearse … --keep-as NAME`, then take the snapshot of that one.',
  },
  GOLDEN_PROTECTED: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'A golden is dropped by `one-roof golden retire NAME` alone.',
  },
  GOLDEN_IN_USE: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Let those who are named go, or end their sessions with `--force`.',
  },
  GOLDEN_DIFFERS: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'The database is not what was recorded; the differences are listed. `one-roof golden reset NAME` restores it.',
  },
  SNAPSHOT_CHANGED: {
    retryable: false,
    verdict: true,
    exit: 4,
    hint: 'Bring the files of the snapshot back from a backup of the store; while the golden is as recorded, `one-roof golden snapshot NAME` takes a new one.',
  },
  PROTECTED_CHANGED: {
    retryable: false,
    verdict: true,
    exit: 1,
    hint: 'A tier wrote a protected table. Take that write out.',
  },
  TOOL_FAILED: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'A PostgreSQL program failed; its own words are in the message.',
  },
  STORE_FAILED: {
    retryable: true,
    verdict: false,
    exit: 1,
    hint: 'Make the store readable and writable for the worker; it is tried again.',
  },
  EVIDENCE_INVALID: {
    retryable: false,
    verdict: false,
    exit: 4,
    hint: 'Restore the file, or move it out of the store; `one-roof evidence verify` tells all that is wrong with it.',
  },
  REJECTED: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'An approver said no; the reason is in the report.',
  },
  EXPIRED: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'The wait at the gate ended. Start a new release when people are ready.',
  },
  ABORTED: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'It was stopped by a person; the reason is in the report.',
  },
  SETUP_INCOMPLETE: {
    retryable: false,
    verdict: false,
    exit: 2,
    hint: 'Run `npm run setup`; it names what is missing and how to get it.',
  },
  INTERNAL: {
    retryable: false,
    verdict: false,
    exit: 1,
    hint: 'This is a defect of One-Roof. Keep the log and the history, and report it.',
  },
} as const satisfies Record<string, Failure>;

export type FailureCode = keyof typeof FAILURES;

/** Does the word name a code of the table? */
export function isFailureCode(word: string): word is FailureCode {
  return Object.hasOwn(FAILURES, word);
}
