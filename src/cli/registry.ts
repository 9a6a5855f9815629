import type { Command } from './command';
import { approve, openGate, reject, withdraw } from './commands/approvals';
import { baseline } from './commands/baseline';
import { clonesDrop, clonesList } from './commands/clones';
import { completion, completionServer } from './commands/completion';
import { abort, closeGate, decide, pause, resume } from './commands/controls';
import { diff } from './commands/diff';
import { demo } from './commands/demo';
import { doctor } from './commands/doctor';
import { down, up } from './commands/embedded';
import { fingerprint } from './commands/fingerprint';
import { evidenceList, evidenceShow } from './commands/evidence';
import { evidenceVerify } from './commands/evidence-verify';
import { evaluate } from './commands/evaluate';
import { gateStatus, monitorStart, monitorStatus, monitorStop } from './commands/gate';
import { goldenList, goldenReset, goldenRetire, goldenSnapshot, goldenVerify } from './commands/golden';
import { list } from './commands/list';
import { logs } from './commands/logs';
import { mcp } from './commands/mcp';
import { open } from './commands/open';
import { audit, packageCheck, packageDigest, packageManifest } from './commands/packages';
import { order } from './commands/order';
import { plan } from './commands/plan';
import { query } from './commands/query';
import { rehearse } from './commands/rehearse';
import { prove } from './commands/prove';
import { recover } from './commands/recover';
import { release } from './commands/release';
import { report } from './commands/report';
import { review } from './commands/review';
import { roles } from './commands/roles';
import { rollback } from './commands/rollback';
import { runbookRelease, runbookRollback } from './commands/runbook';
import { status } from './commands/status';
import { targetPrepare } from './commands/target-prepare';
import { targets } from './commands/targets';
import { timeline } from './commands/timeline';
import { watch } from './commands/watch';
import { worker } from './commands/worker';

/** Every command, in the order in which a newcomer meets them. Help, docs/cli.md and completion are made from it. */
export const COMMANDS: readonly Command[] = [
  demo,
  up,
  down,
  doctor,
  worker,
  open,
  logs,
  packageCheck,
  packageManifest,
  packageDigest,
  audit,
  plan,
  targets,
  targetPrepare,
  roles,
  rehearse,
  evaluate,
  clonesList,
  clonesDrop,
  goldenSnapshot,
  goldenVerify,
  goldenReset,
  goldenList,
  goldenRetire,
  prove,
  runbookRelease,
  runbookRollback,
  release,
  review,
  order,
  approve,
  openGate,
  reject,
  withdraw,
  closeGate,
  pause,
  resume,
  decide,
  abort,
  recover,
  rollback,
  gateStatus,
  monitorStart,
  monitorStatus,
  monitorStop,
  list,
  status,
  watch,
  timeline,
  report,
  evidenceList,
  evidenceShow,
  evidenceVerify,
  baseline,
  query,
  mcp,
  fingerprint,
  diff,
  completion,
  completionServer(() => COMMANDS),
];
