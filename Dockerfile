# A One-Roof worker, and the command line beside it. glibc: Temporal's native bridge has no build for musl.

FROM node:20.20.2-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json ./
# The native bridge is in the package as a prebuilt file; no install script is needed.
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY tools ./tools
COPY src ./src
# Compiles, and bundles the workflows beforehand: a worker that bundles by itself starts seconds later.
RUN node tools/build.mjs && npm prune --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:20.20.2-bookworm-slim
# pg_dump and pg_restore of the servers' own major version. 15 is Debian's; others come from the PostgreSQL project's packages.
ARG POSTGRES_MAJOR=15
RUN apt-get update \
  && if [ "$POSTGRES_MAJOR" != 15 ]; then \
       apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
       && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y; \
     fi \
  && apt-get install --yes --no-install-recommends ca-certificates openssh-client "postgresql-client-$POSTGRES_MAJOR" \
  && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY bin ./bin
COPY deploy/worker-health.mjs ./deploy/
RUN ln -s /app/bin/one-roof.mjs /usr/local/bin/one-roof \
  && install --directory --owner=node --group=node --mode=700 /var/lib/one-roof
ENV NODE_ENV=production ONE_ROOF_PG_BIN=/usr/lib/postgresql/$POSTGRES_MAJOR/bin
USER node
# Does the Temporal server hear this worker poll? Arguments: the queues, where they are not the workflows' own.
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["node", "/app/deploy/worker-health.mjs"]
CMD ["node", "--enable-source-maps", "dist/worker/main.js"]
