#!/bin/sh
# Turns the role into the program and becomes it (`exec`), so that the program itself gets SIGTERM.
set -eu

# Started as root (some platforms do, and mount volumes that only root may write): hand the data folder to the user of
# the image and go on as that user.
if [ "$(id -u)" = 0 ]; then
  if [ "$(stat -c %u "$DATA_DIR")" != 1000 ]; then chown -R 1000:1000 "$DATA_DIR"; fi
  exec setpriv --reuid=1000 --regid=1000 --clear-groups --no-new-privs sh "$0" "$@"
fi

cd /app
role=${1:-all}
case "$role" in
  api) shift && exec node apps/api/src/main.ts "$@" ;;
  # Bounds what Node takes for short-lived memory, as apps/cli does.
  worker) shift && exec node --max-semi-space-size=8 apps/worker/src/main.ts "$@" ;;
  all) exec node apps/cli/src/main.ts start ;;
  # Any other word is a command of the CLI: `docker run … doctor`.
  *) exec node apps/cli/src/main.ts "$@" ;;
esac
