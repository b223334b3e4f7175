# One build, two stages. The second holds what runs and nothing that builds, and is nobody's root.
FROM node:20-bookworm AS build
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --ignore-scripts --no-fund --no-audit
COPY . .
RUN node scripts/build.mjs && npm prune --omit=dev --ignore-scripts --no-fund --no-audit

FROM node:20-bookworm-slim
ENV NODE_ENV=production LOCKSTEP_DATA_DIR=/data
WORKDIR /app
COPY --from=build /app/package.json ./
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/bin bin
COPY --from=build /app/dist dist
COPY --from=build /app/data/gates.json data/gates.json
COPY --from=build /app/data/instruments data/instruments
COPY --from=build /app/data/profiles data/profiles
RUN install -d -o node -g node -m 0700 /state /data
USER node
VOLUME ["/state", "/data"]
STOPSIGNAL SIGTERM
# It wants its state folder in /state: live --state-dir /state ...
HEALTHCHECK --interval=30s --timeout=10s --start-period=90s --retries=3 \
  CMD ["node", "/app/bin/lockstep.mjs", "status", "--state-dir", "/state", "--check"]
ENTRYPOINT ["node", "/app/bin/lockstep.mjs"]
CMD ["--help"]
