# Two stages: the first builds the wheel with the front-end files, the second runs it.
# docker build -t tiaokuai . && docker run --read-only --tmpfs /tmp -v tiaokuai:/data -p 8000:8000 tiaokuai
FROM python:3.11-slim-bookworm AS build
WORKDIR /src
COPY . .
RUN python -m venv --without-pip .venv \
    && python -m pip --python .venv/bin/python install --no-cache-dir --quiet --require-hashes -r requirements/uv.txt \
    && .venv/bin/uv pip sync --quiet --python .venv/bin/python --require-hashes requirements/run.txt \
    && .venv/bin/uv pip install --quiet --python .venv/bin/python --no-deps --no-build-isolation -e . \
    && .venv/bin/python -m viz.frontend \
    && .venv/bin/python -m hatchling build -t wheel -d /dist \
    && .venv/bin/uv venv --quiet --python "$(command -v python3.11)" /app \
    && .venv/bin/uv pip sync --quiet --python /app/bin/python --require-hashes requirements/run.txt \
    && .venv/bin/uv pip install --quiet --python /app/bin/python --no-deps /dist/*.whl

FROM python:3.11-slim-bookworm
COPY --from=build /app /app
RUN useradd --system --uid 10001 --home-dir /data tiaokuai \
    && install -d -o tiaokuai -g tiaokuai /data
ENV PATH=/app/bin:$PATH TIAOKUAI_STORE=/data/store PYTHONDONTWRITEBYTECODE=1
USER 10001
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=120s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["tiaokuai", "serve", "--host", "0.0.0.0"]
