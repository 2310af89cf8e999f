#!/bin/sh
# A video with a shell and curl (7.71 or newer), and nothing else: sh examples/curl.sh 'A paper boat in a rain gutter' boat.mp4
# VIDEO_PROXY_URL says where the service is, VIDEO_PROXY_KEY is a client key.
set -eu
service=${VIDEO_PROXY_URL:-http://localhost:8080}
prompt=${1:-A paper boat in a rain gutter}
file=${2:-video.mp4}

# The key goes to curl through a pipe, because everybody on the machine sees the arguments of a program.
ask() {
  printf 'header = "authorization: Bearer %s"\n' "${VIDEO_PROXY_KEY:-}" |
    curl --config - --silent --show-error --location --retry 5 --retry-all-errors "$@"
}

# The first text of this name in the job. Quotes inside of texts are escaped, so they are not taken for names.
field() {
  printf '%s' "$job" | tr ',' '\n' | sed -n "s/.*\"$1\":\"\([^\"]*\)\".*/\1/p" | head -n 1
}

give_up() {
  echo "failed: $job" >&2
  exit 1
}

words=$(printf '%s' "$prompt" | tr '\n\t' '  ' | sed 's/[\\"]/\\&/g')
# curl repeats a request whose answer was lost; with the key that can never buy a second video.
job=$(ask "$service/v1/jobs" --header 'content-type: application/json' --header "idempotency-key: curl-$(date +%s)-$$" \
  --data "{\"model\":\"google/veo-3.1-t2v-fast\",\"prompt\":\"$words\",\"parameters\":{\"duration\":4}}")
id=$(field id)
[ -n "$id" ] || give_up
echo "$id asked for"

status=queued
while [ "$status" = queued ] || [ "$status" = in_progress ]; do
  # Answered when the job has ended, or after 50 s.
  job=$(ask "$service/v1/jobs/$id?wait_seconds=50")
  status=$(field status)
  echo "${status:-no answer}"
done
[ "$status" = completed ] || give_up

# Under another name until it is whole.
ask --fail --output "$file.part" "$service/v1/jobs/$id/video"
mv "$file.part" "$file"
echo "saved as $file"
