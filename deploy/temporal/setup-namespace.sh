#!/bin/sh
# Makes One-Roof's namespace, its retention and its search attributes. It may run again.
# Settings: TEMPORAL_ADDRESS and TEMPORAL_NAMESPACE, as the temporal CLI reads them, and RETENTION.
set -eu

tries=0
until temporal operator cluster health >/dev/null 2>&1; do
  tries=$((tries + 1))
  if [ "$tries" -ge 60 ]; then
    echo "Temporal at $TEMPORAL_ADDRESS is not healthy after 60 tries" >&2
    exit 1
  fi
  sleep 2
done

if temporal operator namespace describe --namespace "$TEMPORAL_NAMESPACE" >/dev/null 2>&1; then
  temporal operator namespace update --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
else
  temporal operator namespace create --namespace "$TEMPORAL_NAMESPACE" --retention "$RETENTION"
fi

# The names are those of src/core/rules/search-attributes.ts. One that is there already is left as it is.
add() {
  tries=0
  until temporal operator search-attribute create --name "$1" --type Keyword; do
    tries=$((tries + 1))
    if [ "$tries" -ge 15 ]; then exit 1; fi
    sleep 2 # a namespace is seen by all parts of the server some seconds after it was made
  done
}

for name in OneRoofPackage OneRoofVersion OneRoofDigest OneRoofTarget OneRoofStage OneRoofGate; do
  add "$name"
done
