import Ajv from 'ajv/dist/2020';
import { parse } from 'yaml';
import { descriptorJsonSchema } from '../../src/package/json-schema';
import { SAMPLE, descriptorWith } from './sample';

describe('the JSON Schema of the descriptor', () => {
  it('accepts what is accepted', () => {
    expect(problemsOf(SAMPLE['release.yaml'] ?? '')).toEqual([]);
    expect(problemsOf(descriptorWith('1 of [dba-a, dba-b]', '{ need: 1, of: [dba-a] }'))).toEqual([]);
  });

  it('refuses an unknown key and a value of no form', () => {
    expect(problemsOf(descriptorWith('version: "1"', 'version: "1"\nextra: 1'))).toContain(
      ' must NOT have additional properties',
    );
    expect(problemsOf(descriptorWith('1 of [dba-a, dba-b]', 'one of us'))).toContain(
      '/gates/0/approvals/dba must match a schema in anyOf',
    );
  });
});

function problemsOf(text: string): string[] {
  const ajv = new Ajv({ allErrors: true, allowUnionTypes: true });
  ajv.validate(descriptorJsonSchema(), parse(text));
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
