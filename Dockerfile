# One image for each program: docker build --target fetcher .
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN GOWORK=off go mod download
COPY . .
RUN mkdir /out && CGO_ENABLED=0 GOWORK=off go build -trimpath -ldflags="-s -w" -o /out/ \
    ./cmd/tocsin ./services/fetcher/cmd/fetcher ./services/extractor/cmd/extractor ./services/indexer/cmd/indexer

# What a static program needs of a system: certificates of authorities, time zones, and not to be root.
FROM scratch AS base
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /usr/local/go/lib/time/zoneinfo.zip /usr/local/go/lib/time/zoneinfo.zip
ENV ZONEINFO=/usr/local/go/lib/time/zoneinfo.zip TOCSIN_ADMIN=0.0.0.0:8080
USER 65532:65532
EXPOSE 8080

FROM base AS fetcher
COPY --from=build /out/fetcher /fetcher
ENTRYPOINT ["/fetcher"]

FROM base AS extractor
COPY --from=build /out/extractor /extractor
ENTRYPOINT ["/extractor"]

FROM base AS indexer
COPY --from=build /out/indexer /indexer
ENTRYPOINT ["/indexer"]

FROM base AS tocsin
COPY --from=build /out/tocsin /tocsin
ENTRYPOINT ["/tocsin"]
