/**
 * What workflows are found by in the Temporal UI and in `one-roof list`. All are Keywords: exact words, of which a
 * namespace on PostgreSQL or SQLite holds ten. They are never encrypted: names and digests only.
 */
export const SEARCH_ATTRIBUTES = {
  package: 'OneRoofPackage',
  version: 'OneRoofVersion',
  digest: 'OneRoofDigest',
  target: 'OneRoofTarget',
  stage: 'OneRoofStage',
  gate: 'OneRoofGate',
} as const;

export type SearchAttributeName = (typeof SEARCH_ATTRIBUTES)[keyof typeof SEARCH_ATTRIBUTES];
