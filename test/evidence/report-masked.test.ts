import { markdownOf } from '../../src/evidence/document-markdown';
import { reportOf } from '../../src/evidence/report';
import type { RehearsalOutcome } from '../../src/core/schema/outcome';
import { rehearsalOutcome } from '../cli/outcomes';

function markdown(differs: Partial<RehearsalOutcome>): string {
  const facts = { measures: {}, rehearsal: null, unread: null, meanings: {} };
  return markdownOf(reportOf({ ...facts, outcome: rehearsalOutcome(differs) }));
}

describe('the report of a rehearsal', () => {
  it('lists the columns that were masked, and in how many rows', () => {
    const text = markdown({ masked: [{ column: 'public.users.email', rows: 1_200 }] });
    expect(text).toContain('## Masked in the clone');
    expect(text).toContain('| `public.users.email` | 1,200 |');
  });

  it('says nothing of masking where nothing was masked', () => {
    expect(markdown({})).not.toContain('Masked');
    expect(markdown({ masked: [] })).not.toContain('Masked');
  });
});
