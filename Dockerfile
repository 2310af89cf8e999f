# One image for every role: `api`, `worker` or `all` (both under one supervisor) is the argument of the container.
# Node runs the TypeScript sources; only the operators' page is built. Every stage works with the legacy builder, too.
ARG BASE_IMAGE=node:24-slim

# Only the manifests, so that the packages are installed again when a manifest changes and not when a source file does.
FROM ${BASE_IMAGE} AS manifests
WORKDIR /app
COPY package.json package-lock.json ./
COPY apps apps
COPY packages packages
RUN find apps packages -type f ! -name package.json -delete

FROM ${BASE_IMAGE} AS packages
WORKDIR /app
COPY --from=manifests /app ./
# The optional packages are Node itself (the base image is Node) and native accelerators that have a fallback.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --no-audit --no-fund

# The operators' page: static files, so nothing that builds them comes along.
FROM ${BASE_IMAGE} AS console
WORKDIR /app
COPY --from=manifests /app ./
RUN npm ci --workspace=@video-proxy/console --ignore-scripts --no-audit --no-fund
COPY tsconfig.json ./
COPY packages packages
COPY apps/console apps/console
RUN node node_modules/vite/bin/vite.js build apps/console --logLevel error

FROM ${BASE_IMAGE}
ENV NODE_ENV=production \
    HOST=0.0.0.0 \
    PORT=8080 \
    DATA_DIR=/data \
    NODE_COMPILE_CACHE=/tmp/compiled
WORKDIR /app
# `--build-arg WITH_FFMPEG=yes` lets posters be stills of the videos: some hundred megabytes more.
ARG WITH_FFMPEG=
RUN if [ -n "$WITH_FFMPEG" ]; then \
      apt-get update && apt-get install -y --no-install-recommends ffmpeg && rm -rf /var/lib/apt/lists/*; \
    fi
# Numbers, not names: a volume keeps its owner and any base image has them.
RUN mkdir -p /data && chown 1000:1000 /data && ln -s /app/deploy/docker/entrypoint.sh /usr/local/bin/video-proxy
# The workspace packages stay symlinks: Node refuses TypeScript below node_modules when it is a copy.
COPY --from=packages /app ./
COPY . .
COPY --from=console /app/apps/console/dist apps/console/dist
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=5s --start-period=20s --retries=3 CMD ["node", "/app/deploy/docker/healthcheck.mjs"]
ENTRYPOINT ["sh", "/app/deploy/docker/entrypoint.sh"]
CMD ["all"]
