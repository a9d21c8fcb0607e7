#!/usr/bin/env bash
# Reviews a plan on a build server: SARIF beside the plan, the report in the step summary. Everything comes from the environment:
# PLAN, and where they are wanted INVENTORY, FAIL_ON, BASELINE, LANGUAGE_OF_SUMMARY.
set -uo pipefail
options=(--lang "${LANGUAGE_OF_SUMMARY:-en}" --color never)
[ -n "${INVENTORY:-}" ] && options+=(-i "$INVENTORY")
[ -n "${FAIL_ON:-}" ] && options+=(--fail-on "$FAIL_ON")
[ -n "${BASELINE:-}" ] && options+=(--baseline "$BASELINE")
migrascope review "$PLAN" "${options[@]}" -f sarif=migrascope.sarif -f md=migrascope.md -f brief=migrascope-brief.md -f concise
code=$?
echo "exit-code=$code" >> "${GITHUB_OUTPUT:-/dev/null}"
# A step summary holds 1 MiB; a longer report is told by its one page.
if [ -f migrascope.md ]; then
  page=migrascope.md
  [ "$(wc -c < migrascope.md)" -gt 1000000 ] && page=migrascope-brief.md
  cat "$page" >> "${GITHUB_STEP_SUMMARY:-/dev/stdout}"
fi
# Incomplete is said in the report, and fails nothing by itself.
[ "$code" = 3 ] && exit 0
exit "$code"
