/** A name as the text has it; without a schema the search path finds it. */
export interface ObjectName {
  readonly schema?: string;
  readonly name: string;
}

/**
 * A statement that runs outside a transaction and converges: the catalog tells whether its effect is there, or repeating it
 * does no harm. `mayExist`, `mayBeMissing`: IF NOT EXISTS, IF EXISTS.
 */
export type Step =
  | {
      readonly kind: 'create index';
      readonly index: string;
      readonly table: ObjectName;
      readonly mayExist: boolean;
    }
  | { readonly kind: 'drop index'; readonly index: ObjectName; readonly mayBeMissing: boolean }
  | { readonly kind: 'reindex'; readonly of: 'index' | 'table' | 'schema'; readonly object: ObjectName }
  | { readonly kind: 'vacuum' }
  | {
      readonly kind: 'add value';
      readonly type: ObjectName;
      readonly value: string;
      readonly mayExist: boolean;
    }
  | { readonly kind: 'detach partition'; readonly table: ObjectName; readonly partition: ObjectName }
  | { readonly kind: 'refresh'; readonly view: ObjectName };
