/** What clients and workflows call each other by; every Temporal client may rely on these words. DESIGN.md §5. */
export const WORKFLOW_QUEUE = 'one-roof';

export const WORKFLOWS = {
  rehearsal: 'rehearsal',
  release: 'release',
  evaluation: 'scopeEvaluation',
  gateMonitor: 'gateMonitor',
  golden: 'golden',
} as const;

/** What people name by an id. */
export type WorkflowKind = 'rehearsal' | 'release' | 'evaluation';

/** Queries of rehearsal and release; `acts` of release alone. */
export const QUERIES = { status: 'status', plan: 'plan', timeline: 'timeline', acts: 'acts' } as const;

/** Query and signals of a gate monitor that people and commands use. */
export const MONITOR = { query: 'monitor', keep: 'keep', stop: 'stop' } as const;

/** `release-one-roof-governance-7k3f9q`: what, of which package, and six characters that stand for it alone. */
export function workflowId(kind: WorkflowKind, packageName: string, shortId: string): string {
  return `${kind}-${packageName}-${shortId}`;
}

/** The last part of a workflow id, by which people refer to it. */
export function shortIdOf(workflow: string): string {
  return workflow.slice(workflow.lastIndexOf('-') + 1);
}

/** The queue of the workers that reach a target, where targets.yaml names none. */
export function targetQueue(target: string): string {
  return `one-roof.${target}`;
}

/** One monitor a target, whoever waits. */
export function monitorId(target: string): string {
  return `gate-monitor-${target}`;
}

/** One a golden, so that no two ever work on it at once. */
export function goldenId(host: string, name: string): string {
  return `golden-${host}-${name}`;
}
