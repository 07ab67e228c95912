# The gateway as a small image: no shell is needed to run it, it is not root, and nothing in it is written to.
#
#   docker build -t veilgate .
#   docker run --read-only --cap-drop ALL --security-opt no-new-privileges --stop-timeout 75 -p 8080:8080 \
#     -v ./gateway.yaml:/srv/veilgate/gateway.yaml:ro -v ./policies:/srv/veilgate/policies:ro \
#     -v veilgate-records:/srv/veilgate/records -v veilgate-keys:/srv/veilgate/keys veilgate
#
# In gateway.yaml say `listen: 0.0.0.0:8080`: 127.0.0.1 is the inside of the container. Leave `admin` at 127.0.0.1:8081,
# where the healthcheck asks, without TLS. Accounts of the admin listener go where something may be written:
# `accounts: ./keys/accounts.yaml`. A stop waits for answers in flight, `limits.drain` (30 s) at most; Docker by itself cuts
# them after 10. Folders of the machine in place of the two volumes belong to user 1000, mode 0700.
#
# Certificates that are renewed are seen where their folder is mounted, -v ./tls:/srv/veilgate/tls:ro: a file that is
# mounted alone stays the one it was.
#
# Other commands run beside it, or instead:
#
#   docker exec CONTAINER node /opt/veilgate/dist/gateway/cli/main.js records verify
#   docker run --rm --read-only --tmpfs /tmp veilgate demo --once

FROM node:26-slim AS build
WORKDIR /opt/veilgate
COPY package.json package-lock.json .npmrc ./
RUN npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY gateway gateway
COPY plugins plugins
# What is left runs on the next image's own Node: nothing native, no runtime from the registry.
RUN npm run build && npm ci --omit=dev --omit=optional --ignore-scripts

FROM node:26-alpine
ENV NODE_ENV=production
COPY --from=build /opt/veilgate/package.json /opt/veilgate/package.json
COPY --from=build /opt/veilgate/node_modules /opt/veilgate/node_modules
COPY --from=build /opt/veilgate/dist /opt/veilgate/dist
COPY policies /opt/veilgate/policies
# Paths in gateway.yaml are relative to it: these are ./policies, ./records and ./keys of the example.
RUN mkdir -p /srv/veilgate/policies /srv/veilgate/records /srv/veilgate/keys \
 && chmod 700 /srv/veilgate/records /srv/veilgate/keys \
 && chown 1000:1000 /srv/veilgate/records /srv/veilgate/keys
WORKDIR /srv/veilgate
VOLUME ["/srv/veilgate/records", "/srv/veilgate/keys"]
USER 1000:1000
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["node", "-e", "fetch('http://127.0.0.1:8081/healthz').then(answer => process.exit(answer.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "/opt/veilgate/dist/gateway/cli/main.js"]
CMD ["serve", "--config", "/srv/veilgate/gateway.yaml"]
