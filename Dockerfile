# One image for each program, built from source: docker build --target fetcher .
# deploy/image/Dockerfile makes the same images from binaries that are built already.
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN GOWORK=off go mod download
COPY . .
ARG VERSION=
# The extractor is built twice: lean without the prose recogniser, which is 7 MB of it, and with it.
RUN sh scripts/containers/binaries.sh /out && mkdir /out/etc && cp /etc/ssl/certs/ca-certificates.crt /out/etc/

# What a static program needs of a system: certificates of authorities, zone data (compiled in), and not to be root.
FROM scratch AS base
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Tocsin" \
      org.opencontainers.image.description="Reads news feeds and rings when a watched name appears" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION"
COPY --from=build /out/etc/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
ENV TOCSIN_ADMIN=0.0.0.0:8080
USER 65532:65532
EXPOSE 8080

FROM base AS fetcher
COPY --from=build /out/fetcher /fetcher
COPY --from=build /out/fetcher.cdx.json /sbom.cdx.json
ENTRYPOINT ["/fetcher"]

FROM base AS extractor
COPY --from=build /out/extractor /extractor
COPY --from=build /out/extractor.cdx.json /sbom.cdx.json
ENTRYPOINT ["/extractor"]

FROM base AS extractor-prose
COPY --from=build /out/extractor-prose /extractor
COPY --from=build /out/extractor-prose.cdx.json /sbom.cdx.json
ENTRYPOINT ["/extractor"]

FROM base AS indexer
COPY --from=build /out/indexer /indexer
COPY --from=build /out/indexer.cdx.json /sbom.cdx.json
ENTRYPOINT ["/indexer"]

FROM base AS tocsin
COPY --from=build /out/tocsin /tocsin
COPY --from=build /out/tocsin.cdx.json /sbom.cdx.json
ENTRYPOINT ["/tocsin"]
