"""For the tests that fetch data: a web server on this machine, and empty caches."""

import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace
from urllib.parse import unquote


def start_afresh(folder, monkeypatch):
    """Give loaders the settings of a new reader, with caches in `folder`."""
    for name in ("HELPERS_DATA", "HELPERS_DATA_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("no_proxy", "127.0.0.1")
    monkeypatch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    monkeypatch.setenv("KERAS_HOME", str(folder / "keras"))


@contextmanager
def serve(folder, faults=(), delay=0.0):
    """Serve `folder`; yields its address and the paths that were asked for.

    Each answer takes the next of `faults`: "cut" breaks the connection in the middle,
    "damaged" changes a byte, "endless" adds to the file without end, and None, or the
    end of the faults, is a good answer. `delay` is in seconds.
    """
    faults = iter(faults)
    requests = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            requests.append(unquote(self.path))
            file = Path(folder) / unquote(self.path).lstrip("/")
            if not file.is_file():
                self.send_error(404)
                return
            fault = next(faults, None)
            body = bytearray(file.read_bytes())
            length = len(body)
            if fault == "cut":
                body = body[: length // 2]
            elif fault == "damaged":
                body[length // 2] ^= 1
            self.send_response(200)
            if fault != "endless":
                self.send_header("Content-Length", str(length))
            self.end_headers()
            time.sleep(delay)
            self.wfile.write(body)
            while fault == "endless":
                self.wfile.write(body)

        def log_message(self, *arguments):
            """Keep the test's output clean."""

        def handle(self):
            # A client that has seen enough hangs up; that is no error of the test.
            try:
                super().handle()
            except (ConnectionResetError, BrokenPipeError):
                self.close_connection = True

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield SimpleNamespace(
            url=f"http://127.0.0.1:{server.server_port}", requests=requests
        )
    finally:
        server.shutdown()
        server.server_close()
