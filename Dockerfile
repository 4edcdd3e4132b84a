# JupyterLab with the book in it, for one reader: alone, or a student of a JupyterHub.
#
#     docker build -t seeing-with-convolutions .
#     docker run --rm -p 127.0.0.1:8888:8888 seeing-with-convolutions
#
# In a hub: c.DockerSpawner.image = "seeing-with-convolutions", and a volume for each
# student at /home/reader/work, which is theirs; the package and the data are the image's.
FROM python:3.11-slim-bookworm

# The first number must be that of the hub's own version.
ARG JUPYTERHUB=6.1.1

RUN useradd --create-home --uid 1000 reader

WORKDIR /opt/book
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --requirement requirements.lock \
      --constraint requirements.lock "jupyterhub==${JUPYTERHUB}"

COPY pyproject.toml README.md LICENSE ./
COPY helpers helpers
RUN python -m pip install --no-cache-dir --no-deps --no-build-isolation .
COPY data data

COPY --chown=reader:reader glossary.md LICENSE-text /home/reader/work/
COPY --chown=reader:reader chapters /home/reader/work/chapters

ENV HELPERS_DATA=/opt/book/data \
    KERAS_BACKEND=tensorflow \
    TF_CPP_MIN_LOG_LEVEL=2
USER 1000
WORKDIR /home/reader/work
EXPOSE 8888
HEALTHCHECK --start-period=60s CMD ["python", "-c", "import os, urllib.request as r; \
r.urlopen(os.environ.get('JUPYTERHUB_SERVICE_URL', 'http://127.0.0.1:8888/') + 'api')"]
CMD ["jupyter", "lab", "--ip=0.0.0.0", "--port=8888", "--no-browser"]
