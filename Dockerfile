# The program with everything it needs at run time; docker-compose.yml runs it in parts.
FROM python:3.13.9-slim-bookworm AS build
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY requirements requirements
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements/base.txt
# Node is needed only here, to fetch the browser files, and comes as a wheel.
RUN python -m venv /tools && /tools/bin/pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements/demo.txt
COPY . .
RUN PATH=/tools/bin:$PATH /tools/bin/python -m devserver.assets && /venv/bin/python -m devserver.catalogs && rm -rf node_modules
# A key for this one command: collecting files needs the settings, not a secret.
RUN LEADQUAL_SECRET_KEY=$(python -c "import secrets; print(secrets.token_urlsafe(50))") /venv/bin/python manage.py collectstatic --no-input

FROM python:3.13.9-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /app leadqual
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build --chown=root:root /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
USER leadqual
EXPOSE 8000
CMD ["uvicorn", "leadqual.asgi:application", "--host", "0.0.0.0", "--port", "8000", "--workers", "2", "--lifespan", "off", "--no-access-log", "--no-proxy-headers", "--timeout-graceful-shutdown", "3"]
