import type { EvaluationOutcome, Recommendation } from '../../core/schema/evaluation';
import { list, sectionOf, shell, table, text } from '../document';
import type { Block, Document, Section, Verdict } from '../document';
import { counted, duration, moment } from '../amounts';
import { joined, quoted, say, strong, verbatim } from '../words';
import type { Words } from '../words';
import { checksSection, figuresSection } from './evaluation-figures';
import { gatesSection, holdingSection, scopeTiersSection } from './evaluation-steps';
import { nameOf } from './run-name';
import { whySection } from './subject';
import { timelineSection } from './timeline';
import { verifySection } from './verify';

/** An evaluation for whoever must decide: the recommendation and its reasons first, then what they rest on. */
export function evaluationReport(outcome: EvaluationOutcome): Document {
  const { package: pkg, scopes } = outcome;
  return {
    title: say`Evaluation of ${pkg.name} ${pkg.version}: ${scopes.join(', ')}`,
    lead: '',
    opening: opening(outcome),
    sections: [
      ...whySection(outcome),
      ...conditionsSection(outcome),
      ...waysBackSection(outcome),
      ...figuresSection(outcome),
      ...checksSection(outcome),
      ...scopeTiersSection(outcome),
      ...holdingSection(outcome),
      ...gatesSection(outcome),
      ...runsSection(outcome),
      ...timelineSection(outcome),
      ...verifySection(outcome),
    ],
  };
}

const TONES: Readonly<Record<Recommendation['verdict'], Verdict['tone']>> = {
  recommended: 'good',
  'recommended, with conditions': 'good',
  'not recommended': 'bad',
  undecided: 'neutral',
};

const ADVICE: Readonly<Record<Recommendation['verdict'], string>> = {
  recommended: 'Every proof holds, and nothing is to be done before.',
  'recommended, with conditions':
    'Every proof holds. What is marked ! is to be known or done before; it stands in full below.',
  'not recommended': 'A proof fails; the line that is marked ✗ says which.',
  undecided: 'Not everything was shown; the lines that are marked ? say what is missing.',
};

const SIGNS = { holds: '✓', fails: '✗', condition: '!', 'not shown': '?' } as const;

/** Each decision, and below it the reasons: what was asked, and the figure that answers. */
function opening(outcome: EvaluationOutcome): readonly Block[] {
  const { recommendations } = outcome;
  if (recommendations.length === 0) return [withoutParts(outcome)];
  return recommendations.flatMap((each) => [decision(each, outcome), reasonsTable(each)]);
}

function decision(
  { scope, before, verdict, reasons, conditions }: Recommendation,
  { runs, waysBack, mutations, source }: EvaluationOutcome,
): Verdict {
  const proofs = reasons.filter(({ state }) => state !== 'condition');
  const holding = proofs.filter(({ state }) => state === 'holds').length;
  const exact = waysBack.filter((way) => way.verdict === 'identical').length;
  const rehearsed = runs.filter((run) => run.outcome === 'rehearsed').length;
  return {
    kind: 'verdict',
    tone: TONES[verdict],
    headline: say`Release ${scope} by itself, before the rest of ${before}: ${verdict}`,
    text: ADVICE[verdict],
    facts: [
      ['rehearsals that passed', `${rehearsed} of ${runs.length}`],
      ['reasons that hold', `${holding} of ${proofs.length}`],
      ['conditions', String(conditions.length)],
      ['rollbacks that are exact', `${exact} of ${waysBack.length}`],
      [`mutations of ${source}`, String(mutations.source)],
    ],
  };
}

function reasonsTable({ reasons }: Recommendation): Block {
  const rows = reasons.map(({ about, state, words }) => [
    say`${SIGNS[state]} ${about}`,
    state === 'holds' ? verbatim(words) : strong(words),
  ]);
  return table(['reason', 'shown by'], rows);
}

