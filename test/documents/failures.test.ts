import { FAILURES } from '../../src/core/rules/failures';
import { page, sectionsOf } from './pages';

const failures = page('docs/failures.md');

describe('docs/failures.md', () => {
  const sections = sectionsOf(failures, 2);

  it('has a section for each code, in the order of the table, and for nothing else', () => {
    expect([...sections.keys()]).toEqual(Object.keys(FAILURES));
  });

  it('tells what happened, what to do, and how it looks', () => {
    for (const [code, section] of sections) {
      expect([code, section]).toEqual([
        code,
        expect.stringMatching(
          /^\n\*\*What happened\.\*\* .+\n\n\*\*What to do\.\*\* .+\n\n```text\n[^]+\n```\n$/,
        ),
      ]);
    }
  });

  it('repeats the exit code, and whether it is tried again and a verdict', () => {
    for (const [code, { exit, retryable, verdict }] of Object.entries(FAILURES)) {
      const words = [exit, retryable ? 'yes' : 'no', verdict ? 'yes' : 'no'];
      expect(failures.text).toContain(`| [${code}](#${code.toLowerCase()}) | ${words.join(' | ')} |`);
    }
  });
});
