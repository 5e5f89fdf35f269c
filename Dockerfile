# Build: the locked dependencies and the wheel, in one folder that the image takes over.
FROM python:3.13-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /src
COPY requirements/ requirements/
RUN python -m venv /opt/journiv \
    && /opt/journiv/bin/pip install --require-hashes --only-binary :all: -r requirements/run.txt \
    && python -m venv /opt/build \
    && /opt/build/bin/pip install --require-hashes --only-binary :all: -r requirements/build.txt
COPY devtools/ devtools/
COPY web/ web/
COPY tools/ tools/
# Fetches Node by its locked hash: the wheel below then finds the web app built.
RUN python tools/build_web.py && rm -rf .dev web/node_modules
COPY pyproject.toml hatch_build.py README.md LICENSE CHANGELOG.md ./
COPY journiv/ journiv/
COPY plugins/ plugins/
RUN /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /src/dist . \
    && /opt/journiv/bin/pip install --no-deps /src/dist/journiv-*.whl \
    && /opt/journiv/bin/pip uninstall --yes pip

FROM python:3.13-slim-bookworm
LABEL org.opencontainers.image.title="Journiv" \
      org.opencontainers.image.licenses="Apache-2.0"
RUN groupadd --gid 10001 journiv \
    && useradd --uid 10001 --gid 10001 --home-dir /data --no-create-home \
       --shell /usr/sbin/nologin journiv \
    && install --directory --owner=10001 --group=10001 --mode=0700 /data
COPY --from=build /opt/journiv /opt/journiv
COPY README.md SECURITY.md CHANGELOG.md /usr/share/doc/journiv/
COPY docs/ /usr/share/doc/journiv/docs/
# `journiv` on the path is the wrapper that never lets root touch the data.
COPY deploy/journiv-container /usr/local/bin/journiv
ENV ENVIRONMENT=production \
    JOURNIV_DATA=/data \
    APP_HOST=0.0.0.0 \
    APP_PORT=8000 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
WORKDIR /data
VOLUME /data
EXPOSE 8000
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["journiv", "health"]
ENTRYPOINT ["journiv"]
CMD ["serve"]
