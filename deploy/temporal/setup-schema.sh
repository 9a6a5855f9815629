#!/bin/sh
# Makes Temporal's two databases and brings their schema to this image's version. It may run again.
# Settings: SQL_PLUGIN, SQL_HOST, SQL_PORT, SQL_USER and SQL_PASSWORD, as temporal-sql-tool reads them.
set -eu
schemas="${TEMPORAL_SCHEMAS:-/etc/temporal/schema/postgresql/v12}"

set_up() {
  echo "database $1"
  temporal-sql-tool --database "$1" create-database
  # Where a version is noted already, this leaves it, and the update goes on from there.
  temporal-sql-tool --database "$1" setup-schema --version 0.0
  temporal-sql-tool --database "$1" update-schema --schema-dir "$schemas/$2/versioned"
}

set_up temporal temporal
set_up temporal_visibility visibility
