/** All that the workers run, under the names by which clients start them. */
export { gateMonitor } from './gate-monitor';
export { golden } from './golden';
export { rehearsal } from './rehearsal';
export { release } from './release';
export { scopeEvaluation } from './scope-evaluation';
