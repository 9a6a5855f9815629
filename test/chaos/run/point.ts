import type { Match } from '../wire/relay';
import type { HistoryStep } from '../world/history';

/** What a tier, or the package, is recognised by on the wire. */
export type Family = 'release' | 'compensation' | 'rehearsal';

/** A named place in the life of a workflow at which something can go wrong. */
export interface Point {
  readonly name: string;
  readonly family: Family;
  readonly reach: Reach;
}

/** How the harness knows that it has been reached, without a word from the product. */
export type Reach =
  | {
      readonly by: 'wire';
      readonly match: Match;
      /** The stage that the status must name meanwhile. */
      readonly stage?: RegExp;
      /** Within a tier: which one is drawn. */
      readonly inTier?: true;
    }
  | { readonly by: 'history'; readonly step: HistoryStep }
  | { readonly by: 'people'; readonly moment: 'waiting' | 'one approval' | 'approved' }
  | { readonly by: 'evidence' };
