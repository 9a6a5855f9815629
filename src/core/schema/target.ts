import { z } from 'zod';
import { Calendar } from './calendar';
import { LiveChecks } from './condition';
import { PolicyGate, Quorum } from './gate-rule';
import { Masking } from './masking';
import { Duration, Name } from './name';
import { Sink } from './notice';

/** Where a target is: a libpq service, or an environment variable of the worker that holds a URL. Never the URL itself. */
export const ConnectionSource = z.union([
  z.strictObject({ service: z.string().min(1) }),
  z.strictObject({ urlFrom: z.string().regex(/^[A-Z_][A-Z0-9_]*$/, 'the name of an environment variable') }),
]);
export type ConnectionSource = z.infer<typeof ConnectionSource>;

const PolicyKeys = z.strictObject({
  request: z.array(Name).optional().describe('Who may start a release; anyone when it is left out.'),
  abort: z
    .array(Name)
    .optional()
    .describe('Who may abort, pause, resume, decide and close a gate; anyone when it is left out.'),
  gates: z
    .array(PolicyGate)
    .refine((gates) => new Set(gates.map((gate) => gate.id)).size === gates.length, {
      message: 'two gates bear one name',
    })
    .refine((gates) => gates.every((gate) => !gate.id.startsWith('override.')), {
      message: 'names that begin with `override.` belong to overrides',
    })
    .default([])
    .describe('The least that must hold; a package can only ask for more.'),
  assurance: z
    .enum(['claimed', 'ssh', 'principal'])
    .default('claimed')
    .describe('How an approver must be known.'),
  allowedSigners: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file of the SSH keys that may sign approvals, by name, in the format of OpenSSH; beside targets.yaml.',
    ),
  protectedTables: z
    .array(z.string())
    .default([])
    .describe('schema.table; never written by the executor, compared by every rehearsal.'),
  masking: Masking.optional().describe('What nobody may see in a clone, and what becomes of it there.'),
  rehearsal: z
    .strictObject({ required: z.boolean().default(true), maxAge: Duration.default('7d') })
    .default({ required: true, maxAge: '7d' }),
  approvalsValidFor: Duration.default('30d'),
  waitAtMost: Duration.default('30d').describe('How long a release waits at a gate before it expires.'),
  readGatesEvery: Duration.default('5s').describe('How often the gate monitor reads the hard gates.'),
  decideWithin: Duration.optional().describe(
    'A release that failed under `onFailure: hold` is rolled back when nobody has decided for so long.',
  ),
  watch: z
    .strictObject({
      tables: z
        .array(z.string())
        .default([])
        .describe('schema.table; the gate monitor tells when they are written.'),
      transactionAge: Duration.default('15m').describe('A transaction that is older is told.'),
      alarmAfter: Duration.default('5m').describe('Gates that cannot be read for so long are an alarm.'),
    })
    .default({ tables: [], transactionAge: '15m', alarmAfter: '5m' })
    .describe('What the gate monitor looks for beside the gates.'),
  ...Calendar.shape,
  windowMargin: z
    .number()
    .min(1)
    .default(2)
    .describe('A release is begun, and goes on, only where so many times its rehearsed time is left.'),
  live: LiveChecks.optional().describe('What must hold at the target before each tier.'),
  override: z
    .record(Name, Quorum)
    .optional()
    .describe(
      'Groups that may together let a release go on outside the windows, or against `live`: more people than any gate asks for.',
    ),
  fingerprintBudget: Duration.default('30s').describe(
    'How long a release may read the rows of the tables that it touches, before and after; at most a minute.',
  ),
  unexplained: z
    .enum(['verdict', 'report'])
    .default('verdict')
    .describe('What a change of the schema that no rehearsal predicted is, at the end of a release.'),
  lockBudget: Duration.default('15m').describe('How long a tier may keep trying to get its locks.'),
});

/** What a protected target asks of every release, whatever its package says. DESIGN.md §4. */
export const Policy = PolicyKeys.refine(
  (policy) => policy.assurance !== 'ssh' || policy.allowedSigners !== undefined,
  {
    path: ['allowedSigners'],
    message: 'signed approvals need the file of the allowed signers',
  },
).refine(({ override, gates }) => override === undefined || needed(override) > mostNeeded(gates), {
  path: ['override'],
  message: 'an override needs more people than any gate of the policy',
});
export type Policy = z.infer<typeof Policy>;

function needed(quorums: Readonly<Record<string, Quorum>>): number {
  return Object.values(quorums).reduce((sum, { need }) => sum + need, 0);
}

function mostNeeded(gates: readonly PolicyGate[]): number {
  return Math.max(0, ...gates.map(({ approvals }) => needed(approvals)));
}

export const Roles = z.strictObject({
  reader: z.string().default('one_roof_reader'),
  cloner: z.string().default('one_roof_cloner'),
  executor: z.string().default('one_roof_executor'),
  restorer: z.string().optional().describe("A clone host's superuser, who creates and restores clones."),
});
export type Roles = z.infer<typeof Roles>;

/** What a target lets its read channel do beyond what every target does. */
export const ReadChannel = z.strictObject({
  functions: z
    .array(z.string().regex(/^[^.]+\.[^.]+$/, 'schema.name'))
    .default([])
    .describe('schema.name; functions of your own that only read. All that they do, they may do in a read.'),
  standby: ConnectionSource.optional().describe('A hot standby: `query` and `mcp` ask it first.'),
});
export type ReadChannel = z.infer<typeof ReadChannel>;

export const Target = z
  .strictObject({
    kind: z.enum(['database', 'clone-host']),
    connection: ConnectionSource,
    roles: Roles.default({
      reader: 'one_roof_reader',
      cloner: 'one_roof_cloner',
      executor: 'one_roof_executor',
    }),
    queue: z
      .string()
      .min(1)
      .optional()
      .describe('The task queue of the workers that reach it; `one-roof.<name>` when left out.'),
    protected: z.boolean().default(true),
    registration: z
      .string()
      .min(8)
      .optional()
      .describe('The nonce that `one-roof target prepare` wrote into the database.'),
    readChannel: ReadChannel.default({ functions: [] }).describe(
      'What `query`, `mcp` and packages may read.',
    ),
    policy: Policy.optional(),
    notify: z.array(Sink).default([]).describe('Who is told when a release needs a person.'),
  })
  .superRefine((target, context) => {
    if (target.kind === 'clone-host' && target.roles.restorer === undefined) {
      context.addIssue({
        code: 'custom',
        path: ['roles', 'restorer'],
        message: 'a clone host needs its restorer',
      });
    }
  });
export type Target = z.infer<typeof Target>;

/** `targets.yaml`: NAME → target. It belongs to the worker; a package cannot change it. */
export const Targets = z.record(Name, Target);
export type Targets = z.infer<typeof Targets>;

/** What a workflow may know of a target: no connection. */
export const TargetDescription = z.object({
  name: Name,
  kind: z.enum(['database', 'clone-host']),
  queue: z.string(),
  protected: z.boolean(),
  registered: z.boolean(),
  notifies: z.boolean().default(false).describe('it names somebody to be told'),
  verifiesSignatures: z.boolean().default(false).describe('it names allowed signers'),
  policy: PolicyKeys.omit({ allowedSigners: true }),
});
export type TargetDescription = z.infer<typeof TargetDescription>;
