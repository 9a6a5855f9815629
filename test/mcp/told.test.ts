import { failureOf, resultOf } from '../../src/mcp/told';
import { ReleaseError } from '../../src/core/rules/release-error';

const HIDDEN = 'a\u200bb\u{e0041}\u{e007f}\u202e\u001b';
const SHOWN = 'a\\u{200b}b\\u{e0041}\\u{e007f}\\u{202e}\u241b';

describe('what a model is told', () => {
  it('holds nothing that people would not see', () => {
    const { content } = resultOf({ text: HIDDEN, data: {} });
    expect(JSON.stringify(content)).toContain(JSON.stringify(SHOWN).slice(1, -1));
  });

  it('holds no such thing in a failure either', () => {
    const { content } = failureOf(new ReleaseError('USAGE', HIDDEN));
    expect(JSON.stringify(content)).toContain(JSON.stringify(SHOWN).slice(1, -1));
  });
});