/** No scope is a part of another, or it ended too early to tell. */
function withoutParts({ outcome, scopes, runs, mutations, source, clonesLeft }: EvaluationOutcome): Verdict {
  const rehearsed = runs.filter((run) => run.outcome === 'rehearsed').length;
  const isWhole = outcome === 'evaluated';
  return {
    kind: 'verdict',
    tone: isWhole ? 'neutral' : 'bad',
    headline: isWhole
      ? say`Nothing to recommend: none of ${scopes.join(', ')} is a part of another`
      : say`Nothing is recommended: the evaluation ${outcome === 'failed' ? 'failed' : 'was stopped'}`,
    text: isWhole
      ? 'There is no way in two steps to compare with.'
      : 'What had been rehearsed until then is below.',
    facts: [
      ['rehearsed', `${rehearsed} of ${runs.length}`],
      [`mutations of ${source}`, String(mutations.source)],
      ['clones left behind', String(clonesLeft.length)],
    ],
  };
}

/** What has to be done, one by one, and then how to go on. */
function conditionsSection({ recommendations, source }: EvaluationOutcome): readonly Section[] {
  return recommendations.flatMap(({ scope, verdict, conditions }) =>
    verdict === 'not recommended' || verdict === 'undecided'
      ? []
      : sectionOf(`Before ${scope} is released`, [
          list(conditions.map(verbatim)),
          text(
            say`Its own rehearsal counts for a release of scope ${scope}; the other one does not, for it began where ${scope} ends:`,
          ),
          shell(`one-roof release FOLDER --target ${source} --requester YOUR-NAME --scope ${scope}`),
        ]),
  );
}

function waysBackSection({ waysBack, ends }: EvaluationOutcome): readonly Section[] {
  const rows = waysBack.map(({ from, to, tiers, verdict, ms }) => [
    verbatim(from),
    verbatim(to),
    verdict,
    String(tiers),
    verdict === 'not shown' ? '' : duration(ms),
  ]);
  const heads = ['from the state after', 'back to', 'gave back what was there', 'tiers', 'time'];
  const different = waysBack.flatMap(({ from, differences }) =>
    differences.map((line) => say`${from}: ${line}`),
  );
  const compared = ends.map(({ scope, after, comparison, excused }) => {
    const part = after.join(' + ');
    const verdict = comparison?.verdict ?? 'not shown, for not both ends were reached';
    const moved =
      excused.length === 0 ? '' : `; left out, for the source moved meanwhile: ${excused.join(', ')}`;
    return say`${part}, then the rest, compared with ${scope} at once: ${strong(verdict)}${moved}.`;
  });
  return sectionOf('Rollback from every state, and both ways to the end', [
    table(heads, rows),
    list([
      ...different,
      ...compared,
      ...ends.flatMap(({ comparison }) => (comparison?.differences ?? []).map(verbatim)),
    ]),
  ]);
}

function runsSection(outcome: EvaluationOutcome): readonly Section[] {
  const { runs, source, cloneHost, package: pkg, startedAt, endedAt, mutations, clonesLeft } = outcome;
  const rows = runs.map((run) => [
    verbatim(nameOf(run)),
    run.outcome,
    duration(run.ms),
    run.rehearsal === null ? '' : quoted(run.rehearsal),
    run.error === undefined ? '' : verbatim(`${run.error.code}: ${run.error.message.split('\n')[0] ?? ''}`),
  ]);
  const facts: readonly (readonly [string, Words])[] = [
    ['digest', quoted(pkg.digest)],
    ['source', say`${source}, cloned on ${cloneHost}; ${counted(mutations.source, 'mutation')}`],
    ['clones left', clonesLeft.length === 0 ? 'none' : joined(clonesLeft.map(verbatim), ', ')],
    ['from – to', say`${moment(startedAt)} – ${moment(endedAt)}`],
    ['evidence', outcome.evidence === null ? 'none was kept' : quoted(outcome.evidence)],
  ];
  return sectionOf('What was rehearsed', [
    table(['scope', 'outcome', 'took', 'rehearsal', 'why'], rows),
    table(['', ''], facts),
  ]);
}
