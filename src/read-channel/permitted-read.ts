/** A statement that the channel's own rules let through. What its names mean only the database can tell: it is asked before it runs. */
export interface PermittedRead {
  /** Exactly the text that was judged, and the only one that may be sent. */
  readonly text: string;
  readonly names: NamesUsed;
}

/** A name and where it stands, in bytes of UTF-8 from the beginning of the text. `schema`: null where it is not qualified. */
export interface Named {
  readonly schema: string | null;
  readonly name: string;
  readonly location: number;
}

export interface CalledFunction extends Named {
  /** `f(a => 1)`: arguments are found by name, so that a function of the same types need not be the one that is called. */
  readonly byNames: boolean;
}

/** `a.f`, `(expression).f`: a column, or a function of one argument that is called so. */
export interface FieldRead {
  readonly name: string;
  readonly location: number;
  /** `a`, where that is a plain name. */
  readonly of: string | null;
}

/** A relation under the name by which the rest of the statement knows it. */
export interface ReadRelation extends Named {
  readonly alias: string;
}

/** All that a statement names and the database resolves. A CTE is among the relations where it is read: nothing may be there by its name. */
export interface NamesUsed {
  readonly functions: readonly CalledFunction[];
  /** Written ones, and those that the grammar stands for: `=` in `case x when`, in `using`, in `in (select …)`. */
  readonly operators: readonly Named[];
  readonly types: readonly Named[];
  readonly relations: readonly ReadRelation[];
  readonly fields: readonly FieldRead[];
  /**
   * Every other name that a relation, a subquery or a CTE bears in the statement, and the alias of a relation whose columns are given
   * other names: one that is also a relation's alias is ambiguous.
   */
  readonly otherAliases: readonly string[];
}

/** What a target opens beyond PostgreSQL's own harmless functions: `schema.name`, by its owner's word in targets.yaml. */
export interface Opened {
  readonly functions: readonly string[];
}
